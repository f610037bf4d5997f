"""Watches the accounts' own timelines: what did not come through the door is listed as unchecked.

The publishing process reads, because only it can open a token; it keeps pictures as uploads that
nobody has opened, and they go through the cage like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from mediacheck.errors import BadRequest, ConnectorError, MediacheckError, NotFound
from mediacheck.flow import receive
from mediacheck.flow.clear import note_outcome
from mediacheck.flow.connections import require_channel
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch_marks import PUBLISHER
from mediacheck.flow.judge import judge_post
from mediacheck.intake.words import require_alt_text, require_caption
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.model.post import MediaState, Post
from mediacheck.model.publishing import Connection, ConnectionId, ConnectionState, SeenPost
from mediacheck.model.timelines import Watch, WatchedId, WatchedPost, WatchedState
from mediacheck.model.verdict import Outcome
from mediacheck.ports.publishing import Connector, TimelineReader
from mediacheck.ports.services import Services, Work

#: How often each account is read.
WATCH_EVERY = timedelta(minutes=15)
#: How far back the first look goes, and how much later ones read again: clocks differ.
FIRST_LOOK, OVERLAP = timedelta(days=30), timedelta(hours=1)
#: Posts of one look. A sweep of the whole account reads more.
MOST_AT_ONCE, MOST_OF_A_SWEEP = 500, 5_000
#: The trouble of an account whose platform lets nobody read it.
CANNOT_READ = "cannot-read"
#: The trouble of one on which there is more than was read at once.
NOT_ALL_READ = "not-all-read"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

_UNFETCHED = "Its photos could not be fetched. Try again, or look at it on the account."
_HAS_MORE = (
    "It holds something that mediacheck cannot look at, such as a film. Look at it on the account."
)
_TOO_MUCH = "It has more photos or words than a post here takes. Look at it on the account."
_NOBODY = "Whoever asked for the check cannot post to this channel any more. Ask again."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: Connection
    watch: Watch
    connector: Connector


def sweep_timelines(
    services: Services, watch: Callable[[ConnectionId], None] | None = None
) -> None:
    """Reads every account whose turn it is, and asks again for checks that were left.

    ``watch`` reads one account; None: they are read here, one after the other.
    """
    if services.connectors is None:
        return
    now = services.clock.now()
    with services.transaction() as work:
        due = [one for one in work.connections.all() if _is_due(work, one, now)]
        asked = [one.watched_id for one in work.timelines.posts([WatchedState.ASKED])]
    for connection in due:
        if watch is None:
            watch_account(services, connection.connection_id)
        else:
            watch(connection.connection_id)
    for watched_id in asked:
        services.jobs.fetch_seen(watched_id)


def watch_account(services: Services, connection_id: ConnectionId) -> None:
    """Reads one account's timeline, and keeps what did not come through the door."""
    opened = _open(services, connection_id)
    if opened is None:
        return
    watch, now = opened.watch, services.clock.now()
    if not isinstance(opened.connector, TimelineReader):
        kept = replace(watch, looked_at=now, trouble=CANNOT_READ, sweep_by=None)
        _keep_watch(services, kept)
        return
    is_sweep = watch.sweep_by is not None
    since = _BEGINNING if is_sweep else (watch.read_until or now - FIRST_LOOK) - OVERLAP
    most = MOST_OF_A_SWEEP if is_sweep else MOST_AT_ONCE
    try:
        seen = opened.connector.read_timeline(since, most)
    except ConnectorError as fault:
        _keep_watch(services, replace(watch, looked_at=now, trouble=fault.code))
        return
    with services.transaction() as work:
        _keep_found(services, work, opened, seen)
        trouble = NOT_ALL_READ if len(seen) >= most else ""
        done = replace(watch, looked_at=now, read_until=now, trouble=trouble, sweep_by=None)
        work.timelines.keep_watch(done)


