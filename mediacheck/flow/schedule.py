"""The moment that a person chose for a post: taken in the district's time, changed, given up.

The clock may jump that night, and the publishing process may not have run: neither ever moves a
post to an hour that nobody chose.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from mediacheck.errors import BadRequest, NotAllowed, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.staff_mail import queue_staff_mail
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId
from mediacheck.model.post import Post
from mediacheck.model.publishing import Dispatch, DispatchId, DispatchState
from mediacheck.model.review import ReviewAct, ReviewNote
from mediacheck.model.takedown_tasks import StaffMailKind
from mediacheck.ports.services import Services, Work
from mediacheck.review.rights import require_visible
from release_db.policy import zone_of

#: What did not go out within so long of its moment goes out by a person's word only.
LATE_AFTER = timedelta(hours=1)
#: Nobody plans further ahead, and a slip of the pen in the year shows.
MOST_AHEAD = timedelta(days=180)

_UNREADABLE = "Choose a day and a time."
_FORWARD = "The clocks go forward that night, so there is no {} on that day. Choose another time."
_BACK = "The clocks go back that night, so {} comes twice on that day. Choose another time."
_PAST = "That moment has passed. Choose a later one, or publish it now."
_TOO_FAR = f"Choose a moment within the next {MOST_AHEAD.days} days."
_GONE = "This does not wait for a moment any more. Reload the page to see where it is."
_NOT_YOURS = "Only its author and the communications office can change when this goes out."
_LATE = (
    "It was to go out on {}, and could not be sent within an hour of that. So nothing was "
    "published: publish it now, or choose another moment."
)
_STOPPED = "It was to go out on {}. Nothing was published. {}"
_NOTER = StaffId("mediacheck")


def moment_from(zone: tzinfo, day: str, hour: str, *, now: datetime) -> datetime:
    """The moment that a day and a time of the district's own clock name.

    Raises:
        BadRequest: they name none, or two, or one that has passed or is too far ahead.
    """
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))
    except ValueError:
        raise BadRequest(_UNREADABLE) from None
    if local.tzinfo is not None:
        raise BadRequest(_UNREADABLE)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        # By whichever offset a time that does not exist is read, another one comes back.
        is_there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local
        raise BadRequest((_BACK if is_there else _FORWARD).format(_clock_words(local)))
    moment = first.astimezone(UTC)
    if moment <= now:
        raise BadRequest(_PAST)
    if moment - now > MOST_AHEAD:
        raise BadRequest(_TOO_FAR)
    return moment


def moment_in_words(moment: datetime, zone: tzinfo) -> str:
    """A moment in the district's time, such as ``Tuesday, December 1, 2026, 3:05 PM PST``."""
    local = moment.astimezone(zone)
    return f"{local:%A, %B} {local.day}, {local.year}, {_clock_words(local)} {local:%Z}"


def may_change_moment(desk: Desk, dispatch: Dispatch, post: Post) -> bool:
    """Whether this person may choose another moment, or take it off the calendar."""
    staff = desk.staff
    is_concerned = staff.staff_id in {post.author, dispatch.asked_by}
    is_office = staff.role is Role.COMMUNICATIONS and staff.works_at(post.school)
    return dispatch.is_scheduled and (is_concerned or is_office)


def change_moment(desk: Desk, dispatch_id: str, moment: datetime) -> Dispatch:
    """Another moment for what waits for one. A second person's yes to it stays: it is to the bytes.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is not this person's to change.
        BadRequest: it does not wait any more.
    """
    dispatch = require_scheduled(desk, dispatch_id)
    changed = replace(dispatch, scheduled_for=moment, due_at=moment)
    desk.work.dispatches.save(changed)
    desk.work.audit.write(
        Event.PUBLISHING_RESCHEDULED,
        actor=desk.staff.staff_id,
        subject=dispatch.dispatch_id,
        scheduled_for=moment.isoformat(),
    )
    return changed


def give_up(desk: Desk, dispatch_id: str) -> Dispatch:
    """Takes it off the calendar: it does not go out.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is not this person's to change.
        BadRequest: it does not wait any more.
    """
    dispatch = require_scheduled(desk, dispatch_id)
    words = f"{desk.staff.name} took it off the calendar."
    ended = replace(dispatch, state=DispatchState.STOPPED, words=words)
    desk.work.dispatches.save(ended)
    desk.work.audit.write(
        Event.PUBLISHING_ENDED,
        actor=desk.staff.staff_id,
        subject=dispatch.dispatch_id,
        clearance=dispatch.clearance_id,
        state=ended.state,
        why="given-up",
    )
    return ended


def require_scheduled(desk: Desk, dispatch_id: str) -> Dispatch:
    """What waits for its moment, when it is this person's to change.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is not this person's to change.
        BadRequest: it does not wait any more.
    """
    dispatch = desk.work.dispatches.dispatch_or_none(DispatchId(dispatch_id))
    if dispatch is None:
        raise NotFound
    post = require_visible(desk.staff, desk.work.posts.post_or_none(dispatch.post_id))
    if not dispatch.is_scheduled:
        raise BadRequest(_GONE)
    if not may_change_moment(desk, dispatch, post):
        raise NotAllowed(_NOT_YOURS)
    return dispatch


def scheduled_for(desk: Desk, start: datetime, end: datetime) -> tuple[tuple[Dispatch, Post], ...]:
    """What has its moment from ``start`` to before ``end``, of posts that this person may see."""
    found = []
    for dispatch in desk.work.dispatches.scheduled_between(start, end):
        post = desk.work.posts.post_or_none(dispatch.post_id)
        if post is not None and desk.staff.works_at(post.school):
            found.append((dispatch, post))
    return tuple(found)


def is_late(dispatch: Dispatch, now: datetime) -> bool:
    """Whether its moment is so long ago that a person has to say whether it still goes out."""
    moment = dispatch.scheduled_for
    is_surely_not_out = dispatch.asked_platform_at is None
    return moment is not None and is_surely_not_out and now - moment > LATE_AFTER


def late_words(work: Work, dispatch: Dispatch) -> str:
    """What its author reads of a post that missed its moment."""
    return _LATE.format(_moment_of(work, dispatch))


def stopped_words(work: Work, dispatch: Dispatch, why: str) -> str:
    """What its author reads of a post that may not go out any more; ``why`` if it had a moment."""
    if dispatch.scheduled_for is None:
        return why
    return _STOPPED.format(_moment_of(work, dispatch), why)


def tell_author(services: Services, work: Work, dispatch: Dispatch, words: str) -> None:
    """A note on the page of a post that had a moment and did not go out then, and a mail of it."""
    if dispatch.scheduled_for is None:
        return
    now = services.clock.now()
    note = ReviewNote(act=ReviewAct.PULLED, by=_NOTER, at=now, words=words)
    work.posts.add_note(dispatch.post_id, note)
    mail_asker(services, work, dispatch)


def mail_asker(services: Services, work: Work, dispatch: Dispatch) -> None:
    """Whoever put it on the calendar hears by mail that it did not go out."""
    kind = StaffMailKind.POST_NOT_OUT
    queue_staff_mail(services, work, kind, dispatch.asked_by, dispatch.dispatch_id)


def _moment_of(work: Work, dispatch: Dispatch) -> str:
    return moment_in_words(dispatch.wanted_at, zone_of(work.register))


def _clock_words(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M %p}"
