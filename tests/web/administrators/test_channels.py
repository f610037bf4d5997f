"""Channels are added and changed by administrators, and each change is recorded."""

from __future__ import annotations

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.records import Channel
from release_db.words import Audience, ChannelKey, NameForm
from tests.conftest import House
from tests.factories import SCHOOL, a_channel
from tests.web.conftest import Browser, BrowserAs

PATH = "/administrators/channels"
FORM: dict[str, object] = {
    "key": "lincoln-page",
    "name": "Lincoln's page",
    "audience": "social",
    "school": SCHOOL,
    "name_form": "first",
    "close_ups": "no",
    "is_official": "yes",
}


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


def test_a_channel_without_close_ups_is_added(browser: Browser, house: House) -> None:
    assert browser.post(f"{PATH}/new", FORM).status_code == 302

    with house.services.transaction() as work:
        kept = work.register.channel_or_none(ChannelKey("lincoln-page"))
        newest = work.audit.head()
    assert kept == Channel(
        key=ChannelKey("lincoln-page"),
        name="Lincoln's page",
        audience=Audience.SOCIAL,
        school=SCHOOL,
        name_form=NameForm.FIRST,
        is_official=True,
        allows_close_ups=False,
    )
    assert newest is not None
    assert (newest.event, newest.subject) == (Event.CHANNEL_ADDED, "lincoln-page")


def test_a_channel_is_changed_and_that_recorded(browser: Browser, house: House) -> None:
    path = f"{PATH}/{a_channel().key}"
    assert "Keep the changes" in browser.get(path).get_data(as_text=True)

    assert browser.post(path, FORM).status_code == 302

    with house.services.transaction() as work:
        kept = work.register.channel_or_none(a_channel().key)
        newest = work.audit.head()
    assert kept is not None
    assert not kept.allows_close_ups
    assert newest is not None
    assert newest.event == Event.CHANNEL_CHANGED
    assert "Groups only" in browser.get(PATH).get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "Lincoln Page"}, "small letters"),
        ({"key": a_channel().key}, "already"),
        ({"name": ""}, "what people call"),
    ],
)
def test_what_is_wrong_in_the_form_is_said(
    browser: Browser, change: dict[str, object], words: str
) -> None:
    answer = browser.post(f"{PATH}/new", {**FORM, **change})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize("field", ["audience", "school", "name_form"])
def test_what_was_never_offered_is_refused(browser: Browser, field: str) -> None:
    assert browser.post(f"{PATH}/new", {**FORM, field: "moon"}).status_code == 400


def test_an_unknown_channel_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{PATH}/nowhere").status_code == 404


def test_only_an_administrator_changes_channels(browser_as: BrowserAs) -> None:
    assert browser_as(Role.TEACHER).post(f"{PATH}/new", FORM).status_code == 403
