"""A portrait of the wrong student shows beside the others that are enrolled."""

from __future__ import annotations

import numpy as np
import pytest

from mediacheck.resolution.portrait_check import (
    Doubt,
    doubt_of_offer,
    doubt_or_none,
    doubtful_portraits,
)
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import StudentId


def a_template(student: str, angle: float) -> Template:
    """At ``angle`` (radians; small ones are distances) from the others."""
    values = np.zeros(128, dtype="<f4")
    values[:2] = np.cos(angle), np.sin(angle)
    return Template(
        student_id=StudentId(student), model=DLIB_RESNET_V1_M6.model, vector=values.tobytes()
    )


ENROLLED = [a_template("maya", 0.0), a_template("maya", 0.2), a_template("teddy", 1.2)]


@pytest.mark.parametrize(
    ("portrait", "doubt"),
    [
        (a_template("maya", 0.1), None),
        (a_template("maya", 0.5), None),
        (a_template("maya", 0.7), Doubt.UNLIKE_OWN),
        (a_template("maya", 1.1), Doubt.LIKE_ANOTHER),
        (a_template("kai", 0.3), Doubt.LIKE_ANOTHER),
        (a_template("kai", 0.7), None),
    ],
    ids=["alike", "likely", "unlike", "another's", "a first one like another's", "a first one"],
)
def test_a_new_portrait_is_doubted_by_the_others(portrait: Template, doubt: Doubt | None) -> None:
    assert doubt_or_none(portrait, ENROLLED, DLIB_RESNET_V1_M6) is doubt


def test_the_first_portrait_of_a_school_has_nothing_against_it() -> None:
    assert doubt_or_none(ENROLLED[0], [], DLIB_RESNET_V1_M6) is None


def test_each_portrait_is_left_out_in_turn() -> None:
    swapped = [*ENROLLED, a_template("teddy", 0.05), a_template("kai", 2.5), a_template("kai", 2.6)]

    assert doubtful_portraits(swapped, DLIB_RESNET_V1_M6) == {
        "maya": Doubt.LIKE_ANOTHER,
        "teddy": Doubt.LIKE_ANOTHER,
    }
    assert doubtful_portraits(ENROLLED, DLIB_RESNET_V1_M6) == {}
    assert doubtful_portraits([], DLIB_RESNET_V1_M6) == {}


OWN, OTHERS = [a_template("maya", 0.0)], [a_template("teddy", 0.4)]


@pytest.mark.parametrize(
    ("angle", "own", "doubt"),
    [
        (0.1, OWN, None),
        (0.1, [], Doubt.NOTHING_OWN),
        (-0.35, OWN, Doubt.UNLIKE_OWN),
        (0.19, OWN, Doubt.LIKE_ANOTHER),
    ],
    ids=["fits", "nothing to fit", "too far", "as close to another"],
)
def test_a_face_from_a_post_has_to_fit(
    angle: float, own: list[Template], doubt: Doubt | None
) -> None:
    offered = a_template("maya", angle)

    assert doubt_of_offer(offered, own, OTHERS, DLIB_RESNET_V1_M6) is doubt


def test_a_face_from_a_post_is_nearer_to_own_ones_where_nobody_else_is_enrolled() -> None:
    assert doubt_of_offer(a_template("maya", 0.2), OWN, [], DLIB_RESNET_V1_M6) is None