def fetch_seen(services: Services, watched_id: WatchedId) -> None:
    """Makes a post of what was found, to be judged like any other; its photos go into the cage."""
    with services.transaction() as work:
        found = work.timelines.post_or_none(watched_id)
        is_ours = found is not None and _is_ours(work, found)
        if found is not None and is_ours:
            work.timelines.save(replace(found, state=WatchedState.SETTLED))
    if found is None or is_ours or found.state is not WatchedState.ASKED:
        return
    opened = _open(services, found.connection_id)
    try:
        if opened is None or not isinstance(opened.connector, TimelineReader):
            raise BadRequest(_UNFETCHED)
        if found.seen.has_more:
            raise BadRequest(_HAS_MORE)
        if len(found.seen.pictures) > receive.MOST_PICTURES:
            raise BadRequest(_TOO_MUCH)
        pictures = [opened.connector.fetch_picture(one) for one in found.seen.pictures]
        with services.transaction() as work:
            _make_post(services, work, found, pictures)
    except MediacheckError as refusal:
        words = _UNFETCHED if isinstance(refusal, ConnectorError) else refusal.message
        with services.transaction() as work:
            back = replace(found, state=WatchedState.NOT_CHECKED, trouble=words)
            work.timelines.save(back)


def check_now(desk: Desk, watched_id: str) -> WatchedPost:
    """Has the post fetched and judged.

    Raises:
        NotFound: there is no such post for this person.
        BadRequest: it is being checked, or was.
    """
    found = require_watched(desk, watched_id)
    if found.state is not WatchedState.NOT_CHECKED:
        raise BadRequest("This is being checked already. Reload the page.")
    asked = replace(found, state=WatchedState.ASKED, asked_by=desk.staff.staff_id, trouble="")
    desk.work.timelines.save(asked)
    _note(desk.work, Event.TIMELINE_ASKED, desk.staff.staff_id, asked)
    desk.work.after_commit(lambda: desk.services.jobs.fetch_seen(asked.watched_id))
    return asked


def settle(desk: Desk, watched_id: str) -> WatchedPost:
    """Somebody looked at it: it may stay, or is down by now.

    Raises:
        NotFound: there is no such post for this person.
        BadRequest: it is settled already.
    """
    found = require_watched(desk, watched_id)
    if found.state is WatchedState.SETTLED:
        raise BadRequest
    done = replace(found, state=WatchedState.SETTLED, settled_by=desk.staff.staff_id)
    desk.work.timelines.save(done)
    _note(desk.work, Event.TIMELINE_SETTLED, desk.staff.staff_id, done)
    return done


def sweep_account(desk: Desk, connection_id: str) -> None:
    """Has an account read from its beginning, and every post on it judged.

    Raises:
        NotFound: there is no such account for this person.
        BadRequest: its platform lets nobody read it.
    """
    connection = desk.work.connections.connection_or_none(ConnectionId(connection_id))
    if connection is None or connection.state is not ConnectionState.ACTIVE:
        raise NotFound
    require_channel(desk, connection.channel)
    watch = desk.work.timelines.watch_of(connection.connection_id)
    if watch.trouble == CANNOT_READ:
        raise BadRequest("This platform lets nobody read the account. Look through it by hand.")
    asked = replace(watch, sweep_by=desk.staff.staff_id, looked_at=None)
    desk.work.timelines.keep_watch(asked)
    desk.work.audit.write(
        Event.ARCHIVE_ASKED, actor=desk.staff.staff_id, subject=connection.connection_id
    )


def require_watched(desk: Desk, watched_id: str) -> WatchedPost:
    """A post that was found.

    Raises:
        NotFound: there is none, or its channel is not one of this person's schools'.
    """
    found = desk.work.timelines.post_or_none(WatchedId(watched_id))
    if found is None:
        raise NotFound
    require_channel(desk, found.channel)
    return found


def watched_for(desk: Desk, states: Iterable[WatchedState], limit: int) -> list[WatchedPost]:
    """What was found on accounts of this person's schools, the newest first.

    What turned out to be the tool's own is none of it.
    """
    open_to = {one.key for one in desk.work.register.channels() if desk.staff.works_at(one.school)}
    ours: dict[ConnectionId, frozenset[str]] = {}
    found = []
    for one in desk.work.timelines.posts(list(states), limit=limit):
        if one.connection_id not in ours:
            references = desk.work.dispatches.references_of(one.connection_id)
            ours[one.connection_id] = references
        if one.channel in open_to and one.seen.reference not in ours[one.connection_id]:
            found.append(one)
    return found


