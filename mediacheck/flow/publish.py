"""What people do about publishing: ask for it, approve it, and say what became of it.

Nothing here speaks to a platform. A row is written in the transaction that judged the post; the
publishing process takes it up from there, and judges again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mediacheck.errors import BadRequest, ConnectorError, NotAllowed, NotCleared, NotFound
from mediacheck.flow.asked import has_new_words, keep_asked
from mediacheck.flow.clear import clear_post, give_back_cleared, return_to_author
from mediacheck.flow.desk import Desk
from mediacheck.flow.honour import Honoured, honour
from mediacheck.flow.renew import honour_or_renew
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.model.post import Post, PostState
from mediacheck.model.publication import Publication
from mediacheck.model.publishing import (
    Connection,
    Dispatch,
    DispatchId,
    DispatchState,
)
from mediacheck.model.verdict import Clearance, ClearanceId
from mediacheck.publish.content import require_fit
from mediacheck.review.rights import (
    has_second_yes,
    may_use_channel,
    require_editable,
    require_may_say_fate,
    require_visible,
)
from release_db.records import Channel

_NO_ACCOUNT = (
    "No account is connected to this channel, so that mediacheck cannot publish there. Take the "
    "cleared package, or ask the communications office to connect the account."
)
_BY_OFFICE = "It was cleared and sent off to be published."
_REWORDED = (
    "Its words were changed, and it was cleared. It waits for the yes of somebody of the "
    "communications office who did not change them."
)
_UNDER_WAY = "This post is on its way already. Look at Publishing to see where it is."
_SCHEDULED = "This post waits for its moment already. Change that, or take it off the calendar."
_ON_TIMELINE = "This was read on the account itself: it is out there already."
_OUT_ALREADY = "Exactly this was published there already. Change the post to publish it anew."
_SEND_BACK_WORDS = "Write what should be changed, so that the author knows."
_LONGEST_WORDS = 2_000
#: How many of the newest dispatches the page of them shows.
_NEWEST = 100


def publish_post(desk: Desk, post: Post, moment: datetime | None = None) -> Dispatch:
    """Asks for a cleared post to be published; on an official account a second person says yes.

    ``moment``: when it goes out, judged again then; None: now.

    A clearance that does not hold any more is given anew, if the post is cleared.

    Raises:
        NotAllowed: the post, or the channel, is not this person's to post to.
        NotCleared: the post is not cleared.
        BadRequest: there is no account, it is on its way already, or it does not fit.
    """
    require_editable(desk.staff, post)
    connection = _require_connection(desk, post)
    if desk.work.timelines.is_from_timeline(post.post_id):
        raise BadRequest(_ON_TIMELINE)
    _require_not_under_way(desk, post)
    if is_out_already(desk, post):
        raise BadRequest(_OUT_ALREADY)
    keep_asked(desk, post)
    honoured = _honoured(desk, post)
    clearance = honoured.clearance
    _require_fit(honoured, connection)
    if post.state is PostState.SENT_BACK:
        desk.work.posts.save(replace(post, state=PostState.DRAFT))
    if desk.staff.staff_id != post.author:
        _pass_reviewed(desk, post, clearance.clearance_id)
    dispatch = _new_dispatch(desk, clearance, connection, moment)
    if _needs_second_person(desk, post, clearance.clearance_id):
        dispatch = replace(dispatch, state=DispatchState.ASKED)
    return _start(desk, dispatch, Event.PUBLISHING_ASKED)


def _pass_reviewed(desk: Desk, post: Post, clearance_id: ClearanceId) -> None:
    """Whoever reviews it says yes to exactly this, unless it says what the reviewer wrote.

    The author has the post back.
    """
    if _is_official(desk, post) and has_new_words(desk, post):
        give_back_cleared(desk, post, _REWORDED)
        return
    desk.work.dispatches.approve(clearance_id, desk.staff.staff_id, desk.services.clock.now())
    give_back_cleared(desk, post, _BY_OFFICE)


def approve(desk: Desk, dispatch_id: str) -> Dispatch:
    """A second person's yes to exactly the pictures and words that were cleared.

    What has changed since is stopped instead; the dispatch that comes back says so.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is this person's own.
        BadRequest: it does not wait for anybody.
    """
    dispatch, post = _require_to_approve(desk, dispatch_id)
    try:
        honoured = _held(desk, post, clearance_of(desk, dispatch))
    except NotCleared as refusal:
        return _stop(desk, dispatch, refusal.message)
    now = desk.services.clock.now()
    clearance_id = honoured.clearance.clearance_id
    desk.work.dispatches.approve(clearance_id, desk.staff.staff_id, now)
    going = replace(
        dispatch,
        clearance_id=clearance_id,
        state=DispatchState.WAITING,
        # What has missed its moment meanwhile goes with this yes.
        scheduled_for=dispatch.scheduled_for if not _has_passed(dispatch, now) else None,
        due_at=max(now, dispatch.scheduled_for or now),
    )
    return _start(desk, going, Event.PUBLISHING_APPROVED)


def decline(desk: Desk, dispatch_id: str, words: str) -> Dispatch:
    """A second person's no, with words for the author.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is this person's own.
        BadRequest: it does not wait for anybody, or there are no words.
    """
    dispatch, post = _require_to_approve(desk, dispatch_id)
    if not words.strip() or len(words) > _LONGEST_WORDS:
        raise BadRequest(_SEND_BACK_WORDS)
    return_to_author(desk, post, words)
    return _stop(desk, dispatch, words.strip())


def send_again(desk: Desk, dispatch_id: str) -> Dispatch:
    """Sends what surely is not out once more, judged anew.

    Raises:
        NotFound: there is no such dispatch for this person.
        BadRequest: it is out, or may be.
        NotCleared: it may not go out any more.
    """
    dispatch, post = _require_dispatch(desk, dispatch_id)
    if dispatch.state is not DispatchState.FAILED:
        raise BadRequest
    return publish_post(desk, post)


def look_again(desk: Desk, dispatch_id: str, address: str = "") -> Dispatch:
    """Has the tool look once more whether it is out; at ``address``, if a person found it there.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is somebody else's.
        BadRequest: what became of it is known.
    """
    dispatch = _require_unknown(desk, dispatch_id)
    looking = replace(
        dispatch,
        state=DispatchState.WAITING,
        due_at=desk.services.clock.now(),
        attempts=0,
        said_address=address.strip(),
        trouble="",
        words="",
    )
    return _start(desk, looking, Event.PUBLISHING_LOOKED)


def say_not_there(desk: Desk, dispatch_id: str) -> Dispatch:
    """A person has looked at the account, and it is not there.

    Raises:
        NotFound: there is no such dispatch for this person.
        NotAllowed: it is somebody else's.
        BadRequest: what became of it is known.
    """
    dispatch = _require_unknown(desk, dispatch_id)
    ended = replace(
        dispatch, state=DispatchState.FAILED, trouble="said-not-there", asked_platform_at=None
    )
    return _start(desk, ended, Event.PUBLISHING_ENDED)


def dispatches_for(desk: Desk) -> tuple[tuple[Dispatch, Post], ...]:
    """The newest dispatches of posts that this person may see, and all that are under way."""
    found = []
    for dispatch in desk.work.dispatches.newest(_NEWEST):
        post = desk.work.posts.post_or_none(dispatch.post_id)
        if post is not None and desk.staff.works_at(post.school):
            found.append((dispatch, post))
    return tuple(found)


def may_approve(desk: Desk, dispatch: Dispatch, post: Post) -> bool:
    """Whether this person's yes is the second one that it waits for."""
    return (
        dispatch.state is DispatchState.ASKED
        and desk.staff.role is Role.COMMUNICATIONS
        and desk.staff.works_at(post.school)
        # A reviewer asks only for what the reviewer has changed: that, the author may approve.
        and desk.staff.staff_id != dispatch.asked_by
    )


