"""What one detector saw in one reading, and how sightings of the same face become one face.

Pure: boxes and numbers in, boxes out. The order of the sightings does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mediacheck.findings.face_reading import Pixels, Reading, Region

#: Two boxes show one face when they share this much (intersection over union) ...
SAME_OVERLAP = 0.3
#: ... or when the smaller lies inside the larger by this share of itself ...
SAME_CONTAINMENT = 0.75
#: ... and is no smaller than this share of it: a face on a shirt is not the wearer's.
SAME_AREA_RATIO = 0.2

#: A face as wide as this share of a picture's shorter side is what the picture is about.
PORTRAIT_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSighting:
    """A detector's own answer: a tight region in the pixels it was shown, on its own scale."""

    region: Region
    score: float


class FaceDetector(Protocol):
    """An engine that finds faces in pixels."""

    @property
    def name(self) -> str:
        """The name that findings carry."""
        ...

    @property
    def readings(self) -> tuple[Reading, ...]:
        """How this engine looks at every picture; the bars are on its own scale."""
        ...

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        """Every face in height x width x 3 RGB pixels, however doubtful.

        Raises:
            EngineFault: the engine failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A face as one reading saw it, in pixels of the upright canonical picture.

    ``score`` is on the detector's own scale, the scale of the reading's bar.
    """

    region: Region
    detector: str
    reading: Reading
    score: float

    @property
    def strength(self) -> float:
        """The score over the reading's bar: at 1 and above the sighting stands alone."""
        return self.score / self.reading.bar


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFace:
    """One face: the sightings of it, strongest first. The first one gives the place."""

    sightings: tuple[Sighting, ...]

    @property
    def region(self) -> Region:
        """Where it is, by the strongest sighting."""
        return self.sightings[0].region

    @property
    def detectors(self) -> tuple[str, ...]:
        """The engines that saw it, by name."""
        return tuple(sorted({sighting.detector for sighting in self.sightings}))

    @property
    def stands(self) -> bool:
        """Whether one reading is sure, or two different ones agree."""
        readings = {(sighting.detector, sighting.reading) for sighting in self.sightings}
        return self.sightings[0].strength >= 1 or len(readings) >= 2  # noqa: PLR2004


def merge_sightings(sightings: Iterable[Sighting]) -> tuple[SeenFace, ...]:
    """Gathers the sightings of each face, top to bottom then left to right.

    The strongest sighting leads its face; each weaker one joins the first leader that shows the
    same face. Faces that no reading is sure of and no second one confirms are left out.
    """
    faces: list[list[Sighting]] = []
    for sighting in sorted(sightings, key=_by_strength):
        home = next((face for face in faces if is_same_face(face[0].region, sighting.region)), None)
        if home is None:
            faces.append([sighting])
        else:
            home.append(sighting)
    seen = (SeenFace(sightings=tuple(face)) for face in faces)
    return tuple(sorted((face for face in seen if face.stands), key=_by_place))


def is_same_face(one: Region, other: Region) -> bool:
    """Whether two boxes show the same face."""
    shared = _shared_area(one, other)
    area, other_area = one.width * one.height, other.width * other.height
    smaller, larger = sorted((area, other_area))
    if shared >= SAME_OVERLAP * (area + other_area - shared):
        return True
    return shared >= SAME_CONTAINMENT * smaller and smaller >= SAME_AREA_RATIO * larger


def is_clear_portrait(sightings: Sequence[Sighting], shorter_side: float) -> bool:
    """Whether all that was seen so far, however doubtful, is one large upright face beyond doubt.

    Such a picture is neither dark nor faint nor inverted as a whole, and no second reading of the
    same size could see it better.
    """
    best = max(sightings, key=lambda seen: seen.score, default=None)
    if best is None or not best.reading.is_plain or best.score < best.reading.sure:
        return False
    is_large = best.region.width >= PORTRAIT_SHARE * shorter_side
    return is_large and all(is_same_face(best.region, seen.region) for seen in sightings)


def is_known(region: Region, sightings: Sequence[Sighting]) -> bool:
    """Whether one of ``sightings`` already shows the face in ``region``."""
    return any(is_same_face(region, sighting.region) for sighting in sightings)


def _shared_area(one: Region, other: Region) -> float:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return max(0.0, across) * max(0.0, down)


def _by_strength(sighting: Sighting) -> tuple[float, float, float, float, float, str]:
    """Strongest first; the place settles ties, so that the order of arrival cannot."""
    region = sighting.region
    place = (region.top, region.left, region.width, region.height)
    return (-sighting.strength, *place, sighting.detector)


def _by_place(face: SeenFace) -> tuple[float, float]:
    return (face.region.top, face.region.left)
