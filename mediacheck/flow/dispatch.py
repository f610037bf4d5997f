"""The publishing process: takes a dispatch, judges again, publishes once, looks before retrying.

A job carries an id only. The platform is spoken to while no transaction is open, and each step is
written down before the next one, so that whoever takes up what a dead process left knows whether
the platform may have heard of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mediacheck.errors import ConnectorError, NotCleared, Retry
from mediacheck.flow.dispatch_marks import (
    PUBLISHER,
    end,
    miss_moment,
    pause_after,
    refuse_account,
    stop,
    wait_or_end,
    without_account,
    without_clearance,
)
from mediacheck.flow.honour import Honoured, content_of, honour
from mediacheck.flow.leftovers import discard_leftovers, discard_quietly
from mediacheck.flow.publication import keep_publication
from mediacheck.flow.reach import SEEN_BY_OTHERS
from mediacheck.flow.renew import honour_or_renew
from mediacheck.flow.schedule import is_late
from mediacheck.flow.withdraw import open_error_cases
from mediacheck.model.audit import Event
from mediacheck.model.publishing import (
    ClearedContent,
    Connection,
    Dispatch,
    DispatchId,
    DispatchState,
    Posted,
    Removal,
    RemovalState,
)
from mediacheck.ports.publishing import Connector
from mediacheck.ports.services import Services, Work
from mediacheck.publish.content import require_fit
from mediacheck.review.rights import has_second_yes, may_use_channel

#: Longer than one sending can take, with every answer as late as it may be: what has not ended
#: then was lost with its process, and nothing of it is on the wire any more.
LEASE = timedelta(minutes=30)
#: After an answer was lost: whatever is on the wire has arrived by then.
SETTLE = timedelta(minutes=3)
#: Whoever asked has to hear of it within a day.
GIVE_UP = timedelta(hours=24)
#: A post whose fate is not known after so many looks needs a person.
MOST_LOOKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A claimed dispatch, with all that it needs while no transaction is open."""

    dispatch: Dispatch
    connection: Connection
    connector: Connector
    content: ClearedContent


def sweep_publishing(services: Services) -> None:
    """Asks again for all that is due: what waits, and what a dead process left."""
    now = services.clock.now()
    with services.transaction() as work:
        due, removals = work.dispatches.due(now), work.dispatches.due_removals(now)
    for dispatch_id in due:
        services.jobs.publish(dispatch_id)
    for dispatch_id in removals:
        services.jobs.take_down(dispatch_id)


def publish_dispatch(services: Services, dispatch_id: DispatchId) -> None:
    """Takes up one dispatch, if it is due. It is marked as what became of it."""
    discard_leftovers(services, dispatch_id)
    task = _claim(services, dispatch_id)
    if task is not None:
        try:
            _carry_out(services, task)
        except ConnectorError as error:
            _settle(services, task, error)
    # It may have ended just now: then nobody else is at it.
    discard_leftovers(services, dispatch_id, at_once=task is not None)


def _claim(services: Services, dispatch_id: DispatchId) -> _Task | None:
    """The dispatch, counted as tried and ours for a lease; None: not due, or it may not go."""
    if services.connectors is None:
        return None
    now = services.clock.now()
    with services.transaction() as work:
        dispatch = work.dispatches.dispatch_or_none(dispatch_id)
        if dispatch is None or dispatch.next_try_at is None or dispatch.next_try_at > now:
            return None
        if dispatch.has_leftovers:
            return None
        if is_late(dispatch, now):
            miss_moment(services, work, dispatch)
            return None
        try:
            content = _content_of(services, work, dispatch)
        except NotCleared as refusal:
            without_clearance(services, work, dispatch, refusal)
            return None
        connection = work.connections.connection_or_none(dispatch.connection_id)
        if connection is None or not _may_post(work, connection):
            without_account(work, dispatch)
            return None
        sealed = work.connections.secret_of(connection.connection_id)
        claimed = _claimed(dispatch, content, now)
        work.dispatches.save(claimed)
    try:
        connector = services.connectors.open(connection, sealed)
    except ConnectorError as error:
        refuse_account(services, connection, error)
        with services.transaction() as work:
            without_account(work, claimed)
        return None
    return _Task(dispatch=claimed, connection=connection, connector=connector, content=content)


def _may_post(work: Work, connection: Connection) -> bool:
    channel = work.register.channel_or_none(connection.channel)
    return connection.may_post(is_official=channel is None or channel.is_official)


def _claimed(dispatch: Dispatch, content: ClearedContent, now: datetime) -> Dispatch:
    is_out = dispatch.state is DispatchState.PUBLISHED
    return replace(
        dispatch,
        clearance_id=content.clearance_id,
        # Uploads tell of the clearance that they were made with.
        parts=dispatch.parts if content.clearance_id == dispatch.clearance_id else (),
        state=dispatch.state if is_out else DispatchState.SENDING,
        due_at=now + LEASE,
        attempts=dispatch.attempts + 1,
    )


