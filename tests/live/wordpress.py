"""A real WordPress on loopback, with a database of its own, as Debian packs both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.conftest import require_program
from tests.live.waiting import listens, opens, wait_until
from tests.ports import free_port

_PACKED = Path("/usr/share/wordpress")
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSite:
    """Where it is, and the app passwords of an author and of its administrator."""

    address: str
    author: str
    head: str


@contextmanager
def live_wordpress(folder: Path) -> Iterator[LiveSite]:
    """The site until the block ends; skips, and says so, where it is not installed."""
    php, database = require_program("php"), require_program("mariadbd")
    if not _PACKED.is_dir():
        pytest.skip("wordpress is not installed here: .ci/run installs it where it can")
    site, address = folder / "site", f"http://127.0.0.1:{free_port()}"
    # Debian's package points to folders outside of it.
    shutil.copytree(_PACKED, site, symlinks=False, ignore_dangling_symlinks=True)
    (site / "wp-config.php").unlink(missing_ok=True)
    with _database(folder, database) as sock:
        passwords = _install(php, site, address, sock)
        with _served(php, site, address):
            yield LiveSite(address=address, **passwords)


@contextmanager
def _database(folder: Path, program: str) -> Iterator[Path]:
    # A socket's path may not be long.
    data, sock = folder / "db", Path(f"/tmp/mc-{os.getpid()}.sock")  # noqa: S108 - a socket.
    make = ["mariadb-install-db", "--no-defaults", "--user=root", f"--datadir={data}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [*make, "--auth-root-authentication-method=normal", "--skip-test-db"], check=True, **quiet
    )
    command = [
        *(program, "--no-defaults", "--user=root", f"--datadir={data}", f"--socket={sock}"),
        *("--skip-networking", "--innodb-buffer-pool-size=32M", "--performance-schema=0"),
    ]
    server = subprocess.Popen(command, **quiet)
    try:
        wait_until(lambda: opens(sock))
        sql = "CREATE DATABASE wordpress"
        client = ["mariadb", "--no-defaults", "--user=root", f"--socket={sock}", "-e", sql]
        subprocess.run(client, check=True, **quiet)
        yield sock
    finally:
        server.terminate()
        server.wait(timeout=30)


def _install(php: str, site: Path, address: str, sock: Path) -> dict[str, str]:
    command = [php, str(_HERE / "wordpress_site.php"), str(site), address, str(sock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout
    passwords: dict[str, str] = json.loads(done.stdout[done.stdout.rindex("{") :])
    return passwords


@contextmanager
def _served(php: str, site: Path, address: str) -> Iterator[None]:
    environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "2"}
    where = address.removeprefix("http://")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([php, "-S", where], cwd=site, env=environment, **quiet)
    host, port = where.split(":")
    try:
        wait_until(lambda: listens(host, int(port)))
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)
