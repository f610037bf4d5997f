"""Waits for a server of this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

_STARTED_S = 90


def wait_until(is_ready: Callable[[], bool]) -> None:
    """Returns when it is, and fails when it is not in a minute and a half."""
    until = time.monotonic() + _STARTED_S
    while time.monotonic() < until:
        if is_ready():
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")


def opens(sock: Path) -> bool:
    """Whether somebody answers at a socket of this machine."""
    with socket.socket(socket.AF_UNIX) as asked:
        return asked.connect_ex(str(sock)) == 0


def listens(host: str, port: int) -> bool:
    """Whether somebody answers at a port of this machine."""
    with socket.socket() as asked:
        return asked.connect_ex((host, port)) == 0
