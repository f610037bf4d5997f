"""Takedowns by hand, their proofs, and the mails to the staff about them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from mediacheck.model.publication import CaseId, PublicationId
from mediacheck.model.takedown_tasks import Proof, StaffMail, TakedownTask


class TakedownTasks(Protocol):
    """The tasks, as one transaction sees them. Never commits."""

    def save(self, task: TakedownTask) -> None:
        """Adds or changes a task."""
        ...

    def task_or_none(self, case_id: CaseId, publication_id: PublicationId) -> TakedownTask | None:
        """The task about that publication of that case."""
        ...

    def open_tasks(self, *, to_change: bool = False) -> tuple[TakedownTask, ...]:
        """Every task that is not done, the most urgent first.

        ``to_change``: nobody else changes them until the transaction ends.
        """
        ...

    def add_proof(self, proof: Proof) -> None:
        """Appends what somebody shows for it."""
        ...

    def proofs_of(self, case_id: CaseId) -> tuple[Proof, ...]:
        """What was shown about a case, the oldest first."""
        ...


class StaffOutbox(Protocol):
    """The mail that waits for somebody of the staff. Never commits."""

    def queue(self, mail: StaffMail) -> None:
        """Keeps a mail to be sent."""
        ...

    def claim_due(self, now: datetime, until: datetime) -> tuple[StaffMail, ...]:
        """Every waiting mail whose time has come, counted as tried and put off until then."""
        ...

    def count(self) -> int:
        """How many wait."""
        ...

    def end(self, mail_id: str) -> None:
        """It was sent, or nobody will take it."""
        ...

    def put_off(self, mail_id: str, due_at: datetime) -> None:
        """No server has taken it yet."""
        ...
