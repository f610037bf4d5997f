"""The real tool with its workers and engines, served to a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, open_window

ROOT = Path(__file__).resolve().parents[2]
_STARTED_S = 120


@pytest.fixture(scope="session")
def demo_address(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the made-up district is served. Asks for the browser first: without one, no server."""
    del chromium_path
    with serve_demo(tmp_path_factory.mktemp("district")) as address:
        yield address


@contextmanager
def serve_demo(folder: Path, **more: str) -> Iterator[str]:
    """The made-up district in a folder, with ``more`` in its environment, until the block ends.

    ``{port}`` in it stands for the port.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "MEDIACHECK_DATA": str(folder),
        "OMP_NUM_THREADS": "1",
        **{name: value.format(port=port) for name, value in more.items()},
    }
    environment.pop("MEDIACHECK_DB", None)
    command = [sys.executable, "-m", "mediacheck", "serve", "--demo", "--workers", "1"]
    server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        yield _address_when_ready(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _address_when_ready(server: subprocess.Popen[bytes], address: str) -> str:
    until = time.monotonic() + _STARTED_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):  # noqa: S310 - our own.
                return address
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    pytest.fail("the tool did not start")


@pytest.fixture
def window(chromium: Browser, demo_address: str, screens: Path) -> Iterator[Callable[..., Visitor]]:
    """Opens windows of several people; at the end, none of them may have met an error."""
    opened: list[Visitor] = []

    def open_one(**size: int) -> Visitor:
        opened.append(open_window(chromium, demo_address, screens, **size))
        return opened[-1]

    yield open_one
    troubles = [words for visitor in opened for words in visitor.troubles]
    for visitor in opened:
        visitor.page.context.close()
    assert troubles == []
