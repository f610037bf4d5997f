"""How fast, and how complete, beside the plain face_recognition recipe: ratios of one run.

Both sides see the same pixels in turns, on one thread, and processor time is counted: so a busy
machine falls on both and on neither. The picture is made of portraits at many sizes, and the truth
is known from the making.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from mediacheck.evaluation.bench_gallery import GALLERY_SIZES, GalleryBench, bench_gallery
from mediacheck.evaluation.bench_pictures import (
    MarkedFile,
    PicturesBench,
    bench_pictures,
    enlarged,
)
from mediacheck.evaluation.faces import scenes_of, unfound_marks
from mediacheck.evaluation.pictures import canonical_picture
from mediacheck.findings.face_recipe import Recipe, open_recipe
from mediacheck.findings.face_union import open_face_finder
from mediacheck.findings.templates import open_extractor
from mediacheck.flow.look import FaceSearch, read_faces
from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.post import Box, MediaId, Picture
from mediacheck.model.resolution import Naming
from mediacheck.ports.engines import FaceFinder, TemplateExtractor
from mediacheck.settings import Recognition, settings_from
from release_db.records import Template
from release_db.words import StudentId

#: The crowd: so large, with portraits of these sides (in pixels of the crowd).
_CROWD_SIZE_PX = (1600, 1200)
_PORTRAIT_SIDES_PX = (360, 300, 240, 200, 160, 130, 100, 80, 60)
_GAP_PX = 20
_ROUNDS = 5
_JPEG_QUALITY = 92
_MEDIA = MediaId("bench")

#: Portraits that development packages carry, and where in them the face is: left, top, side of a
#: square round head and shoulders (pixels), and its middle within that square (shares).
_PORTRAITS = (
    ("skimage", Path("data/astronaut.png"), (92, 0, 260), (0.5, 0.44)),
    ("matplotlib", Path("mpl-data/sample_data/grace_hopper.jpg"), (56, 20, 400), (0.5, 0.5)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionBench:
    """Processor time to find the faces of one picture, best of several rounds, and how many.

    ``ratio`` is the recipe's time over ours.
    """

    planted: int
    recipe_found: int
    mediacheck_found: int
    recipe_ms: float
    mediacheck_ms: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesBench:
    """Templates a second, from picture and boxes. The ratios are ours over the recipe's.

    ``glances``: one reading a face, as the recipe's. ``searched``: as a check reads faces of which
    the people are enrolled, a glance where it settles the answer. ``enrolled``: six readings each.
    """

    boxes: int
    recipe_per_second: float
    glances_per_second: float
    searched_per_second: float
    enrolled_per_second: float
    glances_ratio: float
    searched_ratio: float
    enrolled_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """All benches. ``portraits`` 0: none is installed, so only times are compared."""

    recipe: str
    model: str
    portraits: int
    detection: DetectionBench
    templates: TemplatesBench
    pictures: tuple[PicturesBench, ...]
    gallery: tuple[GalleryBench, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

    def as_text(self) -> str:
        """A page to read."""
        faces, templates = self.detection, self.templates
        return "\n".join(
            (
                f"Against {self.recipe}, in one run, on one core:",
                f"  finding faces: {faces.mediacheck_ms:.0f} ms, recipe {faces.recipe_ms:.0f} ms "
                f"({faces.ratio:.1f} times as fast); {faces.mediacheck_found} of {faces.planted} "
                f"found, recipe {faces.recipe_found}",
                f"  templates ({self.model}): recipe {templates.recipe_per_second:.0f} a second; "
                f"one reading {templates.glances_per_second:.0f} ({templates.glances_ratio:.1f} "
                f"times), as a check reads {templates.searched_per_second:.0f} "
                f"({templates.searched_ratio:.1f} times), six readings "
                f"{templates.enrolled_per_second:.0f} ({templates.enrolled_ratio:.1f} times)",
                *(() if self.portraits else ("  no portraits are installed: times only",)),
                "Whole pictures, from the file to the search (writing is read besides):",
                *(row.as_text() for row in self.pictures),
                "Searching one face in a gallery:",
                *(row.as_text() for row in self.gallery),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPlan:
    """What is measured.

    ``scenes``: a manifest of pictures; None: the crowd is the only picture. ``large``: how many of
    them are measured at 12 megapixels too, each of which takes the recipe half a minute.
    """

    scenes: Path | None = None
    large: int = 3
    gallery_sizes: tuple[int, ...] = GALLERY_SIZES


def run_bench(plan: BenchPlan | None = None) -> BenchReport:
    """Measures this machine's engines against the recipe.

    Raises:
        EngineFault: an engine failed.
        BadScenes: the manifest of scenes cannot be read.
    """
    plan = plan or BenchPlan()
    portraits = list(_installed_portraits())
    crowd = crowd_of(portraits)
    picture, marks = canonical_picture(crowd.image), crowd.marks
    recipe, finder = open_recipe(), open_face_finder()
    models_folder = settings_from().models_folder
    extractor = open_extractor(models_folder)
    with TemporaryDirectory() as folder:
        files = _files(plan.scenes, crowd, Path(folder))
        pictures = tuple(_pictures(files, plan.large, models_folder))
    return BenchReport(
        recipe=recipe.name,
        model=extractor.model,
        portraits=len(portraits),
        detection=_detection(picture, marks, recipe, finder),
        templates=_templates(picture, marks, recipe, extractor),
        pictures=pictures,
        gallery=bench_gallery(extractor.model, plan.gallery_sizes),
    )


def _files(scenes: Path | None, crowd: Crowd, folder: Path) -> list[MarkedFile]:
    if scenes is not None:
        return [
            MarkedFile(path=scenes.parent / file, marks=tuple(marks))
            for file, marks in scenes_of(scenes)
        ]
    path = folder / "crowd.jpg"
    crowd.image.save(path, "JPEG", quality=_JPEG_QUALITY)
    return [MarkedFile(path=path, marks=tuple(crowd.marks))]


def _pictures(
    files: Sequence[MarkedFile], large: int, models_folder: Path
) -> Iterator[PicturesBench]:
    yield bench_pictures("at their own size", files, models_folder)
    some = files[:: max(1, len(files) // large)][:large] if large else []
    if some:
        with enlarged(some) as larger:
            yield bench_pictures("at 12 megapixels", larger, models_folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A picture of portraits at many sizes, and the middle of each face in it."""

    image: Image.Image
    marks: list[tuple[int, int]]


