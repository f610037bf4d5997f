"""Who looked at a student's data, and what a family asked the district for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from release_db.words import StudentId


class Looked(StrEnum):
    """What of a student somebody looked at."""

    FILE = "file"
    SUMMARY = "summary"
    HISTORY = "history"
    EXPORT = "export"
    APPEARANCES = "appearances"
    NAMED = "named"
    POST = "post"
    TAKEDOWN = "takedown"


class RequestKind(StrEnum):
    """What a family can ask for."""

    ERASURE = "erasure"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked. Append-only; ``actor`` is an id, and ``is_staff`` tells whose."""

    student_id: StudentId
    at: datetime
    actor: str
    is_staff: bool
    what: Looked


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRequest:
    """What a family asked for. Append-only; ``about`` is the publication, for a removal.

    ``answered_at`` None: the office has not answered yet. ``note``: its words to the family.
    """

    request_id: str
    student_id: StudentId
    kind: RequestKind
    asked_by: str
    asked_at: datetime
    about: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
    is_granted: bool | None = None
    note: str = ""
