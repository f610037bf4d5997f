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
Likeness = npt.NDArray[np.float32]

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
    if any(template.model != threshold.model for template in templates):
        raise MixedModels
    if not templates:
        return {finding: _nobody(threshold) for finding, _ in probes}
    return search_prepared(probes, Gallery.of(templates), threshold)


def search_prepared(
    probes: Sequence[tuple[FindingId, bytes | None]], gallery: Gallery, threshold: Threshold
) -> Mapping[FindingId, SearchResult]:
    """The same in a gallery that is ready: made once, it is searched in far less time.

    Its templates are of the model that ``threshold`` names.

    Raises:
        MixedModels: a probe is of another length.
        UnusableTemplate: a probe is damaged.
    """
    results = {finding: _nobody(threshold) for finding, _ in probes}
    faces = [(finding, probe) for finding, probe in probes if probe is not None]
    if not faces:
        return results
    likeness = gallery.likeness(_vectors([probe for _, probe in faces]))
    distances = gallery.nearest(likeness)
    bar = max_distance_among(threshold, len(gallery.vectors))
    accepted = _accepted(distances, bar, threshold.margin)
    for row, column in np.argwhere(accepted):
        accepted[row, column] = not gallery.has_lookalike(column, likeness[:, row], threshold)
    first = _assigned(distances, accepted, threshold)
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


def _nobody(threshold: Threshold) -> SearchResult:
    return SearchResult(kind=MatchKind.NONE, model=threshold.model)


def _assigned(
    distances: Distances, accepted: npt.NDArray[np.bool_], threshold: Threshold
) -> list[int | None]:
    """The student of each face when nobody stands in a picture twice; None: nobody is near."""
    near = np.flatnonzero((distances <= threshold.candidate_distance).any(axis=0))
    # An accepted pair is settled: taking 1 off its cost keeps every other assignment out of it.
    costs = distances[:, near] - accepted[:, near]
    chosen = assign(costs, threshold.candidate_distance)
    return [None if column is None else int(near[column]) for column in chosen]


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
    gallery = Gallery.of(templates)
    return gallery.nearest(gallery.likeness(_vectors(probes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """The searched students, sorted, and all their templates in that order.

    ``starts`` says at which row of ``vectors`` (float32) each student's begin.
    """

    students: tuple[StudentId, ...]
    vectors: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int_]

    @classmethod
    def of(cls, templates: Sequence[Template]) -> Gallery:
        """Makes ready what is to be searched.

        Raises:
            MixedModels: the templates differ in length.
            UnusableTemplate: one is damaged.
        """
        ordered = sorted(templates, key=lambda template: template.student_id)
        owners = np.array([template.student_id for template in ordered])
        is_first = np.concatenate([[True], owners[1:] != owners[:-1]])
        starts = np.flatnonzero(is_first)
        return cls(
            students=tuple(ordered[start].student_id for start in starts),
            vectors=_vectors([template.vector for template in ordered]).astype(np.float32),
            starts=starts,
        )

    def likeness(self, probes: Distances) -> Likeness:
        """Templates x probes: their products, 1 for the same direction."""
        if probes.shape[1] != self.vectors.shape[1]:
            raise MixedModels
        return self.vectors @ probes.astype(np.float32).T

    def nearest(self, likeness: Likeness) -> Distances:
        """Probes x students: the distance to the nearest template of each student."""
        return _apart(np.maximum.reduceat(likeness, self.starts, axis=0).T)

    def has_lookalike(self, column: int, likeness: Likeness, threshold: Threshold) -> bool:
        """Whether a student has a template within ``max_distance`` of somebody else's.

        ``likeness`` is that of every template to one probe. Who is near to the student's templates
        is not far from the probe either (triangle inequality): only those are compared.
        """
        after = self.starts[column + 1 : column + 2]
        end = int(after[0]) if after.size else len(self.vectors)
        own = slice(int(self.starts[column]), end)
        reach = float(_apart(likeness[own]).max()) + threshold.max_distance + _LENGTH_TOLERANCE
        is_other = likeness >= 1 - reach**2 / 2
        is_other[own] = False
        others = self.vectors[is_other]
        return bool((_apart(others @ self.vectors[own].T) <= threshold.max_distance).any())

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


def _apart(likeness: Likeness) -> Distances:
    """Euclidean distances between rows of length 1, from their products."""
    return np.sqrt(np.maximum(0.0, 2.0 - 2.0 * likeness.astype(np.float64)))


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
    within = np.flatnonzero((distances <= threshold.candidate_distance) & ~taken)
    near = [int(column) for column in within[np.argsort(distances[within], kind="stable")]]
    near.sort(key=lambda column: column != first)
    return near[:MOST_CANDIDATES]


def _kind_of(accepted: npt.NDArray[np.bool_], order: Sequence[int]) -> MatchKind:
    if not order:
        return MatchKind.NONE
    return MatchKind.ACCEPTED if accepted[order[0]] else MatchKind.LIKELY
