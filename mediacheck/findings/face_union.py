"""Every face in a picture: the union over detectors, sizes, quarter turns and tones.

A missed face is a student who is not protected; an extra box costs a teacher one tap. So nothing
that any reading is sure of is dropped, and faces that cannot be told apart carry a mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from PIL import Image

from mediacheck.findings.face_light import unlit_or_none, well_lit
from mediacheck.findings.face_limits import crowd_or_none
from mediacheck.findings.face_marks import marks_of
from mediacheck.findings.face_reading import (
    Halvings,
    Pixels,
    Reading,
    Region,
    Tone,
    straight_region,
    tiles_of,
    upright_region,
    working_factor,
    working_picture,
)
from mediacheck.findings.face_sighting import (
    FaceDetector,
    SeenFace,
    Sighting,
    is_clear_portrait,
    is_known,
    merge_sightings,
)
from mediacheck.findings.faces_dlib import DlibDetector
from mediacheck.findings.faces_yunet_weights import NoWeights
from mediacheck.model.finding import FaceFinding, FaceMark, finding_id_for
from mediacheck.model.post import Box, MediaId, Picture

#: Two readings this close in size see the same thing; the second is left out.
_NEARLY_SAME_SIZE = 1.5
#: Up to this size every turn is read where no upright face is beyond doubt.
EVERY_TURN_AREA_PX = 640 * 480
#: A face narrower than this in the upload tells nobody apart; it is not reported.
SMALLEST_REPORTED_PX = 10


class UnionFaceFinder:
    """The ``FaceFinder`` of the product."""

    def __init__(self, detectors: Sequence[FaceDetector]) -> None:
        """Keeps the detectors that are to agree or to add to one another."""
        if not detectors:
            raise ValueError("a finder without a detector would find nobody in any picture")
        self._detectors = tuple(detectors)

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        """Every face, merged over detectors and readings, top to bottom then left to right.

        Boxes are tight (brow to chin) and lie inside the picture. Where others may have
        been missed, the last finding is the crowd itself, or the whole picture.

        Raises:
            EngineFault: a detector failed. Never a partial list.
        """
        image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
        sightings: list[Sighting] = []
        halves = Halvings(well_lit(image))
        for detector in self._detectors:
            sightings += look(detector, halves, sightings)
        faces = merge_sightings(sightings)
        found = tuple(
            _finding(face, image, media_id)
            for face in faces
            if face.region.width * picture.source_scale >= SMALLEST_REPORTED_PX
        )
        return (*found, *_at_the_limit(found, image, media_id))


def open_face_finder() -> UnionFaceFinder:
    """The finder with every detector that this machine has."""
    return UnionFaceFinder(installed_detectors())


def installed_detectors() -> tuple[FaceDetector, ...]:
    """The detectors that this machine has. Without libfacedetection dlib looks harder.

    Raises:
        EngineFault: one is there and cannot be loaded.
    """
    network = _libfacedetection_or_none()
    if network is None:
        return (DlibDetector(alone=True),)
    return (network, DlibDetector())


def _libfacedetection_or_none() -> FaceDetector | None:
    """Its network by onnxruntime; where that cannot be had, by the library itself."""
    try:
        from mediacheck.findings.faces_yunet_onnx import YunetDetector

        return YunetDetector()
    except (ImportError, NoWeights):
        pass
    try:
        from mediacheck.findings.faces_libfacedetection import LibfacedetectionDetector

        return LibfacedetectionDetector()
    except ImportError:
        return None


def look(
    detector: FaceDetector, halves: Halvings, known: Sequence[Sighting] = ()
) -> tuple[Sighting, ...]:
    """All that a detector sees in its readings, and in those that a first look asks for.

    ``halves`` are the picture and its halvings; ``known`` is what others have seen in it. Spare
    readings are left out while all that was seen is one clear portrait.

    Raises:
        EngineFault: the detector failed.
    """
    readings = _distinct(detector.readings, halves.whole)
    sightings: list[Sighting] = []
    shorter_side = min(halves.whole.size)
    for reading in readings:
        if not (reading.is_spare and is_clear_portrait([*known, *sightings], shorter_side)):
            sightings += _read(detector, halves, reading)
    for base in sorted(filter(_is_plain, readings), key=lambda reading: reading.area_px):
        for again in _repeated_like(base, readings, sightings):
            sightings += _read(detector, halves, again)
    return tuple(sightings)


def _is_plain(reading: Reading) -> bool:
    return reading.is_plain


def _distinct(readings: Iterable[Reading], image: Image.Image) -> tuple[Reading, ...]:
    """The readings that differ for a picture of this size."""
    kept: list[Reading] = []
    for reading in readings:
        factor = working_factor(image.width, image.height, reading)
        if not any(
            reading.manner == other.manner
            and 1 / _NEARLY_SAME_SIZE
            <= factor / working_factor(image.width, image.height, other)
            <= _NEARLY_SAME_SIZE
            for other in kept
        ):
            kept.append(reading)
    return tuple(kept)


def _repeated_like(
    base: Reading, readings: Sequence[Reading], sightings: Sequence[Sighting]
) -> tuple[Reading, ...]:
    """The turned and toned readings, repeated at the size of ``base``, that promise somebody new.

    Those are the turns and tones in which somebody new was seen; and every turn, as long as that is
    cheap, while no upright face is beyond doubt: the whole picture may lie on its side. The same
    goes for every tone while no plain one is: it may be a negative.
    """
    is_cheap = base.area_px <= EVERY_TURN_AREA_PX
    sure = [seen.reading for seen in sightings if seen.score >= seen.reading.sure]
    is_any_turn_worth = is_cheap and all(reading.is_turned for reading in sure)
    is_any_tone_worth = is_cheap and not any(reading.is_plain for reading in sure)
    promising = {seen.reading.manner for seen in sightings if _is_new(seen, sightings)}
    repeated = (
        replace(reading, area_px=base.area_px, enlargement=base.enlargement)
        for reading in readings
        if reading.manner in promising
        or (reading.is_turned and is_any_turn_worth)
        or (reading.tone is not Tone.PLAIN and is_any_tone_worth)
    )
    return tuple(reading for reading in repeated if reading not in readings)


def _is_new(seen: Sighting, sightings: Sequence[Sighting]) -> bool:
    """Whether a turned or toned reading is sure of a face that no plainer one sees as well."""
    reading = seen.reading
    if seen.strength < 1 or reading.averaged_px is not None or reading.is_plain:
        return False
    plainer = (
        other
        for other in sightings
        if not other.reading.is_turned and (reading.is_turned or other.reading.is_plain)
    )
    return not is_known(seen.region, [other for other in plainer if other.score >= seen.score])


def _read(detector: FaceDetector, halves: Halvings, reading: Reading) -> tuple[Sighting, ...]:
    pixels = working_picture(halves, reading)
    seen: list[Sighting] = []
    for tile in tiles_of(pixels):
        for raw in detector.see(tile.pixels):
            if raw.score < reading.support or not tile.holds(raw.region):
                continue
            moved = replace(
                raw.region, left=raw.region.left + tile.left, top=raw.region.top + tile.top
            )
            seen.append(
                Sighting(
                    region=_canonical(moved, reading, pixels, halves.whole),
                    detector=detector.name,
                    reading=reading,
                    score=raw.score,
                )
            )
    return tuple(seen)


def _canonical(region: Region, reading: Reading, pixels: Pixels, whole: Image.Image) -> Region:
    """A region of the working picture, in pixels of the canonical one."""
    height, width = pixels.shape[:2]
    factor = working_factor(whole.width, whole.height, reading)
    upright = upright_region(region, reading.quarter_turns, width, height)
    if reading.is_diagonal:
        after = (height, width) if reading.quarter_turns % 2 else (width, height)
        upright = straight_region(upright, (whole.width * factor, whole.height * factor), after)
    return Region(
        left=upright.left / factor,
        top=upright.top / factor,
        width=upright.width / factor,
        height=upright.height / factor,
    )


def _at_the_limit(
    faces: Sequence[FaceFinding], image: Image.Image, media_id: MediaId
) -> Iterator[FaceFinding]:
    """The crowd, or a picture that shows hardly anything, as a finding of its own."""
    crowd = crowd_or_none([face.box for face in faces], image.width, image.height)
    # Its edges move with every face that is covered; it is the same crowd.
    for name, box in (("crowd", crowd), ("unlit", unlit_or_none(image))):
        if box is not None:
            yield FaceFinding(
                finding_id=finding_id_for("f", media_id, name),
                media_id=media_id,
                box=box,
                detectors=tuple(sorted({name for face in faces for name in face.detectors})),
                marks=frozenset({FaceMark.ENGINE_LIMIT}),
            )


def _finding(face: SeenFace, image: Image.Image, media_id: MediaId) -> FaceFinding:
    region = face.region
    box = Box(
        left=round(region.left),
        top=round(region.top),
        width=round(region.width),
        height=round(region.height),
    ).clipped(image.width, image.height)
    return FaceFinding(
        finding_id=finding_id_for("f", media_id, f"{box.left},{box.top},{box.width},{box.height}"),
        media_id=media_id,
        box=box,
        detectors=face.detectors,
        marks=marks_of(face, box, image),
    )
