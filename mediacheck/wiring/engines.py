"""Opens the engines, one of each a process. Each is imported when it is first wanted."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mediacheck.ports.engines import (
    FaceFinder,
    NameMatcher,
    PictureDecoder,
    TemplateExtractor,
    TextReader,
)
from mediacheck.ports.register import Register
from release_db.records import Student

if TYPE_CHECKING:
    from mediacheck.findings.name_store import NameMemory


#: Of mallopt(3): from which size on a block of memory is the system's own, and goes back to it.
_MMAP_THRESHOLD, _LARGE_BYTES = -3, 16 * 1024 * 1024


def prepare_process() -> None:
    """Makes a process ready for the engines, before the first one is loaded.

    They use one thread, for pictures run in parallel instead: their own threads would fight for the
    cores. And large blocks of memory go back to the system: left to itself glibc keeps them from
    the first picture on, a third of a worker's memory.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


@cache
def make_decoder() -> PictureDecoder:
    """Reads uploads in a cage."""
    from mediacheck.intake.cage import CagedDecoder

    return CagedDecoder()


@cache
def make_face_finder() -> FaceFinder:
    """The union of the detectors that this machine has."""
    prepare_process()
    from mediacheck.findings.face_union import open_face_finder

    return open_face_finder()


@cache
def make_extractor(models_folder: Path) -> TemplateExtractor:
    """The face templates; the converted model is cached in that folder.

    A recogniser of the district's own brings the bars that were measured for it.
    """
    prepare_process()
    from mediacheck.findings.templates import open_extractor
    from mediacheck.findings.templates_own_setup import recogniser_or_none
    from mediacheck.resolution.thresholds import Threshold, use_threshold

    own = recogniser_or_none(models_folder)
    if own is not None and own.bars is not None:
        use_threshold(Threshold(model=own.model, **asdict(own.bars)))
    return open_extractor(models_folder)


@cache
def make_reader() -> TextReader:
    """Reads writing in pixels."""
    prepare_process()
    from mediacheck.findings.text_rapidocr import RapidOcrReader

    return RapidOcrReader()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessEngines:
    """This process's engines. Implements the ``Engines`` port where there is no database."""

    models_folder: Path

    def decoder(self) -> PictureDecoder:
        """Reads uploads in a cage."""
        return make_decoder()

    def face_finder(self) -> FaceFinder:
        """The union of the detectors that this machine has."""
        return make_face_finder()

    def template_extractor(self) -> TemplateExtractor:
        """The face templates."""
        return make_extractor(self.models_folder)

    def text_reader(self) -> TextReader:
        """Reads writing in pixels."""
        return make_reader()


def students_not_indexed(register: Register) -> int:
    """How many students' names are not in the index yet, or as an older version made them."""
    from mediacheck.findings import name_store

    rows = register.names
    waiting = {student.student_id for student in rows.stale()}
    return len(waiting.union(rows.missing(name_store.rules())))


def index_names(register: Register, shown: Callable[[Sequence[Student]], Iterable[Student]]) -> int:
    """Makes the index of names whole, and says of how many students it was not.

    ``shown`` goes through the students, and may show how far it is.
    """
    from mediacheck.findings import name_store

    register.names.mark_missing(name_store.rules())
    return name_store.bring_up_to_date(register.names, shown)


class RosterMatchers:
    """Finds the people of the roster as it is now, and those who left: nothing releases them.

    The index is in the database; a process remembers what it met there until the roster changes.
    """

    def __init__(self) -> None:
        """Nothing is remembered, and nothing known to be whole."""
        self._memory: NameMemory | None = None
        self._is_whole = False

    def __call__(self, register: Register) -> NameMatcher:
        """A matcher for the life of the register's transaction."""
        from mediacheck.findings import name_store
        from mediacheck.findings.names import RosterNameMatcher

        rows = register.names
        if not self._is_whole:
            # What is marked now may be undone with this transaction, so that nothing is proved.
            self._is_whole = not rows.mark_missing(name_store.rules())
        name_store.bring_up_to_date(rows)
        memory, turn = self._memory, rows.turn()
        if memory is None or memory.turn != turn or memory.is_full:
            memory = self._memory = name_store.NameMemory(turn=turn)
        return RosterNameMatcher(name_store.stored_index(rows, memory))
