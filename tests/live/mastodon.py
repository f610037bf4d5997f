"""A server of other people that speaks Mastodon's API, with the public page that it lacks.

``mastodon-mock`` keeps posts and pictures behind the real API, and shows no pages. A few lines here
stand before it: they pass everything on, and show a post's page as long as the API has the post.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from tests.live.conftest import require_server
from tests.live.waiting import listens, wait_until
from tests.ports import free_port

_PAGE = re.compile(r"/@\w+/(\d+)")
_PASSED_ON = ("Authorization", "Content-Type", "Idempotency-Key")


@contextmanager
def live_mastodon() -> Iterator[str]:
    """Where it is, until the block ends; skips, and says so, where it is not installed."""
    folder = require_server("mastodon-mock", "bin/mastodon_mock")
    port, front = free_port(), free_port()
    command = [str(folder / "bin" / "mastodon_mock"), "serve", "--in-memory"]
    where = ["--host", "127.0.0.1", "--port", str(port), "--domain", f"127.0.0.1:{front}"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen([*command, *where], stdout=quiet, stderr=quiet, cwd=Path("/"))
    try:
        wait_until(lambda: listens("127.0.0.1", port))
        with _front(front, f"http://127.0.0.1:{port}"):
            yield f"http://127.0.0.1:{front}"
    finally:
        server.terminate()
        server.wait(timeout=30)


class _Front(BaseHTTPRequestHandler):
    behind = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        page = _PAGE.fullmatch(self.path)
        if page is None:
            self._pass_on()
            return
        answer = requests.get(f"{self.behind}/api/v1/statuses/{page[1]}", timeout=20)
        self._answer(answer.status_code, answer.content, "text/html")

    def do_POST(self) -> None:
        self._pass_on()

    def do_DELETE(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {name: self.headers[name] for name in _PASSED_ON if self.headers[name]}
        answer = requests.request(
            self.command,
            self.behind + self.path,
            data=body,
            headers=sent,
            timeout=20,
            allow_redirects=False,
        )
        kind = answer.headers.get("Content-Type", "application/json")
        self._answer(answer.status_code, answer.content, kind, answer.headers.get("Location"))

    def _answer(self, status: int, body: bytes, kind: str, elsewhere: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if elsewhere:
            self.send_header("Location", elsewhere)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _front(port: int, behind: str) -> Iterator[None]:
    handler = type("_Before", (_Front,), {"behind": behind})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