def outcome_now(desk: Desk, found: WatchedPost) -> Outcome | None:
    """What the rules say of it today; None: it is not checked, or not yet to the end."""
    post = desk.work.posts.post_or_none(found.post_id) if found.post_id is not None else None
    if post is None or any(_is_waiting(media.state) for media in post.media):
        return None
    judged = judge_post(desk.services, desk.work, post)
    note_outcome(desk.work, judged)
    return judged.verdict.outcome


def _is_ours(work: Work, found: WatchedPost) -> bool:
    return found.seen.reference in work.dispatches.references_of(found.connection_id)


def _is_waiting(state: MediaState) -> bool:
    return state in {MediaState.WAITING, MediaState.CHECKING}


def _is_due(work: Work, connection: Connection, now: datetime) -> bool:
    if connection.state is not ConnectionState.ACTIVE:
        return False
    looked_at = work.timelines.watch_of(connection.connection_id).looked_at
    return looked_at is None or now - looked_at >= WATCH_EVERY


def _open(services: Services, connection_id: ConnectionId) -> _Opened | None:
    connectors = services.connectors
    if connectors is None:
        return None
    with services.transaction() as work:
        connection = work.connections.connection_or_none(connection_id)
        sealed = work.connections.secret_of(connection_id)
        watch = work.timelines.watch_of(connection_id)
    if connection is None or connection.state is not ConnectionState.ACTIVE:
        return None
    try:
        connector = connectors.open(connection, sealed)
    except ConnectorError as fault:
        kept = replace(watch, looked_at=services.clock.now(), trouble=fault.code)
        _keep_watch(services, kept)
        return None
    return _Opened(connection=connection, watch=watch, connector=connector)


def _keep_watch(services: Services, watch: Watch) -> None:
    with services.transaction() as work:
        work.timelines.keep_watch(watch)


def _keep_found(services: Services, work: Work, opened: _Opened, seen: Iterable[SeenPost]) -> None:
    connection, sweep_by = opened.connection, opened.watch.sweep_by
    known = work.timelines.references_of(connection.connection_id)
    ours = work.dispatches.references_of(connection.connection_id)
    for post in seen:
        if post.reference in known | ours:
            continue
        found = WatchedPost(
            watched_id=WatchedId(services.ids.new()),
            connection_id=connection.connection_id,
            channel=connection.channel,
            seen=post,
            state=WatchedState.NOT_CHECKED if sweep_by is None else WatchedState.ASKED,
            found_at=services.clock.now(),
            asked_by=sweep_by,
        )
        work.timelines.save(found)
        _note(work, Event.TIMELINE_FOUND, PUBLISHER, found)


def _make_post(services: Services, work: Work, found: WatchedPost, pictures: list[bytes]) -> None:
    asker = work.accounts.staff_or_none(found.asked_by) if found.asked_by is not None else None
    if asker is None or not asker.is_active:
        raise BadRequest(_NOBODY)
    post = _started(Desk(services=services, work=work, staff=asker), asker, found)
    desk = Desk(services=services, work=work, staff=asker)
    for number, (shown, data) in enumerate(
        zip(found.seen.pictures, pictures, strict=True), start=1
    ):
        media = receive.add_picture(desk, post, (f"photo-{number:02d}.jpg", data))
        work.posts.set_alt_text(media.media_id, require_alt_text(shown.alt_text))
    work.timelines.save(replace(found, state=WatchedState.CHECKED, post_id=post.post_id))


def _started(desk: Desk, asker: StaffMember, found: WatchedPost) -> Post:
    channel = require_channel(desk, found.channel)
    school = channel.school or (asker.schools[0] if asker.schools else None)
    words = receive.Words(
        caption=require_caption(found.seen.words),
        channel=found.channel,
        class_key=None,
        school=school,
    )
    return receive.start_post(desk, words)


def _note(work: Work, event: Event, actor: str, found: WatchedPost) -> None:
    work.audit.write(event, actor=actor, subject=found.watched_id, channel=found.channel)
