"""Thin, stale or bad evidence backs nothing; each rule alone refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from mediacheck.model.face_evidence import BARS, Band, FaceEvidence
from mediacheck.resolution.naming_evidence import (
    PresentGallery,
    backed_bar_or_none,
    is_outgrown,
    why_not_identify,
)
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6, max_distance_among
from tests.factories import a_band, a_face_evidence

MODEL = DLIB_RESNET_V1_M6.model


def reasons(
    evidence: FaceEvidence | None, *, model: str = MODEL, students: int = 400, templates: int = 800
) -> tuple[str, ...]:
    present = PresentGallery(model=model, students=students, templates=templates)
    return why_not_identify(evidence, present, DLIB_RESNET_V1_M6)


def test_enough_students_without_an_error_back_it_up_to_the_products_own_bar() -> None:
    evidence = a_face_evidence()

    assert reasons(evidence) == ()
    within = backed_bar_or_none(evidence, DLIB_RESNET_V1_M6)
    assert within is not None
    assert within <= max_distance_among(DLIB_RESNET_V1_M6, 800) < within + 0.005


def only(found: Iterable[str]) -> str:
    (one,) = found
    return one


def test_without_evidence_nothing_is_backed() -> None:
    assert "Nothing has been measured" in only(reasons(None))


def test_evidence_of_another_model_is_stale() -> None:
    assert "another model" in only(reasons(a_face_evidence(), model="a new one"))


def test_a_gallery_that_has_grown_makes_it_stale_and_one_that_shrank_does_not() -> None:
    assert "Measure again" in only(reasons(a_face_evidence(), students=401))
    assert reasons(a_face_evidence(), students=399) == ()


def test_more_portraits_of_the_same_students_make_it_stale_too() -> None:
    assert "801 portraits are enrolled now" in only(reasons(a_face_evidence(), templates=801))
    assert reasons(a_face_evidence(), templates=799) == ()


@pytest.mark.parametrize(
    ("students", "templates", "model", "is_so"),
    [
        (400, 800, MODEL, False),
        (401, 800, MODEL, True),
        (400, 801, MODEL, True),
        (400, 800, "a new one", True),
    ],
)
def test_a_gallery_is_outgrown_by_whatever_was_not_measured(
    students: int, templates: int, model: str, *, is_so: bool
) -> None:
    present = PresentGallery(model=model, students=students, templates=templates)

    assert is_outgrown(a_face_evidence(), present) is is_so


def test_too_few_students_are_thin_evidence() -> None:
    thin = a_face_evidence(bands=[a_band(students=298), a_band(Band.MIDDLE, students=298)])

    assert "298 students are too few" in only(reasons(thin, students=298))
    assert backed_bar_or_none(thin, DLIB_RESNET_V1_M6) is None


def test_one_thin_band_of_grades_refuses_the_whole_school() -> None:
    bands = [a_band(), a_band(Band.EARLY, students=98), a_band(Band.MIDDLE, students=302)]

    assert "Up to grade 2: 98 students" in only(reasons(a_face_evidence(bands=bands)))


def test_students_who_are_mistaken_for_others_refuse_it() -> None:
    bands = [a_band(mistaken=40), a_band(Band.MIDDLE, mistaken=40)]

    assert "mistaken for one another" in only(reasons(a_face_evidence(bands=bands)))


def test_errors_at_wide_bars_only_bring_the_bar_down() -> None:
    errors = tuple(9 * (bar > 0.2) for bar in BARS)
    bands = [replace(a_band(band), false_positives=errors) for band in (Band.ALL, Band.MIDDLE)]
    evidence = a_face_evidence(bands=bands)

    assert backed_bar_or_none(evidence, DLIB_RESNET_V1_M6) == 0.2
    assert reasons(evidence) == ()


@pytest.mark.parametrize(
    ("close", "wrong", "words"),
    [(99, 0, "answered 99 close"), (150, 3, "3 of 150 close")],
    ids=["too few", "too often wrong"],
)
def test_people_must_have_answered_often_and_seldom_corrected(
    close: int, wrong: int, words: str
) -> None:
    assert words in only(reasons(a_face_evidence(close=close, wrong=wrong)))
