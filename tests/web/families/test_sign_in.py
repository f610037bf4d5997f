"""How a family is let in: invitation, code and app; and what keeps others out."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from werkzeug.test import TestResponse

from mediacheck.accounts.families_links import new_link
from mediacheck.accounts.families_set_up import invite, issue_family_code
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    AccountChange,
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    LinkPurpose,
)
from tests.conftest import House
from tests.factories import PARENT
from tests.postgresql import reads_sqlite
from tests.web.conftest import Browser

PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.
ACCOUNT = FamilyAccount(
    account_id=FamilyAccountId("mother"),
    kind=FamilyKind.GUARDIAN,
    email=PARENT,
    name="A mother",
    language="es",
)


@pytest.fixture
def invited(family: House) -> tuple[str, str]:
    """The secret of the invitation's link, and the one-time code."""
    with family.services.transaction() as work:
        invite(work, family.services, ACCOUNT, by="office")
        code = issue_family_code(work, family.services, ACCOUNT.account_id, by="office")
        return new_link(work, family.services, ACCOUNT.account_id, LinkPurpose.INVITATION), code


def secret_shown(page: TestResponse) -> str:
    found = re.search(r"secret=([A-Z2-7]+)", page.get_data(as_text=True))
    assert found is not None
    return found[1]


def app_code(house: House, secret: str) -> str:
    return pyotp.TOTP(secret).at(house.clock.now())


def set_up(browser: Browser, house: House, invited: tuple[str, str]) -> str:
    """Goes the whole way with a password; returns the app's secret."""
    token, code = invited
    browser.get(f"/family/invitation/{token}")
    assert browser.post("/family/set-up", {"code": code.lower()}).status_code == 302
    secret = secret_shown(browser.get("/family/set-up/sign-in"))
    form = {"password": PASSWORD, "code": app_code(house, secret)}
    answer = browser.post("/family/set-up/sign-in", form)
    assert (answer.status_code, answer.location) == (302, "/family")
    return secret


def sign_in(browser: Browser, code: str, password: str = PASSWORD) -> TestResponse:
    form = {"email": PARENT.upper(), "password": password, "code": code}
    return browser.post("/family/sign-in", form)


def is_in(browser: Browser) -> bool:
    return browser.get("/family").status_code == 200


def test_an_invitation_with_its_code_opens_the_pages(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)

    assert is_in(browser)
    with family.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert Event.FAMILY_SET_UP in events


def test_an_invitation_alone_opens_nothing(browser: Browser, invited: tuple[str, str]) -> None:
    browser.get(f"/family/invitation/{invited[0]}")

    assert browser.get("/family/set-up").status_code == 200
    assert browser.get("/family/set-up/sign-in").status_code == 410
    assert not is_in(browser)


def test_a_set_up_under_way_is_not_a_sign_in(browser: Browser, invited: tuple[str, str]) -> None:
    browser.get(f"/family/invitation/{invited[0]}")
    browser.post("/family/set-up", {"code": invited[1]})

    assert browser.get("/family/set-up/sign-in").status_code == 200
    assert not is_in(browser)


