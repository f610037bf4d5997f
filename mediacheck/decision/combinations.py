"""Tells a teacher in one sentence which two things do not go together, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.decision.appearances import Shown, permission_for_name
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.verdict import Reason, ReasonCode
from release_db.records import RefusalReason, Refused

_TOGETHER = "This student cannot be shown and named together here."

#: A name on a jersey, a tag or a certificate beside the face.
NAME_IN_PICTURE = f"{_TOGETHER} Cover the name in the picture."
#: A name in words that tells who is under a cover.
NAME_OF_COVERED = (
    f"{_TOGETHER} The face is covered, but these words say whose it is: take the name out of them."
)
#: A face in the post, and the same student's name with a work.
NAME_WITH_WORK = f"{_TOGETHER} Cover the face, or cover the name on the work and credit nobody."
#: A short name that may be that of a student, with that student's school and grade.
MAYBE_WITH_SCHOOL_AND_GRADE = (
    "With the school and the grade in the same post, this may tell as much as the full name of a "
    "student who cannot be named so here: take the grade or the school out, or say who is meant."
)


def explained(evidence: Evidence, shown: Shown, reason: Reason) -> Reason:
    """The reason, in the words for the combination that is really there."""
    name = next((one for one in evidence.names if one.finding_id == reason.finding), None)
    match reason.code:
        case ReasonCode.UNSETTLED_NAME if name and _is_only_placed(evidence, shown, name):
            return replace(reason, message=MAYBE_WITH_SCHOOL_AND_GRADE)
        case ReasonCode.IMAGE_WITH_NAME:
            return _told_together(shown, reason, name)
        case _:
            return reason


def _told_together(shown: Shown, reason: Reason, name: NameFinding | None) -> Reason:
    if name is None:
        return replace(reason, message=NAME_WITH_WORK)
    if name.where is Where.PIXELS:
        return replace(reason, message=NAME_IN_PICTURE)
    return replace(reason, message=NAME_OF_COVERED) if _is_covered(shown, name) else reason


def _is_covered(shown: Shown, name: NameFinding) -> bool:
    """Whether nobody whom the name may be is seen, so that it is the cover that it gives away."""
    return not any(student in shown.pictured for student in name.candidates)


def _is_only_placed(evidence: Evidence, shown: Shown, name: NameFinding) -> bool:
    """Whether the name would do for everybody, were it not for the school and the grade."""
    asked = (permission_for_name(evidence, shown, name, student) for student in name.candidates)
    refused = {given.reason for _, given in asked if isinstance(given, Refused)}
    return refused == {RefusalReason.SCHOOL_AND_GRADE}
