"""How the time of a search grows with the gallery: made-up templates, one face searched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mediacheck.model.finding import FindingId
from mediacheck.resolution.gallery_search import Gallery, search_prepared
from mediacheck.resolution.thresholds import threshold_for
from release_db.words import StudentId

#: A class, a school, a large district, and twenty of those.
GALLERY_SIZES = (30, 600, 25_000, 500_000)
TEMPLATES_EACH = 3
_LENGTH = 128
#: Templates of one student lie about so far apart.
_SPREAD = 0.25
_ROUNDS = 7
_SEED = 20260901
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryBench:
    """Milliseconds of the processor to search one face among so many students."""

    students: int
    templates: int
    ms: float
    is_found: bool

    def as_text(self) -> str:
        """One line to read."""
        return f"  {self.students:,} students x {TEMPLATES_EACH}: {self.ms:.2f} ms a face"


def bench_gallery(model: str, sizes: Sequence[int] = GALLERY_SIZES) -> tuple[GalleryBench, ...]:
    """Searches an enrolled face in galleries of each size; the best of several rounds.

    The templates are made up: random directions, as far apart as strangers' or farther, and nearer
    to each other for one student. Only the time is of interest, and whether the student is found.

    Raises:
        MixedModels: nobody has measured a threshold for ``model``.
    """
    largest = max(sizes)
    vectors = _made_up(largest)
    return tuple(_bench(model, vectors, students) for students in sizes)


def _bench(model: str, vectors: npt.NDArray[np.float32], students: int) -> GalleryBench:
    gallery = Gallery(
        students=tuple(StudentId(f"s{number:06}") for number in range(students)),
        vectors=vectors[: students * TEMPLATES_EACH],
        starts=np.arange(0, students * TEMPLATES_EACH, TEMPLATES_EACH),
    )
    threshold = threshold_for(model)
    face = FindingId("f")
    probes = [(face, vectors[TEMPLATES_EACH * (students // 2)].astype("<f4").tobytes())]
    candidates = search_prepared(probes, gallery, threshold)[face].candidates
    seconds: list[float] = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        search_prepared(probes, gallery, threshold)
        seconds.append(time.process_time() - started)
    return GalleryBench(
        students=students,
        templates=students * TEMPLATES_EACH,
        ms=1000 * min(seconds),
        is_found=bool(candidates) and candidates[0].student_id == gallery.students[students // 2],
    )


def _made_up(students: int) -> npt.NDArray[np.float32]:
    """Rows of length 1, ``TEMPLATES_EACH`` a student."""
    chance = np.random.default_rng(_SEED)
    vectors = np.empty((students * TEMPLATES_EACH, _LENGTH), np.float32)
    for start in range(0, len(vectors), _ROWS_AT_ONCE * TEMPLATES_EACH):
        part = vectors[start : start + _ROWS_AT_ONCE * TEMPLATES_EACH]
        people = chance.standard_normal((len(part) // TEMPLATES_EACH, _LENGTH), np.float32)
        apart = chance.standard_normal(part.shape, np.float32) * np.float32(_SPREAD / 2)
        part[:] = np.repeat(people, TEMPLATES_EACH, axis=0) + apart
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return vectors