def test_an_invitation_s_secret_leaves_the_address(
    browser: Browser, invited: tuple[str, str]
) -> None:
    answer = browser.get(f"/family/invitation/{invited[0]}")

    assert answer.location == "/family/set-up"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_an_invitation_runs_out_after_14_days(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    family.clock.move(timedelta(days=14))

    assert browser.get(f"/family/invitation/{invited[0]}").status_code == 410


def test_an_invitation_works_once(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)

    assert browser.get(f"/family/invitation/{invited[0]}").status_code == 410


def test_guessing_the_one_time_code_is_slowed_down(
    browser: Browser, invited: tuple[str, str]
) -> None:
    browser.get(f"/family/invitation/{invited[0]}")

    answers = [
        browser.post("/family/set-up", {"code": f"AAAAA-{number}"}).status_code
        for number in range(6)
    ]

    assert answers == [422] * 5 + [429]


def test_a_wrong_code_of_the_app_sets_nothing_up(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    browser.get(f"/family/invitation/{invited[0]}")
    browser.post("/family/set-up", {"code": invited[1]})

    form = {"password": PASSWORD, "code": "000000"}
    assert browser.post("/family/set-up/sign-in", form).status_code == 422
    with family.services.transaction() as work:
        assert not work.families.has_credentials(ACCOUNT.account_id)


def test_a_weak_password_sets_nothing_up(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    browser.get(f"/family/invitation/{invited[0]}")
    browser.post("/family/set-up", {"code": invited[1]})
    secret = secret_shown(browser.get("/family/set-up/sign-in"))

    form = {"password": "password", "code": app_code(family, secret)}
    assert browser.post("/family/set-up/sign-in", form).status_code == 422


def test_the_square_is_a_picture_of_our_own(browser: Browser, invited: tuple[str, str]) -> None:
    browser.get(f"/family/invitation/{invited[0]}")
    browser.post("/family/set-up", {"code": invited[1]})

    answer = browser.get("/family/set-up/square.svg")

    assert answer.mimetype == "image/svg+xml"
    assert b"<svg" in answer.data


def test_password_and_code_sign_in_and_a_code_is_used_once(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    secret = set_up(browser, family, invited)
    family.clock.move(timedelta(minutes=1))
    code = app_code(family, secret)

    assert sign_in(browser, code).location == "/family"
    assert sign_in(browser, code).status_code == 422


def test_the_code_of_the_set_up_is_used_up_with_it(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    secret = set_up(browser, family, invited)

    assert sign_in(browser, app_code(family, secret)).status_code == 422


@pytest.mark.parametrize(("password", "is_code_right"), [("wrong", True), (PASSWORD, False)])
def test_one_of_the_two_is_not_enough(
    browser: Browser,
    family: House,
    invited: tuple[str, str],
    password: str,
    is_code_right: bool,
) -> None:
    secret = set_up(browser, family, invited)
    family.clock.move(timedelta(minutes=1))
    code = app_code(family, secret) if is_code_right else "000000"

    assert sign_in(browser, code, password).status_code == 422


def test_guessing_at_the_sign_in_is_slowed_down(browser: Browser, family: House) -> None:
    answers = [sign_in(browser, "000000") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Please wait" in answers[-1].get_data(as_text=True)


def test_a_session_ends_after_30_minutes_without_use(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)
    family.clock.move(timedelta(minutes=30))

    assert browser.get("/family").location == "/family/sign-in"


def test_a_family_s_session_opens_no_page_of_staff(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)

    assert browser.get("/").location.startswith("/sign-in")


def test_signing_out_ends_the_session_on_the_server(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)
    cookie = browser.client.get_cookie("mediacheck-family")
    assert cookie is not None

    browser.post("/family/sign-out")
    browser.client.set_cookie("mediacheck-family", cookie.value)

    assert not is_in(browser)


def test_a_new_set_up_ends_what_was_there(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    set_up(browser, family, invited)
    stolen = browser.client.get_cookie("mediacheck-family")
    assert stolen is not None
    family.clock.move(timedelta(minutes=5))
    with family.services.transaction() as work:
        code = issue_family_code(work, family.services, ACCOUNT.account_id, by="office")
        token = new_link(work, family.services, ACCOUNT.account_id, LinkPurpose.INVITATION)

    set_up(browser, family, (token, code))

    with family.services.transaction() as work:
        mails = [one.about for one in work.outbox.undelivered()]
    assert mails.count(AccountChange.SET_UP_ANEW) == 1
    browser.client.set_cookie("mediacheck-family", stolen.value)
    assert not is_in(browser)


def test_the_code_is_mailed_only_where_the_district_wants_it(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    browser.get(f"/family/invitation/{invited[0]}")
    assert browser.post("/family/set-up/code").status_code == 403
    with family.services.transaction() as work:
        work.register.set_policy(
            "family_code_delivery", "address", school=None, by="boss", at=family.clock.now()
        )

    assert browser.post("/family/set-up/code").status_code == 302
    assert len(family.jobs.mails) == 2


@reads_sqlite
def test_the_secret_of_the_app_is_sealed_in_the_database(
    browser: Browser, family: House, invited: tuple[str, str]
) -> None:
    secret = set_up(browser, family, invited)

    files = family.services.settings.data_folder.glob("test.sqlite3*")
    kept = b"".join(path.read_bytes() for path in files)
    assert PARENT.encode() in kept
    assert secret.encode() not in kept
    assert invited[0].encode() not in kept
