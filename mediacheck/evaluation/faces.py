"""How many faces are found, and how often a search is wrong, on pictures with known answers.

The public sets that this was made for show ADULTS. Their rates say nothing about children, and
every report says so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mediacheck.errors import MediacheckError
from mediacheck.evaluation.face_rates import (
    Identification,
    Projection,
    Templates,
    Verification,
    det_curve,
    identification_table,
    projection_table,
    verification_table,
)
from mediacheck.evaluation.made_people import made_people
from mediacheck.evaluation.pictures import read_picture
from mediacheck.model.det_curve import DetPoint
from mediacheck.model.post import Box, MediaId
from mediacheck.ports.engines import FaceFinder, TemplateExtractor
from mediacheck.resolution.bounds import rounded_up, upper_bound
from mediacheck.resolution.thresholds import Threshold, threshold_for
from release_db.words import StudentId

POPULATION = "adults (public sets): these rates say nothing about children"
MADE_POPULATION = "made-up templates: they test the arithmetic, and say nothing about any face"
#: Faces are counted apart by the width of their box, in pixels of the file: up to these, and wider.
_SIZES_PX = (32, 64, 128)
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".pgm"}
_MEDIA = MediaId("evaluation")
#: The made-up people, their pictures, and how far apart two pictures of one of them may lie.
_MADE_PEOPLE, _MADE_PICTURES, _MADE_SPREAD = 61, 8, 0.3


class BadScenes(MediacheckError):
    """The manifest of scenes, or the folder of identities, is not what it should be."""

    message = "Give a JSON manifest of scenes and a folder with one folder of pictures a person."


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedFace:
    """A marked face that no box holds: the scene, and its centre in pixels of the file."""

    file: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeRow:
    """The boxes of one range of widths (pixels): those that hold a marked face, and the others."""

    width_px: str
    found: int
    extra: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """Failures to acquire: pictures that gave no template, and the bound of their share (95 %)."""

    attempts: int
    failures: int
    rate: float
    bound95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenesReport:
    """Faces found and boxes that hold no marked face (some hold a face that nobody marked).

    ``by_size`` goes by the box: a marked face that was missed has no size. ``ms_per_picture`` and
    ``cpu_ms_per_picture`` are of finding alone, by the clock and of the processor: finding runs in
    one thread, so that the latter is what one core needs however busy the machine is;
    ``most_cpu_ms`` is that of the picture that took longest.
    """

    pictures: int
    marked: int
    found: int
    extra: int
    missed: tuple[MissedFace, ...]
    by_size: tuple[SizeRow, ...]
    ms_per_picture: float
    cpu_ms_per_picture: float
    most_cpu_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FacesReport:
    """Detection, verification and identification on one set of people."""

    population: str
    model: str
    people: int
    pictures: int
    failures_to_acquire: int
    acquisition: Acquisition
    scenes: ScenesReport
    verification: tuple[Verification, ...]
    det: tuple[DetPoint, ...]
    identification: tuple[Identification, ...]
    projection: tuple[Projection, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values, in the shape of the command line's contract."""
        return asdict(self)

    def as_text(self) -> str:
        """A page to read."""
        scenes = self.scenes
        lines = [
            f"Population: {self.population}",
            f"Scenes: {scenes.found} of {scenes.marked} marked faces found, {scenes.extra} extra "
            f"boxes in {scenes.pictures} pictures; finding took {scenes.cpu_ms_per_picture:.0f} ms "
            f"of one core a picture (the longest {scenes.most_cpu_ms:.0f} ms), "
            f"{scenes.ms_per_picture:.0f} ms by the clock",
            *(f"  missed: {face.file} at {face.x}, {face.y}" for face in scenes.missed),
            *(
                f"  {row.width_px} px: {row.found} found, {row.extra} extra"
                for row in scenes.by_size
            ),
            f"Model {self.model}: {self.people} people, {self.pictures} pictures, "
            f"{self.failures_to_acquire} failures to acquire (95 % bound "
            f"{rounded_up(self.acquisition.bound95):.2g})",
            *(
                f"  at {row.threshold:.3f}: FMR {row.fmr:.2g} (95 % bound "
                f"{rounded_up(row.bound95):.2g}, {row.impostor_pairs} pairs), FNMR {row.fnmr:.3f} "
                f"({row.genuine_pairs} pairs)"
                for row in self.verification
            ),
            *(
                f"  {row.gallery} people x {row.templates}, at {row.threshold:.3f}: FPIR "
                f"{row.fpir:.2g} (95 % bound {rounded_up(row.bound95):.2g}, {row.trials} "
                f"searches), FNIR {row.fnir:.3f} ({row.mated_trials} searches), {row.misnamed} "
                f"misnamed; for an FPIR of {row.wanted_fpir:.1%}: {row.wanted_threshold:.3f}"
                f"{'' if row.is_wanted_shown else ' (too few searches to show it)'}"
                for row in self.identification
            ),
            *(
                f"  {row.gallery} people x 1, not measured: at {row.threshold:.3f} the pairs bound "
                f"the FPIR at {rounded_up(row.fpir_bound95):.2g}"
                for row in self.projection
            ),
        ]
        return "\n".join(lines)


