"""The list of holds, and who of the office sees it."""

from __future__ import annotations

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.words import StudentId
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs

MAYA = StudentId("S1")
LIST = "/registrars/holds"
VIEWERS = f"{LIST}/viewers"


@pytest.fixture
def registrar(browser_as: BrowserAs) -> Browser:
    """Has placed a hold on Maya."""
    browser = browser_as(Role.REGISTRAR)
    browser.post("/registrars/students/S1/holds", {"kind": "confidential", "reference": "Drawer 3"})
    return browser


def hold_of(house: House) -> str:
    with house.services.transaction() as work:
        return work.register.student_files([MAYA])[MAYA].holds[0].hold_id


def test_the_office_sees_every_hold_in_force(registrar: Browser, browser_as: BrowserAs) -> None:
    for browser in (registrar, browser_as(Role.ADMINISTRATOR)):
        page = browser.get(LIST).text
        assert "Maya Lopez" in page
        assert "Address confidentiality programme" in page
        assert "Drawer 3" not in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS])
def test_nobody_else_does(registrar: Browser, browser_as: BrowserAs, role: Role) -> None:
    assert registrar.get(LIST).status_code == 200
    assert browser_as(role).get(LIST).status_code == 403


def test_an_administrator_may_ask_for_the_end_and_a_registrar_agree(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    administrator = browser_as(Role.ADMINISTRATOR)
    administrator.post(f"/registrars/students/S1/holds/{hold_of(house)}/lift")

    assert "Its end waits for a second person" in registrar.get(LIST).text
    assert "A hold would be lifted" in registrar.get("/registrars/waiting").text


def test_the_administrator_says_who_sees_holds(
    registrar: Browser, browser_as: BrowserAs, house: House
) -> None:
    administrator = browser_as(Role.ADMINISTRATOR)
    administrator.post(f"/registrars/students/S1/holds/{hold_of(house)}/lift")
    answer = administrator.post(VIEWERS, {"holds_visible_to": "administrator"})
    page = administrator.get("/administrators/settings").text

    assert answer.status_code == 302
    assert '<option value="administrator" selected>' in page
    assert registrar.get(LIST).status_code == 404
    assert "A hold would be lifted" not in registrar.get("/registrars/waiting").text
    assert "All holds" not in registrar.get("/registrars/waiting").text
    with house.services.transaction() as work:
        assert work.audit.entries()[-1].event == Event.POLICY_SET


def test_holds_are_never_shown_to_teachers_or_set_by_registrars(
    registrar: Browser, browser_as: BrowserAs
) -> None:
    administrator = browser_as(Role.ADMINISTRATOR)

    assert administrator.post(VIEWERS, {"holds_visible_to": "teacher"}).status_code == 400
    assert registrar.post(VIEWERS, {"holds_visible_to": "registrar"}).status_code == 403


def test_holds_at_other_schools_are_not_listed(registrar: Browser, browser_as: BrowserAs) -> None:
    assert "Maya" in registrar.get(LIST).text
    assert "Maya" not in browser_as(Role.REGISTRAR, "hoover").get(LIST).text
