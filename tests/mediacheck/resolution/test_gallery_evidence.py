"""The counts of a gallery are those of every pair, whatever the blocks."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from mediacheck.model.face_evidence import BARS, AnsweredMatch, Band, BandCounts
from mediacheck.model.resolution import (
    Candidate,
    Identified,
    ModelMatch,
    Nobody,
    NotAStudent,
    OtherPerson,
    Resolution,
    Suggested,
    Unresolved,
)
from mediacheck.resolution import gallery_evidence
from mediacheck.resolution.answered_faces import answered_or_none
from mediacheck.resolution.gallery_evidence import count_answers, count_gallery
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import StudentId
from tests.factories import AUTHOR

MODEL = DLIB_RESNET_V1_M6.model
MAYA, TEDDY = StudentId("S1"), StudentId("S2")
AT = BARS.index(0.32)


def a_gallery(students: int, each: int) -> tuple[list[Template], dict[StudentId, Band]]:
    """Made-up templates, the portraits of one student near each other, in two bands and none."""
    random = np.random.default_rng(7)
    templates, bands = [], {}
    for number in range(students):
        student = StudentId(f"S{number}")
        bands[student] = (Band.EARLY, Band.HIGH, Band.UNKNOWN)[number % 3]
        # Few dimensions, so that strangers come near each other.
        own = random.normal(size=6)
        for _ in range(each):
            vector = np.zeros(128)
            vector[:6] = own + 0.15 * random.normal(size=6)
            vector = (vector / np.linalg.norm(vector)).astype("<f4")
            templates.append(Template(student_id=student, model=MODEL, vector=vector.tobytes()))
    return templates, bands


def counted_by_hand(
    templates: list[Template], bands: dict[StudentId, Band], band: Band
) -> tuple[int, int, int, int, int]:
    """Impostor and genuine pairs, those of each within the bar, and students mistaken."""
    impostors = genuine = false = within = 0
    mistaken = set()
    for one, other in combinations(templates, 2):
        first, second = (np.frombuffer(each.vector, "<f4") for each in (one, other))
        is_near = float(np.linalg.norm(first.astype(float) - second.astype(float))) < BARS[AT]
        is_genuine = one.student_id == other.student_id
        is_in = [band is Band.ALL or bands[each.student_id] is band for each in (one, other)]
        if all(is_in):
            genuine, impostors = genuine + is_genuine, impostors + (not is_genuine)
            within, false = within + (is_genuine and is_near), false + (is_near and not is_genuine)
        if is_near and not is_genuine:
            pairs = zip((one, other), is_in, strict=True)
            mistaken |= {each.student_id for each, inside in pairs if inside}
    return impostors, genuine, false, within, len(mistaken)


@pytest.mark.parametrize("side", [7, 64, 2048])
def test_the_counts_are_those_of_every_pair(monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    monkeypatch.setattr(gallery_evidence, "_SIDE", side)
    templates, bands = a_gallery(students=40, each=3)

    counts = count_gallery(templates, bands, DLIB_RESNET_V1_M6)

    assert [one.band for one in counts] == [Band.ALL, Band.EARLY, Band.HIGH, Band.UNKNOWN]
    assert [at_the_bar(one) for one in counts] == [
        counted_by_hand(templates, bands, one.band) for one in counts
    ]
    assert counts[0].false_positives[AT] > 0
    assert sum(one.students for one in counts[1:]) == counts[0].students == 40


def at_the_bar(counts: BandCounts) -> tuple[int, int, int, int, int]:
    return (
        counts.impostor_pairs,
        counts.genuine_pairs,
        counts.false_matches[AT],
        counts.genuine_within[AT],
        counts.false_positives[AT],
    )


def test_a_wider_bar_never_counts_less() -> None:
    templates, bands = a_gallery(students=30, each=2)

    for counts in count_gallery(templates, bands, DLIB_RESNET_V1_M6):
        for series in (counts.false_matches, counts.false_positives, counts.genuine_within):
            assert list(series) == sorted(series)


def test_an_empty_gallery_counts_nobody() -> None:
    (whole,) = count_gallery([], {}, DLIB_RESNET_V1_M6)

    assert (whole.band, whole.students, whole.templates, whole.impostor_pairs) == (
        Band.ALL,
        0,
        0,
        0,
    )


def suggested(*distances: tuple[StudentId, float], model: str = MODEL) -> Suggested:
    candidates = tuple(
        Candidate(student_id=student, distance=distance, margin=0.2)
        for student, distance in distances
    )
    return Suggested(candidates=candidates, model=model)


def said(student: StudentId) -> Identified:
    return Identified(students=(student,), by=AUTHOR)


BY_MODEL = Identified(students=(MAYA,), by=ModelMatch(model=MODEL, distance=0.2, margin=0.2))
STRANGER = NotAStudent(kind=OtherPerson.VISITOR, by=AUTHOR)


@pytest.mark.parametrize(
    ("match", "word", "is_right", "true_distance"),
    [
        (suggested((MAYA, 0.2)), said(MAYA), True, 0.2),
        (BY_MODEL, said(MAYA), True, 0.2),
        (suggested((MAYA, 0.2), (TEDDY, 0.25)), said(TEDDY), False, 0.25),
        (suggested((MAYA, 0.2)), said(TEDDY), False, math.inf),
        (suggested((MAYA, 0.2)), said(StudentId("S9")), False, None),
        (suggested((MAYA, 0.2)), STRANGER, False, None),
    ],
    ids=["confirmed", "by model", "corrected", "was no candidate", "not enrolled", "stranger"],
)
def test_a_word_is_a_trial_of_the_search(
    match: Resolution, word: Resolution, is_right: bool, true_distance: float | None
) -> None:
    answered = answered_or_none(match, word, MODEL, {MAYA, TEDDY})

    assert answered == AnsweredMatch(
        distance=0.2, margin=0.2, is_right=is_right, true_distance=true_distance
    )


@pytest.mark.parametrize(
    ("match", "word"),
    [
        (suggested((MAYA, 0.2), model="another"), said(MAYA)),
        (Unresolved(), said(MAYA)),
        (suggested((MAYA, 0.2)), Nobody(by=AUTHOR)),
        (suggested((MAYA, 0.2)), BY_MODEL),
    ],
    ids=["another model", "no candidate", "no face", "no person's word"],
)
def test_what_says_nothing_of_the_search_is_no_trial(match: Resolution, word: Resolution) -> None:
    assert answered_or_none(match, word, MODEL, {MAYA}) is None


def an_answer(
    distance: float, margin: float = 0.2, *, is_right: bool = True, true: float | None = 0.2
) -> AnsweredMatch:
    return AnsweredMatch(distance=distance, margin=margin, is_right=is_right, true_distance=true)


def test_answers_count_where_the_search_would_have_named_somebody_by_itself() -> None:
    answered = [
        an_answer(0.2),
        an_answer(0.2, is_right=False, true=None),
        an_answer(0.2, margin=0.01),
        an_answer(0.35, is_right=False, true=math.inf),
    ]

    counts = count_answers(answered, DLIB_RESNET_V1_M6, templates=30)

    assert (counts.close, counts.wrong, counts.mated) == (2, 1, 3)
    assert counts.within[AT] == 2
    assert counts.within[-1] == 2
