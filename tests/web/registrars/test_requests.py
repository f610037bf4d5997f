"""What families ask for: answered in words, or done after a second look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.family_log import FamilyRequest, RequestKind
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import NOW, PARENT
from tests.web.conftest import Browser, BrowserAs

LIST = "/registrars/requests"
PAGE = f"{LIST}/r1/erasure"
MOTHER = FamilyAccountId("mother")


@pytest.fixture
def asked(house: House) -> House:
    """Maya's mother asked for erasure a day ago; Teddy's asked nothing."""
    account = FamilyAccount(
        account_id=MOTHER, kind=FamilyKind.GUARDIAN, email=PARENT, name="Ana Lopez"
    )
    with house.services.transaction() as work:
        work.register.save_guardians([a_link("S1", PARENT), a_link("S2", "b@home.example")])
        work.families.save_account(account)
        work.family_log.ask(a_request())
    return house


def a_link(student: str, email: str) -> Guardian:
    return Guardian(
        guardian_id=GuardianId(f"g-{email}"), student_id=StudentId(student), email=email
    )


def a_request(request_id: str = "r1", kind: RequestKind = RequestKind.ERASURE) -> FamilyRequest:
    return FamilyRequest(
        request_id=request_id,
        student_id=StudentId("S1"),
        kind=kind,
        asked_by=MOTHER,
        asked_at=NOW - timedelta(days=1),
    )


@pytest.fixture
def browser(browser_as: BrowserAs, asked: House) -> Browser:
    return browser_as(Role.REGISTRAR)


def is_there(house: House) -> bool:
    with house.services.transaction() as work:
        return work.register.student_or_none(StudentId("S1")) is not None


def request_of(house: House) -> FamilyRequest:
    with house.services.transaction() as work:
        return work.family_log.requests_of(StudentId("S1"))[-1]


def test_what_waits_is_listed_with_the_way_to_answer(browser: Browser, asked: House) -> None:
    with asked.services.transaction() as work:
        work.family_log.ask(a_request("r2", RequestKind.REMOVAL))

    page = browser.get(LIST).text

    assert "Maya Lopez" in page
    assert PAGE in page
    assert "among its takedowns" in page
    assert f"{LIST}/r2" not in page


def test_the_page_says_what_goes_and_what_speaks_against_it(browser: Browser, asked: House) -> None:
    with asked.services.transaction() as work:
        work.register.save_guardians([a_link("S1", "other@home.example")])

    page = browser.get(PAGE).text

    assert "Still on the roster" in page
    assert "1 other guardian has the same rights" in page
    assert is_there(asked)


@pytest.mark.parametrize("typed", ["", "S2", "Maya Lopez"])
def test_without_the_typed_id_nothing_is_erased(browser: Browser, asked: House, typed: str) -> None:
    answer = browser.post(PAGE, {"student_id": typed})

    assert answer.status_code == 422
    assert is_there(asked)
    assert request_of(asked).answered_at is None


def test_an_erasure_keeps_the_proof_and_no_name(browser: Browser, asked: House) -> None:
    assert browser.post(PAGE, {"student_id": "S1"}).status_code == 302

    assert not is_there(asked)
    assert request_of(asked).is_granted
    with asked.services.transaction() as work:
        events = [(entry.event, entry.subject) for entry in work.audit.entries()]
        account = work.families.account_or_none(MOTHER)
    assert (Event.STUDENT_ERASED, "S1") in events
    assert account is not None
    assert not account.is_active
    assert (account.name, PARENT in account.email) == ("", False)
    assert "Nothing waits" in browser.get(LIST).text


def test_a_guardian_of_another_child_keeps_the_sign_in(browser: Browser, asked: House) -> None:
    with asked.services.transaction() as work:
        work.register.save_guardians([a_link("S2", PARENT)])

    browser.post(PAGE, {"student_id": "S1"})

    with asked.services.transaction() as work:
        account = work.families.account_by_email_or_none(PARENT)
    assert account is not None
    assert account.is_active


def test_a_no_needs_words_which_the_family_reads(browser: Browser, asked: House) -> None:
    refuse = f"{LIST}/r1/refuse"
    assert browser.post(refuse, {"note": ""}).status_code == 422

    assert browser.post(refuse, {"note": "A court keeps the file open."}).status_code == 302

    answered = request_of(asked)
    assert (answered.is_granted, answered.note) == (False, "A court keeps the file open.")
    assert is_there(asked)
    assert browser.post(refuse, {"note": "Again."}).status_code == 404


def test_an_erasure_takes_the_office_s_words_with_it(browser: Browser, asked: House) -> None:
    browser.post(f"{LIST}/r1/refuse", {"note": "Maya is in a dispute."})
    with asked.services.transaction() as work:
        work.family_log.ask(a_request("r2"))

    browser.post(f"{LIST}/r2/erasure", {"student_id": "S1"})

    assert request_of(asked).note == ""


def test_requests_of_another_school_are_not_found(
    browser: Browser, browser_as: BrowserAs, asked: House
) -> None:
    elsewhere = browser_as(Role.REGISTRAR, "hoover")

    assert "Maya" not in elsewhere.get(LIST).text
    assert elsewhere.get(PAGE).status_code == 404
    assert elsewhere.post(PAGE, {"student_id": "S1"}).status_code == 404
    assert is_there(asked)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_only_the_registrar_erases(browser_as: BrowserAs, asked: House, role: Role) -> None:
    assert browser_as(role).get(LIST).status_code == 403
    assert browser_as(role).post(PAGE, {"student_id": "S1"}).status_code == 403