def evaluate_faces(
    identities: Path, scenes: Path, finder: FaceFinder, extractor: TemplateExtractor
) -> FacesReport:
    """Measures a finder on marked scenes and an extractor on people's pictures.

    Args:
        identities: One folder a person, with several pictures each.
        scenes: A JSON manifest; under ``scenes`` each has a ``file`` (relative to the manifest) and
            ``faces``, the centre of every visible face in pixels of the upright file.
        finder: Finds the faces, here as in the product.
        extractor: Makes the templates; its model needs a threshold.

    Raises:
        BadScenes: the manifest or the folder is not of that kind.
        BadPicture: a picture cannot be read.
        MixedModels: nobody has measured a threshold for the extractor's model.
    """
    threshold = threshold_for(extractor.model)
    scenes_report = evaluate_scenes(scenes, finder)
    people, failures = templates_of(identities, finder, extractor)
    return _report(POPULATION, threshold, scenes_report, (people, failures))


def evaluate_made(scenes: Path, finder: FaceFinder, model: str) -> FacesReport:
    """The same report where no people's pictures are at hand: on made-up templates.

    Their rates are known, so that they prove the counting; the scenes are real pictures.

    Raises:
        BadScenes: the manifest cannot be read.
        BadPicture: a picture cannot be read.
        MixedModels: nobody has measured a threshold for that model.
    """
    threshold = threshold_for(model)
    people = made_people(_MADE_PEOPLE, _MADE_PICTURES, _MADE_SPREAD)
    return _report(MADE_POPULATION, threshold, evaluate_scenes(scenes, finder), (people, 0))


def _report(
    population: str, threshold: Threshold, scenes: ScenesReport, acquired: tuple[Templates, int]
) -> FacesReport:
    people, failures = acquired
    attempts = sum(map(len, people.values())) + failures
    return FacesReport(
        population=population,
        model=threshold.model,
        people=len(people),
        pictures=attempts,
        failures_to_acquire=failures,
        acquisition=Acquisition(
            attempts=attempts,
            failures=failures,
            rate=failures / attempts,
            bound95=upper_bound(failures, attempts),
        ),
        scenes=scenes,
        verification=verification_table(people, threshold),
        det=det_curve(people),
        identification=identification_table(people, threshold),
        projection=projection_table(people, threshold),
    )


