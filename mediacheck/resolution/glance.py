"""Which faces one quick reading is enough for, and which have to be read in full.

A glance never names anybody. It settles that nobody searched is near, or that a suggestion is near
beyond doubt; wherever the full reading could say something else, the face is read in full.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mediacheck.resolution.gallery_search import Distances, student_distances
from mediacheck.resolution.thresholds import (
    GLANCE_FARTHER,
    GLANCE_NEARER,
    GLANCED_MODELS,
    Threshold,
    threshold_for,
)
from mediacheck.settings import Recognition
from release_db.records import Template


def faces_to_read(
    glances: Sequence[bytes | None], templates: Sequence[Template], mode: Recognition
) -> tuple[int, ...]:
    """The places of the faces that a glance does not settle.

    With ``IDENTIFY`` every face with anybody near is read in full; with a model of the district's
    own every face is.

    Raises:
        MixedModels: the templates are of several models, or of one without a threshold.
        UnusableTemplate: a template or glance is damaged.
    """
    seen = [(place, glance) for place, glance in enumerate(glances) if glance is not None]
    if mode is Recognition.OFF or not templates or not seen:
        return ()
    threshold = threshold_for(templates[0].model)
    if threshold.model not in GLANCED_MODELS:
        return tuple(place for place, _ in seen)
    distances = student_distances([glance for _, glance in seen], templates, threshold)
    is_near = distances.min(axis=1) <= threshold.candidate_distance + GLANCE_FARTHER
    if mode is not Recognition.IDENTIFY:
        is_near &= _is_doubtful(distances, threshold)
    return tuple(place for (place, _), near in zip(seen, is_near, strict=True) if near)


def _is_doubtful(distances: Distances, threshold: Threshold) -> npt.NDArray[np.bool_]:
    """Which faces have a first candidate that is not surely one, or not surely the first.

    And which share theirs with another face: the nearer of the two may turn out to be the other.
    """
    first = distances.argmin(axis=1)
    nearest = distances.min(axis=1)
    others = distances.copy()
    others[np.arange(len(first)), first] = np.inf
    lead = others.min(axis=1) - nearest
    is_near = nearest <= threshold.candidate_distance + GLANCE_FARTHER
    claims = np.bincount(first[is_near], minlength=distances.shape[1])
    return np.asarray(
        (nearest > threshold.candidate_distance - GLANCE_NEARER)
        | (lead < threshold.margin + GLANCE_NEARER + GLANCE_FARTHER)
        | (claims[first] > 1)
    )
