"""The list of those who decide alone now, and handing over the code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from mediacheck.model.people import Role
from release_db.records import Guardian
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import PARENT, a_student
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/of-age"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    """Luz turned 18 in spring, and has no address of her own."""
    grown = replace(a_student("S3", given="Luz"), birth_on=date(2008, 4, 1))
    link = Guardian(guardian_id=GuardianId("g"), student_id=StudentId("S3"), email=PARENT)
    with house.services.transaction() as work:
        work.register.save_students([grown])
        work.register.save_guardians([link])
    return browser_as(Role.REGISTRAR)


def test_who_decides_alone_is_listed_and_nobody_else(browser: Browser) -> None:
    page = browser.get(PAGE).text

    assert "Luz Lopez" in page
    assert "No address of their own" in page
    assert "Decides alone since 2026-04-01" in page
    assert "Maya" not in page


def test_the_code_is_shown_once_and_the_mail_goes_out(browser: Browser, house: House) -> None:
    shown = browser.post(f"{PAGE}/S3", {"email": "luz@students.example"})

    assert re.search(r"<strong>[0-9A-Z-]{20,}</strong>", shown.text)
    assert "no guardian either" in shown.text
    assert len(house.jobs.mails) == 1
    assert "Invited, has not set it up" in browser.get(PAGE).text


def test_the_code_is_not_shown_where_the_district_mails_it(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        at = house.services.clock.now()
        work.register.set_policy("family_code_delivery", "address", school=None, by="a", at=at)

    assert browser.post(f"{PAGE}/S3", {"email": "luz@students.example"}).status_code == 302


@pytest.mark.parametrize("email", ["", "luz", PARENT])
def test_an_address_that_is_not_the_student_s_own_is_asked_for_again(
    browser: Browser, house: House, email: str
) -> None:
    answer = browser.post(f"{PAGE}/S3", {"email": email})

    assert answer.status_code == 422
    assert '<a href="#email-S3">' in answer.text
    assert house.jobs.mails == []


def test_a_child_is_not_handed_a_way_in(browser: Browser) -> None:
    assert browser.post(f"{PAGE}/S1", {"email": "maya@students.example"}).status_code == 404


def test_another_school_s_registrar_finds_nobody(browser: Browser, browser_as: BrowserAs) -> None:
    elsewhere = browser_as(Role.REGISTRAR, "hoover")

    assert "Luz" not in elsewhere.get(PAGE).text
    answer = elsewhere.post(f"{PAGE}/S3", {"email": "luz@students.example"})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_only_the_registrar_hands_over(browser_as: BrowserAs, role: Role) -> None:
    assert browser_as(role).get(PAGE).status_code == 403
