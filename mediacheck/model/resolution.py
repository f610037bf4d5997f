"""Who each finding is. "No match" is ``Unresolved``; it never means "not a student"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mediacheck.model.people import StaffId
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible identity. ``margin``: distance of the runner-up less this distance."""

    student_id: StudentId
    distance: float
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatch:
    """A search that passed its threshold and margin: model, distance, lead over the next."""

    model: str
    distance: float
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterMatch:
    """A text that can only be this student's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """It is this student (several: a text that names them all). ``by`` says on whose word."""

    students: tuple[StudentId, ...]
    by: StaffId | ModelMatch | RosterMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A likely identity that a person has to confirm, best first."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """Nobody knows yet. ``candidates`` may be empty."""

    candidates: tuple[Candidate, ...] = ()


class OtherPerson(StrEnum):
    """Who a face or name is when it is no student's. Only a named person may say so."""

    STAFF = "staff"
    VISITOR = "visitor"
    PICTURE_ON_WALL = "picture-on-wall"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAStudent:
    """Another person, on a staff member's word."""

    kind: OtherPerson
    by: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Not a face, not a name, nothing written: on a staff member's word."""

    by: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A word that reads as something else in its sentence; shown, and asks nothing."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Painted over in the pixels, and checked again. ``students``: who was known beneath."""

    by: StaffId
    students: tuple[StudentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruled:
    """A reviewer, not the author, answers for a finding that nobody can tell, with a reason."""

    by: StaffId
    reason: str


Resolution = (
    Identified | Suggested | Unresolved | NotAStudent | Nobody | Noted | Covered | Overruled
)
