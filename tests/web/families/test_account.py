"""How a family signs in, changed later: never without a fresh sign-in, never without a way in."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mediacheck.mail.letters import letter_for
from mediacheck.model.audit import Event
from mediacheck.model.families import BY_LINK, AccountChange, FamilyAccountId, Passkey
from mediacheck.model.mail import MailKind
from tests.conftest import House
from tests.factories import NOW, PARENT
from tests.web.conftest import Browser
from tests.web.families.conftest import OTHER, FamilyBrowserAs
from tests.web.families.test_choices import text_of

ACCOUNT = FamilyAccountId(f"account-{PARENT}")
NEW = "tangle violin harbor mops"


def a_passkey(credential_id: str = "key-1", email: str = PARENT) -> Passkey:
    return Passkey(
        credential_id=credential_id,
        account_id=FamilyAccountId(f"account-{email}"),
        public_key=b"public",
        sign_count=0,
        added_at=NOW,
    )


def keep(house: House, *passkeys: Passkey, password: bool = False) -> None:
    with house.services.transaction() as work:
        for passkey in passkeys:
            work.families.add_passkey(passkey)
        if password:
            work.families.set_password(ACCOUNT, "a-hash", "A" * 32, 0)


def ways(house: House) -> tuple[list[str], bool]:
    with house.services.transaction() as work:
        keys = [one.credential_id for one in work.families.passkeys_of(ACCOUNT)]
        return keys, work.families.secrets_of(ACCOUNT).password_hash is not None


def changes(house: House) -> list[str]:
    """What the audit holds and, the same, what was told by mail."""
    with house.services.transaction() as work:
        mails = [mail.about for mail in reversed(work.outbox.undelivered())]
        noted = [one for one in work.audit.entries() if one.event == Event.FAMILY_ACCOUNT_CHANGED]
    assert len(noted) == len(mails)
    return mails


def set_password(browser: Browser, house: House, password: str = NEW) -> TestResponse:
    shown = browser.get("/family/account/password")
    found = re.search(r"secret=([A-Z2-7]+)", shown.get_data(as_text=True))
    assert found is not None
    code = pyotp.TOTP(found[1]).at(house.clock.now())
    return browser.post("/family/account/password", {"password": password, "code": code})


def test_a_passkey_is_removed_while_another_way_is_left(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    keep(family, a_passkey("key-1"), a_passkey("key-2"))

    browser.post("/family/account/passkey/remove", {"passkey": "key-1"})

    assert ways(family) == (["key-2"], False)
    assert changes(family) == [AccountChange.PASSKEY_REMOVED]


@pytest.mark.parametrize("password", [False, True])
def test_the_last_way_in_stays(as_guardian: FamilyBrowserAs, family: House, password: bool) -> None:
    browser = as_guardian()
    keep(family, *([] if password else [a_passkey()]), password=password)
    before = ways(family)

    what = "password" if password else "passkey"
    refused = browser.post(f"/family/account/{what}/remove", {"passkey": "key-1"})

    assert refused.status_code == 403
    assert "only way to sign in" in text_of(refused)
    assert ways(family) == before
    assert changes(family) == []


def test_a_password_and_an_app_are_set_up_later(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    keep(family, a_passkey())

    assert set_password(browser, family).location == "/family/account"

    assert ways(family) == (["key-1"], True)
    assert changes(family) == [AccountChange.PASSWORD_SET]
    browser.post("/family/account/password/remove")
    assert ways(family) == (["key-1"], False)


@pytest.mark.parametrize("password", ["password", PARENT])
def test_a_weak_password_changes_nothing(
    as_guardian: FamilyBrowserAs, family: House, password: str
) -> None:
    assert set_password(as_guardian(), family, password).status_code == 422

    assert ways(family) == ([], False)


def test_without_the_code_of_the_new_app_nothing_changes(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    browser.get("/family/account/password")

    form = {"password": NEW, "code": "000000"}
    assert browser.post("/family/account/password", form).status_code == 422
    assert ways(family) == ([], False)


def test_a_change_ends_the_other_sessions_and_not_this_one(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser, stolen = as_guardian(), as_guardian()

    set_password(browser, family)

    assert browser.get("/family").status_code == 200
    assert stolen.get("/family").status_code == 302


def test_a_session_of_a_while_ago_changes_nothing(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    keep(family, a_passkey("key-1"), a_passkey("key-2"))
    family.clock.move(timedelta(minutes=15))

    refused = [
        browser.post("/family/account/passkey/remove", {"passkey": "key-1"}),
        browser.post("/family/account/password/remove"),
        browser.get("/family/account/password"),
        browser.post("/family/account/passkey/options"),
    ]

    assert {answer.status_code for answer in refused} == {403}
    assert ways(family) == (["key-1", "key-2"], False)
    assert "To change anything here, sign in again" in text_of(browser.get("/family/account"))


def test_signing_out_everywhere_needs_no_fresh_sign_in(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser, another = as_guardian(), as_guardian()
    family.clock.move(timedelta(minutes=20))

    browser.post("/family/account/sign-out")

    assert browser.get("/family").status_code == another.get("/family").status_code == 302
    assert changes(family) == [AccountChange.SIGNED_OUT]


def test_somebody_elses_passkey_is_not_there(as_guardian: FamilyBrowserAs, family: House) -> None:
    browser, _other = as_guardian(), as_guardian(OTHER)
    keep(family, a_passkey("key-1"), a_passkey("theirs", OTHER))

    refused = browser.post("/family/account/passkey/remove", {"passkey": "theirs"})

    assert refused.status_code == 404


@pytest.mark.parametrize("path", ["", "/password", "/password/square.svg"])
def test_a_mailed_link_opens_no_account(as_guardian: FamilyBrowserAs, path: str) -> None:
    answer = as_guardian(by=BY_LINK).get(f"/family/account{path}")

    assert answer.location == "/family/sign-in"


def test_an_answer_that_is_no_passkey_is_refused(
    as_guardian: FamilyBrowserAs, family: House
) -> None:
    browser = as_guardian()
    browser.post("/family/account/passkey/options")

    assert browser.post("/family/account/passkey").status_code == 422
    assert ways(family) == ([], False)


@pytest.mark.parametrize("change", AccountChange)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_says_what_was_changed(change: AccountChange, language: str) -> None:
    letters = {
        letter_for(MailKind.ACCOUNT_CHANGED, language, link="https://x", about=one).text
        for one in (change, "")
    }

    assert len(letters) == 2


def test_a_change_is_refused_to_another_site(app: Flask, as_guardian: FamilyBrowserAs) -> None:
    client = as_guardian().client
    client.set_cookie("mediacheck-forms", "nothing")

    assert client.post("/family/account/sign-out").status_code == 400
