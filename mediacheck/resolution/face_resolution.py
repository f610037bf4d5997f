"""Who each face is, as far as the district lets a search say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.resolution import (
    Identified,
    ModelMatch,
    Naming,
    Resolution,
    Suggested,
    Unresolved,
)
from mediacheck.resolution.gallery_search import MatchKind, SearchResult, search_gallery
from mediacheck.resolution.thresholds import threshold_for
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import StudentId


def resolve_faces(
    faces: Sequence[FaceFinding],
    probes: Sequence[bytes | None],
    templates: Sequence[Template],
    naming: Naming,
) -> dict[FindingId, Resolution]:
    """A resolution for each face of one picture; ``probes`` are their templates, in order.

    The probes must come from the extractor whose model the templates carry.

    Raises:
        ValueError: there are not as many probes as faces.
        MixedModels: the templates are of several models, or of one without a threshold.
        UnusableTemplate: a template or probe is damaged.
    """
    pairs = [(face.finding_id, probe) for face, probe in zip(faces, probes, strict=True)]
    if naming.mode is Recognition.OFF or not templates:
        return {face.finding_id: Unresolved() for face in faces}
    results = search_gallery(pairs, templates, threshold_for(templates[0].model))
    return {face.finding_id: resolve_face(face, results[face.finding_id], naming) for face in faces}


def resolve_face(face: FaceFinding, result: SearchResult, naming: Naming) -> Resolution:
    """Who a face is. A marked face tells nobody apart, whatever a search says of it."""
    if naming.mode is Recognition.OFF or face.marks:
        return Unresolved()
    match result.kind:
        case MatchKind.ACCEPTED if naming.may_name(result.candidates[0]):
            best = result.candidates[0]
            by = ModelMatch(model=result.model, distance=best.distance, margin=best.margin)
            return Identified(students=(best.student_id,), by=by)
        case MatchKind.ACCEPTED | MatchKind.LIKELY:
            return Suggested(
                candidates=result.candidates, rivals=_rivals(result), model=result.model
            )
        case MatchKind.NONE:
            return Unresolved()
        case _:
            assert_never(result.kind)


def _rivals(result: SearchResult) -> tuple[StudentId, ...]:
    """The candidates that the first one does not lead by the margin."""
    first, *others = result.candidates
    reach = first.distance + threshold_for(result.model).margin
    return tuple(other.student_id for other in others if other.distance < reach)