def _content_of(services: Services, work: Work, dispatch: Dispatch) -> ClearedContent:
    """What goes out, if it may: what may be out already is only looked for, whatever it is.

    Raises:
        NotCleared: it may not go out any more, or is not what was cleared.
    """
    clearance = work.posts.clearance_or_none(dispatch.clearance_id)
    out = (
        work.publications.publication_or_none(dispatch.publication_id)
        if dispatch.asked_platform_at is not None and dispatch.publication_id is not None
        else None
    )
    if out is not None and clearance is not None:
        return content_of(services, clearance, words=out.caption, media=out.media)
    return _honoured(services, work, dispatch).content


def _honoured(services: Services, work: Work, dispatch: Dispatch) -> Honoured:
    """What the clearance lets out at this moment.

    Raises:
        NotCleared: the clearance does not hold, or whoever asked may not post any more.
    """
    post = work.posts.post_or_none(dispatch.post_id)
    asker = work.accounts.staff_or_none(dispatch.asked_by)
    if post is None or asker is None or not asker.is_active:
        raise NotCleared("Whoever asked for this cannot post any more. Somebody else has to ask.")
    clearance = work.posts.clearance_or_none(dispatch.clearance_id)
    is_renewable = dispatch.scheduled_for is not None and dispatch.publication_id is None
    honoured = (
        honour_or_renew(services, work, post, clearance, by=PUBLISHER, ahead=LEASE)
        if is_renewable and dispatch.state is not DispatchState.SENDING
        else honour(services, work, post, clearance)
    )
    channel = honoured.judged.channel
    approvers = work.dispatches.approvers(honoured.clearance.clearance_id)
    is_approved = has_second_yes(approvers, author=post.author, asked_by=dispatch.asked_by)
    if channel is None or (channel.is_official and not is_approved):
        raise NotCleared("A second person has to approve this first. Publish it again.")
    if not may_use_channel(asker, channel, work.channel_rules.of(channel.key)):
        raise NotCleared("Whoever asked for this may not post to this channel any more.")
    connection = work.connections.connection_or_none(dispatch.connection_id)
    if connection is not None and connection.channel != channel.key:
        raise NotCleared("That account is another channel's. Publish it again.")
    if connection is not None and not connection.platform.is_for(channel.audience):
        raise NotCleared(SEEN_BY_OTHERS)
    return honoured


def _carry_out(services: Services, task: _Task) -> None:
    if task.dispatch.state is DispatchState.PUBLISHED:
        _verify(services, task, task.dispatch.posted)
        return
    if task.dispatch.asked_platform_at is not None:
        posted = _look(task)
        is_another_s = posted is not None and _is_another_s(services, task, posted)
        if posted is not None and not is_another_s:
            _keep_posted(services, task, posted)
            return
        if is_another_s or not _may_repeat(services, task):
            _unknown(services, task, "not-found")
            return
    _require_account(task)
    require_fit(task.content, task.connector.limits())
    parts = task.dispatch.parts or task.connector.prepare(task.content)
    asked = _last_word(services, task, parts)
    if asked is None:
        return
    posted = task.connector.publish(task.content, parts, asked.key)
    _keep_posted(services, replace(task, dispatch=asked), posted)


def _look(task: _Task) -> Posted | None:
    dispatch = task.dispatch
    if dispatch.said_address:
        return task.connector.posted_at(dispatch.said_address)
    since = dispatch.asked_platform_at or dispatch.asked_at
    return task.connector.find_or_none(task.content.words, dispatch.parts, since)


def _is_another_s(services: Services, task: _Task, posted: Posted) -> bool:
    """Whether another dispatch put that there: two posts of the same words look alike."""
    with services.transaction() as work:
        return posted.reference in work.dispatches.references_of(task.connection.connection_id)


def _may_repeat(services: Services, task: _Task) -> bool:
    """Whether the platform would still know the key, should the first one arrive after all."""
    asked_at = task.dispatch.asked_platform_at
    age = services.clock.now() - asked_at if asked_at is not None else timedelta(0)
    return age < task.connector.key_life and task.dispatch.attempts <= MOST_LOOKS


def _require_account(task: _Task) -> None:
    """The token opens the account that people saw and confirmed, or nothing is sent.

    Raises:
        ConnectorError: it opens another one.
    """
    if task.connector.account().account_id != task.connection.account.account_id:
        raise ConnectorError(
            "The connection opens another account than the one that was confirmed.",
            retry=Retry.NEVER,
            code="another-account",
            is_account_trouble=True,
        )


