"""What a person's word on a face says of the search that had a candidate for it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from mediacheck.model.face_evidence import AnsweredMatch
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    ModelMatch,
    NotAStudent,
    Resolution,
    Suggested,
)
from release_db.words import StudentId


def answered_or_none(
    match: Resolution, word: Resolution, model: str, enrolled: Collection[StudentId]
) -> AnsweredMatch | None:
    """What was learnt; None: the search had nobody, was of another model, or no person said who.

    ``enrolled`` are the students who are in the gallery.
    """
    candidates = _candidates_of(match, model)
    if not candidates:
        return None
    match word:
        case Identified(students=(student,), by=str()):
            said: StudentId | None = student
        case NotAStudent():
            said = None
        case _:
            return None
    best = candidates[0]
    return AnsweredMatch(
        distance=best.distance,
        margin=best.margin,
        is_right=said == best.student_id,
        true_distance=_true_distance(said, candidates) if said in enrolled else None,
    )


def _candidates_of(match: Resolution, model: str) -> tuple[Candidate, ...]:
    match match:
        case Suggested(candidates=candidates, model=by) if by == model:
            return candidates
        case Identified(students=(student,), by=ModelMatch() as by) if by.model == model:
            return (Candidate(student_id=student, distance=by.distance, margin=by.margin),)
        case _:
            return ()


def _true_distance(said: StudentId | None, candidates: Sequence[Candidate]) -> float:
    return next((one.distance for one in candidates if one.student_id == said), math.inf)
