"""Whole pictures, file in and faces out: the plain recipe beside this pipeline, in one run."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from mediacheck.errors import EngineFault
from mediacheck.evaluation.bench_run import MEDIACHECK, RECIPE, Cost, Task
from mediacheck.evaluation.faces import unfound_marks
from mediacheck.model.post import Box

#: A picture of a phone.
LARGE_PIXELS = 12_000_000
_JPEG_QUALITY = 90

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFile:
    """A picture file, and the middle of every face in it, in its own pixels."""

    path: Path
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesBench:
    """One set of pictures. Times are milliseconds of the processor a picture, on one core.

    ``ratio`` is the recipe's time over ours; ``all_cores_ratio`` the recipe's on one core over ours
    on all ``cores``, by the clock; ``cores_ratio`` ours on one core over ours on all, by the clock.
    Memory is the most that one process has held, with the cage.
    """

    what: str
    pictures: int
    marked: int
    recipe_found: int
    mediacheck_found: int
    recipe_ms: float
    mediacheck_ms: float
    ratio: float
    cores: int
    all_cores_ratio: float
    cores_ratio: float
    recipe_peak_mib: float
    mediacheck_peak_mib: float
    templates: int
    read_in_full: int

    def as_text(self) -> str:
        """Three lines to read."""
        return (
            f"  {self.what}: {self.pictures} pictures, {self.marked} faces: found "
            f"{self.mediacheck_found}, recipe {self.recipe_found}; {self.mediacheck_ms:.0f} ms a "
            f"picture on one core, recipe {self.recipe_ms:.0f} ({self.ratio:.1f} times as fast)\n"
            f"    by the clock on all cores ({self.cores}): {self.all_cores_ratio:.1f} times as "
            f"fast as the recipe, {self.cores_ratio:.1f} times as fast as on one core\n"
            f"    memory at most {self.mediacheck_peak_mib:.0f} MiB a worker, recipe "
            f"{self.recipe_peak_mib:.0f} MiB; {self.read_in_full} of {self.templates} strangers "
            "read in full"
        )


def bench_pictures(what: str, files: Sequence[MarkedFile], models_folder: Path) -> PicturesBench:
    """Runs this pipeline over the files, then the recipe, then this pipeline again.

    The mean of both is compared: on a shared machine a few seconds may be slow ones.

    Raises:
        EngineFault: one of the processes failed.
    """
    paths = tuple(str(file.path) for file in files)
    (ours,) = _runs(MEDIACHECK, [paths], models_folder)
    (recipe,) = _runs(RECIPE, [paths], models_folder)
    (again,) = _runs(MEDIACHECK, [paths], models_folder)
    our_seconds = (ours.cpu_seconds + again.cpu_seconds) / 2
    our_duration = (ours.duration_s + again.duration_s) / 2
    cores = os.cpu_count() or 1
    shares = [paths[start::cores] for start in range(min(cores, len(paths)))]
    together = _runs(MEDIACHECK, shares, models_folder)
    all_seconds = max(cost.ended_at for cost in together) - min(
        cost.started_at for cost in together
    )
    return PicturesBench(
        what=what,
        pictures=len(files),
        marked=sum(len(file.marks) for file in files),
        recipe_found=_found(files, recipe),
        mediacheck_found=_found(files, ours),
        recipe_ms=1000 * recipe.cpu_seconds / len(files),
        mediacheck_ms=1000 * our_seconds / len(files),
        ratio=recipe.cpu_seconds / our_seconds,
        cores=len(shares),
        all_cores_ratio=recipe.duration_s / all_seconds,
        cores_ratio=our_duration / all_seconds,
        recipe_peak_mib=recipe.peak_mib,
        mediacheck_peak_mib=max(cost.peak_mib for cost in (ours, again, *together)),
        templates=ours.templates,
        read_in_full=ours.full_readings,
    )


@contextmanager
def enlarged(files: Sequence[MarkedFile], pixels: int = LARGE_PIXELS) -> Iterator[list[MarkedFile]]:
    """The same pictures as a phone would deliver them, for as long as they are needed."""
    with TemporaryDirectory() as folder:
        yield [
            _enlarged(file, Path(folder) / f"{number}.jpg", pixels)
            for number, file in enumerate(files)
        ]


def _enlarged(file: MarkedFile, path: Path, pixels: int) -> MarkedFile:
    with Image.open(file.path) as image:
        factor = math.sqrt(pixels / (image.width * image.height))
        size = (round(image.width * factor), round(image.height * factor))
        large = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    large.save(path, "JPEG", quality=_JPEG_QUALITY)
    marks = tuple((round(x * factor), round(y * factor)) for x, y in file.marks)
    return MarkedFile(path=path, marks=marks)


def _found(files: Sequence[MarkedFile], cost: Cost) -> int:
    found = 0
    for file, boxes in zip(files, cost.boxes, strict=True):
        whole = [
            Box(left=round(left), top=round(top), width=round(width), height=round(height))
            for left, top, width, height in boxes
        ]
        found += len(file.marks) - len(unfound_marks(file.marks, whole))
    return found


def _runs(way: str, shares: Sequence[Sequence[str]], models_folder: Path) -> list[Cost]:
    """One process a share; they begin together, and none is left behind."""
    tasks = [
        Task(way=way, paths=tuple(share), models_folder=str(models_folder)) for share in shares
    ]
    with ExitStack() as stack:
        processes = [stack.enter_context(_process()) for _ in tasks]
        for process, task in zip(processes, tasks, strict=True):
            process.tell(json.dumps(asdict(task)))
        if any(process.hear() != "ready" for process in processes):
            raise EngineFault("a process of the bench did not get ready")
        for process in processes:
            process.tell("go")
        return [Cost(**json.loads(process.hear())) for process in processes]


class _Process:
    """A process of the bench, to be told and heard a line at a time."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            print(line, file=self._running.stdin, flush=True)

    def hear(self) -> str:
        """What it says next.

        Raises:
            EngineFault: it has ended without a word.
        """
        said = self._running.stdout.readline() if self._running.stdout is not None else ""
        if not said:
            raise EngineFault("a process of the bench failed")
        return said.rstrip("\n")


@contextmanager
def _process() -> Iterator[_Process]:
    with subprocess.Popen(
        [sys.executable, "-m", "mediacheck.evaluation.bench_run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        try:
            yield _Process(running)
        finally:
            # One that has answered has nothing left to do.
            running.kill()
