"""Readers that die, lie or dawdle, and zygotes that are killed."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.intake import workers
from mediacheck.intake.cage import CagedDecoder
from mediacheck.intake.errors import CageFault, ReaderCrashed, TooHeavy, TooSlow
from mediacheck.intake.workers import ForkedWorkers, FreshWorkers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def a_jpeg(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 64), colour).save(out, "JPEG")
    return out.getvalue()


def the_zygotes() -> list[int]:
    """Process ids of the zygotes that this process has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_text()
        except OSError:
            continue
        if parent == os.getpid() and "mediacheck.intake.zygote" in command:
            found.append(int(status.parent.name))
    return found


@pytest.fixture
def forked() -> Iterator[ForkedWorkers]:
    readers = ForkedWorkers()
    yield readers
    readers.close()


def an_evil_reader(
    monkeypatch: pytest.MonkeyPatch, deed: str, *, is_in_a_hurry: bool = False
) -> None:
    """Makes the child processes of this test do ``deed`` in place of reading the upload.

    ``is_in_a_hurry``: the limits are one second of processor time and two by the clock.
    """
    limits = "zygote.DECODE_WALL_S = 2\nseal.DECODE_CPU_S = 1\n" if is_in_a_hurry else ""
    boot = (
        "import sys; sys.path[:] = sys.argv[2:]\n"
        "import os, signal, time\n"
        "from mediacheck.intake import seal, warm_up, wire, zygote\n"
        "good = zygote.read_upload\n"
        "zygote.warm_up = lambda read: warm_up.warm_up(good)\n"
        f"def evil(data):\n    {deed}\n"
        "zygote.read_upload = evil\n"
        f"{limits}zygote.main(sys.argv[1])\n"
    )
    monkeypatch.setattr(workers, "_BOOT", boot)


EVIL = {
    "dying of bad memory": ("import ctypes; ctypes.string_at(0)", ReaderCrashed),
    "killing itself": ("os.kill(os.getpid(), 9)", ReaderCrashed),
    "leaving without a word": ("os._exit(0)", ReaderCrashed),
    "raising what nobody expects": ("raise KeyError('Maya Lopez')", ReaderCrashed),
    "answering garbage": ("os.write(0, b'A' * 4096); os._exit(0)", ReaderCrashed),
    "answering half": ("os.write(0, b'\\0\\0\\0\\x20{\"format\"'); os._exit(0)", ReaderCrashed),
    "answering one thing and doing another": (
        "os.write(0, b'\\0\\0\\0\\2{}'); time.sleep(60)",
        TooSlow,
    ),
    "claiming gigabytes": ("os.write(0, b'\\xff' * 64); os._exit(0)", ReaderCrashed),
    "looping for ever": ("exec('while True: pass')", TooSlow),
    "sleeping for ever": ("time.sleep(600)", TooSlow),
    "letting go of its life line and sleeping": ("os.close(1); time.sleep(600)", TooSlow),
    "taking all memory": ("return bytearray(3 * 1024**3)", ReaderCrashed),
    "forking": ("os.fork()", ReaderCrashed),
}


@pytest.mark.parametrize("what", EVIL)
def test_a_reader_is_refused_for(
    what: str, monkeypatch: pytest.MonkeyPatch, forked: ForkedWorkers
) -> None:
    deed, refusal = EVIL[what]
    an_evil_reader(monkeypatch, deed, is_in_a_hurry=refusal is TooSlow)

    with pytest.raises(refusal):
        forked.read(a_jpeg())


def test_a_picture_that_needs_too_much_memory_is_told_so(
    monkeypatch: pytest.MonkeyPatch, forked: ForkedWorkers
) -> None:
    an_evil_reader(monkeypatch, "from mediacheck.intake.errors import TooHeavy; raise TooHeavy")

    with pytest.raises(TooHeavy):
        forked.read(a_jpeg())


def test_one_bad_upload_does_not_touch_the_next(forked: ForkedWorkers) -> None:
    good = forked.read(a_jpeg("blue"))

    with pytest.raises(Exception, match="Part of this photo"):
        forked.read(a_jpeg()[:-10])

    assert forked.read(a_jpeg("blue")) == good


def test_a_killed_zygote_is_replaced(forked: ForkedWorkers) -> None:
    before = set(the_zygotes())
    good = forked.read(a_jpeg())
    (zygote,) = set(the_zygotes()) - before

    os.kill(zygote, signal.SIGKILL)

    assert forked.read(a_jpeg()) == good


