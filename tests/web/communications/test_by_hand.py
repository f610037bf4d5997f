"""A channel that is posted to by hand, from naming the place to saying where it was posted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from mediacheck.flow.dispatch import publish_dispatch
from mediacheck.model.people import Role
from mediacheck.web.app import create_app
from mediacheck.wiring.publishing import make_connectors
from release_db.words import Audience, ChannelKey
from tests.conftest import House
from tests.factories import a_channel
from tests.web.conftest import Browser, BrowserAs
from tests.web.posting import start_post

CHANNEL = a_channel().key


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


def name_the_place(office: Browser) -> None:
    sent = {"server": "ParentSquare"}
    begun = office.post(f"/connections/to/{CHANNEL}/hand-off", sent)
    # There is no other page to go to: the way there is the way back.
    assert begun.status_code == 302
    back = re.sub(r"^https?://[^/]+", "", begun.location)
    assert office.get(back).status_code == 302


def run(house: House) -> None:
    publisher = replace(house.services, connectors=make_connectors(house.services))
    while house.jobs.dispatches:
        publish_dispatch(publisher, house.jobs.dispatches.pop(0))


def test_what_is_posted_by_hand_says_where_it_stands(browser_as: BrowserAs, house: House) -> None:
    office, teacher = browser_as(Role.COMMUNICATIONS), browser_as(Role.TEACHER)
    name_the_place(office)
    accounts = office.get("/connections").get_data(as_text=True)
    assert "Posted by hand: ParentSquare" in accounts
    assert "delete there" not in accounts
    posting = start_post(teacher, house, caption="A windy day")
    assert posting.state()["publishing"]["is_by_hand"] is True
    assert posting.state()["publishing"]["account"] == "ParentSquare"

    posting.act("publish")
    run(house)

    assert posting.state()["publishing"]["can_publish"] is False
    page = teacher.get("/publishing").get_data(as_text=True)
    assert "To be posted by hand" in page
    assert "Open the published post" not in page
    where = re.search(r'action="([^"]+/posted)"', page)
    assert where is not None
    assert teacher.post(where[1], {"address": "https://parentsquare.example/1"}).status_code == 302
    page = teacher.get("/publishing").get_data(as_text=True)
    assert "Posted by hand" in page
    assert 'href="https://parentsquare.example/1"' in page
    assert where[1] not in page


def test_a_place_without_a_name_is_asked_for_again(browser_as: BrowserAs) -> None:
    sent = {"server": " "}

    answer = browser_as(Role.COMMUNICATIONS).post(f"/connections/to/{CHANNEL}/hand-off", sent)

    assert answer.status_code == 422
    assert "Fill in: Where is it posted?" in answer.get_data(as_text=True)


def test_a_printed_channel_can_be_posted_to_by_hand(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        work.register.add_channel(a_channel("yearbook", audience=Audience.PRINT))

    page = browser_as(Role.COMMUNICATIONS).get("/connections").get_data(as_text=True)

    assert f"/connections/to/{ChannelKey('yearbook')}" in page
