"""What a named person has to take down by hand, by when, and the proof that it was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mediacheck.model.people import StaffId
from mediacheck.model.publication import CaseId, PublicationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownTask:
    """One publication of one case that the tool cannot delete: somebody has to, by ``due_at``."""

    case_id: CaseId
    publication_id: PublicationId
    assigned_to: StaffId
    opened_at: datetime
    due_at: datetime
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def remind_at(self) -> datetime:
        """When half of the time is over."""
        return self.opened_at + (self.due_at - self.opened_at) / 2

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done."""
        return self.closed_at is None and now >= self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody shows for having taken it down. ``screenshot`` is a key of the paper store."""

    case_id: CaseId
    publication_id: PublicationId
    by: StaffId
    at: datetime
    link: str = field(default="", repr=False)
    screenshot: str = ""


class StaffMailKind(StrEnum):
    """What a mail to somebody of the staff is about. Its words hold no name."""

    TASK_GIVEN = "task-given"
    TASK_REMINDER = "task-reminder"
    TASK_OVERDUE = "task-overdue"
    POST_NOT_OUT = "post-not-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMail:
    """A mail to somebody of the staff that waits. ``about`` is the id of what it tells of."""

    mail_id: str
    kind: StaffMailKind
    to: StaffId
    about: str
    queued_at: datetime
    due_at: datetime
    attempts: int = 0
