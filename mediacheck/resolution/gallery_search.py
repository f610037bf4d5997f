"""Searches the faces of one picture in a gallery of enrolled templates.

A match stands only where the face's nearest student and the student's nearest face are each other,
each with a lead over the next: so nobody is accepted twice in one picture, and adding somebody
else's template never makes a search more permissive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mediacheck.model.finding import FindingId
from mediacheck.model.resolution import Candidate
from mediacheck.resolution.errors import MixedModels, UnusableTemplate
from mediacheck.resolution.face_assignment import assign
from mediacheck.resolution.thresholds import Threshold, max_distance_among
from release_db.records import Template
from release_db.words import StudentId

Distances = npt.NDArray[np.float64]

#: So many possible students are shown for a face.
MOST_CANDIDATES = 5
#: Stored templates are float32, so their length is 1 only to this.
_LENGTH_TOLERANCE = 1e-3


class MatchKind(StrEnum):
    """How far a search came. ``ACCEPTED``: threshold and margins passed."""

    ACCEPTED = "accepted"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search made of one face. ``candidates`` are best first; empty only for ``NONE``."""

    kind: MatchKind
    model: str
    candidates: tuple[Candidate, ...] = ()


def search_gallery(
    probes: Sequence[tuple[FindingId, bytes | None]],
    templates: Sequence[Template],
    threshold: Threshold,
) -> Mapping[FindingId, SearchResult]:
    """What the gallery says about each face of one picture.

    A probe of None (a failure to acquire) matches nobody. Students whose own templates are as near
    to each other as a match would be are lookalikes, and are never accepted.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template or probe is damaged.
    """
    results = {
        finding: SearchResult(kind=MatchKind.NONE, model=threshold.model) for finding, _ in probes
    }
    faces = [(finding, probe) for finding, probe in probes if probe is not None]
    if any(template.model != threshold.model for template in templates):
        raise MixedModels
    if not faces or not templates:
        return results
    gallery = _Gallery.of(templates)
    distances = gallery.distances(_vectors([probe for _, probe in faces]))
    bar = max_distance_among(threshold, len(templates))
    accepted = _accepted(distances, bar, threshold.margin) & ~gallery.lookalikes(threshold)
    # An accepted pair is settled: taking 1 off its cost keeps every other assignment out of it.
    first = assign(distances - accepted, threshold.candidate_distance)
    for row, (finding, _) in enumerate(faces):
        taken = accepted.any(axis=0) & ~accepted[row]
        order = _candidate_order(distances[row], taken, first[row], threshold)
        results[finding] = SearchResult(
            kind=_kind_of(accepted[row], order),
            model=threshold.model,
            candidates=tuple(
                gallery.candidate(distances[row], column, threshold) for column in order
            ),
        )
    return results


def template_vectors(templates: Sequence[Template], threshold: Threshold) -> Distances:
    """The templates as rows of numbers, of length 1 each.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if any(template.model != threshold.model for template in templates):
        raise MixedModels
    return _vectors([template.vector for template in templates])


def student_distances(
    probes: Sequence[bytes], templates: Sequence[Template], threshold: Threshold
) -> Distances:
    """Probes x students: the distance to the nearest template of each student.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template or probe is damaged.
    """
    if any(template.model != threshold.model for template in templates):
        raise MixedModels
    return _Gallery.of(templates).distances(_vectors(probes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gallery:
    """The searched students, sorted, and the template rows of each."""

    students: tuple[StudentId, ...]
    vectors: Distances
    owners: npt.NDArray[np.int_]

    @classmethod
    def of(cls, templates: Sequence[Template]) -> _Gallery:
        students = tuple(sorted({template.student_id for template in templates}))
        places = {student: place for place, student in enumerate(students)}
        return cls(
            students=students,
            vectors=_vectors([template.vector for template in templates]),
            owners=np.array([places[template.student_id] for template in templates]),
        )

    def distances(self, probes: Distances) -> Distances:
        """Probes x students: the distance to the nearest template of each student."""
        if probes.shape[1] != self.vectors.shape[1]:
            raise MixedModels
        each = _distances(probes, self.vectors)
        nearest = np.full((len(probes), len(self.students)), np.inf)
        np.minimum.at(nearest.T, self.owners, each.T)
        return nearest

    def lookalikes(self, threshold: Threshold) -> npt.NDArray[np.bool_]:
        """Which students have a template within ``max_distance`` of somebody else's."""
        near = _distances(self.vectors, self.vectors) <= threshold.max_distance
        near &= self.owners[:, None] != self.owners[None, :]
        marks = np.zeros(len(self.students), dtype=bool)
        marks[self.owners[near.any(axis=1)]] = True
        return marks

    def candidate(self, distances: Distances, column: int, threshold: Threshold) -> Candidate:
        """One student, with the lead over the nearest other.

        Where nobody else is searched, the runner-up is taken to be just far enough for a match.
        """
        others = np.delete(distances, column)
        alone = threshold.max_distance + threshold.margin
        runner_up = float(others.min()) if others.size else alone
        distance = float(distances[column])
        return Candidate(
            student_id=self.students[column], distance=distance, margin=runner_up - distance
        )


def _vectors(stored: Sequence[bytes]) -> Distances:
    """Stored templates as rows of numbers.

    Raises:
        MixedModels: they differ in length.
        UnusableTemplate: one is no vector of length 1.
    """
    if len({len(vector) for vector in stored}) > 1:
        raise MixedModels
    if not stored[0] or len(stored[0]) % 4:
        raise UnusableTemplate
    vectors = np.stack([np.frombuffer(vector, "<f4") for vector in stored]).astype(np.float64)
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < _LENGTH_TOLERANCE):
        raise UnusableTemplate
    return vectors


def _distances(some: Distances, others: Distances) -> Distances:
    """Euclidean, between rows of length 1."""
    return np.sqrt(np.maximum(0.0, 2.0 - 2.0 * (some @ others.T)))


def _accepted(distances: Distances, bar: float, margin: float) -> npt.NDArray[np.bool_]:
    """Pairs within the bar that lead their row and their column by the margin."""
    accepted = distances <= bar
    for row, column in np.argwhere(accepted):
        rivals = np.concatenate(
            [np.delete(distances[row], column), np.delete(distances[:, column], row)]
        )
        if rivals.size and rivals.min() - distances[row, column] < margin:
            accepted[row, column] = False
    return accepted


def _candidate_order(
    distances: Distances, taken: npt.NDArray[np.bool_], first: int | None, threshold: Threshold
) -> list[int]:
    """Columns of the students to show: the assigned one, then by distance; nobody twice."""
    near = [
        int(column)
        for column in np.argsort(distances, kind="stable")
        if distances[column] <= threshold.candidate_distance and not taken[column]
    ]
    near.sort(key=lambda column: column != first)
    return near[:MOST_CANDIDATES]


def _kind_of(accepted: npt.NDArray[np.bool_], order: Sequence[int]) -> MatchKind:
    if not order:
        return MatchKind.NONE
    return MatchKind.ACCEPTED if accepted[order[0]] else MatchKind.LIKELY
