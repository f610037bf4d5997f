"""The clean process that reads uploads: it holds no secret, and forks one caged reader a picture.

It is started with an empty environment, imports everything once and then only forks. It talks
through one socket, its standard input: each message carries the two ends that one reader needs. A
reader that takes longer than it may is killed here, since only a parent can name its child safely.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from mediacheck.errors import IntakeError
from mediacheck.intake.limits import DECODE_WALL_S
from mediacheck.intake.reader import prepare_decoders, read_upload
from mediacheck.intake.seal import Posture, close_cage
from mediacheck.intake.warm_up import warm_up
from mediacheck.intake.wire import (
    ANNOUNCEMENT,
    ANSWERED,
    CAGE_OPEN,
    OVERDUE,
    pack_posture,
    receive_upload,
    send_reading,
    send_refusal,
    unpack_posture,
)

#: Exit code of a reader that failed in a way nobody thought of.
_FAULT = 71
_HIGHEST_FILE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """A running reader. ``life`` reads nothing until the reader is gone."""

    pid: int
    life: int
    report: socket.socket
    deadline: float


def main(task: str) -> None:
    """Entry point of the child process: ``serve``, ``once`` or ``posture``."""
    warnings.simplefilter("ignore")
    prepare_decoders()
    match task:
        case "serve":
            _serve()
        case "once":
            warm_up(read_upload)
            _close_or_leave(is_forked=False)
            _read_one(lambda length: os.read(0, length), _writer_to(1))
        case _:
            os.write(1, pack_posture(close_cage(is_forked=False)))
    # What Python does at its end needs more than a closed cage allows.
    os._exit(ANSWERED)


def _serve() -> None:
    control = socket.socket(fileno=0)
    warm_up(read_upload)
    posture = _probe()
    control.send(pack_posture(posture))
    gc.freeze()
    readers: list[_Reader] = []
    while True:
        now = time.monotonic()
        wait = min((reader.deadline - now for reader in readers), default=None)
        files: list[socket.socket | int] = [control, *(reader.life for reader in readers)]
        ready, _, _ = select.select(files, [], [], None if wait is None else max(0.0, wait))
        readers = [reader for reader in readers if not _is_done(reader, ready)]
        if control in ready and not _start_next(control, readers, posture):
            break
    for reader in readers:
        os.kill(reader.pid, signal.SIGKILL)


def _start_next(control: socket.socket, readers: list[_Reader], posture: Posture) -> bool:
    """Forks a reader for the next announced upload; False when the tool has gone."""
    message, files, _, _ = socket.recv_fds(control, len(ANNOUNCEMENT), 2)
    if not message:
        return False
    connection, report = files
    life, held_open = os.pipe()
    pid = os.fork()
    if pid == 0:
        ending = _FAULT
        try:
            ending = _be_a_reader(connection, held_open, posture)
        finally:
            # Whatever happens, the child never returns into the zygote's own work.
            os._exit(ending)
    os.close(connection)
    os.close(held_open)
    deadline = time.monotonic() + DECODE_WALL_S
    report_to = socket.socket(fileno=report)
    readers.append(_Reader(pid=pid, life=life, report=report_to, deadline=deadline))
    return True


def _is_done(reader: _Reader, ready: list[socket.socket | int]) -> bool:
    """Buries a reader that has ended or is overdue, and reports how it ended."""
    is_overdue = time.monotonic() >= reader.deadline
    if reader.life not in ready and not is_overdue:
        return False
    # One that only closed its end of the pipe is as good as gone.
    os.kill(reader.pid, signal.SIGKILL)
    _, status = os.waitpid(reader.pid, 0)
    os.close(reader.life)
    ending = OVERDUE if is_overdue else os.waitstatus_to_exitcode(status)
    # Where the tool has stopped listening nobody needs the report.
    with contextlib.suppress(OSError):
        reader.report.send(str(ending).encode())
    reader.report.close()
    return True


def _probe() -> Posture:
    """Closes a cage round a throw-away child, to learn what this machine can do."""
    answer, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(tell, pack_posture(close_cage(is_forked=True)))
        os._exit(ANSWERED)
    os.close(tell)
    packed = os.read(answer, 1 << 12)
    os.close(answer)
    os.waitpid(pid, 0)
    return unpack_posture(packed)


def _be_a_reader(connection: int, held_open: int, expected: Posture) -> int:
    """The child's whole life, with no file but the connection and the pipe that tells of it."""
    os.dup2(connection, 0)
    os.dup2(held_open, 1)
    os.closerange(3, _HIGHEST_FILE)
    if _close_or_leave(is_forked=True) != expected:
        return CAGE_OPEN
    _read_one(lambda length: os.read(0, length), _writer_to(0))
    return ANSWERED


def _close_or_leave(*, is_forked: bool) -> Posture:
    """Closes the cage, or ends this process before it has read a byte."""
    try:
        return close_cage(is_forked=is_forked)
    except OSError:
        os._exit(CAGE_OPEN)


def _read_one(receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
    data = receive_upload(receive)
    try:
        reading = read_upload(data)
    except IntakeError as refusal:
        send_refusal(send, refusal)
    else:
        send_reading(send, reading)


def _writer_to(file: int) -> Callable[[bytes], None]:
    def send(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]

    return send
