"""The button on a cleared post, and the page that says where it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from mediacheck.model.people import Role
from mediacheck.model.publishing import DispatchState
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.factories import a_channel
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.servers.mastodon import Fault
from tests.web.conftest import Browser, BrowserAs
from tests.web.posting import Posting, start_post


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


def a_post(browser: Browser, house: House) -> Posting:
    posting = start_post(browser, house, caption="A windy day")
    assert posting.state()["outcome"] == "cleared"
    return posting


def test_where_no_account_is_connected_there_is_no_button(
    browser_as: BrowserAs, house: House
) -> None:
    posting = a_post(browser_as(Role.TEACHER), house)

    assert posting.state()["publishing"] is None
    assert posting.act("publish").status_code == 400


def test_a_cleared_post_is_published_in_one_tap(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    browser = browser_as(Role.TEACHER)
    posting = a_post(browser, house)
    assert posting.state()["publishing"]["can_publish"]

    state = posting.act("publish").get_json()["publishing"]
    assert (state["words"], state["can_publish"]) == ("Being published", False)
    room.run()

    state = posting.state()["publishing"]
    assert state["words"] == "Published"
    assert state["address"] == room.server.live[0]["url"]
    assert room.texts == ["A windy day"]
    page = browser.get("/publishing").get_data(as_text=True)
    assert "Open the published post" in page


def test_a_second_tap_publishes_nothing_more(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    posting = a_post(browser_as(Role.TEACHER), house)
    posting.act("publish")

    assert posting.act("publish").status_code == 400
    room.run()
    assert posting.act("publish").status_code == 400
    assert len(room.texts) == 1


def test_words_that_are_too_long_for_the_account_are_told_before(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="windy " * 100)

    answer = posting.act("publish")

    assert answer.status_code == 400
    assert "Shorten" in answer.get_json()["error"]


def test_what_failed_can_be_tried_again(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    browser = browser_as(Role.TEACHER)
    posting = a_post(browser, house)
    room.server.fail_next("POST", "/api/v1/statuses", Fault.UNPROCESSABLE)
    posting.act("publish")
    room.run()
    dispatch_id = room.dispatch().dispatch_id

    page = browser.get("/publishing").get_data(as_text=True)
    assert "Try again" in page
    assert browser.post(f"/publishing/{dispatch_id}/again").status_code == 302
    room.run()
    assert room.dispatch().state is DispatchState.PUBLISHED


def test_whose_fate_is_unknown_has_three_ways_out(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    posting = a_post(browser_as(Role.TEACHER), house)
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_BEFORE)
    posting.act("publish")
    room.run()
    room.later(hours=2)
    browser = browser_as(Role.TEACHER)
    dispatch_id = room.dispatch().dispatch_id

    page = browser.get("/publishing").get_data(as_text=True)
    for words in ("Have mediacheck look again", "It is not there", "It is there"):
        assert words in page
    browser.post(f"/publishing/{dispatch_id}/look", {"address": ""})
    room.run()
    assert room.dispatch().state is DispatchState.UNKNOWN
    browser.post(f"/publishing/{dispatch_id}/not-there")
    assert room.dispatch().state is DispatchState.FAILED
    assert browser.post(f"/publishing/{dispatch_id}/not-there").status_code == 400


def test_a_colleague_says_nothing_of_what_became_of_it(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    author = browser_as(Role.COMMUNICATIONS)
    posting = start_post(author, house, caption="A windy day", school="lincoln")
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_BEFORE)
    posting.act("publish")
    room.run()
    room.later(hours=2)
    dispatch_id = room.dispatch().dispatch_id
    colleague = browser_as(Role.TEACHER)

    answers = [
        colleague.post(f"/publishing/{dispatch_id}/{act}", {"address": ""}).status_code
        for act in ("look", "not-there")
    ]

    assert answers == [403, 403]
    assert room.dispatch().state is DispatchState.UNKNOWN


def test_an_official_post_is_approved_by_somebody_else(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    room.with_work(lambda work: work.register.save_channel(a_channel(is_official=True)))
    author = browser_as(Role.COMMUNICATIONS)
    posting = start_post(author, house, caption="A windy day", school="lincoln")
    state = posting.act("publish").get_json()["publishing"]
    dispatch_id = room.dispatch().dispatch_id

    assert state["words"] == "Waits for a second person"
    assert author.post(f"/publishing/{dispatch_id}/approve").status_code == 403
    assert "Waits for your yes" not in author.get("/publishing").get_data(as_text=True)
    room.run()
    assert room.texts == []


def test_the_office_publishes_what_it_was_sent_and_the_author_has_it_back(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    author = a_post(browser_as(Role.TEACHER), house)
    author.act("send", words="")
    office = author.as_seen_by(browser_as(Role.COMMUNICATIONS))

    assert office.act("publish").status_code == 200
    room.run()

    assert room.texts == ["A windy day"]
    state = author.state()
    assert state["state"] == "draft"
    assert state["publishing"]["words"] == "Published"
    clearance_id = room.dispatch().clearance_id
    with room.publisher.transaction() as work:
        assert work.dispatches.approvers(clearance_id) == {"the-communications"}


def test_another_school_sees_nothing_of_it(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    posting = a_post(browser_as(Role.TEACHER), house)
    posting.act("publish")
    dispatch_id = room.dispatch().dispatch_id
    stranger = browser_as(Role.TEACHER, "roosevelt")

    assert "Being published" not in stranger.get("/publishing").get_data(as_text=True)
    assert stranger.post(f"/publishing/{dispatch_id}/again").status_code == 404
