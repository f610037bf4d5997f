"""Inviting a guardian, handing over the code, and seeing what mail did not reach."""

from __future__ import annotations

import re

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import GuardianId, Rights, StudentId
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/students/S1/families"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    with house.services.transaction() as work:
        work.register.save_guardians(
            [
                Guardian(
                    guardian_id=GuardianId(f"S1-{name}"),
                    student_id=StudentId("S1"),
                    email=f"{name}@home.example",
                    rights=rights,
                )
                for name, rights in (("ana", Rights.FULL), ("rex", Rights.REMOVED))
            ]
        )
    return browser_as(Role.REGISTRAR)


def test_a_guardian_is_invited_and_the_code_is_shown_once(browser: Browser, house: House) -> None:
    assert "Not invited" in browser.get(PAGE).text

    shown = browser.post(f"{PAGE}/S1-ana/invite", {})

    assert re.search(r"<strong>[0-9A-Z-]{20,}</strong>", shown.text)
    assert "Invited" in browser.get(PAGE).text
    with house.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert events[-2:] == [Event.FAMILY_INVITED, Event.FAMILY_CODE_ISSUED]


def test_whose_rights_were_removed_is_not_invited(browser: Browser) -> None:
    assert "rex@home.example" not in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/S1-rex/invite", {}).status_code == 404
    assert browser.get("/registrars/students/nobody/families").status_code == 404


def test_the_code_is_not_shown_where_the_district_mails_it(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        at = house.services.clock.now()
        work.register.set_policy("family_code_delivery", "address", school=None, by="a", at=at)

    answer = browser.post(f"{PAGE}/S1-ana/invite", {})

    assert answer.status_code == 302


def test_mail_that_waits_or_came_back_is_listed(browser: Browser, house: House) -> None:
    assert "None." in browser.get("/registrars/undelivered").text
    browser.post(f"{PAGE}/S1-ana/invite", {})
    with house.services.transaction() as work:
        account = work.families.account_by_email_or_none("ana@home.example")
        assert account is not None
        (mail_id,) = work.outbox.due(house.services.clock.now())
        work.outbox.mark_bounced(mail_id, 550)

    page = browser.get("/registrars/undelivered").text

    assert "ana@home.example" in page
    assert "Came back (code 550)" in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_only_the_registrar_invites(browser_as: BrowserAs, role: Role) -> None:
    assert browser_as(role).get(PAGE).status_code == 403
    assert browser_as(role).get("/registrars/undelivered").status_code == 403