def is_out_already(desk: Desk, post: Post) -> bool:
    """Whether exactly this was published there: what came down again is not news either."""
    for other in desk.work.dispatches.of_post(post.post_id):
        if other.state is not DispatchState.PUBLISHED or other.publication_id is None:
            continue
        if other.is_by_hand and other.posted_by_hand_at is None:
            continue  # Nobody has posted it: the package may have run out meanwhile.
        out = desk.work.publications.publication_or_none(other.publication_id)
        if out is not None and _shows(out) == _shows(post):
            return True
    return False


def active_connection_or_none(desk: Desk, post: Post) -> Connection | None:
    """The account that a post of this channel can be published on."""
    connection = desk.work.connections.of_channel_or_none(post.channel)
    channel = desk.work.register.channel_or_none(post.channel)
    if connection is None or channel is None:
        return None
    is_open = connection.may_post(is_official=channel.is_official)
    return connection if is_open and connection.platform.is_for(channel.audience) else None


def may_post_there(desk: Desk, channel: Channel) -> bool:
    """Whether this person may post to the channel at all."""
    rules = desk.work.channel_rules.of(channel.key)
    return may_use_channel(desk.staff, channel, rules)


def clearance_of(desk: Desk, dispatch: Dispatch) -> Clearance | None:
    """The clearance that a dispatch rests on, when it is the newest of its post."""
    clearance = desk.work.posts.latest_clearance_or_none(dispatch.post_id)
    is_it = clearance is not None and clearance.clearance_id == dispatch.clearance_id
    return clearance if is_it else None


def _require_connection(desk: Desk, post: Post) -> Connection:
    channel = desk.work.register.channel_or_none(post.channel)
    if channel is None or not may_post_there(desk, channel):
        raise NotAllowed("This channel is not yours to post to.")
    connection = active_connection_or_none(desk, post)
    if connection is None:
        raise BadRequest(_NO_ACCOUNT)
    return connection


