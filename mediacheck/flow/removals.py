"""Takes down what the tool published: deletes it, and proves that page and pictures are gone.

A case on what is out asks for it; a post still on its way is waited for. Where the platform
cannot, a person has a day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mediacheck.errors import ConnectorError, Retry
from mediacheck.flow.answers import answer_removals
from mediacheck.flow.dispatch_marks import pause_after
from mediacheck.flow.takedown_tasks import BY_HAND, close_task, open_tasks_of
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId
from mediacheck.model.publication import PublicationId, TakedownAct, TakedownStep
from mediacheck.model.publishing import (
    ConnectionState,
    Dispatch,
    DispatchId,
    DispatchState,
    Posted,
    Removal,
    RemovalState,
)
from mediacheck.ports.publishing import Connector
from mediacheck.ports.services import Services, Work
from mediacheck.wire import BUSY

#: Who acts when nobody presses a button; pages call it by the tool's name.
REMOVER = StaffId("mediacheck")
#: Longer than deleting and proving can take.
LEASE = timedelta(minutes=30)
#: A copy that is kept on the way to the public may live for some minutes.
_LONGEST_PAUSE = timedelta(hours=1)
#: About five hours; then a person looks.
MOST_ATTEMPTS = 12
_ON_ITS_WAY = timedelta(minutes=1)

_IS_GONE = "The tool deleted the post and checked that its page and each of its photos are gone."
_NEVER_OUT = "The tool never published it."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    dispatch: Dispatch
    posted: Posted
    connector: Connector


def ask_removals(services: Services, work: Work, publications: Collection[PublicationId]) -> None:
    """Has the tool take down those of the publications that it published, or may have."""
    now = services.clock.now()
    for dispatch in work.dispatches.of_publications(publications).values():
        if dispatch.removal.state in {RemovalState.WAITING, RemovalState.RUNNING}:
            continue
        asked = replace(dispatch, removal=Removal(state=RemovalState.WAITING, due_at=now))
        work.dispatches.save(asked)
        work.audit.write(
            Event.REMOVAL_ASKED, actor=REMOVER, subject=dispatch.dispatch_id, why="case"
        )
        work.after_commit(_job_for(services, dispatch.dispatch_id))


def take_down(services: Services, dispatch_id: DispatchId) -> None:
    """Takes up one removal, if it is due. It is marked as what became of it."""
    task = _claim(services, dispatch_id)
    if task is None:
        return
    try:
        task.connector.take_down(task.posted)
        is_gone = task.connector.is_gone(task.posted)
    except ConnectorError as error:
        _try_later(services, task, error.code, error)
    else:
        if is_gone:
            _keep_gone(services, task)
        else:
            _try_later(services, task, "still-there", None)


def _job_for(services: Services, dispatch_id: DispatchId) -> _Job:
    return _Job(services=services, dispatch_id=dispatch_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    services: Services
    dispatch_id: DispatchId

    def __call__(self) -> None:
        self.services.jobs.take_down(self.dispatch_id)


def _claim(services: Services, dispatch_id: DispatchId) -> _Task | None:
    connectors = services.connectors
    if connectors is None:
        return None
    now = services.clock.now()
    with services.transaction() as work:
        dispatch = work.dispatches.dispatch_or_none(dispatch_id)
        due = dispatch.removal.next_try_at if dispatch is not None else None
        if dispatch is None or due is None or due > now:
            return None
        if not _is_known(services, work, dispatch) or dispatch.posted is None:
            return None
        connection = work.connections.connection_or_none(dispatch.connection_id)
        if connection is None or connection.state is not ConnectionState.ACTIVE:
            _by_hand(services, work, dispatch, "no-account")
            return None
        sealed = work.connections.secret_of(connection.connection_id)
        running = replace(
            dispatch.removal,
            state=RemovalState.RUNNING,
            due_at=now + LEASE,
            attempts=dispatch.removal.attempts + 1,
        )
        claimed = replace(dispatch, removal=running)
        work.dispatches.save(claimed)
    try:
        connector = connectors.open(connection, sealed)
    except ConnectorError as error:
        with services.transaction() as work:
            _by_hand(services, work, claimed, error.code)
        return None
    return _Task(dispatch=claimed, posted=dispatch.posted, connector=connector)


def _is_known(services: Services, work: Work, dispatch: Dispatch) -> bool:
    """Whether it is known to be out; what is on its way is waited for, what never was is done."""
    now = services.clock.now()
    match dispatch.state:
        case DispatchState.PUBLISHED:
            return True
        case DispatchState.UNKNOWN:
            _by_hand(services, work, dispatch, "unknown")
        case DispatchState.FAILED | DispatchState.STOPPED | DispatchState.ASKED:
            _end(work, dispatch, RemovalState.GONE, now)
            if dispatch.is_surely_not_out:
                _settle_cases(services, work, dispatch, TakedownAct.NEVER_POSTED, _NEVER_OUT)
            elif dispatch.is_handed_over:
                open_tasks_of(services, work, dispatch.publication_id)
        case DispatchState.WAITING | DispatchState.SENDING:
            later = replace(dispatch.removal, state=RemovalState.WAITING, due_at=now + _ON_ITS_WAY)
            work.dispatches.save(replace(dispatch, removal=later))
    return False


def _keep_gone(services: Services, task: _Task) -> None:
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is None:
            return
        _end(work, held, RemovalState.GONE, services.clock.now())
        # Whoever took the package may have posted it by hand as well: a person looks after that.
        if held.is_handed_over:
            open_tasks_of(services, work, held.publication_id)
        else:
            _settle_cases(services, work, held, TakedownAct.REMOVED, _IS_GONE)


def _settle_cases(
    services: Services, work: Work, dispatch: Dispatch, act: TakedownAct, words: str
) -> None:
    """Notes it in every case that lists the publication, and answers the families that asked."""
    publication = dispatch.publication_id
    for case in work.publications.cases():
        if publication is None or publication not in case.left:
            continue
        step = TakedownStep(
            publication_id=publication,
            act=act,
            at=services.clock.now(),
            by=REMOVER,
            words=words,
        )
        work.publications.add_step(case.case_id, step)
        close_task(services, work, case.case_id, publication)
        work.audit.write(
            Event.TAKEDOWN_STEP,
            actor=REMOVER,
            subject=case.case_id,
            publication=publication,
            act=act,
        )
        answer_removals(work, case.student_id, publication, is_granted=True, by=REMOVER)


def _try_later(services: Services, task: _Task, trouble: str, error: ConnectorError | None) -> None:
    """The platform's own pauses are kept; what it cannot do is a person's task."""
    with services.transaction() as work:
        held = _ours_or_none(work, task)
        if held is None:
            return
        now, removal = services.clock.now(), held.removal
        is_hopeless = error is not None and error.retry is Retry.NEVER
        if error is not None and error.code == BUSY:
            # The platform takes so many deletions and no more: nothing is lost, all of them wait.
            _wait_for_turn(work, held, now + timedelta(seconds=error.after_s))
            return
        if is_hopeless or removal.attempts >= MOST_ATTEMPTS:
            _by_hand(services, work, held, trouble)
            return
        asked_s = error.after_s if error is not None else 0
        pause = max(pause_after(removal.attempts, _LONGEST_PAUSE), timedelta(seconds=asked_s))
        again = replace(removal, state=RemovalState.WAITING, due_at=now + pause, trouble=trouble)
        work.dispatches.save(replace(held, removal=again))


def _wait_for_turn(work: Work, dispatch: Dispatch, until: datetime) -> None:
    """Every deletion on that account waits, and the try that was turned away does not count."""
    removal = dispatch.removal
    waiting = replace(
        removal, state=RemovalState.WAITING, due_at=until, attempts=max(removal.attempts - 1, 0)
    )
    work.dispatches.save(replace(dispatch, removal=waiting))
    for other in work.dispatches.removals_on(dispatch.connection_id):
        due = other.removal.due_at
        if other.removal.state is RemovalState.WAITING and due is not None and due < until:
            work.dispatches.save(replace(other, removal=replace(other.removal, due_at=until)))


def _ours_or_none(work: Work, task: _Task) -> Dispatch | None:
    found = work.dispatches.dispatch_or_none(task.dispatch.dispatch_id)
    mine = task.dispatch.removal
    is_ours = found is not None and found.removal == mine
    return found if is_ours else None


def _by_hand(services: Services, work: Work, dispatch: Dispatch, trouble: str) -> None:
    _end(work, dispatch, RemovalState.BY_HAND, services.clock.now(), trouble)
    open_tasks_of(services, work, dispatch.publication_id)


def _end(
    work: Work, dispatch: Dispatch, state: RemovalState, now: datetime, trouble: str = ""
) -> None:
    is_gone = state is RemovalState.GONE
    ended = replace(
        dispatch.removal,
        state=state,
        due_at=None,
        trouble=trouble,
        gone_at=now if is_gone else None,
        by_hand_until=None if is_gone else now + BY_HAND,
    )
    work.dispatches.save(replace(dispatch, removal=ended))
    work.audit.write(
        Event.REMOVAL_ENDED,
        actor=REMOVER,
        subject=dispatch.dispatch_id,
        publication=dispatch.publication_id or "",
        state=state,
        why=trouble,
    )