def test_zygotes_may_be_killed_again_and_again(forked: ForkedWorkers) -> None:
    before = set(the_zygotes())
    good = forked.read(a_jpeg())

    for _ in range(5):
        (zygote,) = set(the_zygotes()) - before
        os.kill(zygote, signal.SIGKILL)
        assert forked.read(a_jpeg()) == good


def test_a_zygote_killed_while_it_reads_is_replaced(forked: ForkedWorkers) -> None:
    before = set(the_zygotes())
    good = forked.read(a_jpeg())
    (zygote,) = set(the_zygotes()) - before
    killer = threading.Timer(0.02, os.kill, (zygote, signal.SIGKILL))

    killer.start()
    readings = [forked.read(a_jpeg()) for _ in range(10)]
    killer.join()

    assert readings == [good] * 10


def test_many_threads_share_one_zygote(forked: ForkedWorkers) -> None:
    before = set(the_zygotes())
    colours = ["red", "green", "blue", "white"] * 5
    expected = {colour: forked.read(a_jpeg(colour)) for colour in set(colours)}
    seen: list[bool] = []

    def read(colour: str) -> None:
        seen.append(forked.read(a_jpeg(colour)) == expected[colour])

    threads = [threading.Thread(target=read, args=(colour,)) for colour in colours]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [True] * len(colours)
    assert len(set(the_zygotes()) - before) == 1


def test_closing_ends_the_zygote_and_reading_starts_another(forked: ForkedWorkers) -> None:
    before = set(the_zygotes())
    forked.read(a_jpeg())

    forked.close()

    assert set(the_zygotes()) == before
    assert forked.read(a_jpeg()).format == "JPEG"


def test_a_forked_copy_of_the_tool_gets_its_own_zygote(forked: ForkedWorkers) -> None:
    forked.read(a_jpeg())

    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if forked.read(a_jpeg()).format == "JPEG" else 1
            forked.close()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert forked.read(a_jpeg()).format == "JPEG"


def test_a_reader_sees_no_environment_of_the_tool(
    monkeypatch: pytest.MonkeyPatch, forked: ForkedWorkers
) -> None:
    monkeypatch.setenv("LIBHEIF_SECURITY_LIMITS", "off")
    monkeypatch.setenv("MEDIACHECK_SECRET", "1")
    # Python itself sets LC_CTYPE where it finds no locale.
    deed = "return os._exit(3) if set(os.environ) - {'LC_CTYPE'} else good(data)"
    an_evil_reader(monkeypatch, deed)

    assert forked.read(a_jpeg()).format == "JPEG"


def test_a_zygote_that_cannot_start_is_a_fault_and_not_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_BOOT", "raise SystemExit(1)")

    with pytest.raises(CageFault, match="administrator"):
        ForkedWorkers().read(a_jpeg())
    with pytest.raises(CageFault):
        FreshWorkers().posture()


def test_an_interpreter_that_is_not_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")

    with pytest.raises(CageFault):
        ForkedWorkers().posture()


def test_a_cage_that_does_not_close_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, forked: ForkedWorkers
) -> None:
    an_evil_reader(monkeypatch, "return good(data)")
    boot = workers._BOOT.replace(
        "zygote.main(sys.argv[1])",
        "probe = zygote._probe\n"
        "def stuck(*, is_forked):\n    raise OSError\n"
        "def probing():\n    posture = probe(); zygote.close_cage = stuck; return posture\n"
        "zygote._probe = probing\n"
        "zygote.main(sys.argv[1])",
    )
    monkeypatch.setattr(workers, "_BOOT", boot)

    with pytest.raises(CageFault):
        forked.read(a_jpeg())


@pytest.mark.slow
def test_a_fresh_process_reads_the_same_as_a_forked_one(forked: ForkedWorkers) -> None:
    assert FreshWorkers().read(a_jpeg()) == forked.read(a_jpeg())
    assert FreshWorkers().posture().has_limits


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deed", "refusal"),
    [("os._exit(0)", ReaderCrashed), ("exec('while True: pass')", TooSlow)],
)
def test_a_fresh_process_that_dies_or_dawdles_is_refused(
    monkeypatch: pytest.MonkeyPatch, deed: str, refusal: type[Exception]
) -> None:
    an_evil_reader(monkeypatch, deed, is_in_a_hurry=refusal is TooSlow)

    with pytest.raises(refusal):
        FreshWorkers().read(a_jpeg())


def test_without_fork_each_upload_gets_a_fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")

    with CagedDecoder() as decoder:
        assert not decoder.posture().is_forked
