"""The mailed link: it restricts, for an hour, and nobody learns whom the school knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from mediacheck.accounts.families_links import new_link
from mediacheck.accounts.tokens import token_sha256
from mediacheck.flow.families_choices import PLACES
from mediacheck.model.families import (
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    LinkPurpose,
)
from mediacheck.model.mail import MailKind
from release_db.words import Rights
from tests.conftest import House
from tests.factories import PARENT
from tests.web.conftest import Browser
from tests.web.families.conftest import OTHER, a_link

MOTHER = FamilyAccountId("mother")


@pytest.fixture
def token(family: House) -> str:
    account = FamilyAccount(
        account_id=MOTHER, kind=FamilyKind.GUARDIAN, email=PARENT, name="A mother"
    )
    with family.services.transaction() as work:
        work.families.save_account(account)
        return new_link(work, family.services, MOTHER, LinkPurpose.RESTRICT)


def is_open(house: House, token: str) -> bool:
    with house.services.transaction() as work:
        link = work.families.link_or_none(token_sha256(token))
    return link is not None and link.is_open(house.clock.now())


def test_opening_the_link_uses_nothing_up(browser: Browser, family: House, token: str) -> None:
    for _ in range(3):
        answer = browser.get(f"/family/link/{token}")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert browser.get("/family/restrict").status_code == 200

    assert browser.get("/family").status_code == 302
    assert is_open(family, token)


def test_its_button_opens_the_pages_for_restricting(
    browser: Browser, family: House, token: str
) -> None:
    browser.get(f"/family/link/{token}")

    assert browser.post("/family/restrict").location == "/family"
    assert browser.get("/family").status_code == 200
    with family.services.transaction() as work:
        assert not work.families.has_credentials(MOTHER)


def opened_by(browser: Browser, token: str) -> Browser:
    browser.get(f"/family/link/{token}")
    assert browser.post("/family/restrict").location == "/family"
    return browser


def test_the_button_uses_it_up_for_every_other_browser(
    app: Flask, browser: Browser, family: House, token: str
) -> None:
    opened_by(browser, token)

    another = Browser(client=app.test_client())
    another.get(f"/family/link/{token}")
    assert another.get("/family/restrict").status_code == 410
    assert another.post("/family/restrict").status_code == 410


def test_opened_again_in_the_same_browser_it_leads_to_the_pages(
    browser: Browser, token: str
) -> None:
    opened_by(browser, token).get(f"/family/link/{token}")

    assert browser.get("/family/restrict").location == "/family"


def test_for_an_hour_it_says_no_as_often_as_is_wanted(
    browser: Browser, family: House, token: str
) -> None:
    opened_by(browser, token)
    no = {place.field: "no" for place in PLACES} | {"signature": "Ana Lopez"}

    for _ in range(3):
        family.clock.move(timedelta(minutes=19))
        answer = browser.post("/family/children/S3/sign", no)
        assert "Your no is recorded" in answer.get_data(as_text=True)


def test_after_an_hour_it_does_nothing_more(browser: Browser, family: House, token: str) -> None:
    opened_by(browser, token)
    family.clock.move(timedelta(minutes=59))
    assert browser.get("/family").status_code == 200
    family.clock.move(timedelta(minutes=1))

    late = browser.post("/family/children/S3/sign")

    assert late.status_code == 401
    assert "this was not recorded" in late.get_data(as_text=True)
    assert browser.get("/family").location == "/family/sign-in"


def test_it_runs_out_after_14_days(browser: Browser, family: House, token: str) -> None:
    family.clock.move(timedelta(days=14))
    browser.get(f"/family/link/{token}")

    assert browser.post("/family/restrict").status_code == 410


def test_an_invitation_is_no_link_that_restricts(
    browser: Browser, family: House, token: str
) -> None:
    browser.get(f"/family/invitation/{token}")

    assert browser.get("/family/set-up").status_code == 410


def test_asking_has_one_answer_for_every_address(browser: Browser, family: House) -> None:
    known = browser.post("/family/send-link", {"email": PARENT.upper()})
    unknown = browser.post("/family/send-link", {"email": "nobody@elsewhere.example"})

    assert known.status_code == unknown.status_code == 200
    assert len(known.data) == len(unknown.data)
    assert len(family.jobs.mails) == 1


def test_asking_again_at_once_fills_no_mailbox(browser: Browser, family: House) -> None:
    for _ in range(3):
        browser.post("/family/send-link", {"email": PARENT})
    assert len(family.jobs.mails) == 1

    family.clock.move(timedelta(minutes=15))
    browser.post("/family/send-link", {"email": PARENT})

    assert len(family.jobs.mails) == 2


def test_a_guardian_whose_rights_were_removed_gets_none(browser: Browser, family: House) -> None:
    with family.services.transaction() as work:
        work.register.save_guardians([replace(a_link(OTHER), rights=Rights.REMOVED)])

    browser.post("/family/send-link", {"email": OTHER})

    assert family.jobs.mails == []


def test_the_outbox_holds_no_address_and_no_secret(browser: Browser, family: House) -> None:
    browser.post("/family/send-link", {"email": PARENT})

    with family.services.transaction() as work:
        [mail] = work.outbox.undelivered()
    assert mail.kind is MailKind.RESTRICT_LINK
    assert "@" not in repr(mail)
