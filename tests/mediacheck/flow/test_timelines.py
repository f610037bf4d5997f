"""What did not come through the door is found on the account, and judged on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import publish, timelines
from mediacheck.flow.desk import Desk
from mediacheck.flow.timelines import fetch_seen, sweep_timelines, watch_account
from mediacheck.model.audit import Event
from mediacheck.model.post import MediaState
from mediacheck.model.publishing import Connection, ConnectionId
from mediacheck.model.timelines import WatchedPost, WatchedState
from mediacheck.model.verdict import Outcome
from mediacheck.ports.publishing import Connector
from release_db.words import Use
from tests.conftest import House
from tests.factories import a_box
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import OFFICE
from tests.mediacheck.flow.test_takedowns import ELSEWHERE
from tests.mediacheck.flow.test_withdraw import a_no
from tests.servers.mastodon import post_by_hand as put_by_hand
from tests.servers.strict import Fault

ACCOUNT = ConnectionId("account")
EVERY_STATE = tuple(WatchedState)


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


def post_by_hand(room: PressRoom, words: str, *alt_texts: str) -> None:
    """Somebody posts on the account's own page, past the tool."""
    put_by_hand(room.server, words, *alt_texts)


def found(room: PressRoom) -> list[WatchedPost]:
    answer = room.house.at_desk(
        OFFICE, lambda desk: timelines.watched_for(desk, EVERY_STATE, limit=10)
    )
    assert isinstance(answer, list)
    return answer


def check(room: PressRoom) -> WatchedPost:
    (one,) = found(room)
    room.house.at_desk(OFFICE, lambda desk: timelines.check_now(desk, one.watched_id))
    for watched_id in room.house.jobs.fetches:
        fetch_seen(room.publisher, watched_id)
    room.house.jobs.fetches.clear()
    room.house.jobs.run()
    (after,) = found(room)
    return after


def outcome(room: PressRoom) -> Outcome | None:
    (one,) = found(room)
    answer = room.house.at_desk(OFFICE, lambda desk: timelines.outcome_now(desk, one))
    assert answer is None or isinstance(answer, Outcome)
    return answer


def test_what_was_posted_by_hand_is_found_and_stands_as_not_checked(room: PressRoom) -> None:
    post_by_hand(room, "Maya Lopez won", "A student with a kite")

    sweep_timelines(room.publisher)

    (one,) = found(room)
    assert one.state is WatchedState.NOT_CHECKED
    assert one.seen.words == "Maya Lopez won"
    assert one.seen.address == room.server.live[0]["url"]
    with room.publisher.transaction() as work:
        entries = [one for one in work.audit.entries() if one.event == Event.TIMELINE_FOUND]
    assert len(entries) == 1
    assert "Maya" not in entries[0].details


def test_what_the_tool_published_is_known_again(room: PressRoom) -> None:
    room.publish()

    sweep_timelines(room.publisher)

    assert found(room) == []


def test_what_turns_out_to_be_the_tool_s_own_leaves_the_list(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_AFTER)
    room.publish()
    sweep_timelines(room.publisher)
    assert len(found(room)) == 1

    room.later(minutes=4)

    assert found(room) == []


def test_what_turns_out_to_be_the_tool_s_own_is_not_fetched(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_AFTER)
    room.publish()
    sweep_timelines(room.publisher)
    (one,) = found(room)
    room.house.at_desk(OFFICE, lambda desk: timelines.check_now(desk, one.watched_id))
    room.later(minutes=4)

    fetch_seen(room.publisher, one.watched_id)

    with room.publisher.transaction() as work:
        kept = work.timelines.post_or_none(one.watched_id)
    assert kept is not None
    assert (kept.state, kept.post_id) == (WatchedState.SETTLED, None)


def test_an_account_is_read_every_quarter_of_an_hour_and_nothing_is_found_twice(
    room: PressRoom,
) -> None:
    post_by_hand(room, "One")
    for _ in range(3):
        sweep_timelines(room.publisher)
    looks = [one for one in room.server.heard if one.endswith("/statuses") and "GET" in one]
    assert len(looks) == 2  # one page, and the empty one after it

    room.house.clock.move(timedelta(minutes=15))
    post_by_hand(room, "Two")
    sweep_timelines(room.publisher)

    assert [one.seen.words for one in found(room)] == ["Two", "One"]


