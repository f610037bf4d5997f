"""Is a portrait one of the student it is filed under? The others that are enrolled tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mediacheck.resolution.gallery_search import Distances, template_vectors
from mediacheck.resolution.thresholds import Threshold, max_distance_among
from release_db.records import Template
from release_db.words import StudentId


class Doubt(StrEnum):
    """Why a portrait may be of the wrong student."""

    UNLIKE_OWN = "unlike-own"
    LIKE_ANOTHER = "like-another"
    NOTHING_OWN = "nothing-own"


def doubt_or_none(
    portrait: Template, enrolled: Sequence[Template], threshold: Threshold
) -> Doubt | None:
    """What speaks against a new portrait, beside those that are enrolled already.

    It is like another student's where that is as near as a match and no own one is nearer, and
    unlike the student's own where none of them is near enough to be a likely match.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if not enrolled:
        return None
    vectors = template_vectors([portrait, *enrolled], threshold)
    is_own = np.array([template.student_id == portrait.student_id for template in enrolled])
    return _doubt(_apart(vectors[1:], vectors[0]), is_own, threshold)


def doubt_of_offer(
    offered: Template,
    own: Sequence[Template],
    others: Sequence[Template],
    threshold: Threshold,
) -> Doubt | None:
    """What speaks against a face from a post as a reference: it has to fit, beyond not jarring.

    ``own`` are the student's portraits from the office, and none that came from a post itself: or
    one wrong reference would bring in the next. The face must be as near to one of them as a match
    that nobody has to confirm, and nearer than to anybody else's by the lead that is asked for.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if not own:
        return Doubt.NOTHING_OWN
    vectors = template_vectors([offered, *own, *others], threshold)
    apart = _apart(vectors[1:], vectors[0])
    nearest = float(apart[: len(own)].min())
    another = float(apart[len(own) :].min(initial=np.inf))
    if nearest > max_distance_among(threshold, len(own) + len(others)):
        return Doubt.UNLIKE_OWN
    if another - nearest < threshold.margin:
        return Doubt.LIKE_ANOTHER
    return None


def doubtful_portraits(
    templates: Sequence[Template], threshold: Threshold
) -> Mapping[StudentId, Doubt]:
    """The students one of whose portraits the others speak against: each is left out in turn.

    Raises:
        MixedModels: a template is of another model than ``threshold``.
        UnusableTemplate: a template is damaged.
    """
    if not templates:
        return {}
    vectors = template_vectors(templates, threshold)
    owners = np.array([template.student_id for template in templates])
    found: dict[StudentId, Doubt] = {}
    for place, template in enumerate(templates):
        others = np.arange(len(templates)) != place
        apart = _apart(vectors[others], vectors[place])
        doubt = _doubt(apart, owners[others] == template.student_id, threshold)
        if doubt is not None:
            found[template.student_id] = doubt
    return found


def _doubt(
    distances: Distances, is_own: npt.NDArray[np.bool_], threshold: Threshold
) -> Doubt | None:
    own = float(distances[is_own].min(initial=np.inf))
    other = float(distances[~is_own].min(initial=np.inf))
    if other <= threshold.max_distance and other < own:
        return Doubt.LIKE_ANOTHER
    if is_own.any() and own > threshold.candidate_distance:
        return Doubt.UNLIKE_OWN
    return None


def _apart(vectors: Distances, one: Distances) -> Distances:
    return np.sqrt(np.maximum(0.0, 2.0 - 2.0 * (vectors @ one)))
