"""The list of system calls that decoding needs, as a classic BPF program of our own.

A call outside the list fails with EPERM; those that no decoder ever needs (new processes, signals
to others, looking into other processes) kill at once. See seccomp(2) and the kernel's
``include/uapi/linux/{seccomp,filter,audit}.h``.
"""

from __future__ import annotations

import ctypes
import errno
import platform
from dataclasses import dataclass

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 32

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY, _NOT_THERE = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS

_CLONE_THREAD, _PROT_EXEC = 0x00010000, 0x4
#: On x86-64 numbers from here on are the x32 calls: another door to the same rooms.
_X32 = 0x40000000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calls:
    """The system-call numbers of one architecture."""

    audit_number: int
    allowed: tuple[int, ...]
    clone: int
    clone3: int
    map_memory: tuple[int, int]
    killed: tuple[int, ...]


#: read write close lseek munmap brk rt_sigaction rt_sigprocmask rt_sigreturn sched_yield mremap
#: madvise nanosleep getpid exit uname gettimeofday sysinfo sigaltstack gettid futex
#: sched_getaffinity restart_syscall clock_gettime clock_getres clock_nanosleep exit_group
#: set_robust_list getrandom membarrier rseq
_X86_64 = _Calls(
    audit_number=0xC000003E,
    allowed=(
        0, 1, 3, 8, 11, 12, 13, 14, 15, 24, 25, 28, 35, 39, 60, 63, 96, 99, 131, 186, 202, 204,
        219, 228, 229, 230, 231, 273, 318, 324, 334,
    ),
    clone=56,
    clone3=435,
    map_memory=(9, 10),
    # fork vfork execve kill ptrace tkill tgkill process_vm_readv process_vm_writev execveat
    killed=(57, 58, 59, 62, 101, 200, 234, 310, 311, 322),
)  # fmt: skip
_AARCH64 = _Calls(
    audit_number=0xC00000B7,
    allowed=(
        63, 64, 57, 62, 215, 214, 134, 135, 139, 124, 216, 233, 101, 172, 93, 160, 169, 179, 132,
        178, 98, 123, 128, 113, 114, 115, 94, 99, 278, 283, 293,
    ),
    clone=220,
    clone3=435,
    map_memory=(222, 226),
    # execve kill ptrace tkill tgkill process_vm_readv process_vm_writev execveat
    killed=(221, 129, 117, 130, 131, 270, 271, 281),
)  # fmt: skip
_ARCHITECTURES = {"x86_64": _X86_64, "aarch64": _AARCH64}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def allow_few_system_calls() -> bool:
    """Puts the list into force for this thread for good. Needs ``PR_SET_NO_NEW_PRIVS``.

    Returns:
        False where the kernel has no such filters, or the machine's numbers are not known here.

    Raises:
        OSError: the kernel has filters and refuses this one.
    """
    calls = _ARCHITECTURES.get(platform.machine())
    if calls is None:
        return False
    steps = _steps(calls)
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0:
        return True
    if ctypes.get_errno() == errno.EINVAL:
        return False
    raise OSError(ctypes.get_errno(), "seccomp")


def _steps(calls: _Calls) -> list[_Step]:
    """The filter: each rule tests the call's number and returns, or falls through to the next."""
    program = [
        _Step(_LOAD, 0, 0, _ARCHITECTURE),
        _Step(_EQUAL, 1, 0, calls.audit_number),
        _Step(_RETURN, 0, 0, _KILL),
        _Step(_LOAD, 0, 0, _NUMBER),
        _Step(_AT_LEAST, 0, 1, _X32),
        _Step(_RETURN, 0, 0, _KILL),
    ]
    for number in calls.allowed:
        program += _rule(number, _ALLOW)
    for number in calls.killed:
        program += _rule(number, _KILL)
    # glibc falls back from clone3, whose flags a filter cannot read, to clone.
    program += _rule(calls.clone3, _NOT_THERE)
    program += _rule_on_bit(calls.clone, _FIRST_ARGUMENT, _CLONE_THREAD, _ALLOW, _KILL)
    for number in calls.map_memory:
        program += _rule_on_bit(number, _THIRD_ARGUMENT, _PROT_EXEC, _DENY, _ALLOW)
    program.append(_Step(_RETURN, 0, 0, _DENY))
    return program


def _rule(number: int, answer: int) -> tuple[_Step, ...]:
    return (_Step(_EQUAL, 0, 1, number), _Step(_RETURN, 0, 0, answer))


def _rule_on_bit(
    number: int, argument: int, bit: int, if_set: int, if_clear: int
) -> tuple[_Step, ...]:
    return (
        _Step(_EQUAL, 0, 4, number),
        _Step(_LOAD, 0, 0, argument),
        _Step(_ANY_BIT, 0, 1, bit),
        _Step(_RETURN, 0, 0, if_set),
        _Step(_RETURN, 0, 0, if_clear),
    )