class Unreadable:
    """Opens accounts of a platform that lets nobody read them."""

    def open(self, connection: Connection, sealed: bytes) -> Connector:
        return object()  # type: ignore[return-value]  # It has none of the two methods.


def test_an_account_that_nobody_can_read_is_said_to_be_so(room: PressRoom) -> None:
    watch_account(replace(room.publisher, connectors=Unreadable()), ACCOUNT)

    with room.publisher.transaction() as work:
        assert work.timelines.watch_of(ACCOUNT).trouble == timelines.CANNOT_READ
    with pytest.raises(BadRequest, match="lets nobody read"):
        room.house.at_desk(OFFICE, lambda desk: timelines.sweep_account(desk, ACCOUNT))


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.WRONG_ANSWER, Fault.LOST_BEFORE])
def test_a_look_that_fails_loses_nothing(room: PressRoom, fault: Fault) -> None:
    post_by_hand(room, "One")
    room.server.fail_next("GET", r"/api/v1/accounts/\d+/statuses", fault)
    sweep_timelines(room.publisher)
    assert found(room) == []

    room.house.clock.move(timedelta(minutes=15))
    sweep_timelines(room.publisher)

    assert [one.seen.words for one in found(room)] == ["One"]


def test_what_was_found_is_fetched_through_the_cage_and_judged_by_today_s_releases(
    room: PressRoom,
) -> None:
    post_by_hand(room, "Teddy Ramos won", "A kite")
    watch_account(room.publisher, ACCOUNT)

    after = check(room)

    assert after.state is WatchedState.CHECKED
    assert outcome(room) is Outcome.BLOCKED
    with room.publisher.transaction() as work:
        post = work.posts.post_or_none(after.post_id) if after.post_id else None
    assert post is not None
    assert (post.author, post.caption) == (OFFICE.staff_id, "Teddy Ramos won")
    (media,) = post.media
    assert media.state is MediaState.CHECKED
    assert media.alt_text == "A kite"


def test_a_face_on_an_old_picture_needs_a_person(room: PressRoom) -> None:
    room.house.finder.boxes = (a_box(),)
    post_by_hand(room, "A windy day", "A student")
    watch_account(room.publisher, ACCOUNT)

    check(room)

    assert outcome(room) is Outcome.NEEDS_REVIEW


def test_what_was_clear_must_come_down_once_a_family_says_no(room: PressRoom) -> None:
    post_by_hand(room, "Maya Lopez won")
    watch_account(room.publisher, ACCOUNT)
    check(room)
    assert outcome(room) is Outcome.CLEARED

    room.with_work(a_no(Use.NAME))

    assert outcome(room) is Outcome.BLOCKED


def test_a_film_is_never_said_to_be_clear(room: PressRoom) -> None:
    post_by_hand(room, "A windy day", "A kite")
    (status,) = room.server.live
    status["media_attachments"][0]["type"] = "video"
    watch_account(room.publisher, ACCOUNT)

    after = check(room)

    assert after.state is WatchedState.NOT_CHECKED
    assert "a film" in after.trouble
    assert outcome(room) is None


def test_a_name_in_a_warning_or_a_poll_is_one_of_the_words(room: PressRoom) -> None:
    post_by_hand(room, "Who won?")
    (status,) = room.server.live
    status |= {"spoiler_text": "About Maya", "poll": {"options": [{"title": "Teddy Ramos"}]}}
    watch_account(room.publisher, ACCOUNT)

    (one,) = found(room)
    assert one.seen.words == "About Maya\nWho won?\nTeddy Ramos"
    check(room)
    assert outcome(room) is Outcome.BLOCKED


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOST_BEFORE, Fault.REDIRECT])
def test_a_picture_that_cannot_be_fetched_leaves_it_not_checked(
    room: PressRoom, fault: Fault
) -> None:
    post_by_hand(room, "One", "A kite")
    watch_account(room.publisher, ACCOUNT)
    room.server.fail_next("GET", r"/media/\d+\.jpg", fault)

    after = check(room)

    assert after.state is WatchedState.NOT_CHECKED
    assert "could not be fetched" in after.trouble
    assert check(room).state is WatchedState.CHECKED


