"""Closes the cage round a process: after this it computes, reads and writes its pipe, and no more.

Three layers, each of which holds alone: limits of the kernel for time, memory and open files;
Landlock, which takes the whole file system and the network away; and a list of the few system calls
that decoding needs. Where the kernel lacks a layer the ``Posture`` says so.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass

from mediacheck.intake.limits import DECODE_CPU_S, DECODE_MEMORY_BYTES
from mediacheck.intake.seal_landlock import close_files
from mediacheck.intake.seal_seccomp import allow_few_system_calls

if sys.platform != "win32":
    import resource

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How well the reader of uploads is locked up on this machine.

    ``landlock_version``: the kernel's ABI number, 0 where there is none.
    """

    system: str
    is_forked: bool
    has_limits: bool
    landlock_version: int
    has_call_filter: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The layers that this machine lacks, in words for an administrator."""
        layers = {
            "limits of time and memory": self.has_limits,
            "Landlock (Linux 5.13 or later)": self.landlock_version > 0,
            "the list of allowed system calls (seccomp)": self.has_call_filter,
        }
        return tuple(name for name, is_there in layers.items() if not is_there)

    @property
    def is_complete(self) -> bool:
        """Whether every layer is there."""
        return not self.missing


def close_cage(*, is_forked: bool) -> Posture:
    """Locks this process up for good, as well as the system can.

    Raises:
        OSError: the kernel knows a layer and refuses it all the same.
    """
    is_linux = sys.platform == "linux"
    if is_linux:
        _give_up_privileges()
    # In this order, for Landlock opens a file and the call filter forbids setting limits.
    landlock_version = close_files() if is_linux else 0
    has_limits = _set_limits()
    has_call_filter = is_linux and allow_few_system_calls()
    return Posture(
        system=sys.platform,
        is_forked=is_forked,
        has_limits=has_limits,
        landlock_version=landlock_version,
        has_call_filter=has_call_filter,
    )


def _set_limits() -> bool:
    """No core file, no new file, no file growth; bounded time and memory.

    The number of processes is not limited: the HEIC decoder needs a thread, and threads count.
    The system-call list forbids new processes instead.
    """
    if sys.platform == "win32":
        return False
    limits = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (0, 0),
        # The soft limit ends the process with SIGXCPU, the hard one a second later for certain.
        resource.RLIMIT_CPU: (DECODE_CPU_S, DECODE_CPU_S + 1),
    }
    if sys.platform == "linux":
        limits[resource.RLIMIT_AS] = (DECODE_MEMORY_BYTES, DECODE_MEMORY_BYTES)
    for limit, values in limits.items():
        resource.setrlimit(limit, values)
    return True


def _give_up_privileges() -> None:
    """Dies with its parent, cannot be looked into, and can never gain a privilege."""
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in (
        (_PR_SET_PDEATHSIG, _SIGKILL),
        (_PR_SET_DUMPABLE, 0),
        (_PR_SET_NO_NEW_PRIVS, 1),
    ):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
