"""A person's word on a finding, turned into a resolution."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from mediacheck.errors import BadRequest, NotAllowed
from mediacheck.model.finding import FaceFinding, Finding
from mediacheck.model.people import StaffId
from mediacheck.model.resolution import (
    Identified,
    Nobody,
    NotAStudent,
    OtherPerson,
    Overruled,
    Resolution,
    Suggested,
    Unresolved,
)
from release_db.words import StudentId


class Word(StrEnum):
    """What somebody can say of a finding with one tap."""

    CONFIRM = "confirm"
    CHOOSE = "choose"
    STAFF = "staff"
    VISITOR = "visitor"
    PICTURE_ON_WALL = "picture-on-wall"
    NOBODY = "nobody"
    UNDO = "undo"


_OTHERS = {
    Word.STAFF: OtherPerson.STAFF,
    Word.VISITOR: OtherPerson.VISITOR,
    Word.PICTURE_ON_WALL: OtherPerson.PICTURE_ON_WALL,
}


def resolution_of_word(
    word: Word,
    *,
    match: Resolution,
    by: StaffId,
    student: StudentId | None,
    choices: Collection[StudentId],
) -> Resolution:
    """The resolution that a word makes.

    ``match`` is what the search made of the finding; ``choices`` are the students who may be
    chosen.

    Raises:
        BadRequest: a suggestion is confirmed where there is none, or a student is chosen who is
            not among the choices.
    """
    match word:
        case Word.CONFIRM:
            return Identified(students=(_suggested(match),), by=by)
        case Word.CHOOSE:
            if student is None or student not in choices:
                raise BadRequest("Choose a student from the list.")
            return Identified(students=(student,), by=by)
        case Word.STAFF | Word.VISITOR | Word.PICTURE_ON_WALL:
            return NotAStudent(kind=_OTHERS[word], by=by)
        case Word.NOBODY:
            return Nobody(by=by)
        case Word.UNDO:
            # No word any more: what the search made of it counts again.
            return Unresolved()


def _suggested(match: Resolution) -> StudentId:
    match match:
        case Suggested(candidates=candidates) | Unresolved(candidates=candidates) if candidates:
            return candidates[0].student_id
        case Identified(students=(student,)):
            return student
        case _:
            raise BadRequest("There is no suggestion to confirm. Choose a student from the list.")


def overruling(finding: Finding, *, by: StaffId, reason: str) -> Overruled:
    """A reviewer's word for a finding that nobody can tell.

    Raises:
        BadRequest: no reason is given.
        NotAllowed: the finding is a face that can be told: it is to be named or covered.
    """
    if len(reason.strip()) < MIN_REASON_LENGTH:
        raise BadRequest("Write a short reason: it is kept with the post.")
    if isinstance(finding, FaceFinding) and not finding.marks:
        raise NotAllowed("This face can be told. Name the person, or cover the face.")
    return Overruled(by=by, reason=reason.strip())


#: Enough for "Back of a head", too much for "ok".
MIN_REASON_LENGTH = 10
