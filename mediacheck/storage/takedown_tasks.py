"""Takedowns by hand and the mails about them, on SQLAlchemy."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mediacheck.model.people import StaffId
from mediacheck.model.publication import CaseId, PublicationId
from mediacheck.model.takedown_tasks import Proof, StaffMail, StaffMailKind, TakedownTask
from mediacheck.storage.takedown_tasks_schema import (
    StaffMailRow,
    TakedownProofRow,
    TakedownTaskRow,
)


class SqlTakedownTasks:
    """Implements the ``TakedownTasks`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def save(self, task: TakedownTask) -> None:
        """Adds or changes a task."""
        self._session.merge(TakedownTaskRow(**asdict(task)))
        self._session.flush()

    def task_or_none(self, case_id: CaseId, publication_id: PublicationId) -> TakedownTask | None:
        """The task about that publication of that case."""
        row = self._session.get(TakedownTaskRow, (case_id, publication_id))
        return _task_of(row) if row is not None else None

    def open_tasks(self, *, to_change: bool = False) -> tuple[TakedownTask, ...]:
        """Every task that is not done, the most urgent first.

        ``to_change``: nobody else changes them until the transaction ends.
        """
        query = select(TakedownTaskRow).where(TakedownTaskRow.closed_at.is_(None))
        in_order = query.order_by(TakedownTaskRow.due_at)
        rows = self._session.scalars(in_order.with_for_update() if to_change else in_order)
        return tuple(map(_task_of, rows))

    def add_proof(self, proof: Proof) -> None:
        """Appends what somebody shows for it."""
        self._session.add(TakedownProofRow(**asdict(proof)))
        self._session.flush()

    def proofs_of(self, case_id: CaseId) -> tuple[Proof, ...]:
        """What was shown about a case, the oldest first."""
        query = select(TakedownProofRow).where(TakedownProofRow.case_id == case_id)
        rows = self._session.scalars(query.order_by(TakedownProofRow.number))
        return tuple(
            Proof(
                case_id=CaseId(row.case_id),
                publication_id=PublicationId(row.publication_id),
                by=StaffId(row.by),
                at=row.at,
                link=row.link,
                screenshot=row.screenshot,
            )
            for row in rows
        )


class SqlStaffOutbox:
    """Implements the ``StaffOutbox`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def queue(self, mail: StaffMail) -> None:
        """Keeps a mail to be sent."""
        self._session.add(StaffMailRow(**{**asdict(mail), "kind": mail.kind.value}))
        self._session.flush()

    def claim_due(self, now: datetime, until: datetime) -> tuple[StaffMail, ...]:
        """Every waiting mail whose time has come, counted as tried and put off until then."""
        change = update(StaffMailRow).where(StaffMailRow.due_at <= now)
        claimed = change.values(due_at=until, attempts=StaffMailRow.attempts + 1)
        ids = list(self._session.scalars(claimed.returning(StaffMailRow.mail_id)))
        query = select(StaffMailRow).where(StaffMailRow.mail_id.in_(ids))
        rows = self._session.scalars(query, execution_options={"populate_existing": True})
        return tuple(
            StaffMail(
                mail_id=row.mail_id,
                kind=StaffMailKind(row.kind),
                to=StaffId(row.to),
                about=row.about,
                queued_at=row.queued_at,
                due_at=row.due_at,
                attempts=row.attempts,
            )
            for row in rows
        )

    def count(self) -> int:
        """How many wait."""
        return self._session.scalar(select(func.count()).select_from(StaffMailRow)) or 0

    def end(self, mail_id: str) -> None:
        """It was sent, or nobody will take it."""
        self._session.execute(delete(StaffMailRow).where(StaffMailRow.mail_id == mail_id))

    def put_off(self, mail_id: str, due_at: datetime) -> None:
        """No server has taken it yet."""
        change = update(StaffMailRow).where(StaffMailRow.mail_id == mail_id)
        self._session.execute(change.values(due_at=due_at))


def _task_of(row: TakedownTaskRow) -> TakedownTask:
    return TakedownTask(
        case_id=CaseId(row.case_id),
        publication_id=PublicationId(row.publication_id),
        assigned_to=StaffId(row.assigned_to),
        opened_at=row.opened_at,
        due_at=row.due_at,
        reminded_at=row.reminded_at,
        escalated_at=row.escalated_at,
        closed_at=row.closed_at,
    )
