"""Who each face is, as far as the district lets a search say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.resolution import (
    Identified,
    ModelMatch,
    Resolution,
    Suggested,
    Unresolved,
)
from mediacheck.resolution.gallery_search import MatchKind, SearchResult, search_gallery
from mediacheck.resolution.thresholds import threshold_for
from mediacheck.settings import Recognition
from release_db.records import Template


def resolve_faces(
    faces: Sequence[FaceFinding],
    probes: Sequence[bytes | None],
    templates: Sequence[Template],
    mode: Recognition,
) -> dict[FindingId, Resolution]:
    """A resolution for each face of one picture; ``probes`` are their templates, in order.

    The probes must come from the extractor whose model the templates carry.

    Raises:
        ValueError: there are not as many probes as faces.
        MixedModels: the templates are of several models, or of one without a threshold.
        UnusableTemplate: a template or probe is damaged.
    """
    pairs = [(face.finding_id, probe) for face, probe in zip(faces, probes, strict=True)]
    if mode is Recognition.OFF or not templates:
        return {face.finding_id: Unresolved() for face in faces}
    results = search_gallery(pairs, templates, threshold_for(templates[0].model))
    return {face.finding_id: resolve_face(face, results[face.finding_id], mode) for face in faces}


def resolve_face(face: FaceFinding, result: SearchResult, mode: Recognition) -> Resolution:
    """Who a face is. A marked face tells nobody apart, whatever a search says of it."""
    if mode is Recognition.OFF or face.marks:
        return Unresolved()
    match result.kind:
        case MatchKind.ACCEPTED if mode is Recognition.IDENTIFY:
            best = result.candidates[0]
            by = ModelMatch(model=result.model, distance=best.distance, margin=best.margin)
            return Identified(students=(best.student_id,), by=by)
        case MatchKind.ACCEPTED | MatchKind.LIKELY:
            return Suggested(candidates=result.candidates)
        case MatchKind.NONE:
            return Unresolved()
        case _:
            assert_never(result.kind)