def test_what_was_read_on_the_account_is_never_published_again(room: PressRoom) -> None:
    post_by_hand(room, "A windy day")
    watch_account(room.publisher, ACCOUNT)
    after = check(room)

    def press_publish(desk: Desk) -> object:
        post = desk.work.posts.post_or_none(after.post_id) if after.post_id else None
        assert post is not None
        return publish.publish_post(desk, post)

    with pytest.raises(BadRequest, match="out there already"):
        room.house.at_desk(OFFICE, press_publish)


def test_whoever_left_checks_nothing(room: PressRoom) -> None:
    post_by_hand(room, "One")
    watch_account(room.publisher, ACCOUNT)
    (one,) = found(room)
    room.house.at_desk(OFFICE, lambda desk: timelines.check_now(desk, one.watched_id))
    room.with_work(lambda work: work.accounts.save_staff(replace(OFFICE, is_active=False)))

    fetch_seen(room.publisher, one.watched_id)

    assert found(room)[0].state is WatchedState.NOT_CHECKED


def test_a_whole_account_is_read_from_its_beginning_and_every_post_on_it_judged(
    room: PressRoom,
) -> None:
    post_by_hand(room, "Teddy Ramos won")
    room.server.statuses["1001"]["created_at"] = "2019-05-01T12:00:00+00:00"
    sweep_timelines(room.publisher)
    assert found(room) == []

    room.house.at_desk(OFFICE, lambda desk: timelines.sweep_account(desk, ACCOUNT))
    for _ in range(2):
        sweep_timelines(room.publisher)
    for watched_id in room.house.jobs.fetches:
        fetch_seen(room.publisher, watched_id)

    (one,) = found(room)
    assert one.state is WatchedState.CHECKED
    assert outcome(room) is Outcome.BLOCKED


def test_a_long_account_is_read_to_its_bound(room: PressRoom) -> None:
    for number in range(2000, 2450):
        room.server.statuses[str(number)] = {
            "id": str(number),
            "url": f"{room.server.base}/@lincoln/{number}",
            "created_at": "2019-05-01T12:00:00+00:00",
            "visibility": "public",
            "content": "<p>A windy day</p>",
            "account": {"id": room.server.account},
            "media_attachments": [],
        }

    room.house.at_desk(OFFICE, lambda desk: timelines.sweep_account(desk, ACCOUNT))
    watch_account(room.publisher, ACCOUNT)

    with room.publisher.transaction() as work:
        assert len(work.timelines.references_of(ACCOUNT)) == 450
        assert work.timelines.watch_of(ACCOUNT).read_until == room.house.clock.now()
        assert work.timelines.watch_of(ACCOUNT).trouble == ""


def test_more_than_is_read_at_once_is_told(
    room: PressRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "MOST_AT_ONCE", 1)
    post_by_hand(room, "One")
    post_by_hand(room, "Two")

    watch_account(room.publisher, ACCOUNT)

    with room.publisher.transaction() as work:
        assert work.timelines.watch_of(ACCOUNT).trouble == timelines.NOT_ALL_READ


def test_another_school_s_office_sees_nothing_of_it(room: PressRoom) -> None:
    post_by_hand(room, "One")
    watch_account(room.publisher, ACCOUNT)
    (one,) = found(room)

    assert (
        room.house.at_desk(
            ELSEWHERE, lambda desk: timelines.watched_for(desk, EVERY_STATE, limit=10)
        )
        == []
    )
    for act in (timelines.check_now, timelines.settle):
        with pytest.raises(NotFound):
            room.house.at_desk(ELSEWHERE, lambda desk, do=act: do(desk, one.watched_id))
    with pytest.raises(NotFound):
        room.house.at_desk(ELSEWHERE, lambda desk: timelines.sweep_account(desk, ACCOUNT))
