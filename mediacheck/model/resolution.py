"""Who each finding is. "No match" is ``Unresolved``; it never means "not a student"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mediacheck.model.people import StaffId
from mediacheck.settings import Recognition
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible identity. ``margin``: distance of the runner-up less this distance."""

    student_id: StudentId
    distance: float
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How far a search may name somebody.

    With ``identify``, a match that nobody confirms has to be ``within`` the distance that the
    school's own evidence backs (None: it backs none), and not of a student who is always ``asked``
    about: a brother, a sister, a lookalike.
    """

    mode: Recognition
    within: float | None = None
    asked: frozenset[StudentId] = frozenset()

    def may_name(self, best: Candidate) -> bool:
        """Whether a match that passed the search's own bars stands without a person's word."""
        return (
            self.mode is Recognition.IDENTIFY
            and self.within is not None
            and best.distance <= self.within
            and best.student_id not in self.asked
        )


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
    """A likely identity that a person has to confirm, best first.

    ``rivals`` are the other candidates that the search cannot tell from the first; ``model`` is
    the one whose distances these are (empty: a name, or a search of before models were kept).
    """

    candidates: tuple[Candidate, ...]
    rivals: tuple[StudentId, ...] = ()
    model: str = ""

    @property
    def likely(self) -> tuple[StudentId, ...]:
        """Whom it may well be: the first candidate, and whoever cannot be told from that one."""
        first = tuple(candidate.student_id for candidate in self.candidates[:1])
        return (*first, *self.rivals)


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
