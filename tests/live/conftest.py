"""Servers that other people wrote, beside the tool; ``.ci/run`` installs them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Each server in a folder of its own.
SERVERS = Path(os.environ.get("MEDIACHECK_LIVE_SERVERS") or ROOT / ".live")


def require_server(name: str, proof: str) -> Path:
    """The folder of a server; skips, and says so, where ``proof`` is not in it."""
    folder = SERVERS / name
    if not (folder / proof).exists():
        pytest.skip(f"{name} is not installed here: .ci/live-servers installs it into {SERVERS}")
    return folder


def require_program(name: str) -> str:
    """The path of a program; skips, and says so, where there is none."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"there is no {name} on this machine")
    return path


@contextmanager
def running(command: list[str], ready: str) -> Iterator[None]:
    """A server from its line ``ready`` until the block ends."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if ready in line:
                break
        else:
            pytest.fail("the server ended before it was ready")
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)
        if server.stdout is not None:
            server.stdout.close()
