"""Only a certain name with a single bearer stands without a person's word."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.model.finding import Certainty
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    Noted,
    RosterMatch,
    Suggested,
    Unresolved,
)
from mediacheck.resolution.roster_match import resolve_name
from release_db.words import StudentId
from tests.factories import a_name

MAYA = Candidate(student_id=StudentId("S1"), distance=0.0, margin=0.0)
MARA = Candidate(student_id=StudentId("S2"), distance=0.0, margin=0.0)


def test_a_certain_name_of_one_student_identifies() -> None:
    resolution = resolve_name(a_name(candidates=["S1"]))

    assert resolution == Identified(students=(StudentId("S1"),), by=RosterMatch())


def test_a_certain_name_of_two_students_is_unresolved() -> None:
    resolution = resolve_name(a_name(candidates=["S1", "S2"]))

    assert resolution == Unresolved(candidates=(MAYA, MARA))


def test_a_certain_name_without_a_bearer_is_unresolved() -> None:
    assert resolve_name(a_name(candidates=[])) == Unresolved()


def test_a_likely_name_is_only_suggested_even_with_one_bearer() -> None:
    resolution = resolve_name(a_name(candidates=["S1"], certainty=Certainty.LIKELY))

    assert resolution == Suggested(candidates=(MAYA,))


def test_a_possible_name_is_a_note() -> None:
    finding = replace(a_name(certainty=Certainty.POSSIBLE), note="reads as the month")

    assert resolve_name(finding) == Noted(note="reads as the month")
