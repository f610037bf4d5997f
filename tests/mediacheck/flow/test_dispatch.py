"""The moment of publishing, on a real server: once, and only what holds at that very moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck import wire
from mediacheck.errors import BadRequest, NotCleared
from mediacheck.flow import clear, publish, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import LEASE, publish_dispatch
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.post import Post, PostId
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import ConnectionId, ConnectionState, Dispatch, DispatchState
from mediacheck.model.verdict import Clearance
from mediacheck.ports.services import Work
from release_db.words import Answer, Audience, Capacity, ChannelKey, StudentId
from tests.conftest import House
from tests.factories import a_channel, a_hold, a_release, a_staff_member
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import OFFICE, TEACHER, a_cleared_post
from tests.servers.mastodon import Fault


@pytest.fixture
def room(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[PressRoom]:
    monkeypatch.setattr(wire, "DEADLINE_S", 1.5)
    with open_press_room(house) as opened:
        yield opened


def revoke(work: Work) -> None:
    no = a_release(answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by="office")
    work.register.record([no])


def require_post(desk: Desk, post_id: PostId) -> Post:
    post = desk.work.posts.post_or_none(post_id)
    assert post is not None
    return post


def hold(work: Work) -> None:
    work.register.place_hold(a_hold())


def test_a_cleared_post_is_published_as_it_was_cleared(room: PressRoom) -> None:
    dispatch = room.publish()

    assert dispatch.state is DispatchState.PUBLISHED
    assert dispatch.is_verified
    assert dispatch.posted is not None
    assert room.texts == ["A windy day"]
    (upload,) = room.server.uploads.values()
    assert upload.description == "A kite"
    with room.publisher.transaction() as work:
        out = work.publications.of_clearance_or_none(dispatch.clearance_id)
        assert out is not None
        assert out.publication_id == dispatch.publication_id
        events = [entry.event for entry in work.audit.entries()]
    assert events.index(Event.PUBLISHING_BEGUN) < events.index(Event.PUBLISHED)
    assert room.server.unknown == []


def test_a_post_that_is_not_cleared_is_not_asked_for(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.with_work(revoke)

    with pytest.raises(NotCleared):
        room.ask(post_id)
    assert room.house.jobs.dispatches == []


@pytest.mark.parametrize("change", [revoke, hold])
def test_what_is_revoked_before_its_turn_never_reaches_the_platform(
    room: PressRoom, change: Callable[[Work], None]
) -> None:
    room.ask(a_cleared_post(room.house))
    room.with_work(change)

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []


def test_what_is_revoked_during_the_upload_is_not_published(room: PressRoom) -> None:
    def rush(heard: str) -> None:
        if heard == "POST /api/v2/media":
            room.with_work(revoke)

    room.ask(a_cleared_post(room.house))
    room.server.rush = rush
    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.texts == []
    assert room.server.uploads == {}
    with room.publisher.transaction() as work:
        assert work.publications.of_students([StudentId("S1")]) == ()


def test_a_post_that_was_changed_since_is_not_published(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.ask(post_id)

    def change(work: Work) -> None:
        post = work.posts.post_or_none(post_id)
        assert post is not None
        work.posts.save(replace(post, caption="Other words"))

    room.with_work(change)
    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []


def test_a_picture_that_was_swapped_on_the_disk_is_not_published(room: PressRoom) -> None:
    room.ask(a_cleared_post(room.house))
    for path in room.publisher.settings.pictures_folder.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"another picture")

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []


def test_a_channel_that_is_for_other_readers_by_now_publishes_nothing(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.ask(post_id)
    room.with_work(lambda work: work.register.save_channel(a_channel(audience=Audience.CLASS)))
    room.house.at_desk(TEACHER, lambda desk: clear.clear_post(desk, require_post(desk, post_id)))
    latest = room.with_work(lambda work: work.posts.latest_clearance_or_none(post_id))
    assert isinstance(latest, Clearance)
    renamed = replace(room.dispatch(), clearance_id=latest.clearance_id)
    room.with_work(lambda work: work.dispatches.save(renamed))

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert "everybody can see this account" in room.dispatch().words
    assert room.texts == []
    with pytest.raises(BadRequest, match="No account"):
        room.ask(post_id)


def test_whoever_has_left_publishes_nothing(room: PressRoom) -> None:
    room.ask(a_cleared_post(room.house))
    room.with_work(lambda work: work.accounts.save_staff(replace(TEACHER, is_active=False)))

    room.run()

    assert room.dispatch().state is DispatchState.STOPPED


def test_a_row_that_was_changed_by_hand_publishes_nothing(room: PressRoom) -> None:
    other = room.publish(a_cleared_post(room.house, "Another windy day"))
    room.ask(a_cleared_post(room.house))
    asked = room.dispatch()
    with room.publisher.transaction() as work:
        work.register.add_channel(a_channel("room-12"))
        account = work.connections.connection_or_none(asked.connection_id)
        assert account is not None
        elsewhere = replace(
            account, channel=ChannelKey("room-12"), connection_id=ConnectionId("elsewhere")
        )
        work.connections.save(elsewhere)

    for changed in (
        replace(asked, clearance_id=other.clearance_id, dispatch_id=other.dispatch_id),
        replace(asked, connection_id=elsewhere.connection_id),
    ):
        room.with_work(lambda work, row=changed: work.dispatches.save(row))
        publish_dispatch(room.publisher, changed.dispatch_id)
        left = room.with_work(
            lambda work, row=changed: work.dispatches.dispatch_or_none(row.dispatch_id)
        )
        assert isinstance(left, Dispatch)
        assert left.state is DispatchState.STOPPED

    assert room.texts == ["Another windy day"]


def test_a_job_that_comes_twice_publishes_once(room: PressRoom) -> None:
    dispatch = room.ask(a_cleared_post(room.house))
    room.house.jobs.dispatches += [dispatch.dispatch_id] * 3

    room.run()
    room.later(hours=2)

    assert room.texts == ["A windy day"]


def test_exactly_the_same_is_not_published_twice(room: PressRoom) -> None:
    post_id = a_cleared_post(room.house)
    room.publish(post_id)

    with pytest.raises(BadRequest, match="already"):
        room.ask(post_id)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOST_BEFORE,
        Fault.LOST_AFTER,
        Fault.ERROR_BEFORE,
        Fault.ERROR_AFTER,
        Fault.REDIRECT,
        Fault.TRUNCATED,
        Fault.WRONG_ANSWER,
        Fault.ANOTHER_ACCOUNT,
        Fault.ENDLESS,
        Fault.BUSY,
    ],
)
def test_every_fault_ends_in_one_post(room: PressRoom, fault: Fault) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", fault)
    room.ask(a_cleared_post(room.house))
    room.run()
    assert room.dispatch().state is DispatchState.WAITING

    for _ in range(4):
        room.later(minutes=4)

    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.texts == ["A windy day"]


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.ERROR_BEFORE, Fault.BUSY])
def test_an_upload_that_fails_is_tried_again(room: PressRoom, fault: Fault) -> None:
    room.server.fail_next("POST", "/api/v2/media", fault)
    room.ask(a_cleared_post(room.house))
    room.run()

    for _ in range(3):
        room.later(minutes=4)

    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.texts == ["A windy day"]


def test_a_lost_answer_is_looked_for_before_anything_else(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_AFTER)
    room.ask(a_cleared_post(room.house))
    room.run()

    room.later(minutes=4)

    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.server.posts_asked == 1


def words_alone(room: PressRoom) -> PostId:
    """A cleared post without a picture."""
    words = receive.Words(caption="No school on Monday", channel=a_channel().key, class_key=None)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        clear.clear_post(desk, post)
        return post.post_id

    return PostId(str(room.house.at_desk(TEACHER, start)))


@pytest.mark.parametrize("is_told", [False, True])
def test_a_post_of_the_same_words_is_not_taken_for_the_one_that_was_lost(
    room: PressRoom, is_told: bool
) -> None:
    first = room.publish(words_alone(room))
    assert first.posted is not None
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_BEFORE)
    room.ask(words_alone(room))
    room.run()

    room.later(minutes=4)
    if is_told:
        lost, there = room.dispatch().dispatch_id, first.posted.address
        room.house.at_desk(TEACHER, lambda desk: publish.look_again(desk, lost, there))
        room.run()

    assert room.dispatch().dispatch_id != first.dispatch_id
    assert room.dispatch().state is DispatchState.UNKNOWN
    assert room.dispatch().posted is None
    assert len(room.texts) == 1


def test_uploads_that_took_long_leave_a_whole_lease_to_publish(room: PressRoom) -> None:
    room.ask(a_cleared_post(room.house))
    seen: list[object] = []

    def be_slow(heard: str) -> None:
        if heard == "POST /api/v2/media":
            room.house.clock.move(LEASE - timedelta(minutes=1))
        if heard == "POST /api/v1/statuses":
            room.house.clock.move(timedelta(minutes=2))
            seen.append(room.with_work(lambda work: work.dispatches.due(room.house.clock.now())))

    room.server.rush = be_slow
    room.run()

    assert seen == [()]
    assert room.dispatch().state is DispatchState.PUBLISHED


def test_a_post_whose_fate_stays_unknown_is_a_person_s(room: PressRoom) -> None:
    room.server.knows_keys = False
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_BEFORE)
    room.ask(a_cleared_post(room.house))
    room.run()

    # Nobody was there for an hour: the platform would not know the key any more.
    room.later(hours=2)
    room.later(hours=2)

    assert room.dispatch().state is DispatchState.UNKNOWN
    assert room.server.heard.count("POST /api/v1/statuses") == 1


def test_a_person_who_looked_says_what_became_of_it(room: PressRoom) -> None:
    test_a_post_whose_fate_stays_unknown_is_a_person_s(room)
    dispatch_id = room.dispatch().dispatch_id
    with pytest.raises(BadRequest, match="on its way"):
        room.ask(room.dispatch().post_id)

    room.house.at_desk(TEACHER, lambda desk: publish.look_again(desk, dispatch_id))
    room.run()
    assert room.dispatch().state is DispatchState.UNKNOWN

    room.house.at_desk(TEACHER, lambda desk: publish.say_not_there(desk, dispatch_id))
    assert room.dispatch().state is DispatchState.FAILED
    room.house.at_desk(TEACHER, lambda desk: publish.send_again(desk, dispatch_id))
    room.run()
    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.texts == ["A windy day"]


def test_a_person_who_found_it_gives_its_address(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_AFTER)
    room.server.fail_next("GET", r"/api/v1/accounts/\d+/statuses", Fault.WRONG_ANSWER, times=20)
    room.ask(a_cleared_post(room.house))
    room.run()
    for _ in range(12):
        room.later(hours=1)
    dispatch_id = room.dispatch().dispatch_id
    assert room.dispatch().state is DispatchState.UNKNOWN

    (status,) = room.server.live
    for address in ("https://elsewhere.example/1", status["url"]):
        room.house.at_desk(
            TEACHER, lambda desk, at=address: publish.look_again(desk, dispatch_id, at)
        )
        room.run()
        is_it = address == status["url"]
        assert room.dispatch().state is (
            DispatchState.PUBLISHED if is_it else DispatchState.UNKNOWN
        )
    assert room.server.posts_asked == 1


def test_a_refusal_of_the_platform_ends_it_and_says_so(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.UNPROCESSABLE)

    dispatch = room.publish()

    assert (dispatch.state, dispatch.trouble) == (DispatchState.FAILED, "http-422")
    assert dispatch.words
    assert room.texts == []
    assert room.server.uploads == {}


def test_an_account_that_lets_nobody_in_stops_everything_for_a_person(room: PressRoom) -> None:
    room.server.tokens.clear()

    dispatch = room.publish()
    heard = len(room.server.heard)
    room.later(hours=1)

    assert dispatch.state is DispatchState.FAILED
    assert len(room.server.heard) == heard
    with room.publisher.transaction() as work:
        (connection,) = work.connections.all()
    assert connection.state is ConnectionState.BROKEN


def test_a_token_of_another_account_publishes_nothing(room: PressRoom) -> None:
    room.server.account = "666"

    dispatch = room.publish()

    assert (dispatch.state, dispatch.trouble) == (DispatchState.FAILED, "another-account")
    assert room.texts == []


def test_a_post_that_came_out_in_part_comes_down_again(room: PressRoom) -> None:
    room.server.drops_last_picture = True

    dispatch = room.publish()

    assert dispatch.trouble == "came-out-differently"
    assert room.texts == []
    with room.publisher.transaction() as work:
        (case,) = work.publications.cases()
    assert (case.trigger, case.left) == (Trigger.ERROR, ())


def test_one_that_came_out_in_part_and_stays_is_a_named_person_s(room: PressRoom) -> None:
    room.server.drops_last_picture = True
    room.server.fail_next("DELETE", r"/api/v1/statuses/\d+", Fault.UNPROCESSABLE)

    dispatch = room.publish()

    with room.publisher.transaction() as work:
        (task,) = work.takedown_tasks.open_tasks()
    assert task.publication_id == dispatch.publication_id
    assert task.assigned_to == OFFICE.staff_id


def test_what_a_dead_process_left_is_taken_up(room: PressRoom) -> None:
    room.ask(a_cleared_post(room.house))
    connectors = room.publisher.connectors
    assert connectors is not None
    dispatch_id = room.house.jobs.dispatches.pop()
    with room.publisher.transaction() as work:
        dispatch = work.dispatches.dispatch_or_none(dispatch_id)
        assert dispatch is not None
        # It died between asking the platform and its answer.
        connection = work.connections.connection_or_none(dispatch.connection_id)
        assert connection is not None
        sealed = work.connections.secret_of(connection.connection_id)
    connector = connectors.open(connection, sealed)
    from mediacheck.flow import dispatch as process

    task = process._claim(room.publisher, dispatch_id)
    assert task is not None
    parts = connector.prepare(task.content)
    asked = process._last_word(room.publisher, task, parts)
    assert asked is not None
    connector.publish(task.content, parts, asked.key)

    room.later(minutes=5)
    assert room.dispatch().state is DispatchState.SENDING
    room.later(minutes=30)

    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.texts == ["A windy day"]
    assert room.server.posts_asked == 1


# --- A second person ------------------------------------------------------------------------


def an_official_post(room: PressRoom) -> PostId:
    room.with_work(lambda work: work.register.save_channel(a_channel(is_official=True)))
    return a_cleared_post(room.house, author=OFFICE)


SECOND = a_staff_member("second", role=OFFICE.role, schools=())


def test_an_official_account_waits_for_a_second_person(room: PressRoom) -> None:
    dispatch = room.ask(an_official_post(room), OFFICE)
    room.run()
    assert dispatch.state is DispatchState.ASKED
    assert room.texts == []

    with pytest.raises(Exception, match="Somebody else"):
        room.house.at_desk(OFFICE, lambda desk: publish.approve(desk, dispatch.dispatch_id))
    room.house.at_desk(SECOND, lambda desk: publish.approve(desk, dispatch.dispatch_id))
    room.run()

    assert room.dispatch().state is DispatchState.PUBLISHED


def test_an_approval_is_of_exactly_what_was_asked_for(room: PressRoom) -> None:
    post_id = an_official_post(room)
    dispatch = room.ask(post_id, OFFICE)

    def change(work: Work) -> None:
        post = work.posts.post_or_none(post_id)
        assert isinstance(post, Post)
        work.posts.save(replace(post, caption="Other words"))

    room.with_work(change)
    room.house.at_desk(SECOND, lambda desk: publish.approve(desk, dispatch.dispatch_id))
    room.run()

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.texts == []


def test_a_no_of_the_second_person_needs_words(room: PressRoom) -> None:
    dispatch = room.ask(an_official_post(room), OFFICE)

    with pytest.raises(BadRequest):
        room.house.at_desk(SECOND, lambda desk: publish.decline(desk, dispatch.dispatch_id, ""))
    room.house.at_desk(
        SECOND, lambda desk: publish.decline(desk, dispatch.dispatch_id, "Another photo, please.")
    )

    assert room.dispatch().words == "Another photo, please."
    assert room.dispatch().state is DispatchState.STOPPED


# --- Down again -----------------------------------------------------------------------------


def withdraw(room: PressRoom) -> None:
    with room.publisher.transaction() as work:
        revoke(work)
        after_change(
            room.publisher, work, [StudentId("S1")], trigger=Trigger.ANSWER, by="the-family"
        )


def left_of_cases(room: PressRoom) -> int:
    with room.publisher.transaction() as work:
        return sum(len(case.left) for case in work.publications.cases())


def test_a_withdrawal_deletes_the_post_and_proves_it(room: PressRoom) -> None:
    dispatch = room.publish()
    withdraw(room)
    assert left_of_cases(room) == 1

    room.run()

    assert room.texts == []
    assert room.server.uploads == {}
    removal = room.dispatch().removal
    assert (removal.state, removal.gone_at) == ("gone", room.house.clock.now())
    with room.publisher.transaction() as work:
        (case,) = work.publications.cases()
    (step,) = case.steps
    assert (step.act, step.publication_id) == ("removed", dispatch.publication_id)


def test_a_withdrawal_while_it_is_sent_takes_it_down_right_after(room: PressRoom) -> None:
    def rush(heard: str) -> None:
        if heard == "POST /api/v1/statuses":
            withdraw(room)

    room.ask(a_cleared_post(room.house))
    room.server.rush = rush
    room.run()
    room.later(minutes=2)

    assert room.dispatch().removal.state == "gone"
    assert room.texts == []
    assert left_of_cases(room) == 0


def test_what_never_was_out_needs_nobody(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.UNPROCESSABLE)
    room.publish()

    withdraw(room)
    room.run()

    assert left_of_cases(room) == 0


def test_the_platform_s_pause_is_kept_and_nothing_is_lost(room: PressRoom) -> None:
    room.publish()
    room.server.fail_next("DELETE", r"/api/v1/statuses/\d+", Fault.BUSY)
    withdraw(room)
    room.run()
    room.later(seconds=90)
    assert room.server.deletes == []

    room.later(seconds=60)

    assert room.dispatch().removal.state == "gone"


def test_a_picture_that_does_not_go_is_a_person_s_within_a_day(room: PressRoom) -> None:
    room.publish()
    room.server.keeps_pictures = True
    withdraw(room)
    room.run()
    for _ in range(14):
        room.later(hours=1)

    removal = room.dispatch().removal
    assert (removal.state, removal.trouble) == ("by-hand", "still-there")
    assert removal.by_hand_until is not None
    assert left_of_cases(room) == 1


def test_a_package_that_was_taken_too_leaves_the_case_to_a_person(room: PressRoom) -> None:
    from mediacheck.flow import clear

    dispatch = room.publish()
    clear.hand_over(room.publisher, TEACHER, dispatch.post_id)
    withdraw(room)
    room.run()

    assert room.texts == []
    assert room.dispatch().removal.state == "gone"
    assert left_of_cases(room) == 1


def test_no_token_stands_in_the_database(room: PressRoom) -> None:
    room.publish()
    (token,) = room.server.tokens

    files = room.publisher.settings.data_folder.rglob("*")
    assert not any(token.encode() in path.read_bytes() for path in files if path.is_file())


def test_a_process_without_the_key_publishes_nothing(room: PressRoom) -> None:
    from mediacheck.flow.dispatch import publish_dispatch

    dispatch = room.ask(a_cleared_post(room.house))

    publish_dispatch(room.house.services, dispatch.dispatch_id)

    assert room.dispatch().state is DispatchState.WAITING
