"""Runs the engines over one picture: intake's pixels in, what was seen out. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediacheck.model.finding import FaceFinding, FaceMark, FindingId, finding_id_for
from mediacheck.model.post import MediaId, MetadataText, Picture
from mediacheck.model.resolution import Naming, Resolution
from mediacheck.ports.engines import TemplateExtractor
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Engines
from mediacheck.settings import Recognition
from release_db.records import Template

#: A metadata face region is the face that a detector found when they overlap so much (IoU).
REGION_OVERLAP = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceSearch:
    """How faces may be searched: how far, and the templates of the class or school alone."""

    naming: Naming
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One picture to look at, with its other readings and the words it carried."""

    media_id: MediaId
    picture: Picture
    also: tuple[Picture, ...] = ()
    metadata: tuple[MetadataText, ...] = ()


def look_at(engines: Engines, sight: Sight, search: FaceSearch) -> Seen:
    """Every face and every piece of writing in a picture, and what the search made of the faces.

    Raises:
        EngineFault: an engine failed. Nothing is returned in part.
    """
    faces = _find_faces(engines, sight)
    return Seen(
        faces=faces,
        matches=_search(engines, sight.picture, faces, search),
        lines=engines.text_reader().read_text(sight.picture),
    )


def _find_faces(engines: Engines, sight: Sight) -> tuple[FaceFinding, ...]:
    finder = engines.face_finder()
    faces = list(finder.find_faces(sight.picture, sight.media_id))
    for reading in sight.also:
        faces += _unseen_so_far(finder.find_faces(reading, sight.media_id), faces)
    return (*faces, *_unseen_so_far(_tagged_regions(sight), faces))


def _tagged_regions(sight: Sight) -> list[FaceFinding]:
    """Somebody's photo program says that there is a face: a person has to look."""
    boxes = [text.box for text in sight.metadata if text.box is not None]
    return [
        FaceFinding(
            finding_id=finding_id_for("f", sight.media_id, f"tagged {box}"),
            media_id=sight.media_id,
            box=box,
            detectors=("metadata",),
        )
        for box in boxes
    ]


def _unseen_so_far(
    others: Sequence[FaceFinding], faces: Sequence[FaceFinding]
) -> list[FaceFinding]:
    return [
        other
        for other in others
        if all(other.box.overlap(face.box) < REGION_OVERLAP for face in faces)
    ]


def _search(
    engines: Engines, picture: Picture, faces: Sequence[FaceFinding], search: FaceSearch
) -> dict[FindingId, Resolution]:
    """With recognition off nothing is embedded: its code is not even loaded."""
    if search.naming.mode is Recognition.OFF or not search.templates or not faces:
        return {}
    from mediacheck.resolution.face_resolution import resolve_faces

    single = [face for face in faces if FaceMark.ENGINE_LIMIT not in face.marks]
    extractor = engines.template_extractor()
    probes = read_faces(extractor, picture, single, search)
    return resolve_faces(single, probes, search.templates, search.naming)


def read_faces(
    extractor: TemplateExtractor,
    picture: Picture,
    faces: Sequence[FaceFinding],
    search: FaceSearch,
) -> list[bytes | None]:
    """What to search for each face: a glance where that settles it, else a full reading.

    Raises:
        EngineFault: the model failed.
    """
    from mediacheck.resolution.glance import faces_to_read

    boxes = [face.box for face in faces]
    probes = list(extractor.glance(picture, boxes))
    unsettled = faces_to_read(probes, search.templates, search.naming.mode)
    read = extractor.extract(picture, [boxes[place] for place in unsettled])
    for place, probe in zip(unsettled, read, strict=True):
        probes[place] = probe
    return probes
