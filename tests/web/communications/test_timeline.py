"""The page of what did not come through the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from mediacheck.flow.timelines import fetch_seen, watch_account
from mediacheck.model.people import Role
from mediacheck.model.timelines import WatchedState
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_timelines import ACCOUNT, post_by_hand
from tests.web.conftest import BrowserAs


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


def test_what_is_not_checked_is_checked_with_one_button_and_then_settled(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    post_by_hand(room, "Teddy Ramos won")
    watch_account(room.publisher, ACCOUNT)
    office = browser_as(Role.COMMUNICATIONS)
    page = office.get("/timeline").get_data(as_text=True)
    assert "Not checked" in page
    assert "Read Nov 24" in page
    with room.publisher.transaction() as work:
        (found,) = work.timelines.posts([WatchedState.NOT_CHECKED])
    watched_id = found.watched_id

    assert office.post(f"/timeline/{watched_id}/check").status_code == 302
    assert "Being checked" in office.get("/timeline").get_data(as_text=True)
    fetch_seen(room.publisher, house.jobs.fetches.pop())
    assert "Must come down" in office.get("/timeline").get_data(as_text=True)
    assert office.post(f"/timeline/{watched_id}/settle").status_code == 302

    assert "came through mediacheck" in office.get("/timeline").get_data(as_text=True)
    assert office.post(f"/timeline/{watched_id}/settle").status_code == 400


def test_a_whole_account_is_gone_through_on_request(room: PressRoom, browser_as: BrowserAs) -> None:
    office = browser_as(Role.COMMUNICATIONS)

    assert office.post(f"/timeline/of/{ACCOUNT}/sweep").status_code == 302

    assert "The whole account is read next." in office.get("/timeline").get_data(as_text=True)
    assert browser_as(Role.TEACHER).get("/timeline").status_code == 403
