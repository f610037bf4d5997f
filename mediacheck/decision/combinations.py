"""Tells a teacher in one sentence which two things do not go together, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.decision.appearances import Shown
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.verdict import Reason, ReasonCode

_TOGETHER = "This student cannot be shown and named together here."

#: A name on a jersey, a tag or a certificate beside the face.
NAME_IN_PICTURE = f"{_TOGETHER} Cover the name in the picture."
#: A name in words that tells who is under a cover.
NAME_OF_COVERED = (
    f"{_TOGETHER} The face is covered, but these words say whose it is: take the name out of them."
)
#: A face in the post, and the same student's name with a work.
NAME_WITH_WORK = f"{_TOGETHER} Cover the face, or cover the name on the work and credit nobody."


def explained(evidence: Evidence, shown: Shown, reason: Reason) -> Reason:
    """The reason, in the words for the combination that is really there."""
    if reason.code is not ReasonCode.IMAGE_WITH_NAME:
        return reason
    name = next((one for one in evidence.names if one.finding_id == reason.finding), None)
    if name is None:
        return replace(reason, message=NAME_WITH_WORK)
    if name.where is Where.PIXELS:
        return replace(reason, message=NAME_IN_PICTURE)
    return replace(reason, message=NAME_OF_COVERED) if _is_covered(shown, name) else reason


def _is_covered(shown: Shown, name: NameFinding) -> bool:
    """Whether nobody whom the name may be is seen, so that it is the cover that it gives away."""
    return not any(student in shown.pictured for student in name.candidates)
