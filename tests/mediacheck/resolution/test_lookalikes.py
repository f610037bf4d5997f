"""Lookalikes are measured: templates of two students that are as near as a match."""

from __future__ import annotations

import numpy as np
import pytest

from mediacheck.resolution.errors import MixedModels
from mediacheck.resolution.lookalikes import lookalikes_among
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import StudentId

MODEL = DLIB_RESNET_V1_M6.model


def a_template(student: str, angle: float, model: str = MODEL) -> Template:
    """At ``angle`` (radians; small ones are distances) from the others."""
    values = np.zeros(128, dtype="<f4")
    values[:2] = np.cos(angle), np.sin(angle)
    return Template(student_id=StudentId(student), model=model, vector=values.tobytes())


def test_a_student_within_the_bar_of_another_is_a_lookalike() -> None:
    school = [a_template("maya", 0.0), a_template("mara", 0.31), a_template("teddy", 1.5)]

    assert lookalikes_among([StudentId("maya"), StudentId("teddy")], school, DLIB_RESNET_V1_M6) == {
        "maya"
    }


def test_a_lookalike_of_another_class_counts_and_is_not_told() -> None:
    school = [a_template("maya", 0.0), a_template("mara", 0.31)]

    assert lookalikes_among([StudentId("maya")], school, DLIB_RESNET_V1_M6) == {"maya"}


def test_a_students_own_portraits_make_no_lookalike() -> None:
    school = [a_template("maya", 0.0), a_template("maya", 0.1), a_template("mara", 0.45)]

    assert lookalikes_among([StudentId("maya")], school, DLIB_RESNET_V1_M6) == frozenset()


def test_an_empty_gallery_has_none() -> None:
    assert lookalikes_among([StudentId("maya")], [], DLIB_RESNET_V1_M6) == frozenset()


def test_templates_of_another_model_raise() -> None:
    with pytest.raises(MixedModels):
        lookalikes_among([], [a_template("maya", 0.0, "another")], DLIB_RESNET_V1_M6)
