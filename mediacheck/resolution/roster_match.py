"""Whom a text names, from what the name matcher found."""

from __future__ import annotations

from typing import assert_never

from mediacheck.model.finding import Certainty, NameFinding
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    Noted,
    Resolution,
    RosterMatch,
    Suggested,
    Unresolved,
)


def resolve_name(finding: NameFinding) -> Resolution:
    """Who a name is: only a certain one with a single bearer stands without a person's word."""
    candidates = tuple(
        Candidate(student_id=student, distance=0.0, margin=0.0) for student in finding.candidates
    )
    match finding.certainty:
        case Certainty.CERTAIN if len(candidates) == 1:
            return Identified(students=finding.candidates, by=RosterMatch())
        case Certainty.CERTAIN:
            return Unresolved(candidates=candidates)
        case Certainty.LIKELY:
            return Suggested(candidates=candidates)
        case Certainty.POSSIBLE:
            return Noted(note=finding.note)
        case _:
            assert_never(finding.certainty)
