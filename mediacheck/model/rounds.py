"""The mailings of a renewal round: who asked for one, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from release_db.words import SchoolKey

MailingId = NewType("MailingId", str)


class MailingKind(StrEnum):
    """Why a round's mails go out."""

    OPENING = "opening"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One going-round of mails. Append-only; ``schools`` empty: the whole district."""

    mailing_id: MailingId
    round_id: str
    kind: MailingKind
    schools: tuple[SchoolKey, ...]
    asked_by: str
    asked_at: datetime

    def covers(self, school: SchoolKey) -> bool:
        """Whether that school's families are written to."""
        return not self.schools or school in self.schools


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingProgress:
    """How far a mailing has come: the last student that was looked at, and the mails so far."""

    up_to: str = ""
    is_done: bool = False
    mails: int = 0
