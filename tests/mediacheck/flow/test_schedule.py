"""A moment that a person chose: in the district's time, judged again then, late never by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mediacheck.errors import BadRequest, NotAllowed, NotFound
from mediacheck.flow import publish, schedule
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import LEASE
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.model.post import PostId
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import Dispatch, DispatchState
from mediacheck.model.review import ReviewAct
from mediacheck.model.takedown_tasks import StaffMailKind
from mediacheck.ports.services import Work
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW, a_channel, a_staff_member
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import OFFICE, TEACHER, a_cleared_post
from tests.mediacheck.flow.test_dispatch import SECOND, an_official_post, hold, revoke
from tests.servers.strict import Fault

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


def plan(
    room: PressRoom, staff: StaffMember = TEACHER, post_id: PostId | None = None, **ahead: float
) -> Dispatch:
    """A cleared post gets a moment so far ahead."""
    wanted = post_id or a_cleared_post(room.house)
    moment = room.house.clock.now() + timedelta(**ahead)

    def do(desk: Desk) -> object:
        post = desk.work.posts.post_or_none(wanted)
        assert post is not None
        return publish.publish_post(desk, post, moment)

    dispatch = room.house.at_desk(staff, do)
    assert isinstance(dispatch, Dispatch)
    return dispatch


def mails_to_author(room: PressRoom) -> list[StaffMailKind]:
    """What waits to be mailed to the author."""
    now = room.house.clock.now()
    with room.publisher.transaction() as work:
        due = work.staff_outbox.claim_due(now, now)
    return [mail.kind for mail in due if mail.to == TEACHER.staff_id]


def notes_of(room: PressRoom) -> list[str]:
    post_id = room.dispatch().post_id
    with room.publisher.transaction() as work:
        notes = work.posts.notes(post_id)
    return [note.words for note in notes if note.act is ReviewAct.PULLED]


# --- The moment itself ----------------------------------------------------------------------


def test_a_moment_is_taken_by_the_district_s_clock() -> None:
    moment = schedule.moment_from(ZONE, "2026-12-01", "15:05", now=NOW)

    assert moment == datetime(2026, 12, 1, 23, 5, tzinfo=UTC)
    words = schedule.moment_in_words(moment, ZONE)
    assert words == "Tuesday, December 1, 2026, 3:05 PM PST"


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("2027-03-14", "02:30", "no 2:30 AM"),
        ("2026-11-01", "01:30", "1:30 AM comes twice"),
    ],
)
def test_an_hour_that_the_clock_skips_or_repeats_is_no_moment(
    day: str, hour: str, words: str
) -> None:
    before = datetime.fromisoformat(f"{day}T00:00:00+00:00") - timedelta(days=2)

    with pytest.raises(BadRequest, match=words):
        schedule.moment_from(ZONE, day, hour, now=before)


def test_the_hours_beside_a_jump_of_the_clock_are_moments() -> None:
    now = datetime(2027, 3, 10, tzinfo=UTC)

    before = schedule.moment_from(ZONE, "2027-03-14", "01:59", now=now)
    after = schedule.moment_from(ZONE, "2027-03-14", "03:00", now=now)

    assert after - before == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("", "15:00"),
        ("2026-12-01", ""),
        ("2026-13-01", "15:00"),
        ("2026-12-01", "15:00+02:00"),
        ("2026-11-24", "11:59"),
        ("2027-12-01", "15:00"),
    ],
)
def test_what_is_no_moment_or_past_or_far_ahead_is_refused(day: str, hour: str) -> None:
    with pytest.raises(BadRequest):
        schedule.moment_from(ZONE, day, hour, now=NOW)


# --- When it comes --------------------------------------------------------------------------


def test_a_post_goes_out_at_its_moment_and_not_before(room: PressRoom) -> None:
    plan(room, hours=5)

    room.later(hours=4, minutes=59)
    assert room.texts == []
    room.later(minutes=1)

    assert room.texts == ["A windy day"]
    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.dispatch().is_verified


def test_a_moment_days_ahead_is_judged_again_then_and_goes_on_a_new_clearance(
    room: PressRoom,
) -> None:
    before = plan(room, days=5)

    room.later(days=5)

    dispatch = room.dispatch()
    assert dispatch.state is DispatchState.PUBLISHED
    assert dispatch.clearance_id != before.clearance_id
    with room.publisher.transaction() as work:
        assert work.publications.of_clearance_or_none(dispatch.clearance_id) is not None
        given = [one for one in work.audit.entries() if one.event == Event.CLEARANCE_GIVEN]
    assert before.clearance_id in given[-1].details


def test_a_clearance_that_ends_while_it_is_sent_is_renewed_before(room: PressRoom) -> None:
    plan(room, hours=24, seconds=-LEASE.total_seconds() / 2)

    room.later(hours=24, seconds=-LEASE.total_seconds() / 2)

    assert room.dispatch().state is DispatchState.PUBLISHED


@pytest.mark.parametrize("change", [revoke, hold])
@pytest.mark.parametrize("days", [0.2, 5])
def test_a_release_that_does_not_hold_at_its_moment_stops_it_and_the_author_is_told(
    room: PressRoom, change: Callable[[Work], None], days: float
) -> None:
    plan(room, days=days)
    room.with_work(change)

    room.later(days=days)

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []
    (note,) = notes_of(room)
    assert mails_to_author(room) == [StaffMailKind.POST_NOT_OUT]
    assert note.startswith("It was to go out on")
    assert "Nothing was published." in note


def test_a_withdrawal_takes_it_off_the_calendar_at_once_however_old_its_clearance(
    room: PressRoom,
) -> None:
    plan(room, days=5)
    room.later(days=3)
    room.with_work(revoke)

    room.with_work(
        lambda work: after_change(
            room.publisher, work, [StudentId("S1")], trigger=Trigger.ANSWER, by="office"
        )
    )

    assert room.dispatch().state is DispatchState.STOPPED
    assert len(notes_of(room)) == 1
    assert mails_to_author(room) == [StaffMailKind.POST_NOT_OUT]
    room.later(days=2)
    assert room.server.heard == []


def test_words_that_were_changed_since_stop_it(room: PressRoom) -> None:
    dispatch = plan(room, days=3)

    def change(work: Work) -> None:
        post = work.posts.post_or_none(dispatch.post_id)
        assert post is not None
        work.posts.save(replace(post, caption="Other words"))

    room.with_work(change)
    room.later(days=3)

    assert room.dispatch().state is DispatchState.STOPPED
    assert "words" in notes_of(room)[0]
    assert room.server.heard == []


def test_whoever_has_left_by_then_publishes_nothing(room: PressRoom) -> None:
    plan(room, days=3)
    room.with_work(lambda work: work.accounts.save_staff(replace(TEACHER, is_active=False)))

    room.later(days=3)

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []


# --- Late -----------------------------------------------------------------------------------


def test_a_process_that_was_down_for_a_while_still_sends_it(room: PressRoom) -> None:
    plan(room, hours=5)

    room.later(hours=5, minutes=59)

    assert room.dispatch().state is DispatchState.PUBLISHED


def test_a_process_that_was_down_for_longer_asks_a_person_first(room: PressRoom) -> None:
    plan(room, hours=5)

    room.later(hours=12)

    dispatch = room.dispatch()
    assert (dispatch.state, dispatch.trouble) == (DispatchState.FAILED, "late")
    assert room.server.heard == []
    assert "choose another moment" in notes_of(room)[0]
    assert mails_to_author(room) == [StaffMailKind.POST_NOT_OUT]
    room.house.at_desk(TEACHER, lambda desk: publish.send_again(desk, dispatch.dispatch_id))
    room.run()
    assert room.texts == ["A windy day"]


def test_a_server_that_was_down_for_longer_gets_nothing_at_midnight(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v2/media", Fault.ERROR_BEFORE, times=50)
    plan(room, hours=5)

    room.later(hours=5)
    for _ in range(12):
        room.later(hours=1)

    assert (room.dispatch().state, room.dispatch().trouble) == (DispatchState.FAILED, "late")
    assert room.texts == []


def test_what_may_be_out_is_looked_for_however_late(room: PressRoom) -> None:
    room.server.fail_next("POST", "/api/v1/statuses", Fault.LOST_AFTER)
    plan(room, hours=5)

    room.later(hours=5)
    room.later(hours=6)

    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.server.posts_asked == 1


# --- A second person ------------------------------------------------------------------------


def test_a_yes_that_comes_before_the_moment_holds_for_it_days_later(room: PressRoom) -> None:
    dispatch = plan(room, OFFICE, an_official_post(room), days=5)
    assert dispatch.state is DispatchState.ASKED
    room.later(days=2)

    room.house.at_desk(SECOND, lambda desk: publish.approve(desk, dispatch.dispatch_id))
    room.run()
    assert room.texts == []
    room.later(days=3)

    dispatch = room.dispatch()
    assert dispatch.state is DispatchState.PUBLISHED
    with room.publisher.transaction() as work:
        assert work.dispatches.approvers(dispatch.clearance_id) == {SECOND.staff_id}


def test_a_yes_to_other_words_is_no_yes_at_the_moment(room: PressRoom) -> None:
    dispatch = plan(room, OFFICE, an_official_post(room), days=5)
    room.house.at_desk(SECOND, lambda desk: publish.approve(desk, dispatch.dispatch_id))

    def change(work: Work) -> None:
        post = work.posts.post_or_none(dispatch.post_id)
        assert post is not None
        work.posts.save(replace(post, caption="Other words"))

    room.with_work(change)
    room.later(days=5)

    assert room.dispatch().state is DispatchState.STOPPED
    assert room.server.heard == []


def test_what_nobody_approved_never_goes_by_itself(room: PressRoom) -> None:
    plan(room, OFFICE, an_official_post(room), days=2)

    room.later(days=2)
    room.later(days=2)

    assert room.dispatch().state is DispatchState.ASKED
    assert room.server.heard == []


def test_a_yes_after_the_moment_sends_it_with_that_yes(room: PressRoom) -> None:
    dispatch = plan(room, OFFICE, an_official_post(room), hours=5)
    room.later(hours=9)

    room.house.at_desk(SECOND, lambda desk: publish.approve(desk, dispatch.dispatch_id))
    room.run()

    assert room.dispatch().state is DispatchState.PUBLISHED


# --- Another mind ---------------------------------------------------------------------------


def test_another_moment_counts_instead_of_the_first(room: PressRoom) -> None:
    dispatch = plan(room, hours=5)
    later = dispatch.wanted_at + timedelta(hours=3)

    room.house.at_desk(
        TEACHER, lambda desk: schedule.change_moment(desk, dispatch.dispatch_id, later)
    )

    room.later(hours=5)
    assert room.texts == []
    room.later(hours=3)
    assert room.texts == ["A windy day"]


def test_what_was_given_up_never_goes_out_and_can_be_asked_for_again(room: PressRoom) -> None:
    dispatch = plan(room, hours=5)
    with pytest.raises(BadRequest, match="waits for its moment"):
        room.ask(dispatch.post_id)

    room.house.at_desk(OFFICE, lambda desk: schedule.give_up(desk, dispatch.dispatch_id))

    room.later(hours=6)
    assert room.texts == []
    assert room.dispatch().state is DispatchState.STOPPED
    with pytest.raises(BadRequest, match="does not wait"):
        room.house.at_desk(OFFICE, lambda desk: schedule.give_up(desk, dispatch.dispatch_id))
    room.ask(dispatch.post_id)
    room.run()
    assert room.texts == ["A windy day"]


def test_only_its_author_and_the_office_change_it(room: PressRoom) -> None:
    dispatch = plan(room, hours=5)
    colleague = a_staff_member("colleague")
    stranger = replace(colleague, schools=(a_channel().key,))  # type: ignore[arg-type]

    with pytest.raises(NotAllowed):
        room.house.at_desk(colleague, lambda desk: schedule.give_up(desk, dispatch.dispatch_id))
    with pytest.raises(NotFound):
        room.house.at_desk(stranger, lambda desk: schedule.give_up(desk, dispatch.dispatch_id))
