"""Counts what a gallery's own templates say: every pair of them, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from mediacheck.model.face_evidence import BARS, AnswerCounts, AnsweredMatch, Band, BandCounts
from mediacheck.resolution.gallery_search import template_vectors
from mediacheck.resolution.thresholds import Threshold, max_distance_among
from release_db.records import Template
from release_db.words import StudentId

#: Side of a block of distances: 2,048 squared float32 are 16 MiB, whatever the gallery's size.
_SIDE = 2048
_BARS = np.array(BARS)
#: Vectors of length 1 are nearer than the last bar where their product is above this.
_LIKENESS = np.float32(1 - BARS[-1] ** 2 / 2)

_Counts = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.float32]


def count_gallery(
    templates: Sequence[Template], bands: Mapping[StudentId, Band], threshold: Threshold
) -> tuple[BandCounts, ...]:
    """The counts of everybody, then of each band that has a student.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if not templates:
        return (_Tally(Band.ALL, np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)).counts(),)
    vectors = template_vectors(templates, threshold).astype(np.float32)
    students = sorted({template.student_id for template in templates})
    places = {student: place for place, student in enumerate(students)}
    owners = np.array([places[template.student_id] for template in templates])
    of_student = np.array([bands.get(student, Band.UNKNOWN) for student in students])
    tallies = [_Tally(Band.ALL, np.ones(len(students), dtype=bool), owners)]
    for band in Band:
        if (of_student == band).any():
            tallies.append(_Tally(band, of_student == band, owners))
    for first, second, distances in _near_pairs(vectors):
        for tally in tallies:
            tally.add(owners[first], owners[second], distances)
    return tuple(tally.counts() for tally in tallies)


def count_answers(
    answered: Sequence[AnsweredMatch], threshold: Threshold, templates: int
) -> AnswerCounts:
    """What people's words say of the search, with so many templates in the gallery."""
    bar = max_distance_among(threshold, templates)
    close = [one for one in answered if one.distance <= bar and one.margin >= threshold.margin]
    mated = [one.true_distance for one in answered if one.true_distance is not None]
    return AnswerCounts(
        close=len(close),
        wrong=sum(not one.is_right for one in close),
        mated=len(mated),
        within=tuple(sum(distance < bar for distance in mated) for bar in BARS),
    )


def _near_pairs(
    vectors: _Numbers,
) -> Iterator[tuple[npt.NDArray[np.int_], npt.NDArray[np.int_], npt.NDArray[np.float64]]]:
    """Every pair of rows that is nearer than the last bar, once, block by block."""
    count = len(vectors)
    for top in range(0, count, _SIDE):
        rows = vectors[top : top + _SIDE]
        for left in range(top, count, _SIDE):
            products = rows @ vectors[left : left + _SIDE].T
            first, second = np.nonzero(products > _LIKENESS)
            likeness = products[first, second].astype(np.float64)
            first, second = first + top, second + left
            once = first < second
            distances = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * likeness[once]))
            yield first[once], second[once], distances


class _Tally:
    """Adds up the near pairs of one band; pairs farther apart are known by subtraction."""

    def __init__(
        self, band: Band, is_in: npt.NDArray[np.bool_], owners: npt.NDArray[np.int_]
    ) -> None:
        self._band, self._is_in = band, is_in
        each = np.bincount(owners, minlength=len(is_in))[is_in]
        self._templates = int(each.sum())
        self._genuine_pairs = int((each * (each - 1) // 2).sum())
        self._false_matches = np.zeros(len(BARS), dtype=np.int64)
        self._genuine_within = np.zeros(len(BARS), dtype=np.int64)
        self._nearest = np.full(len(is_in), np.inf)

    def add(
        self,
        first: npt.NDArray[np.int_],
        second: npt.NDArray[np.int_],
        distances: npt.NDArray[np.float64],
    ) -> None:
        """``first`` and ``second`` are the owners of the two templates of each pair."""
        is_genuine = first == second
        both = self._is_in[first] & self._is_in[second]
        self._genuine_within += _below_bars(distances[is_genuine & both])
        self._false_matches += _below_bars(distances[~is_genuine & both])
        others = ~is_genuine
        np.minimum.at(self._nearest, first[others], distances[others])
        np.minimum.at(self._nearest, second[others], distances[others])

    def counts(self) -> BandCounts:
        pairs = self._templates * (self._templates - 1) // 2
        return BandCounts(
            band=self._band,
            students=int(self._is_in.sum()),
            templates=self._templates,
            impostor_pairs=pairs - self._genuine_pairs,
            genuine_pairs=self._genuine_pairs,
            false_matches=_plain(self._false_matches),
            false_positives=_plain(_below_bars(self._nearest[self._is_in])),
            genuine_within=_plain(self._genuine_within),
        )


def _below_bars(distances: npt.NDArray[np.float64]) -> _Counts:
    """How many distances lie below each bar."""
    return np.searchsorted(np.sort(distances), _BARS, side="left").astype(np.int64)


def _plain(counts: _Counts) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
