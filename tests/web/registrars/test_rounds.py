"""The page of the renewal round: the next year's last day, the progress, and reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.flow.rounds import turn_year
from mediacheck.flow.rounds_mail import send_rounds
from mediacheck.model.people import Role
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/round"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    with house.services.transaction() as work:
        at = house.clock.now()
        work.register.set_policy("school_year_ends_on", "2026-11-30", school=None, by="a", at=at)
    return browser_as(Role.REGISTRAR)


def end_the_year(house: House) -> None:
    house.clock.move(timedelta(days=7))
    sweep(house)


def sweep(house: House) -> None:
    turn_year(house.services)
    send_rounds(house.services)


def again(browser_as: BrowserAs) -> Browser:
    """Days have passed: whoever comes back signs in again."""
    return browser_as(Role.REGISTRAR)


def test_before_the_end_the_page_says_when_the_round_opens(browser: Browser) -> None:
    page = browser.get(PAGE).text

    assert "This school year ends on 2026-11-30" in page
    assert "Remind those" not in page


def test_after_the_end_the_page_says_what_to_do(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    end_the_year(house)
    browser = again(browser_as)
    assert "Nobody has been asked again yet" in browser.get(PAGE).text

    answer = browser.post(f"{PAGE}/year", {"ends_on": "2027-11-26"})

    assert answer.status_code == 302
    page = browser.get(PAGE).text
    assert "for the school year that ends on 2027-11-26" in page
    assert "0 of 2" in page
    assert '<th scope="row" data-label="Class">Room 12</th>' in page


@pytest.mark.parametrize("typed", ["2026-11-01", "soon", ""])
def test_a_day_that_cannot_be_is_asked_for_again(browser: Browser, typed: str) -> None:
    answer = browser.post(f"{PAGE}/year", {"ends_on": typed})

    assert answer.status_code == 422
    assert '<a href="#ends_on">' in answer.text


def test_families_are_reminded_when_it_is_time_and_not_before(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    browser.post(f"{PAGE}/year", {"ends_on": "2027-11-26"})
    end_the_year(house)
    browser = again(browser_as)
    assert "You may remind those who have not answered from 2026-12-15 on" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/remind").status_code == 403

    house.clock.move(timedelta(days=14))
    browser = again(browser_as)
    assert "Remind those who have not answered" in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/remind").status_code == 302
    assert "from 2026-12-29 on" in browser.get(PAGE).text


def test_a_registrar_of_another_school_sees_only_that_school(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    end_the_year(house)
    page = browser_as(Role.REGISTRAR, "hoover").get(PAGE).text

    assert "Lincoln" not in page
    assert "Its last day" not in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_the_round_is_the_registrar_s(browser_as: BrowserAs, role: Role) -> None:
    assert browser_as(role).get(PAGE).status_code == 403
    assert browser_as(role).post(f"{PAGE}/remind").status_code == 403


def test_a_day_that_had_passed_is_asked_about(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    with house.services.transaction() as work:
        at = house.clock.now()
        work.register.set_policy("school_year_ends_on", "2026-11-01", school=None, by="a", at=at)
    assert "Is this right?" in browser.get(PAGE).text
    assert browser_as(Role.REGISTRAR, "lincoln").post(f"{PAGE}/open").status_code == 403

    assert browser_as(Role.REGISTRAR).post(f"{PAGE}/open").status_code == 302

    assert "Nobody has been asked again yet" in browser_as(Role.REGISTRAR).get(PAGE).text
