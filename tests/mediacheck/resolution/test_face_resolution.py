"""How far a search may go is a setting; a marked face goes nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from mediacheck.model.finding import FaceMark
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    ModelMatch,
    Naming,
    Resolution,
    Suggested,
    Unresolved,
)
from mediacheck.resolution.errors import MixedModels
from mediacheck.resolution.face_resolution import resolve_face, resolve_faces
from mediacheck.resolution.gallery_search import MatchKind, SearchResult
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import StudentId
from tests.factories import a_face

MODEL = DLIB_RESNET_V1_M6.model
MAYA = Candidate(student_id=StudentId("S1"), distance=0.2, margin=0.3)
SAME = np.eye(1, 128, dtype="<f4").tobytes()
ACCEPTED = SearchResult(kind=MatchKind.ACCEPTED, model=MODEL, candidates=(MAYA,))
LIKELY = SearchResult(kind=MatchKind.LIKELY, model=MODEL, candidates=(MAYA,))
NOBODY = SearchResult(kind=MatchKind.NONE, model=MODEL)
SUGGESTED = Suggested(candidates=(MAYA,), model=MODEL)
IDENTIFIED = Identified(
    students=(StudentId("S1"),), by=ModelMatch(model=MODEL, distance=0.2, margin=0.3)
)


def backed(
    mode: Recognition = Recognition.IDENTIFY, within: float | None = 0.3, asked: str = ""
) -> Naming:
    """A school whose evidence backs matches up to that distance."""
    return Naming(mode=mode, within=within, asked=frozenset({StudentId(asked)} - {""}))


@pytest.mark.parametrize(
    ("mode", "result", "expected"),
    [
        (Recognition.OFF, ACCEPTED, Unresolved()),
        (Recognition.OFF, LIKELY, Unresolved()),
        (Recognition.SUGGEST, ACCEPTED, SUGGESTED),
        (Recognition.SUGGEST, LIKELY, SUGGESTED),
        (Recognition.SUGGEST, NOBODY, Unresolved()),
        (Recognition.IDENTIFY, ACCEPTED, IDENTIFIED),
        (Recognition.IDENTIFY, LIKELY, SUGGESTED),
        (Recognition.IDENTIFY, NOBODY, Unresolved()),
    ],
)
def test_a_search_goes_as_far_as_the_setting_lets_it(
    mode: Recognition, result: SearchResult, expected: Resolution
) -> None:
    assert resolve_face(a_face(), result, backed(mode)) == expected


@pytest.mark.parametrize(
    "naming",
    [backed(within=None), backed(within=0.19), backed(asked="S1")],
    ids=["no evidence", "farther than the evidence goes", "a brother, sister or lookalike"],
)
def test_a_match_that_may_not_stand_alone_is_asked(naming: Naming) -> None:
    assert resolve_face(a_face(), ACCEPTED, naming) == SUGGESTED


def test_whoever_cannot_be_told_from_the_first_candidate_is_a_rival() -> None:
    near, far = (
        Candidate(student_id=StudentId(student), distance=distance, margin=0.0)
        for student, distance in (("S2", 0.24), ("S3", 0.26))
    )
    result = SearchResult(kind=MatchKind.LIKELY, model=MODEL, candidates=(MAYA, near, far))

    suggested = resolve_face(a_face(), result, backed())

    assert isinstance(suggested, Suggested)
    assert suggested.rivals == (StudentId("S2"),)
    assert suggested.likely == (StudentId("S1"), StudentId("S2"))


@pytest.mark.parametrize("mark", FaceMark)
def test_a_marked_face_is_unresolved_whatever_the_search_says(mark: FaceMark) -> None:
    assert resolve_face(a_face(marks=[mark]), ACCEPTED, backed()) == Unresolved()


def test_every_face_of_a_picture_gets_a_resolution() -> None:
    faces = [a_face("f1"), a_face("f2")]
    gallery = [Template(student_id=StudentId("S1"), model=MODEL, vector=SAME)]

    resolutions = resolve_faces(faces, [SAME, None], gallery, backed())

    assert isinstance(resolutions[faces[0].finding_id], Identified)
    assert resolutions[faces[1].finding_id] == Unresolved()


@pytest.mark.parametrize("mode", [Recognition.SUGGEST, Recognition.IDENTIFY])
def test_without_templates_every_face_is_unresolved(mode: Recognition) -> None:
    face = a_face()

    assert resolve_faces([face], [SAME], [], backed(mode)) == {face.finding_id: Unresolved()}


def test_with_recognition_off_nothing_is_compared() -> None:
    face = a_face()
    unknown = Template(student_id=StudentId("S1"), model="unknown", vector=b"")

    assert resolve_faces([face], [b""], [unknown], backed(Recognition.OFF)) == {
        face.finding_id: Unresolved()
    }


def test_templates_of_an_unmeasured_model_raise() -> None:
    unknown = Template(student_id=StudentId("S1"), model="unknown", vector=SAME)

    with pytest.raises(MixedModels):
        resolve_faces([a_face()], [SAME], [unknown], backed(Recognition.SUGGEST))


def test_a_missing_probe_raises_rather_than_leaving_a_face_out() -> None:
    with pytest.raises(ValueError, match="zip"):
        resolve_faces([a_face()], [], [], backed(Recognition.SUGGEST))
