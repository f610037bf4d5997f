"""What becomes of a dispatch, as it is written down, and how long it rests between two tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mediacheck.errors import ConnectorError, NotCleared
from mediacheck.flow.schedule import late_words, stopped_words, tell_author
from mediacheck.model.audit import Event
from mediacheck.model.publishing import Connection, ConnectionState, Dispatch, DispatchState
from mediacheck.ports.services import Services, Work

#: Who acts when nobody presses a button.
PUBLISHER = "publisher"
#: The trouble of what missed the moment that a person chose.
LATE = "late"
_LONGEST_PAUSE = timedelta(minutes=30)
#: Doubling goes no further: it is the longest pause by then.
_MOST_DOUBLINGS = 10


def wait_or_end(
    work: Work, dispatch: Dispatch, state: DispatchState, error: ConnectorError
) -> None:
    """It waits for another try, or it has ended so."""
    if state is DispatchState.WAITING:
        work.dispatches.save(replace(dispatch, state=state))
        return
    end(work, dispatch, state, trouble=error.code, words=error.message)


def end(
    work: Work, dispatch: Dispatch, state: DispatchState, *, trouble: str = "", words: str = ""
) -> None:
    """It has ended so; ``words`` are for the person who asked."""
    work.dispatches.save(replace(dispatch, state=state, trouble=trouble, words=words))
    work.audit.write(
        Event.PUBLISHING_ENDED,
        actor=PUBLISHER,
        subject=dispatch.dispatch_id,
        clearance=dispatch.clearance_id,
        state=state,
        why=trouble,
    )


def without_account(work: Work, dispatch: Dispatch) -> None:
    """Nothing can be sent, nor looked for: what may be out needs a person."""
    if dispatch.state is DispatchState.PUBLISHED:
        work.dispatches.save(replace(dispatch, trouble="not-verified"))
        return
    may_be_out = dispatch.asked_platform_at is not None
    end(
        work,
        dispatch,
        DispatchState.UNKNOWN if may_be_out else DispatchState.FAILED,
        trouble="no-account",
        words="The account is not connected any more. Connect it again, then try again.",
    )


def miss_moment(services: Services, work: Work, dispatch: Dispatch) -> None:
    """Its moment is too long ago: a person says whether it still goes out, and when."""
    words = late_words(work, dispatch)
    end(work, dispatch, DispatchState.FAILED, trouble=LATE, words=words)
    tell_author(services, work, dispatch, words)


def stop(services: Services, work: Work, dispatch: Dispatch, why: str) -> None:
    """It may not go out as it is; whoever wrote it reads why."""
    words = stopped_words(work, dispatch, why)
    end(work, dispatch, DispatchState.STOPPED, words=words)
    tell_author(services, work, dispatch, words)


def without_clearance(
    services: Services, work: Work, dispatch: Dispatch, refusal: NotCleared
) -> None:
    """It is stopped; what may be out already is a person's to look at."""
    if dispatch.asked_platform_at is None:
        stop(services, work, dispatch, refusal.message)
    elif dispatch.state is DispatchState.PUBLISHED:
        work.dispatches.save(replace(dispatch, trouble="not-verified"))
    else:
        end(work, dispatch, DispatchState.UNKNOWN, trouble="not-found")


def refuse_account(services: Services, connection: Connection, error: ConnectorError) -> None:
    """The account lets nobody in: nothing is tried there before a person has looked."""
    with services.transaction() as work:
        now = work.connections.connection_or_none(connection.connection_id)
        if now is None or now.state is not ConnectionState.ACTIVE:
            return
        broken = replace(
            now,
            state=ConnectionState.BROKEN,
            trouble=error.code,
            looked_at=services.clock.now(),
        )
        work.connections.save(broken)
        work.audit.write(
            Event.ACCOUNT_BROKEN,
            actor=PUBLISHER,
            subject=connection.connection_id,
            channel=connection.channel,
            why=error.code,
        )


def pause_after(attempts: int, longest: timedelta = _LONGEST_PAUSE) -> timedelta:
    """One minute, then twice as long each time, up to ``longest``."""
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    return min(timedelta(minutes=1 << doublings), longest)
