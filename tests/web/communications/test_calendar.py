"""The calendar, and the page on which a moment is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from mediacheck.model.people import Role
from mediacheck.model.publishing import DispatchState
from mediacheck.web.app import create_app
from mediacheck.web.communications.calendar import span_of
from tests.conftest import House
from tests.factories import a_channel
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.web.conftest import BrowserAs
from tests.web.posting import start_post


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


def test_a_moment_is_chosen_on_a_page_and_stands_in_the_calendar(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption="A windy day")
    page = teacher.get(posting.state()["publishing"]["schedule_url"]).get_data(as_text=True)
    assert "By the district’s clock: Los Angeles, now PST." in page

    answer = teacher.post(f"{posting.address}/moment", {"day": "2026-12-01", "hour": "15:05"})

    assert answer.location == posting.address
    state = posting.state()["publishing"]
    assert state["words"] == "Scheduled"
    assert "Tuesday, December 1, 2026, 3:05 PM PST" in state["advice"]
    assert not state["can_publish"]
    office = browser_as(Role.COMMUNICATIONS)
    listed = office.get("/calendar?view=month&day=2026-12-01").get_data(as_text=True)
    assert "Tuesday, December 1, 3:05 PM" in listed
    assert "A windy day" in listed
    assert "A windy day" not in office.get("/calendar").get_data(as_text=True)
    week = office.get("/calendar?view=week&day=2026-12-06").get_data(as_text=True)
    assert "A windy day" in week


def test_a_week_over_the_end_of_a_month_leads_to_the_month_of_most_of_its_days(
    browser_as: BrowserAs,
) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    week = office.get("/calendar?view=week&day=2026-12-02").get_data(as_text=True)

    month = week.partition(">By month<")[0].rpartition('href="')[2].partition('"')[0]
    page = office.get(month.replace("&amp;", "&")).get_data(as_text=True)
    assert "<h2>December 2026</h2>" in page


def test_the_calendar_is_narrowed_to_one_account(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    room.with_work(lambda work: work.register.add_channel(a_channel("lincoln-page")))
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption="A windy day")
    teacher.post(f"{posting.address}/moment", {"day": "2026-11-25", "hour": "15:05"})
    office = browser_as(Role.COMMUNICATIONS)

    assert "A windy day" in office.get("/calendar?account=lincoln-instagram").get_data(as_text=True)
    assert "Nothing is scheduled" in office.get("/calendar?account=lincoln-page").get_data(
        as_text=True
    )
    stranger = browser_as(Role.COMMUNICATIONS, "roosevelt")
    assert "A windy day" not in stranger.get("/calendar").get_data(as_text=True)


def test_a_moment_that_has_passed_is_refused_on_the_page(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption="A windy day")

    answer = teacher.post(f"{posting.address}/moment", {"day": "2026-11-23", "hour": "15:05"})

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "That moment has passed" in page
    assert 'value="2026-11-23"' in page


def test_the_office_changes_a_moment_or_gives_it_up(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption="A windy day")
    teacher.post(f"{posting.address}/moment", {"day": "2026-12-01", "hour": "15:05"})
    dispatch_id = room.dispatch().dispatch_id
    office = browser_as(Role.COMMUNICATIONS)
    page = office.get(f"/publishing/{dispatch_id}/moment").get_data(as_text=True)
    assert "Tuesday, December 1, 2026, 3:05 PM PST" in page

    office.post(f"/publishing/{dispatch_id}/moment", {"day": "2026-12-02", "hour": "09:00"})
    assert room.dispatch().wanted_at.hour == 17
    office.post(f"/publishing/{dispatch_id}/give-up")

    assert room.dispatch().state is DispatchState.STOPPED
    assert "took it off the calendar" in posting.state()["publishing"]["advice"]


def test_what_missed_its_moment_asks_what_to_do(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption="A windy day")
    teacher.post(f"{posting.address}/moment", {"day": "2026-11-24", "hour": "15:05"})
    room.later(hours=12)

    page = browser_as(Role.TEACHER).get("/publishing").get_data(as_text=True)

    assert "Publish it now" in page
    assert "Choose another moment" in page
    assert room.texts == []


@pytest.mark.parametrize(
    ("view", "day", "start", "end"),
    [
        ("month", "2026-12-31", date(2026, 12, 1), date(2027, 1, 1)),
        ("week", "2026-12-31", date(2026, 12, 28), date(2027, 1, 4)),
        ("month", "2027-01-31", date(2027, 1, 1), date(2027, 2, 1)),
        ("other", "nonsense", date(2026, 11, 1), date(2026, 12, 1)),
        ("week", "9999-12-31", date(2026, 11, 23), date(2026, 11, 30)),
        ("month", "0001-01-01", date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_a_span_holds_the_day_that_was_asked_for(
    view: str, day: str, start: date, end: date
) -> None:
    span = span_of(view, day, today=date(2026, 11, 24))

    assert (span.start, span.end) == (start, end)
    assert span.end - span.start >= timedelta(days=7)


def test_the_first_and_last_days_have_a_page(browser_as: BrowserAs) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    for day in ("2000-01-01", "2099-12-31"):
        for view in ("week", "month"):
            assert office.get(f"/calendar?view={view}&day={day}").status_code == 200