def evaluate_scenes(manifest: Path, finder: FaceFinder) -> ScenesReport:
    """Which marked faces are found, and how many boxes hold none.

    A face is found when its marked centre lies inside a box; each box counts for one face.

    Raises:
        BadScenes: the manifest cannot be read.
        BadPicture: a picture cannot be read.
    """
    seconds, marked = 0.0, 0
    cpu_ms: list[float] = []
    missed: list[MissedFace] = []
    found_boxes: list[Box] = []
    extra_boxes: list[Box] = []
    rows = scenes_of(manifest)
    for file, marks in rows:
        picture = read_picture(manifest.parent / file)
        started, cpu_started = time.perf_counter(), time.process_time()
        boxes = [face.box for face in finder.find_faces(picture, _MEDIA)]
        seconds += time.perf_counter() - started
        cpu_ms.append(1000 * (time.process_time() - cpu_started))
        boxes = [box.scaled(picture.source_scale) for box in boxes]
        lost, extra = _matched(marks, boxes)
        marked += len(marks)
        extra_boxes += extra
        found_boxes += [box for box in boxes if box not in extra]
        missed += [MissedFace(file=file, x=x, y=y) for x, y in lost]
    return ScenesReport(
        pictures=len(rows),
        marked=marked,
        found=marked - len(missed),
        extra=len(extra_boxes),
        missed=tuple(missed),
        by_size=_by_size(found_boxes, extra_boxes),
        ms_per_picture=1000 * seconds / max(1, len(rows)),
        cpu_ms_per_picture=sum(cpu_ms) / max(1, len(rows)),
        most_cpu_ms=max(cpu_ms, default=0.0),
    )


def _by_size(found: Sequence[Box], extra: Sequence[Box]) -> tuple[SizeRow, ...]:
    rows = []
    bounds = (0, *_SIZES_PX)
    for least, most in zip(bounds, (*_SIZES_PX, None), strict=True):
        counts = [
            sum(least < box.width and (most is None or box.width <= most) for box in boxes)
            for boxes in (found, extra)
        ]
        words = f"over {least}" if most is None else f"{least + 1} to {most}"
        rows.append(SizeRow(width_px=words, found=counts[0], extra=counts[1]))
    return tuple(rows)


def unfound_marks(marks: Sequence[tuple[int, int]], boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """The marked centres that lie in no box of their own; each takes the box round it nearest."""
    return _matched(marks, boxes)[0]


def _matched(
    marks: Sequence[tuple[int, int]], boxes: Sequence[Box]
) -> tuple[list[tuple[int, int]], list[Box]]:
    """The marks that lie in no box of their own, and the boxes that no mark took."""
    free = list(boxes)
    unfound: list[tuple[int, int]] = []
    for x, y in marks:
        around = [box for box in free if _holds(box, x, y)]
        if not around:
            unfound.append((x, y))
            continue
        free.remove(min(around, key=lambda box: _offset(box, x, y)))
    return unfound, free


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom


def _offset(box: Box, x: int, y: int) -> float:
    """Squared distance from the middle of the box."""
    return (box.left + box.width / 2 - x) ** 2 + (box.top + box.height / 2 - y) ** 2


def scenes_of(manifest: Path) -> list[tuple[str, list[tuple[int, int]]]]:
    """The files of a manifest, and the middle of every face in each.

    Raises:
        BadScenes: the manifest cannot be read.
    """
    try:
        rows = json.loads(manifest.read_text(encoding="utf-8"))["scenes"]
        return [(str(row["file"]), [(int(x), int(y)) for x, y in row["faces"]]) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadScenes from error


def templates_of(
    identities: Path, finder: FaceFinder, extractor: TemplateExtractor
) -> tuple[dict[StudentId, list[bytes]], int]:
    """The templates of each person's largest faces, and how many pictures gave none.

    Raises:
        BadScenes: there is nobody in the folder.
        BadPicture: a picture cannot be read.
    """
    people: dict[StudentId, list[bytes]] = {}
    failures = 0
    for folder in sorted(path for path in identities.iterdir() if path.is_dir()):
        person = StudentId(folder.name)
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in _PICTURES:
                continue
            template = _template(path, finder, extractor)
            if template is None:
                failures += 1
            else:
                people.setdefault(person, []).append(template)
    if not people:
        raise BadScenes
    return people, failures


def _template(path: Path, finder: FaceFinder, extractor: TemplateExtractor) -> bytes | None:
    picture = read_picture(path)
    boxes = [face.box for face in finder.find_faces(picture, _MEDIA)]
    if not boxes:
        return None
    (template,) = extractor.extract(picture, [max(boxes, key=lambda box: box.area)])
    return template
