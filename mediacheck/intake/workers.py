"""How the tool reaches caged readers: through a zygote that forks, or a fresh process each time."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Protocol

from mediacheck.intake.errors import CageFault, ReaderCrashed, TooSlow
from mediacheck.intake.limits import DECODE_WALL_S
from mediacheck.intake.seal import Posture
from mediacheck.intake.wire import (
    ANNOUNCEMENT,
    CAGE_OPEN,
    OVERDUE,
    BrokenReply,
    Reading,
    receive_reading,
    send_upload,
    unpack_posture,
)

#: Importing and using every decoder once takes about half a second; a loaded machine needs longer.
_START_S = 60
#: Beyond the reader's own limit, for bytes under way.
_PATIENCE_S = DECODE_WALL_S + 5
#: A zygote may be killed at any time, but hardly twice during one upload.
_TRIES = 2
_BOOT = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from mediacheck.intake.zygote import main; main(sys.argv[1])"
)
_OUT_OF_TIME = frozenset({OVERDUE, -getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)})


class Workers(Protocol):
    """Caged readers of one kind."""

    def read(self, data: bytes) -> Reading:
        """What a caged reader makes of an upload.

        Raises:
            IntakeError: the upload is not taken; one subclass per cause.
            CageFault: no reader can be started.
        """
        ...

    def posture(self) -> Posture:
        """How well these readers are locked up."""
        ...

    def close(self) -> None:
        """Ends every process that was started here."""
        ...


class _ZygoteLost(Exception):
    """The zygote is gone; the upload has not been read."""


class ForkedWorkers:
    """A zygote, started on first use and again whenever it has gone. Any thread may call."""

    def __init__(self) -> None:
        """Starts nothing yet."""
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None

    def read(self, data: bytes) -> Reading:
        """See ``Workers``. A zygote that dies under the first try gets a successor."""
        for _ in range(_TRIES):
            zygote = self._living()
            try:
                return zygote.read(data)
            except _ZygoteLost:
                self._bury(zygote)
        raise CageFault

    def posture(self) -> Posture:
        """See ``Workers``."""
        return self._living().posture

    def close(self) -> None:
        """See ``Workers``."""
        with self._lock:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def _living(self) -> _Zygote:
        with self._lock:
            if self._zygote is None or not self._zygote.is_ours_and_alive:
                if self._zygote is not None:
                    self._zygote.close()
                self._zygote = _Zygote()
            return self._zygote

    def _bury(self, zygote: _Zygote) -> None:
        """Ends a zygote that does not answer; the system may still call it alive."""
        with self._lock:
            zygote.close()
            if self._zygote is zygote:
                self._zygote = None


class _Zygote:
    """One running zygote, as its starter sees it."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._control, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = _start("serve", stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
        except CageFault:
            self._control.close()
            raise
        self.close = weakref.finalize(self, _stop, self._owner, self._process, self._control)
        try:
            self._control.settimeout(_START_S)
            self.posture = unpack_posture(self._control.recv(1 << 12))
        except (OSError, BrokenReply) as error:
            self.close()
            raise CageFault from error

    @property
    def is_ours_and_alive(self) -> bool:
        """False in a process that was forked after the start: it needs a zygote of its own."""
        return self._owner == os.getpid() and self._process.poll() is None

    def read(self, data: bytes) -> Reading:
        ours, theirs = socket.socketpair()
        report, reporting = socket.socketpair()
        with ours, report:
            with theirs, reporting:
                self._announce(theirs, reporting)
            ours.settimeout(_PATIENCE_S)
            try:
                send_upload(ours.sendall, data)
                return receive_reading(ours.recv)
            except (OSError, BrokenReply) as error:
                raise _reason(_ending(report)) from error

    def _announce(self, theirs: socket.socket, reporting: socket.socket) -> None:
        try:
            socket.send_fds(self._control, [ANNOUNCEMENT], [theirs.fileno(), reporting.fileno()])
        except OSError as error:
            raise _ZygoteLost from error


def _ending(report: socket.socket) -> int | None:
    """How the zygote says the reader ended; None when there is no zygote to say it."""
    report.settimeout(_PATIENCE_S)
    try:
        told = report.recv(16)
    except OSError:
        return None
    return int(told) if told else None


def _reason(ending: int | None) -> Exception:
    if ending is None:
        return _ZygoteLost()
    if ending == CAGE_OPEN:
        return CageFault()
    return TooSlow() if ending in _OUT_OF_TIME else ReaderCrashed()


def _stop(owner: int, process: subprocess.Popen[bytes], control: socket.socket) -> None:
    control.close()
    if owner != os.getpid():
        # A forked copy of the starter may drop its end, but must not end the other's zygote.
        return
    process.kill()
    process.wait()


class FreshWorkers:
    """A new process for each upload, where there is no fork. Any thread may call."""

    def read(self, data: bytes) -> Reading:
        """See ``Workers``."""
        process = _start("once", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        clock = threading.Timer(_PATIENCE_S, process.kill)
        clock.start()
        try:
            return _exchange(process, data)
        except (OSError, BrokenReply) as error:
            # The clock's own kill looks like the one the limit on processor time ends with.
            raise _reason(process.wait()) from error
        finally:
            clock.cancel()
            _end(process)

    def posture(self) -> Posture:
        """See ``Workers``."""
        process = _start("posture", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        try:
            packed, _ = process.communicate(timeout=_START_S)
            return unpack_posture(packed)
        except (subprocess.TimeoutExpired, BrokenReply) as error:
            raise CageFault from error
        finally:
            _end(process)

    def close(self) -> None:
        """See ``Workers``; no process outlives its upload."""


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> Reading:
    if process.stdin is None or process.stdout is None:
        raise CageFault
    send_upload(process.stdin.write, data)
    process.stdin.close()
    return receive_reading(process.stdout.read)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # Closing writes what is left, to a process that is gone.
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def _start(task: str, *, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    """A Python of our own with an empty environment, no site hooks and only our own folders.

    Raises:
        CageFault: the system cannot start it.
    """
    folders = [str(Path(folder).absolute()) for folder in sys.path]
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-S", "-c", _BOOT, task, *folders],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=Path(sys.executable).anchor,
            start_new_session=True,
        )
    except OSError as error:
        raise CageFault from error
