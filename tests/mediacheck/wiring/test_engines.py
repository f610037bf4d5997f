"""A process that is ready for the engines."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

LET_GO = """
from pathlib import Path
from mediacheck.wiring.engines import prepare_process

def resident_mib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def block_of(mib):
    block = bytearray(mib * 2**20)
    block[::4096] = b"x" * len(block[::4096])
    return block

{prepared}
block_of(24)
large, small = [], []
for _ in range(10):
    large.append(block_of(18))
    small.append(bytearray(100_000))
before = resident_mib()
large.clear()
print(before - resident_mib())
"""


def mib_given_back(prepared: str) -> float:
    program = LET_GO.format(prepared=prepared)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return float(ran.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this system has no glibc")
def test_large_blocks_of_memory_go_back_to_the_system() -> None:
    assert mib_given_back("prepare_process()") > 170
    # Left to itself it keeps them, which is why it is told.
    assert mib_given_back("") < 170
