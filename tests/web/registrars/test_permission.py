"""What held at a moment and why, and where answers disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.model.people import Role
from release_db.words import Answer, Capacity
from tests.conftest import House
from tests.factories import a_release
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/students/S1/permission"


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.REGISTRAR)


def asked(browser: Browser, house: House, at: str = "") -> str:
    with house.services.transaction() as work:
        channel = work.register.channels()[0].key
    answer = browser.get(f"{PAGE}?channel={channel}&use=image&form=full&at={at}")
    return answer.get_data(as_text=True)


def test_the_answer_names_what_it_rests_on(browser: Browser, house: House) -> None:
    page = asked(browser, house)

    assert "Allowed until" in page
    assert "Office, from a form" in page


def test_before_anything_was_recorded_nothing_held(browser: Browser, house: House) -> None:
    year_ago = (house.services.clock.now() - timedelta(days=366)).strftime("%Y-%m-%dT%H:%M")

    page = asked(browser, house, year_ago)

    assert "Allowed until" not in page


def test_what_was_recorded_in_the_minute_that_runs_counts_already(
    browser: Browser, house: House
) -> None:
    house.clock.move(timedelta(seconds=50))
    with house.services.transaction() as work:
        at = house.clock.now()
        refusal = replace(
            a_release("S1", answer=Answer.DENY), recorded_at=at, capacity=Capacity.SIS
        )
        work.register.record([refusal])

    assert "Allowed until" not in asked(browser, house)


def test_a_moment_that_is_none_is_asked_again(browser: Browser, house: House) -> None:
    page = asked(browser, house, "yesterday")

    assert "Enter a day and a time" in page
    assert "It rests on" not in page


def test_nobody_is_asked_about_who_is_not_there(browser: Browser) -> None:
    assert browser.get("/registrars/students/nobody/permission").status_code == 404
    assert browser.get(f"{PAGE}?channel=x&use=soul").status_code == 404


def test_a_refusal_in_the_system_against_a_yes_is_listed(browser: Browser, house: House) -> None:
    assert "nobody contradicts anybody" in browser.get("/registrars/disagreements").text
    with house.services.transaction() as work:
        refusal = a_release("S1", answer=Answer.DENY, capacity=Capacity.SIS)
        work.register.record([refusal])

    page = browser.get("/registrars/disagreements").text

    assert "Maya Lopez" in page
    assert "The student information system and the family" in page
    assert "the stricter one counts" in page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_only_the_registrar_opens_these_pages(browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)

    for path in (PAGE, "/registrars/disagreements"):
        assert browser.get(path).status_code == 403
