"""One process of the bench: checks pictures in one way and says what that cost.

``python -m mediacheck.evaluation.bench_run``: the first line of the standard input says what to do
(one JSON object), the second that it is time. It answers ``ready``, then one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from mediacheck.findings.face_recipe import open_recipe
from mediacheck.findings.face_union import open_face_finder
from mediacheck.findings.templates import open_extractor
from mediacheck.flow.look import FaceSearch, read_faces
from mediacheck.intake.cage import CagedDecoder
from mediacheck.model.finding import FaceFinding
from mediacheck.model.post import Box, MediaId, Picture
from mediacheck.model.resolution import Naming
from mediacheck.ports.engines import FaceFinder, TemplateExtractor
from mediacheck.settings import Recognition
from mediacheck.wiring.engines import prepare_process
from release_db.records import Template
from release_db.words import StudentId

RECIPE, MEDIACHECK = "recipe", "mediacheck"
#: A class: so many are enrolled, and nobody in the picture is among them.
_ENROLLED = 30
_MEDIA = MediaId("bench")

#: A box as numbers: left, top, width, height in pixels of the file.
Numbers = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one process does: ``way`` is ``RECIPE`` or ``MEDIACHECK``."""

    way: str
    paths: tuple[str, ...]
    models_folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it took.

    ``cpu_seconds`` counts the processor in this process and those it started; ``started_at`` and
    ``ended_at`` are seconds by the clock; ``peak_mib`` is the most memory that this process and the
    largest it started have held. ``boxes`` are one list a picture.
    """

    cpu_seconds: float
    started_at: float
    ended_at: float
    peak_mib: float
    boxes: list[list[Numbers]]
    templates: int
    full_readings: int

    @property
    def duration_s(self) -> float:
        """Seconds by the clock."""
        return self.ended_at - self.started_at


def main() -> int:
    """Does the task, between the two lines."""
    prepare_process()
    task = Task(**json.loads(sys.stdin.readline()))
    run = _recipe_run if task.way == RECIPE else _mediacheck_run
    print(json.dumps(asdict(run(task))), flush=True)
    return 0


def _wait_for_the_start() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _recipe_run(task: Task) -> Cost:
    """The plain recipe: load the whole file, find, and make a template of every face."""
    import numpy as np
    from PIL import Image

    recipe = open_recipe()

    def check(path: str) -> tuple[list[Numbers], int]:
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))
        picture = Picture(
            width_px=pixels.shape[1],
            height_px=pixels.shape[0],
            rgb=pixels.tobytes(),
            source_width_px=pixels.shape[1],
            source_height_px=pixels.shape[0],
        )
        boxes = recipe.find(picture)
        found = [
            (float(box.left), float(box.top), float(box.width), float(box.height)) for box in boxes
        ]
        return found, recipe.templates(picture, boxes)

    recipe.find(
        Picture(
            width_px=80, height_px=80, rgb=bytes(19200), source_width_px=80, source_height_px=80
        )
    )
    _wait_for_the_start()
    return _timed(task.paths, lambda path: (*check(path), 0), lambda: 0.0)


def _mediacheck_run(task: Task) -> Cost:
    """The product's own way: cage, every reading, and the search of a class of strangers."""
    # Before the engines load: a process that is started counts its starter's memory as its own.
    start_cpu_s = _cpu_to_start_a_cage(task.paths[0])
    with CagedDecoder(at_once=1) as decoder:
        decoder.decode(Path(task.paths[0]).read_bytes(), "bench.jpg")
        finder, extractor = open_face_finder(), open_extractor(Path(task.models_folder))
        check = _Check(decoder, finder, extractor)
        enrolled = check.enrol(task.paths)
        _wait_for_the_start()

        def end() -> float:
            decoder.close()
            return _children_cpu_s() - 2 * start_cpu_s

        return _timed(task.paths, lambda path: check.check(path, enrolled), end)


class _Check:
    """Checks one picture after the other."""

    def __init__(
        self, decoder: CagedDecoder, finder: FaceFinder, extractor: TemplateExtractor
    ) -> None:
        self._decoder = decoder
        self._finder = finder
        self._extractor = extractor

    def enrol(self, paths: Sequence[str]) -> list[tuple[str, Template]]:
        """One face of each picture, with the picture it is from; this is not timed."""
        from mediacheck.evaluation.pictures import read_picture

        enrolled: list[tuple[str, Template]] = []
        for path in paths[:_ENROLLED]:
            picture = read_picture(Path(path))
            boxes = [face.box for face in self._finder.find_faces(picture, _MEDIA)]
            for vector in self._extractor.extract(picture, boxes):
                if vector is not None:
                    student = StudentId(f"s{len(enrolled)}")
                    model = self._extractor.model
                    enrolled.append(
                        (path, Template(student_id=student, model=model, vector=vector))
                    )
        return enrolled[:_ENROLLED]

    def check(
        self, path: str, enrolled: Sequence[tuple[str, Template]]
    ) -> tuple[list[Numbers], int, int]:
        intake = self._decoder.decode(Path(path).read_bytes(), "bench.jpg")
        faces: list[FaceFinding] = []
        for picture in (intake.picture, *intake.also_check):
            faces += self._finder.find_faces(picture, _MEDIA)
        strangers = tuple(template for origin, template in enrolled if origin != path)
        search = FaceSearch(naming=Naming(mode=Recognition.SUGGEST), templates=strangers)
        counting = _CountingExtractor(self._extractor)
        probes = read_faces(counting, intake.picture, faces, search)
        scale = intake.picture.source_scale
        boxes = [face.box for face in faces]
        found = [
            (box.left * scale, box.top * scale, box.width * scale, box.height * scale)
            for box in boxes
        ]
        return found, sum(probe is not None for probe in probes), counting.full


class _CountingExtractor:
    """The same extractor; remembers how many faces were read in full."""

    def __init__(self, extractor: TemplateExtractor) -> None:
        self.model = extractor.model
        self.glance = extractor.glance
        self._extractor = extractor
        self.full = 0

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        self.full += len(boxes)
        return self._extractor.extract(picture, boxes)


def _timed(
    paths: Sequence[str],
    check: Callable[[str], tuple[list[Numbers], int, int]],
    end: Callable[[], float],
) -> Cost:
    started_at, begun = time.time(), time.process_time()
    answers = [check(path) for path in paths]
    cpu_seconds, ended_at = time.process_time() - begun, time.time()
    peak_mib = _peak_mib()
    cpu_seconds += end()
    return Cost(
        cpu_seconds=cpu_seconds,
        started_at=started_at,
        ended_at=ended_at,
        peak_mib=peak_mib + _largest_child_mib(),
        boxes=[boxes for boxes, _, _ in answers],
        templates=sum(templates for _, templates, _ in answers),
        full_readings=sum(full for _, _, full in answers),
    )


def _cpu_to_start_a_cage(path: str) -> float:
    """Seconds of the processor to start a cage, read one picture and end it."""
    with CagedDecoder(at_once=1) as decoder:
        decoder.decode(Path(path).read_bytes(), "bench.jpg")
    return _children_cpu_s()


def _children_cpu_s() -> float:
    """Of the processes that were started here and have ended."""
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    return 0.0


def _largest_child_mib() -> float:
    with suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return 0.0


def _peak_mib() -> float:
    """The most memory this process has held (Linux); 0 where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
