"""Attacks from inside the cage: a decoder that has been taken over must get nowhere.

Each attack runs in a process of its own that closes the cage round itself first. It answers through
its standard output, one letter: ``R`` when it was refused, ``D`` when it got through.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the full cage needs Linux")

PRELUDE = """
import ctypes, errno, os, resource, signal, socket, subprocess, sys, threading
sys.path[:] = sys.argv[1:]
from mediacheck.intake import seal
from mediacheck.intake.seal import close_cage
libc = ctypes.CDLL(None, use_errno=True)
def refused(value):
    os.write(1, b"R" if value in (-1, False) else b"D"); os._exit(0)
def attempt(act):
    try:
        act()
    except (OSError, MemoryError, ValueError):
        os.write(1, b"R"); os._exit(0)
    os.write(1, b"D"); os._exit(0)
"""


def attack(act: str, before: str = "") -> subprocess.CompletedProcess[bytes]:
    folders = [str(Path(folder).absolute()) for folder in sys.path]
    program = f"{PRELUDE}\n{before}\nassert close_cage(is_forked=False).is_complete\n{act}\n"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *folders],
        capture_output=True,
        check=False,
        env={},
        timeout=60,
    )


REFUSED = {
    "opening a file": "attempt(lambda: open('/etc/passwd'))",
    "opening a file that was there before": "attempt(lambda: open(sys.executable, 'rb'))",
    "making a file": "attempt(lambda: open('/tmp/mediacheck-cage-test', 'w'))",
    "listing a folder": "attempt(lambda: os.listdir('/'))",
    "asking about a file": "attempt(lambda: os.stat('/etc/passwd'))",
    "removing a file": "attempt(lambda: os.unlink('/tmp/mediacheck-cage-test'))",
    "reading what the kernel knows of it": "attempt(lambda: open('/proc/self/environ'))",
    "opening a socket": "attempt(lambda: socket.socket())",
    "opening a local socket": "attempt(lambda: socket.socket(socket.AF_UNIX))",
    "making a pair of sockets": "attempt(socket.socketpair)",
    "making a pipe": "attempt(os.pipe)",
    "doubling a file": "attempt(lambda: os.dup(0))",
    "making a file in memory": "attempt(lambda: os.memfd_create('x'))",
    "taking 3 GB": "attempt(lambda: bytearray(3 * 1024**3))",
    "raising its own limits": (
        "attempt(lambda: resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000)))"
    ),
    "making memory executable": "refused(libc.mprotect(page, 4096, 5))",
    "mapping executable memory": "attempt(lambda: mmap.mmap(-1, 4096, prot=7))",
    "changing its user": "attempt(lambda: os.setuid(65534))",
    "making a name space": "refused(libc.unshare(0x10000000))",
    "starting a program": "attempt(lambda: subprocess.Popen(['/bin/true']))",
    "mounting": "refused(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "loading a program into the kernel": "refused(libc.syscall(321, 0, 0, 0))",
    "asking for keys": "refused(libc.syscall(250, 0, 0, 0))",
    "using io_uring": "refused(libc.syscall(425, 8, 0))",
    "opening by handle": "refused(libc.syscall(437, -100, b'/etc/passwd', 0, 0))",
}
NEEDS = {
    "making memory executable": (
        "import mmap; area = mmap.mmap(-1, 4096)\n"
        "page = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(area)))"
    ),
    "mapping executable memory": "import mmap",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_cage_refuses(what: str) -> None:
    done = attack(REFUSED[what], NEEDS.get(what, ""))

    assert (done.returncode, done.stdout) == (0, b"R"), done.stderr.decode()


KILLED = {
    "forking": "os.fork()",
    "becoming another program": "os.execv('/bin/true', ['true'])",
    "signalling its parent": "os.kill(os.getppid(), signal.SIGTERM)",
    "looking into another process": "libc.ptrace(16, os.getppid(), 0, 0)",
    "reading another process": "libc.process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)",
    "the other numbering of system calls": "libc.syscall(0x40000000 + 39)",
}


@pytest.mark.parametrize("what", KILLED)
def test_the_cage_kills_at_once_for(what: str) -> None:
    done = attack(f"{KILLED[what]}\nos.write(1, b'D')\nos._exit(0)")

    assert done.stdout == b""
    assert done.returncode == -signal.SIGSYS


def test_an_endless_loop_is_ended_by_the_limit_on_processor_time() -> None:
    done = attack("while True: pass", before="seal.DECODE_CPU_S = 1")

    assert done.returncode == -signal.SIGXCPU


def test_a_thread_still_works_for_a_decoder_needs_one() -> None:
    act = "t = threading.Thread(target=os.write, args=(1, b'T')); t.start(); t.join(); os._exit(0)"

    assert attack(act).stdout == b"T"


def test_the_posture_names_what_is_missing() -> None:
    from mediacheck.intake.seal import Posture

    bare = Posture(
        system="other",
        is_forked=False,
        has_limits=True,
        landlock_version=0,
        has_call_filter=False,
    )

    assert not bare.is_complete
    assert len(bare.missing) == 2
