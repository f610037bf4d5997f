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

from PIL import Image

from mediacheck.evaluation.faces import unfound_marks
from mediacheck.evaluation.pictures import canonical_picture
from mediacheck.findings.face_recipe import Recipe, open_recipe
from mediacheck.findings.face_union import open_face_finder
from mediacheck.findings.templates import open_extractor
from mediacheck.model.post import Box, MediaId, Picture
from mediacheck.ports.engines import FaceFinder, TemplateExtractor
from mediacheck.settings import settings_from

#: The crowd: so large, with portraits of these sides (in pixels of the crowd).
_CROWD_SIZE_PX = (1600, 1200)
_PORTRAIT_SIDES_PX = (360, 300, 240, 200, 160, 130, 100, 80, 60)
_GAP_PX = 20
_ROUNDS = 5
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
    """Templates a second, from picture and boxes. ``ratio`` is ours over the recipe's.

    Ours is the mean of six passes through the network, the recipe's a single one.
    """

    boxes: int
    recipe_per_second: float
    mediacheck_per_second: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """Both benches. ``portraits`` 0: none is installed, so only times are compared."""

    recipe: str
    model: str
    portraits: int
    detection: DetectionBench
    templates: TemplatesBench

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

    def as_text(self) -> str:
        """A page to read."""
        faces, templates = self.detection, self.templates
        return "\n".join(
            (
                f"Against {self.recipe}, in one run:",
                f"  finding faces: {faces.mediacheck_ms:.0f} ms, recipe {faces.recipe_ms:.0f} ms "
                f"({faces.ratio:.1f} times as fast); {faces.mediacheck_found} of {faces.planted} "
                f"found, recipe {faces.recipe_found}",
                f"  templates ({self.model}): {templates.mediacheck_per_second:.0f} a second, "
                f"recipe {templates.recipe_per_second:.0f} ({templates.ratio:.1f} times as fast)",
                *(() if self.portraits else ("  no portraits are installed: times only",)),
            )
        )


def run_bench() -> BenchReport:
    """Measures this machine's engines against the recipe.

    Raises:
        EngineFault: an engine failed.
    """
    portraits = list(_installed_portraits())
    picture, marks = a_crowd(portraits)
    recipe, finder = open_recipe(), open_face_finder()
    extractor = open_extractor(settings_from().data_folder / "models")
    return BenchReport(
        recipe=recipe.name,
        model=extractor.model,
        portraits=len(portraits),
        detection=_detection(picture, marks, recipe, finder),
        templates=_templates(picture, marks, recipe, extractor),
    )


def a_crowd(
    portraits: Sequence[tuple[Image.Image, tuple[float, float]]],
) -> tuple[Picture, list[tuple[int, int]]]:
    """A picture of portraits at many sizes, and the middle of each face in it.

    ``portraits`` are squares, each with the middle of its face as shares of its side.
    """
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
    return canonical_picture(crowd), marks


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
    ours, theirs = _fastest(
        lambda: extractor.extract(picture, boxes), lambda: recipe.templates(picture, boxes)
    )
    return TemplatesBench(
        boxes=len(boxes),
        recipe_per_second=len(boxes) / theirs,
        mediacheck_per_second=len(boxes) / ours,
        ratio=theirs / ours,
    )


def _fastest(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The shortest of several rounds of each, in seconds of the processor, taken in turns."""
    rounds = [(_seconds(ours), _seconds(theirs)) for _ in range(_ROUNDS)]
    return min(one for one, _ in rounds), min(other for _, other in rounds)


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started
