"""Settings are kept with their history, and recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from tests.conftest import House
from tests.factories import SCHOOL
from tests.web.conftest import Browser, BrowserAs

SETTINGS = {
    "recognition": "off",
    "school_year_ends_on": "2027-06-11",
    "time_zone": "America/Chicago",
}


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


def test_settings_are_kept_and_recorded(browser: Browser, house: House) -> None:
    browser.post("/administrators/settings", SETTINGS)

    with house.services.transaction() as work:
        kept = {key: work.register.policy_or_none(key) for key in SETTINGS}
        entries = work.audit.entries()
    assert kept == SETTINGS
    assert [(entry.event, entry.subject) for entry in entries] == [
        (Event.POLICY_SET, key) for key in SETTINGS
    ]


def test_what_stays_the_same_is_not_written_again(browser: Browser, house: House) -> None:
    browser.post("/administrators/settings", SETTINGS)
    browser.post("/administrators/settings", {**SETTINGS, "recognition": "suggest"})

    with house.services.transaction() as work:
        assert len(work.audit.entries()) == 4
        assert work.register.policy_or_none("recognition") == "suggest"


def test_one_school_may_differ(browser: Browser, house: House) -> None:
    form = {"school": SCHOOL, "school_recognition": "off"}
    assert browser.post("/administrators/settings/school", form).status_code == 302

    with house.services.transaction() as work:
        assert work.register.policy_or_none("recognition", SCHOOL) == "off"
        assert work.register.policy_or_none("recognition") == "suggest"


def test_a_day_that_is_none_is_asked_for_again(browser: Browser, house: House) -> None:
    form = {**SETTINGS, "school_year_ends_on": "June"}
    answer = browser.post("/administrators/settings", form)

    assert answer.status_code == 422
    assert '<a href="#school_year_ends_on">' in answer.get_data(as_text=True)
    with house.services.transaction() as work:
        assert work.register.policy_or_none("recognition") == "suggest"


def test_a_zone_in_which_it_is_still_yesterday_waits_for_its_midnight(
    browser_as: BrowserAs, house: House
) -> None:
    # Ten to 2 in the morning in Los Angeles, and ten to midnight in Honolulu.
    house.clock.move(datetime(2026, 11, 25, 9, 50, tzinfo=UTC) - house.clock.now())
    form = {**SETTINGS, "time_zone": "Pacific/Honolulu"}
    browser = browser_as(Role.ADMINISTRATOR)

    answer = browser.post("/administrators/settings", form)

    assert answer.status_code == 422
    assert "once it is 2026-11-25 there" in answer.get_data(as_text=True)
    with house.services.transaction() as work:
        assert work.register.policy_or_none("time_zone") is None

    house.clock.move(timedelta(minutes=10))
    assert browser.post("/administrators/settings", form).status_code == 302


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/administrators/settings", {**SETTINGS, "recognition": "always"}),
        ("/administrators/settings", {**SETTINGS, "time_zone": "Mars/Olympus"}),
        ("/administrators/settings/school", {"school": "x", "school_recognition": "off"}),
        ("/administrators/settings/school", {"school": SCHOOL, "school_recognition": "x"}),
    ],
)
def test_a_choice_that_was_never_offered_is_refused(
    browser: Browser, path: str, form: dict[str, object]
) -> None:
    assert browser.post(path, form).status_code == 400
