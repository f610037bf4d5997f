"""Measured lookalikes: students whose templates are as near to somebody else's as a match is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from mediacheck.resolution.gallery_search import template_vectors
from mediacheck.resolution.thresholds import Threshold
from release_db.records import Template
from release_db.words import StudentId

#: Rows compared at a time: a block of a school's templates stays within a few megabytes.
_ROWS_AT_ONCE = 512


def lookalikes_among(
    students: Collection[StudentId], templates: Sequence[Template], threshold: Threshold
) -> frozenset[StudentId]:
    """Those of the students with a template within ``max_distance`` of another student's.

    ``templates`` are everybody's who might stand in a picture: a lookalike of another class is one.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if not templates:
        return frozenset()
    vectors = template_vectors(templates, threshold)
    owners = np.array([template.student_id for template in templates])
    asked = np.flatnonzero(np.isin(owners, list(students)))
    # Between vectors of length 1 a distance is within the bar where their product reaches this.
    likeness = 1 - threshold.max_distance**2 / 2
    found: set[str] = set()
    for start in range(0, len(asked), _ROWS_AT_ONCE):
        rows = asked[start : start + _ROWS_AT_ONCE]
        near = (vectors[rows] @ vectors.T >= likeness) & (owners[rows][:, None] != owners[None, :])
        found.update(str(owner) for owner in owners[rows[near.any(axis=1)]])
    return frozenset(map(StudentId, found))