def _last_word(services: Services, task: _Task, parts: tuple[str, ...]) -> Dispatch | None:
    """The moment of publishing: from its commit on the post may be public.

    Consent, holds, roster and policy are read, and every byte is held to its hash, in the
    transaction that writes what went out into the ledger. None: it may not go, or is not ours.
    """
    with services.transaction() as work:
        now = services.clock.now()
        held = _ours_or_none(work, task)
        if held is None:
            # Nobody has written down what was uploaded just now, and nobody will.
            work.after_commit(lambda: discard_quietly(task.connector, parts))
            return None
        try:
            honoured = _honoured(services, work, held)
        except NotCleared as refusal:
            stop(services, work, replace(held, parts=parts), refusal.message)
            return None
        out = keep_publication(services, work, honoured.judged, honoured.clearance, held.asked_by)
        asked = replace(
            held,
            parts=parts,
            # The uploads may have taken most of the lease.
            due_at=now + LEASE,
            asked_platform_at=held.asked_platform_at or now,
            publication_id=out.publication_id,
        )
        work.dispatches.save(asked)
        work.audit.write(
            Event.PUBLISHING_BEGUN,
            actor=PUBLISHER,
            subject=asked.dispatch_id,
            clearance=asked.clearance_id,
            publication=out.publication_id,
            attempt=asked.attempts,
        )
    return asked


def _ours_or_none(work: Work, task: _Task) -> Dispatch | None:
    """The dispatch as it is, unless another process has taken it up since."""
    found = work.dispatches.dispatch_or_none(task.dispatch.dispatch_id)
    is_ours = (
        found is not None
        and found.state is task.dispatch.state
        and found.attempts == task.dispatch.attempts
        and found.round == task.dispatch.round
    )
    return found if is_ours else None


def _keep_posted(services: Services, task: _Task, posted: Posted) -> None:
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is None:
            return
        now = services.clock.now()
        out = replace(
            held,
            state=DispatchState.PUBLISHED,
            posted=posted,
            posted_at=now,
            due_at=now + SETTLE,
            attempts=0,
            trouble="",
        )
        work.dispatches.save(out)
        work.audit.write(
            Event.PUBLISHED,
            actor=PUBLISHER,
            subject=out.dispatch_id,
            clearance=out.clearance_id,
            publication=out.publication_id or "",
        )
    try:
        _verify(services, replace(task, dispatch=out), posted)
    except ConnectorError as error:
        _settle(services, replace(task, dispatch=out), error)


def _verify(services: Services, task: _Task, posted: Posted | None) -> None:
    """What came out otherwise than it was cleared comes down again at once."""
    is_right = posted is not None and task.connector.verify(posted, task.content)
    now = services.clock.now()
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is None:
            return
        if is_right:
            work.dispatches.save(replace(held, is_verified=True))
            return
        removal = Removal(state=RemovalState.WAITING, due_at=now)
        wrong = replace(held, trouble="came-out-differently", removal=removal)
        work.dispatches.save(wrong)
        work.audit.write(
            Event.REMOVAL_ASKED, actor=PUBLISHER, subject=wrong.dispatch_id, why=wrong.trouble
        )
        open_error_cases(services, work, wrong.publication_id, by=PUBLISHER)
        work.after_commit(lambda: services.jobs.take_down(wrong.dispatch_id))


def _settle(services: Services, task: _Task, error: ConnectorError) -> None:
    """What follows a fault: another try, a look, or a person."""
    if error.is_account_trouble:
        refuse_account(services, task.connection, error)
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is None:
            return
        now = services.clock.now()
        pause = max(pause_after(held.attempts), timedelta(seconds=error.after_s))
        again = replace(held, due_at=now + pause, trouble="")
        is_tired = held.attempts > MOST_LOOKS or now - held.wanted_at >= GIVE_UP
        if held.state is DispatchState.PUBLISHED:
            trouble = "not-verified" if is_tired or error.retry is Retry.NEVER else ""
            work.dispatches.save(replace(again, trouble=trouble))
            return
        may_be_out = held.asked_platform_at is not None and (
            error.retry is Retry.LOOK or task.dispatch.asked_platform_at is not None
        )
        if may_be_out:
            # A refusal may mean that the first one has arrived after all: then a look finds it.
            is_over = is_tired or error.is_account_trouble or bool(held.said_address)
            state = DispatchState.UNKNOWN if is_over else DispatchState.WAITING
            due = now + max(pause, SETTLE)
            wait_or_end(work, replace(again, due_at=due), state, error)
            return
        # Surely not out: the next sending begins anew.
        fresh = replace(again, asked_platform_at=None)
        is_over = error.retry is Retry.NEVER or now - held.wanted_at >= GIVE_UP
        wait_or_end(work, fresh, DispatchState.FAILED if is_over else DispatchState.WAITING, error)


def _unknown(services: Services, task: _Task, trouble: str) -> None:
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is not None:
            end(work, held, DispatchState.UNKNOWN, trouble=trouble)
