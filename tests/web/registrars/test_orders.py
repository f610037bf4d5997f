"""Court orders and guardians' verification on the registrar's pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mediacheck.model.people import Role
from release_db.records import Guardian, StudentFile
from release_db.words import Answer, GuardianId, OrderEffect, Rights, StudentId
from tests.conftest import House
from tests.factories import PARENT, a_release
from tests.web.conftest import Browser, BrowserAs

TEDDY = StudentId("S2")
PAGE = "/registrars/students/S2"
NEW = f"{PAGE}/orders/new"
ANA = f"{PAGE}/guardians/S2-ana"
ORDER = {
    "effect": "removes-rights",
    "guardian": "S2-ana",
    "use": "",
    "audience": "",
    "starts_on": "2026-11-24",
    "ends_on": "",
    "review_on": "2027-02-01",
    "reference": "Case 26-1234",
}


@pytest.fixture
def registrar(browser_as: BrowserAs, house: House) -> Browser:
    """Ana has said yes to pictures of Teddy."""
    link = Guardian(guardian_id=GuardianId("S2-ana"), student_id=TEDDY, email=PARENT, name="Ana R.")
    with house.services.transaction() as work:
        work.register.save_guardians([link])
        work.register.record([a_release("S2")])
    return browser_as(Role.REGISTRAR)


def file_of(house: House) -> StudentFile:
    with house.services.transaction() as work:
        return work.register.student_files([TEDDY])[TEDDY]


def waiting_item(browser: Browser) -> str:
    page = browser.get("/registrars/waiting").get_data(as_text=True)
    found = re.search(r'href="(/registrars/waiting/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_an_order_stops_the_yes_of_whom_it_names_at_once(registrar: Browser, house: House) -> None:
    before = registrar.get(PAGE).get_data(as_text=True)
    answer = registrar.post(NEW, ORDER)
    page = registrar.get(PAGE).get_data(as_text=True)

    assert answer.status_code == 302
    assert "Allowed until" in before
    assert "Allowed until" not in page
    assert "This person decides nothing any more: Ana R." in page
    assert "Case 26-1234" in page
    assert file_of(house).orders[0].effect is OrderEffect.REMOVES_RIGHTS


def test_an_order_is_about_what_it_says(registrar: Browser, house: House) -> None:
    registrar.post(NEW, {**ORDER, "use": "image", "audience": "social"})

    (order,) = file_of(house).orders
    assert (order.uses, order.audience) == (("image",), "social")
    assert "Picture; On social networks" in registrar.get(PAGE).get_data(as_text=True)


def test_an_order_that_takes_a_no_waits_and_says_so_in_full(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    with house.services.transaction() as work:
        work.register.record([a_release("S2", answer=Answer.DENY)])
    registrar.post(NEW, ORDER)
    before = file_of(house)
    second = browser_as(Role.ADMINISTRATOR)
    page = second.get(waiting_item(second)).get_data(as_text=True)
    second.post(waiting_item(second) + "/accept")

    assert before.orders == ()
    assert before.guardians[0].rights is Rights.UNVERIFIED
    assert "A court order would take away a no" in page
    assert "Case 26-1234" in page
    assert len(file_of(house).orders) == 1


def test_an_order_ends_when_a_second_person_agrees(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    registrar.post(NEW, ORDER)
    (order,) = file_of(house).orders
    there = f"{PAGE}/orders/{order.order_id}"
    form = registrar.get(there).get_data(as_text=True)
    wrong = registrar.post(f"{there}/end", {"ends_on": "2026-11-01", "reference": ""})
    registrar.post(f"{there}/end", {"ends_on": "2026-11-30", "reference": "Case 27-1"})
    second = browser_as(Role.ADMINISTRATOR)
    page = second.get(waiting_item(second)).get_data(as_text=True)
    second.post(waiting_item(second) + "/accept")

    assert "Ana R." in form
    assert wrong.status_code == 422
    assert "Case 27-1" in page
    assert str(file_of(house).orders[0].ends_on) == "2026-11-30"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"review_on": "2026-01-01"}, "review_on"),
        ({"guardian": ""}, "guardian"),
    ],
)
def test_an_order_that_cannot_be_is_asked_for_again(
    registrar: Browser, house: House, wrong: dict[str, str], field: str
) -> None:
    answer = registrar.post(NEW, {**ORDER, **wrong})

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.get_data(as_text=True)
    assert file_of(house).orders == ()


def test_a_choice_that_was_never_offered_is_refused(registrar: Browser) -> None:
    for wrong in ({"effect": "gossip"}, {"use": "gossip"}, {"audience": "moon"}):
        assert registrar.post(NEW, {**ORDER, **wrong}).status_code == 400
    assert registrar.post(NEW, {**ORDER, "guardian": "S1-g9"}).status_code == 404


def test_a_verification_says_how_when_and_by_whom(registrar: Browser, house: House) -> None:
    registrar.post(f"{ANA}/withdraw")
    meanwhile = registrar.get(PAGE).get_data(as_text=True)
    registrar.post(f"{ANA}/verify", {"how": "document", "basis": "rights-holder"})
    page = registrar.get(ANA).get_data(as_text=True)

    assert "Not verified: may only say no" in meanwhile
    assert "Allowed until" not in meanwhile
    assert "document seen: Pat Registrar, 2026-11-24" in page
    assert "Educational rights holder" in page
    assert file_of(house).guardians[0].rights is Rights.FULL


def test_removed_rights_come_back_by_two_people(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    refused = registrar.post(f"{ANA}/rights", {"reference": "Case 27-1"})
    (link,) = file_of(house).guardians
    with house.services.transaction() as work:
        work.register.save_guardians([replace(link, rights=Rights.REMOVED)])
    registrar.post(f"{ANA}/rights", {"reference": "Case 27-1"})
    meanwhile = file_of(house).guardians[0].rights
    second = browser_as(Role.ADMINISTRATOR)
    page = second.get(waiting_item(second)).get_data(as_text=True)
    second.post(waiting_item(second) + "/accept")

    assert refused.status_code == 404
    assert meanwhile is Rights.REMOVED
    assert "Ana R." in page
    assert "Case 27-1" in page
    assert file_of(house).guardians[0].rights is Rights.FULL


def test_an_order_that_was_looked_at_is_no_longer_due(registrar: Browser, house: House) -> None:
    registrar.post(NEW, {**ORDER, "review_on": "2026-11-24"})
    (order,) = file_of(house).orders
    due = registrar.get("/registrars/waiting").get_data(as_text=True)
    registrar.post(f"{PAGE}/reviews/{order.order_id}", {"next_on": ""})

    assert "Court order: This person decides nothing any more" in due
    page = registrar.get("/registrars/waiting").get_data(as_text=True)
    assert "No hold and no court order is due" in page


def test_only_the_office_of_the_school_changes_rights(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    elsewhere, teacher = browser_as(Role.REGISTRAR, "hoover"), browser_as(Role.TEACHER)

    assert elsewhere.post(f"{ANA}/withdraw").status_code == 404
    assert elsewhere.post(NEW, ORDER).status_code == 404
    assert teacher.post(f"{ANA}/withdraw").status_code == 403
    assert file_of(house).guardians[0].rights is Rights.FULL
