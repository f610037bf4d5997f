"""Channels are added and changed by administrators, and each change is recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.channel_rules import ChannelRules
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.publishing import DispatchState
from mediacheck.ports.services import Work
from release_db.records import Channel
from release_db.words import Audience, ChannelKey, NameForm
from tests.conftest import House
from tests.factories import SCHOOL, a_channel
from tests.mediacheck.flow.publishing import open_press_room
from tests.mediacheck.flow.test_clear import a_cleared_post
from tests.web.conftest import Browser, BrowserAs, a_member
from tests.web.posting import ROOM_12, start_post

PATH = "/administrators/channels"
FORM: dict[str, object] = {
    "key": "lincoln-page",
    "name": "Lincoln's page",
    "audience": "social",
    "school": SCHOOL,
    "name_form": "first",
    "close_ups": "no",
    "largest": "1200",
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
        largest_side_px=1200,
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


def test_a_size_that_a_command_set_stays_on_the_form(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_channel(replace(a_channel(), largest_side_px=1000))
    path = f"{PATH}/{a_channel().key}"

    assert '<option value="1000" selected>' in browser.get(path).get_data(as_text=True)
    assert browser.post(path, {**FORM, "largest": "1000"}).status_code == 302
    assert browser.post(path, {**FORM, "largest": ""}).status_code == 302
    assert browser.post(path, {**FORM, "largest": "1000"}).status_code == 400


@pytest.mark.parametrize("field", ["audience", "school", "name_form", "largest"])
def test_what_was_never_offered_is_refused(browser: Browser, field: str) -> None:
    assert browser.post(f"{PATH}/new", {**FORM, field: "moon"}).status_code == 400


def test_an_unknown_channel_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{PATH}/nowhere").status_code == 404


def test_only_an_administrator_changes_channels(browser_as: BrowserAs) -> None:
    assert browser_as(Role.TEACHER).post(f"{PATH}/new", FORM).status_code == 403


def rules_of(house: House) -> ChannelRules:
    with house.services.transaction() as work:
        return work.channel_rules.of(a_channel().key)


def teacher(house: House) -> StaffMember:
    member = a_member(Role.TEACHER)
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
    return member


def test_the_teachers_who_may_post_there_are_named(browser: Browser, house: House) -> None:
    member = teacher(house)
    form = {**FORM, "is_official": "no", "who": "named", "poster": [member.staff_id]}

    assert browser.post(f"{PATH}/{a_channel().key}", form).status_code == 302

    assert rules_of(house).is_named_only
    assert rules_of(house).posters == (member.staff_id,)
    assert "Pat Teacher, and the communications office" in browser.get(PATH).get_data(as_text=True)
    page = browser.get(f"{PATH}/{a_channel().key}").get_data(as_text=True)
    assert f'value="{member.staff_id}" checked' in page


def test_a_form_that_says_nothing_of_it_opens_a_channel_to_nobody(
    browser: Browser, house: House
) -> None:
    browser.post(f"{PATH}/{a_channel().key}", FORM)

    assert rules_of(house).is_named_only
    assert rules_of(house).posters == ()


def test_somebody_who_was_not_offered_is_not_named(browser: Browser, house: House) -> None:
    form = {**FORM, "who": "named", "poster": ["nobody"]}

    assert browser.post(f"{PATH}/{a_channel().key}", form).status_code == 400


def test_who_is_not_named_neither_starts_nor_publishes_a_post_there(
    browser_as: BrowserAs, house: House
) -> None:
    author = browser_as(Role.TEACHER)
    posting = start_post(author, house, caption="A windy day")
    posting.act("clear")
    with house.services.transaction() as work:
        work.channel_rules.save(ChannelRules(channel=a_channel().key, is_named_only=True))

    assert posting.act("publish").status_code == 403
    assert author.get(f"{posting.address}/package.zip").status_code == 403
    again = author.post("/posts", {"channel": a_channel().key, "class_key": ROOM_12, "caption": ""})
    assert again.status_code == 422
    assert a_channel().name not in author.get("/posts/new").get_data(as_text=True)


def test_a_channel_that_becomes_official_asks_again_whether_this_is_its_account(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    with open_press_room(house) as room:
        form = {**FORM, "is_official": "yes", "who": "all"}
        browser.post(f"{PATH}/{a_channel().key}", form)

        with room.publisher.transaction() as work:
            connection = work.connections.of_channel_or_none(a_channel().key)
        assert connection is not None
        assert connection.confirmed_by is None
        office = browser_as(Role.COMMUNICATIONS)
        posting = start_post(office, house, caption="A windy day", school=SCHOOL)
        assert posting.act("publish").status_code == 400
        assert "Waits for a second person" in office.get("/connections").get_data(as_text=True)
        assert office.post("/connections/account/confirm").status_code == 302
        assert posting.act("publish").status_code == 200


def test_what_was_asked_for_before_a_channel_became_official_waits_for_its_account(
    house: House,
) -> None:
    with open_press_room(house) as room:
        room.ask(a_cleared_post(house))

        def change(work: Work) -> None:
            connection = work.connections.of_channel_or_none(a_channel().key)
            assert connection is not None
            work.connections.save(replace(connection, confirmed_by=None))
            work.register.save_channel(a_channel(is_official=True))

        room.with_work(change)
        room.run()

        assert room.texts == []
        assert room.server.heard == []


def test_whoever_is_not_named_any_more_publishes_nothing_at_the_last_moment(house: House) -> None:
    with open_press_room(house) as room:
        room.ask(a_cleared_post(house))
        rules = ChannelRules(channel=a_channel().key, is_named_only=True)
        room.with_work(lambda work: work.channel_rules.save(rules))

        room.run()

        assert room.dispatch().state is DispatchState.STOPPED
        assert room.server.heard == []


def test_a_channel_stays_for_those_who_see_its_account(browser: Browser, house: House) -> None:
    with open_press_room(house):
        form = {**FORM, "audience": "class", "who": "all"}
        refused = browser.post(f"{PATH}/{a_channel().key}", form)

    assert refused.status_code == 422
    assert "An account that others can see" in refused.get_data(as_text=True)
    with house.services.transaction() as work:
        channel = work.register.channel_or_none(a_channel().key)
    assert channel is not None
    assert channel.audience is Audience.SOCIAL
