"""The wheel installs by pip alone, without a compiler, and serves: templates included."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.lane, pytest.mark.slow]


def page_at(port: int, deadline_s: float) -> str:
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/sign-in")
                return connection.getresponse().read().decode()
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with nothing but the wheel in it; returns its ``mediacheck``."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = [sys.executable, "-m", "uv"] if not _has("uv") else ["uv"]
    subprocess.run([*uv, "build", "--wheel", "-q", "-o", str(folder), str(ROOT)], check=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run(
        [str(folder / "venv/bin/python"), "-m", "pip", "install", "-q", "--only-binary",
         ":all:", "--no-binary", "face-recognition-models", str(wheel)],
        check=True,
    )  # fmt: skip
    return folder / "venv/bin/mediacheck"


def _has(program: str) -> bool:
    return any(
        (Path(folder) / program).exists() for folder in os.environ.get("PATH", "").split(os.pathsep)
    )


def test_the_wheel_serves_the_made_up_district(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "MEDIACHECK_DATA": str(tmp_path / "data")}
    server = subprocess.Popen(
        [str(installed), "serve", "--demo", "--port", str(port), "--workers", "1"],
        env=environment,
        cwd=tmp_path,
    )
    try:
        page = page_at(port, 120)
    finally:
        server.terminate()
        server.wait(20)

    assert "Sign in" in page
    assert "rivera@demo.example" in page
