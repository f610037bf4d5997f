"""Checks files side by side, in processes that share nothing: what goes in and out are values.

A process holds one set of engines and takes one file after the other. One that dies takes its file
with it, which is then unchecked and blocks; a successor goes on with the rest.
"""

from __future__ import annotations

import logging
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from mediacheck.flow.check_file import FileChecked, FileToCheck, check_file, not_checked
from mediacheck.flow.check_once import CheckFiles, Results
from mediacheck.flow.look import FaceSearch
from mediacheck.ports.services import Engines
from mediacheck.wiring.engines import ProcessEngines, prepare_process

_LOG = logging.getLogger(__name__)

#: Loading the engines takes a process as long as checking a picture or two.
FEWEST_FILES_EACH = 2
#: What one process may take: it held 0.9 GiB after reading the writing on a dozen pictures of up to
#: 2048 by 1536.
MEMORY_EACH_BYTES = 1000 * 1024 * 1024
#: So long a process that was told to end may take, in seconds.
_PATIENCE_S = 5
# A fresh interpreter each: a fork would inherit locks, and threads' half-done work.
_SPAWN = get_context("spawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What there is to work with: cores, and bytes of memory that are free."""

    cores: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPlan:
    """How many processes there are at most, and what each one holds."""

    processes: int
    engines: Engines


def files_checker(models_folder: Path, files: int, wanted: int | None) -> CheckFiles | None:
    """How so many files are to be checked; None: one after the other, in this process.

    ``wanted`` is at most so many processes; None: as many as cores and memory bear.
    """
    processes = processes_for(files, wanted, this_machine())
    if processes == 1:
        return None
    engines = ProcessEngines(models_folder=models_folder)
    return partial(check_side_by_side, PoolPlan(processes=processes, engines=engines))


def processes_for(files: int, wanted: int | None, machine: Machine) -> int:
    """How many processes so many files are worth."""
    if wanted is not None:
        return max(1, min(wanted, files))
    most = min(machine.cores, machine.free_bytes // MEMORY_EACH_BYTES)
    return max(1, min(most, files // FEWEST_FILES_EACH))


def this_machine() -> Machine:
    """The machine that this process runs on."""
    return Machine(cores=_cores(), free_bytes=_free_bytes())


def check_side_by_side(
    plan: PoolPlan, files: Sequence[FileToCheck], search: FaceSearch | None
) -> Results:
    """Checks files in processes of their own; the results come in the order of the files.

    However it ends, no process is left behind.
    """
    waiting = deque(files)
    done: dict[int, FileChecked] = {}
    crew = [_Worker(plan.engines, search) for _ in range(min(plan.processes, len(files)))]
    try:
        for worker in crew:
            worker.take_next(waiting)
        for file in files:
            while file.position not in done:
                done |= _results_of(_heard(crew), waiting)
            yield done.pop(file.position)
    finally:
        for worker in crew:
            worker.end()


def _results_of(heard: Sequence[_Worker], waiting: deque[FileToCheck]) -> dict[int, FileChecked]:
    """The results of these workers, by position; each of them goes on to the next file."""
    results = [worker.answer() for worker in heard]
    for worker in heard:
        worker.take_next(waiting)
    return {result.media.position: result for result in results}


def _heard(crew: Sequence[_Worker]) -> list[_Worker]:
    """Those of the busy workers who have something to say, or have died."""
    busy = {worker.pipe: worker for worker in crew if worker.file is not None}
    heard = set(wait(list(busy)))
    return [worker for pipe, worker in busy.items() if pipe in heard]


@dataclass(slots=True)
class _Worker:
    """A process, and the file that it has in hand."""

    engines: Engines
    search: FaceSearch | None
    file: FileToCheck | None = None
    pipe: Connection = field(init=False)
    process: SpawnProcess = field(init=False)

    def __post_init__(self) -> None:
        self._start()

    def take_next(self, waiting: deque[FileToCheck]) -> None:
        """Hands it the next file; with none left it has nothing in hand."""
        self.file = waiting.popleft() if waiting else None
        if self.file is not None:
            # One that has died says so when its answer is read.
            with suppress(OSError):
                self.pipe.send(self.file)

    def answer(self) -> FileChecked:
        """What became of the file in hand."""
        if self.file is None:
            raise RuntimeError("a worker without a file has no answer")
        try:
            result: FileChecked = self.pipe.recv()
        except (EOFError, OSError):
            _LOG.error("the process that checked file %d has died", self.file.position + 1)
            self.end()
            result = not_checked(self.file)
            self._start()
        return result

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self.pipe.close()
        self.process.terminate()
        self.process.join(_PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def _start(self) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(
            target=_work, args=(theirs, self.engines, self.search), daemon=True
        )
        with _without_interrupts():
            self.process.start()
        theirs.close()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process that is started inside never hears Ctrl-C: the one who started it does, after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, engines: Engines, search: FaceSearch | None) -> None:
    """A worker's life: file after file, until the other end hangs up."""
    # The one who started it is told to stop, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare_process()
    with suppress(EOFError, OSError):
        while True:
            file: FileToCheck = pipe.recv()
            pipe.send(check_file(engines, file, search))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_bytes() -> int:
    """Bytes that this machine can give without swapping; plenty, where it does not say."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 64 * MEMORY_EACH_BYTES