def crowd_of(portraits: Sequence[tuple[Image.Image, tuple[float, float]]]) -> Crowd:
    """A crowd of the portraits: squares, each with the middle of its face as shares of its side."""
    crowd = Image.new("RGB", _CROWD_SIZE_PX, (122, 128, 120))
    marks: list[tuple[int, int]] = []
    left = top = _GAP_PX
    row_height = _PORTRAIT_SIDES_PX[0]
    for side in _PORTRAIT_SIDES_PX:
        for portrait, (across, down) in portraits:
            if left + side > crowd.width:
                left, top = _GAP_PX, top + row_height + _GAP_PX
                row_height = side
            crowd.paste(portrait.resize((side, side)), (left, top))
            marks.append((left + round(across * side), top + round(down * side)))
            left += side + _GAP_PX
    return Crowd(image=crowd, marks=marks)


def _installed_portraits() -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    for package, path, (left, top, side), middle in _PORTRAITS:
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        file = Path(spec.submodule_search_locations[0]) / path
        if file.is_file():
            with Image.open(file) as image:
                yield image.convert("RGB").crop((left, top, left + side, top + side)), middle


def _detection(
    picture: Picture, marks: Sequence[tuple[int, int]], recipe: Recipe, finder: FaceFinder
) -> DetectionBench:
    ours, theirs = _fastest(
        lambda: finder.find_faces(picture, _MEDIA), lambda: recipe.find(picture)
    )
    boxes = [face.box for face in finder.find_faces(picture, _MEDIA)]
    return DetectionBench(
        planted=len(marks),
        recipe_found=len(marks) - len(unfound_marks(marks, recipe.find(picture))),
        mediacheck_found=len(marks) - len(unfound_marks(marks, boxes)),
        recipe_ms=1000 * theirs,
        mediacheck_ms=1000 * ours,
        ratio=theirs / ours,
    )


def _templates(
    picture: Picture,
    marks: Sequence[tuple[int, int]],
    recipe: Recipe,
    extractor: TemplateExtractor,
) -> TemplatesBench:
    """Templates at the planted places; the time does not depend on whose face is there."""
    boxes = [
        Box(left=x - 40, top=y - 50, width=80, height=100).clipped(
            picture.width_px, picture.height_px
        )
        for x, y in marks or [(300, 300), (800, 600)]
    ]
    faces = [
        FaceFinding(
            finding_id=FindingId(str(place)), media_id=_MEDIA, box=box, detectors=("bench",)
        )
        for place, box in enumerate(boxes)
    ]
    search = FaceSearch(
        naming=Naming(mode=Recognition.SUGGEST), templates=_enrolled(picture, boxes, extractor)
    )
    theirs, glances, searched, enrolled = (
        seconds / len(boxes)
        for seconds in _fastest(
            lambda: recipe.templates(picture, boxes),
            lambda: extractor.glance(picture, boxes),
            lambda: read_faces(extractor, picture, faces, search),
            lambda: extractor.extract(picture, boxes),
        )
    )
    return TemplatesBench(
        boxes=len(boxes),
        recipe_per_second=1 / theirs,
        glances_per_second=1 / glances,
        searched_per_second=1 / searched,
        enrolled_per_second=1 / enrolled,
        glances_ratio=theirs / glances,
        searched_ratio=theirs / searched,
        enrolled_ratio=theirs / enrolled,
    )


def _enrolled(
    picture: Picture, boxes: Sequence[Box], extractor: TemplateExtractor
) -> tuple[Template, ...]:
    """The largest face of each portrait: the crowd's first row begins with one of each."""
    largest = boxes[: len(_PORTRAITS)]
    return tuple(
        Template(student_id=StudentId(str(place)), model=extractor.model, vector=vector)
        for place, vector in enumerate(extractor.extract(picture, largest))
        if vector is not None
    )


def _fastest(*ways: Callable[[], object]) -> list[float]:
    """The shortest of several rounds of each, in seconds of the processor, taken in turns."""
    rounds = [[_seconds(way) for way in ways] for _ in range(_ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started