def _require_not_under_way(desk: Desk, post: Post) -> None:
    for other in desk.work.dispatches.of_post(post.post_id):
        if other.state is DispatchState.ASKED:
            # Nobody has approved it, so that the newer wish takes its place.
            _stop(desk, other, "")
        elif other.is_scheduled:
            raise BadRequest(_SCHEDULED)
        elif other.state.is_under_way:
            raise BadRequest(_UNDER_WAY)


def _honoured(desk: Desk, post: Post) -> Honoured:
    latest = desk.work.posts.latest_clearance_or_none(post.post_id)
    try:
        return _held(desk, post, latest)
    except NotCleared:
        return honour(desk.services, desk.work, post, clear_post(desk, post))


def _held(desk: Desk, post: Post, clearance: Clearance | None) -> Honoured:
    """What the clearance lets out; a yes to exactly these pictures and words outlives its day."""
    return honour_or_renew(desk.services, desk.work, post, clearance, by=desk.staff.staff_id)


def _has_passed(dispatch: Dispatch, now: datetime) -> bool:
    return dispatch.scheduled_for is not None and dispatch.scheduled_for <= now


def _shows(shown: Post | Publication) -> tuple[object, ...]:
    pictures = tuple((media.pixels_sha256, media.alt_text) for media in shown.media)
    return (shown.channel, shown.caption, pictures)


def _require_fit(honoured: Honoured, connection: Connection) -> None:
    if connection.limits is None:
        return
    try:
        require_fit(honoured.content, connection.limits)
    except ConnectorError as refusal:
        raise BadRequest(refusal.message) from None


def _needs_second_person(desk: Desk, post: Post, clearance_id: ClearanceId) -> bool:
    approvers = desk.work.dispatches.approvers(clearance_id)
    return _is_official(desk, post) and not has_second_yes(
        approvers, author=post.author, asked_by=desk.staff.staff_id
    )


def _is_official(desk: Desk, post: Post) -> bool:
    channel = desk.work.register.channel_or_none(post.channel)
    return channel is None or channel.is_official


def _new_dispatch(
    desk: Desk, clearance: Clearance, connection: Connection, moment: datetime | None
) -> Dispatch:
    """A dispatch for that clearance, or the one that failed, under a new key."""
    now = desk.services.clock.now()
    before = desk.work.dispatches.of_clearance_or_none(clearance.clearance_id)
    is_handed_over = (
        before.is_handed_over
        if before is not None
        else desk.work.publications.of_clearance_or_none(clearance.clearance_id) is not None
    )
    return Dispatch(
        dispatch_id=before.dispatch_id if before else DispatchId(desk.services.ids.new()),
        post_id=clearance.post_id,
        clearance_id=clearance.clearance_id,
        channel=clearance.channel,
        connection_id=connection.connection_id,
        state=DispatchState.WAITING,
        asked_by=desk.staff.staff_id,
        asked_at=now,
        due_at=moment or now,
        scheduled_for=moment,
        round=before.round + 1 if before else 1,
        publication_id=before.publication_id if before else None,
        is_handed_over=is_handed_over,
    )


def _start(desk: Desk, dispatch: Dispatch, event: Event) -> Dispatch:
    desk.work.dispatches.save(dispatch)
    desk.work.audit.write(
        event,
        actor=desk.staff.staff_id,
        subject=dispatch.dispatch_id,
        post=dispatch.post_id,
        clearance=dispatch.clearance_id,
        state=dispatch.state,
    )
    if dispatch.state is DispatchState.WAITING and dispatch.due_at <= desk.services.clock.now():
        desk.work.after_commit(lambda: desk.services.jobs.publish(dispatch.dispatch_id))
    return dispatch


def _stop(desk: Desk, dispatch: Dispatch, words: str) -> Dispatch:
    stopped = replace(dispatch, state=DispatchState.STOPPED, words=words)
    return _start(desk, stopped, Event.PUBLISHING_ENDED)


def _require_dispatch(desk: Desk, dispatch_id: str) -> tuple[Dispatch, Post]:
    dispatch = desk.work.dispatches.dispatch_or_none(DispatchId(dispatch_id))
    if dispatch is None:
        raise NotFound
    post = require_visible(desk.staff, desk.work.posts.post_or_none(dispatch.post_id))
    return dispatch, post


def _require_to_approve(desk: Desk, dispatch_id: str) -> tuple[Dispatch, Post]:
    dispatch, post = _require_dispatch(desk, dispatch_id)
    if dispatch.state is not DispatchState.ASKED:
        raise BadRequest("This was decided already. Reload the page to see how.")
    if not may_approve(desk, dispatch, post):
        raise NotAllowed("Somebody else of the communications office has to approve this post.")
    return dispatch, post


def _require_unknown(desk: Desk, dispatch_id: str) -> Dispatch:
    dispatch, post = _require_dispatch(desk, dispatch_id)
    require_may_say_fate(desk.staff, post)
    if dispatch.state is not DispatchState.UNKNOWN:
        raise BadRequest("What became of this is known by now. Reload the page to see it.")
    return dispatch
