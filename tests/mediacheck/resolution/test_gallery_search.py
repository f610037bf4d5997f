"""A search names somebody only with a lead on both sides, and never gets looser."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacheck.model.finding import FindingId
from mediacheck.resolution.errors import MixedModels, UnusableTemplate
from mediacheck.resolution.gallery_search import (
    MOST_CANDIDATES,
    Gallery,
    MatchKind,
    SearchResult,
    search_gallery,
    search_prepared,
)
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import StudentId

MODEL = DLIB_RESNET_V1_M6.model


def vector(angle: float, plane: int = 0) -> bytes:
    """A template at ``angle`` (radians; small ones are distances) within a plane of its own."""
    values = np.zeros(128, dtype="<f4")
    values[2 * plane], values[2 * plane + 1] = np.cos(angle), np.sin(angle)
    return values.tobytes()


def a_template(student: str, angle: float, plane: int = 0, model: str = MODEL) -> Template:
    return Template(student_id=StudentId(student), model=model, vector=vector(angle, plane))


def search(probes: Sequence[bytes | None], templates: Sequence[Template]) -> list[SearchResult]:
    pairs = [(FindingId(f"f{place}"), probe) for place, probe in enumerate(probes)]
    results = search_gallery(pairs, templates, DLIB_RESNET_V1_M6)
    return [results[finding] for finding, _ in pairs]


def who(result: SearchResult) -> list[str]:
    return [str(candidate.student_id) for candidate in result.candidates]


def test_a_near_student_with_a_lead_is_accepted() -> None:
    gallery = [a_template("maya", 0.0), a_template("teddy", 0.0, plane=1)]

    (result,) = search([vector(0.2)], gallery)

    assert result.kind is MatchKind.ACCEPTED
    assert who(result) == ["maya"]
    assert result.model == MODEL
    assert result.candidates[0].distance == pytest.approx(0.2, abs=0.001)
    assert result.candidates[0].margin == pytest.approx(2**0.5 - 0.2, abs=0.03)


def test_a_student_beyond_the_bar_is_only_likely() -> None:
    (result,) = search([vector(0.36)], [a_template("maya", 0.0)])

    assert result.kind is MatchKind.LIKELY
    assert who(result) == ["maya"]


def test_a_face_that_resembles_nobody_has_no_candidates() -> None:
    (result,) = search([vector(1.0)], [a_template("maya", 0.0)])

    assert result == SearchResult(kind=MatchKind.NONE, model=MODEL)


def test_a_weak_lead_over_the_runner_up_is_only_likely() -> None:
    gallery = [a_template("maya", 0.0), a_template("mara", 0.40)]

    (result,) = search([vector(0.18)], gallery)

    assert result.kind is MatchKind.LIKELY
    assert who(result) == ["maya", "mara"]


def test_the_best_of_a_students_templates_counts() -> None:
    gallery = [
        a_template("maya", 1.0),
        a_template("maya", 0.1),
        a_template("teddy", 0.0, plane=1),
    ]

    (result,) = search([vector(0.0)], gallery)

    assert result.kind is MatchKind.ACCEPTED
    assert result.candidates[0].distance == pytest.approx(0.1, abs=0.001)


def test_students_whose_templates_resemble_each_other_are_always_asked() -> None:
    gallery = [a_template("maya", 0.0), a_template("mara", 0.30)]

    (result,) = search([vector(-0.1)], gallery)

    assert result.kind is MatchKind.LIKELY
    assert who(result) == ["maya"]


def test_two_faces_of_one_student_are_both_asked() -> None:
    results = search([vector(0.10), vector(0.12)], [a_template("maya", 0.0)])

    assert [result.kind for result in results] == [MatchKind.LIKELY, MatchKind.LIKELY]


def test_a_student_accepted_for_one_face_is_not_offered_for_another() -> None:
    near, far = search([vector(0.10), vector(0.38)], [a_template("maya", 0.0)])

    assert near.kind is MatchKind.ACCEPTED
    assert far == SearchResult(kind=MatchKind.NONE, model=MODEL)


def test_a_face_without_a_template_matches_nobody() -> None:
    failed, seen = search([None, vector(0.1)], [a_template("maya", 0.0)])

    assert failed.kind is MatchKind.NONE
    assert seen.kind is MatchKind.ACCEPTED


def test_an_empty_gallery_matches_nobody() -> None:
    assert [result.kind for result in search([vector(0.0)], [])] == [MatchKind.NONE]


def test_no_more_candidates_are_shown_than_a_person_can_weigh() -> None:
    gallery = [a_template(f"s{place}", 0.01 * place) for place in range(9)]

    (result,) = search([vector(0.0)], gallery)

    assert who(result) == [f"s{place}" for place in range(MOST_CANDIDATES)]


def test_a_template_of_another_model_raises_even_when_nobody_is_searched() -> None:
    gallery = [a_template("maya", 0.0), a_template("teddy", 0.0, model="dlib-resnet-v1/m2")]

    with pytest.raises(MixedModels):
        search([None], gallery)


def test_a_probe_of_another_length_raises() -> None:
    probe = np.array([1, 0], dtype="<f4").tobytes()

    with pytest.raises(MixedModels):
        search([probe], [a_template("maya", 0.0)])


def test_templates_of_different_lengths_raise() -> None:
    short = Template(student_id=StudentId("teddy"), model=MODEL, vector=vector(0.0)[:-4])

    with pytest.raises(MixedModels):
        search([vector(0.0)], [a_template("maya", 0.0), short])


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"odd",
        np.zeros(128, dtype="<f4").tobytes(),
        np.full(128, np.nan, dtype="<f4").tobytes(),
        np.full(128, np.inf, dtype="<f4").tobytes(),
    ],
    ids=["empty", "odd", "zero", "nan", "infinite"],
)
def test_a_damaged_template_raises(damaged: bytes) -> None:
    template = Template(student_id=StudentId("maya"), model=MODEL, vector=damaged)

    with pytest.raises(UnusableTemplate):
        search([vector(0.0)], [template])


ANGLES = st.floats(0, 0.8)
PLACES = st.tuples(st.sampled_from(["a", "b", "c", "d"]), ANGLES, st.integers(0, 1))
GALLERIES = st.lists(PLACES, min_size=1, max_size=6)
PROBES = st.lists(st.tuples(ANGLES, st.integers(0, 1)), min_size=1, max_size=4)


def gallery_of(places: Sequence[tuple[str, float, int]]) -> list[Template]:
    return [a_template(student, angle, plane) for student, angle, plane in places]


def accepted_in(results: Sequence[SearchResult]) -> dict[int, str]:
    return {
        place: who(result)[0]
        for place, result in enumerate(results)
        if result.kind is MatchKind.ACCEPTED
    }


@given(GALLERIES, PROBES)
def test_two_faces_of_one_picture_are_never_the_same_student(
    places: list[tuple[str, float, int]], probes: list[tuple[float, int]]
) -> None:
    results = search([vector(*probe) for probe in probes], gallery_of(places))

    accepted = list(accepted_in(results).values())
    assert len(accepted) == len(set(accepted))
    for place, student in accepted_in(results).items():
        others = [who(result) for other, result in enumerate(results) if other != place]
        assert all(student not in names for names in others)


@given(GALLERIES, PROBES, PLACES)
def test_a_template_of_somebody_else_never_makes_a_search_looser(
    places: list[tuple[str, float, int]],
    probes: list[tuple[float, int]],
    more: tuple[str, float, int],
) -> None:
    faces = [vector(*probe) for probe in probes]
    before = accepted_in(search(faces, gallery_of(places)))

    after = accepted_in(search(faces, gallery_of([*places, more])))

    others = {place: student for place, student in after.items() if student != more[0]}
    assert others.items() <= before.items()


@given(GALLERIES, PROBES, st.randoms(use_true_random=False))
def test_the_order_of_templates_and_faces_does_not_matter(
    places: list[tuple[str, float, int]], probes: list[tuple[float, int]], chance: Random
) -> None:
    order = chance.sample(range(len(probes)), len(probes))
    faces = [vector(*probe) for probe in probes]
    results = search(faces, gallery_of(places))

    shuffled = search(
        [faces[place] for place in order], gallery_of(chance.sample(places, len(places)))
    )

    assert [result.kind for result in shuffled] == [results[place].kind for place in order]
    assert {order[place]: student for place, student in accepted_in(shuffled).items()} == (
        accepted_in(results)
    )


@given(GALLERIES, PROBES)
def test_an_accepted_face_is_within_the_bar_and_leads_by_the_margin(
    places: list[tuple[str, float, int]], probes: list[tuple[float, int]]
) -> None:
    results = search([vector(*probe) for probe in probes], gallery_of(places))

    for result in results:
        if result.kind is MatchKind.ACCEPTED:
            assert result.candidates[0].distance <= DLIB_RESNET_V1_M6.max_distance
            assert result.candidates[0].margin >= DLIB_RESNET_V1_M6.margin - 1e-9
        for candidate in result.candidates:
            assert candidate.distance <= DLIB_RESNET_V1_M6.candidate_distance


def test_faces_that_gave_no_template_match_nobody() -> None:
    (result,) = search([None], [a_template("maya", 0.0)])

    assert (result.kind, result.candidates) == (MatchKind.NONE, ())


def test_a_gallery_that_is_ready_answers_like_one_that_is_made_for_the_search() -> None:
    chance = np.random.default_rng(5)
    gallery = [
        a_template(f"s{place // 3:02}", float(chance.uniform(0, 0.5)), plane=place // 6)
        for place in chance.permutation(60)
    ]
    probes = [(FindingId(f"f{place}"), vector(0.1 * place, plane=place)) for place in range(8)]

    ready = search_prepared(probes, Gallery.of(gallery), DLIB_RESNET_V1_M6)

    assert ready == search_gallery(probes, gallery, DLIB_RESNET_V1_M6)
    assert ready == search_gallery(probes, gallery[::-1], DLIB_RESNET_V1_M6)
    assert any(result.candidates for result in ready.values())
