"""One reading is enough only where the full one could not say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mediacheck.resolution import thresholds
from mediacheck.resolution.errors import MixedModels, UnusableTemplate
from mediacheck.resolution.glance import faces_to_read
from mediacheck.resolution.thresholds import (
    DLIB_RESNET_V1_M6,
    GLANCE_FARTHER,
    GLANCE_NEARER,
    use_threshold,
)
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import StudentId

BARS = DLIB_RESNET_V1_M6
NEAR = BARS.candidate_distance - GLANCE_NEARER - 0.01
FAR = BARS.candidate_distance + GLANCE_FARTHER + 0.01


def vector(distance: float, plane: int = 0) -> bytes:
    """A template so far from the first one of its plane."""
    values = np.zeros(128, dtype="<f4")
    angle = 2 * np.arcsin(distance / 2)
    values[2 * plane], values[2 * plane + 1] = np.cos(angle), np.sin(angle)
    return values.tobytes()


def a_template(student: str, plane: int, distance: float = 0.0) -> Template:
    return Template(student_id=StudentId(student), model=BARS.model, vector=vector(distance, plane))


MAYA, TEDDY = a_template("maya", 0), a_template("teddy", 1)


def to_read(
    *glances: bytes | None,
    gallery: Sequence[Template] = (MAYA, TEDDY),
    mode: Recognition = Recognition.SUGGEST,
) -> tuple[int, ...]:
    return faces_to_read(glances, gallery, mode)


def test_a_face_with_nobody_near_is_settled() -> None:
    assert to_read(vector(FAR)) == ()


def test_a_face_that_is_surely_somebodys_is_settled_for_a_suggestion() -> None:
    assert to_read(vector(NEAR)) == ()


@pytest.mark.parametrize("distance", [NEAR + 0.02, BARS.candidate_distance, FAR - 0.02])
def test_a_face_that_may_or_may_not_be_a_candidate_is_read(distance: float) -> None:
    assert to_read(vector(distance)) == (0,)


def test_a_glance_never_names_anybody() -> None:
    faces = (vector(0.05), vector(FAR, plane=1))

    assert to_read(*faces, mode=Recognition.IDENTIFY) == (0,)


def test_without_a_clear_lead_a_face_is_read() -> None:
    twin = a_template("her sister", 0, distance=NEAR)

    assert to_read(vector(NEAR - 0.1), gallery=(MAYA, twin)) == (0,)


def test_two_faces_of_one_student_are_both_read() -> None:
    faces = (vector(0.1), vector(FAR), vector(0.2), vector(0.1, plane=1))

    assert to_read(*faces) == (0, 2)


def test_a_stranger_who_is_nearest_to_a_seen_student_changes_nothing() -> None:
    assert to_read(vector(0.1), vector(FAR)) == ()


def test_a_face_without_a_reading_is_not_read_again() -> None:
    assert to_read(None, vector(BARS.candidate_distance), None) == (1,)
    assert to_read(None) == ()


def test_with_recognition_off_or_nobody_enrolled_nothing_is_read() -> None:
    assert to_read(vector(0.3), mode=Recognition.OFF) == ()
    assert to_read(vector(0.3), gallery=()) == ()


def test_templates_of_another_model_are_never_glanced_at() -> None:
    other = Template(student_id=StudentId("maya"), model="other", vector=vector(0))

    with pytest.raises(MixedModels):
        to_read(vector(0.3), gallery=(MAYA, other))
    with pytest.raises(MixedModels):
        to_read(vector(0.3), gallery=(other,))


def test_a_damaged_glance_is_a_fault() -> None:
    with pytest.raises(UnusableTemplate):
        to_read(bytes(512))


def test_with_a_model_of_the_districts_own_every_face_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thresholds, "_BY_MODEL", dict(thresholds._BY_MODEL))
    use_threshold(replace(BARS, model="own/m2"))
    gallery = [Template(student_id=StudentId("maya"), model="own/m2", vector=vector(0))]

    assert to_read(None, vector(FAR), vector(0.1), gallery=gallery) == (1, 2)
