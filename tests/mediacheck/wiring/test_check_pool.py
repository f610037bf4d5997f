"""Many files are checked side by side: in order, whatever dies, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mediacheck.flow.check_file import FileChecked, FileToCheck, check_file
from mediacheck.flow.look import FaceSearch
from mediacheck.model.post import MediaState
from mediacheck.model.resolution import Naming
from mediacheck.settings import Recognition
from mediacheck.wiring.check_pool import (
    MEMORY_EACH_BYTES,
    Machine,
    PoolPlan,
    check_side_by_side,
    processes_for,
    this_machine,
)
from tests.mediacheck.wiring.engines_to_send import SentEngines

OFF = FaceSearch(naming=Naming(mode=Recognition.OFF))
ROOT = Path(__file__).resolve().parents[3]


def files_of(folder: Path, *words: str) -> list[FileToCheck]:
    files = []
    for position, data in enumerate(words):
        path = folder / f"{position}.jpg"
        path.write_text(data)
        files.append(FileToCheck(position=position, path=path))
    return files


def engines_in(folder: Path) -> SentEngines:
    (folder / "processes").mkdir()
    return SentEngines(folder / "processes")


def in_two(folder: Path, files: list[FileToCheck]) -> list[FileChecked]:
    plan = PoolPlan(processes=2, engines=engines_in(folder))
    with closing(check_side_by_side(plan, files, OFF)) as results:
        return list(results)


def is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    return True


def test_the_results_come_in_order_and_are_those_of_one_process(tmp_path: Path) -> None:
    files = files_of(tmp_path, "sleep0.5", "grey:100", "no picture", "grey:200", "grey:300")

    together = in_two(tmp_path, files)

    processes = list((tmp_path / "processes").iterdir())
    assert len(processes) == 2
    assert str(os.getpid()) not in {path.name for path in processes}
    alone = [check_file(SentEngines(tmp_path), file, OFF) for file in files]
    assert [(one.media, one.seen) for one in together] == [(one.media, one.seen) for one in alone]
    assert all(set(one.seconds) == {"intake", "faces", "names", "decide"} for one in together)


@pytest.mark.lane
def test_a_process_that_dies_leaves_its_file_unchecked_and_the_others_checked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = files_of(tmp_path, "grey:100", "die", "grey:200", "die", "grey:200", "grey:200")

    states = [(one.media.state, one.media.position) for one in in_two(tmp_path, files)]

    assert [position for _, position in states] == [0, 1, 2, 3, 4, 5]
    failed = [position for state, position in states if state is MediaState.FAILED]
    assert failed == [1, 3]
    assert "the process that checked file 2 has died" in caplog.text


@pytest.mark.lane
def test_no_process_is_left_when_nobody_waits_for_the_rest(tmp_path: Path) -> None:
    files = files_of(tmp_path, "grey:100", "sleep60", "sleep60")
    plan = PoolPlan(processes=2, engines=engines_in(tmp_path))

    with closing(check_side_by_side(plan, files, OFF)) as results:
        next(results)

    assert not any(is_running(path.name) for path in (tmp_path / "processes").iterdir())


@pytest.mark.lane
def test_an_interrupt_ends_every_process_and_says_nothing_else(tmp_path: Path) -> None:
    files_of(tmp_path, "sleep60", "sleep60")
    folder = engines_in(tmp_path).folder
    program = (
        # Whoever was started in the background ignores interrupts, and so does what it starts.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import sys; from pathlib import Path; "
        "from mediacheck.flow.check_file import FileToCheck; "
        "from mediacheck.wiring.check_pool import PoolPlan, check_side_by_side; "
        "from tests.mediacheck.wiring.engines_to_send import SentEngines; "
        f"files = [FileToCheck(position=n, path=Path({str(tmp_path)!r}, f'{{n}}.jpg')) "
        "for n in range(2)]; "
        f"plan = PoolPlan(processes=2, engines=SentEngines(Path({str(folder)!r})))\n"
        "try: list(check_side_by_side(plan, files, None))\n"
        "except KeyboardInterrupt: sys.exit(77)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(list(folder.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)

    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)

    assert running.returncode == 77
    assert said == b""
    assert not any(is_running(path.name) for path in folder.iterdir())


@pytest.mark.parametrize(
    ("files", "wanted", "processes"),
    [(1, None, 1), (2, None, 1), (5, None, 2), (40, None, 4), (40, 7, 7), (3, 7, 3), (9, 1, 1)],
)
def test_there_are_as_many_processes_as_files_and_cores_are_worth(
    files: int, wanted: int | None, processes: int
) -> None:
    machine = Machine(cores=4, free_bytes=8 * MEMORY_EACH_BYTES)

    assert processes_for(files, wanted, machine) == processes


def test_little_memory_means_few_processes() -> None:
    machine = Machine(cores=16, free_bytes=2 * MEMORY_EACH_BYTES + 1)

    assert processes_for(100, None, machine) == 2
    assert processes_for(100, None, Machine(cores=16, free_bytes=0)) == 1


def test_this_machine_says_what_it_has() -> None:
    machine = this_machine()

    assert machine.cores >= 1
    assert machine.free_bytes > 0
