"""May a search name students of a school by itself? Only as far as that school's evidence goes.

The one place of that rule: the settings, the pages and every check ask here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mediacheck.model.face_evidence import BARS, Band, BandCounts, FaceEvidence
from mediacheck.resolution.bounds import fewest_trials, upper_bound
from mediacheck.resolution.thresholds import (
    FEWEST_ANSWERS,
    MOST_BAND_FPIR,
    MOST_FPIR,
    MOST_WRONG_ANSWERS,
    Threshold,
    max_distance_among,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentGallery:
    """What is searched now: the model, and how many are enrolled with it."""

    model: str
    students: int
    templates: int


def backed_bar_or_none(evidence: FaceEvidence, threshold: Threshold) -> float | None:
    """The largest distance at which so few strangers are named as is asked for; None: at none.

    It is never beyond the product's own bar for a gallery of that size.
    """
    most = max_distance_among(threshold, evidence.whole.templates)
    for place in reversed(range(len(BARS))):
        if BARS[place] <= most and all(_is_backed(counts, place) for counts in evidence.bands):
            return BARS[place]
    return None


def why_not_identify(
    evidence: FaceEvidence | None, present: PresentGallery, threshold: Threshold
) -> tuple[str, ...]:
    """Why a search may not name anybody at the school without a person's word; empty: it may."""
    if evidence is None:
        return ("Nothing has been measured on this school's own students yet.",)
    return (*_stale(evidence, present), *_thin(evidence, threshold), *_answers(evidence))


def is_outgrown(evidence: FaceEvidence, present: PresentGallery) -> bool:
    """Whether the gallery is not, or no longer within, what was measured."""
    return any(True for _ in _stale(evidence, present))


def limit_of(band: Band) -> float:
    """The share of strangers that may be named at the most, as far as trials can bound it."""
    return MOST_FPIR if band is Band.ALL else MOST_BAND_FPIR


def _is_backed(counts: BandCounts, place: int) -> bool:
    errors, limit = counts.false_positives[place], limit_of(counts.band)
    is_near = errors <= limit * counts.students
    return is_near and upper_bound(errors, counts.students) <= limit


def _stale(evidence: FaceEvidence, present: PresentGallery) -> Iterator[str]:
    if evidence.model != present.model:
        yield "It was measured with another model. Measure again."
    elif present.students > evidence.whole.students:
        yield (
            f"{present.students} students are enrolled now, and {evidence.whole.students} were "
            "measured. Measure again."
        )
    elif present.templates > evidence.whole.templates:
        yield (
            f"{present.templates} portraits are enrolled now, and {evidence.whole.templates} were "
            "measured. Measure again."
        )


def _thin(evidence: FaceEvidence, threshold: Threshold) -> Iterator[str]:
    """Too few students, or too many errors among them, in words for each band."""
    for counts in evidence.bands:
        limit = limit_of(counts.band)
        needed = fewest_trials(limit)
        if counts.students < needed:
            yield (
                f"{_WORDS[counts.band]}: {counts.students} students are too few. Without one "
                f"error it takes {needed} to show that at most {limit:.0%} of strangers are named."
            )
    is_thin = any(one.students < fewest_trials(limit_of(one.band)) for one in evidence.bands)
    if not is_thin and backed_bar_or_none(evidence, threshold) is None:
        yield "Too many students are mistaken for one another, however close a match has to be."


def _answers(evidence: FaceEvidence) -> Iterator[str]:
    answers = evidence.answers
    if answers.close < FEWEST_ANSWERS:
        yield (
            f"People have answered {answers.close} close suggestions in posts here. It takes "
            f"{FEWEST_ANSWERS} to judge by."
        )
    elif upper_bound(answers.wrong, answers.close) > MOST_WRONG_ANSWERS:
        yield (
            f"{answers.wrong} of {answers.close} close suggestions in posts were somebody else: "
            f"that does not show that at most {MOST_WRONG_ANSWERS:.0%} are."
        )


_WORDS = {
    Band.ALL: "The whole school",
    Band.EARLY: "Up to grade 2",
    Band.MIDDLE: "Grades 3 to 5",
    Band.UPPER: "Grades 6 to 8",
    Band.HIGH: "Grades 9 to 12",
    Band.UNKNOWN: "Students without a grade",
}
