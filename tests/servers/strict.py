"""What every server of a platform here has in common: it is strict, and fails on request.

A platform's module holds what it keeps (``Held``) and what it answers (a subclass of ``Handler``
with its ``routes``). It refuses fields that the platform does not know, and shows a public page.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

# JSON has no narrower type.
Json = dict[str, Any]


class Fault(StrEnum):
    """What can go wrong with one request."""

    LOST_BEFORE = "the connection ends before it is done"
    LOST_AFTER = "it is done, and the answer is lost"
    ERROR_BEFORE = "500 and not done"
    ERROR_AFTER = "500 and done"
    BUSY = "429"
    UNAUTHORIZED = "401"
    UNPROCESSABLE = "422"
    REDIRECT = "a redirect"
    TRUNCATED = "done, and the answer is cut off"
    WRONG_ANSWER = "done, and the answer is no JSON"
    ANOTHER_ACCOUNT = "done, and the answer is of another account"
    ENDLESS = "done, and the answer does not end"
    SLOW = "done, and the answer comes too late"


class Refused(Exception):
    """The server does not do it, and says so."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Gone(Exception):
    """The connection ends without a word."""


@dataclass(slots=True, kw_only=True)
class Held:
    """What a server holds, whatever its platform. Shared by its threads under one lock."""

    base: str = ""
    account: str = "109"
    handle: str = "lincoln"
    tokens: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    keeps_pictures: bool = False
    drops_last_picture: bool = False
    words_limit: int = 500
    polls: int = 0
    rush: Callable[[str], None] = lambda _: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: TID251 - its own clock.
    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: list[tuple[str, str, Fault]] = field(default_factory=list)
    number: int = 1000

    def next_id(self) -> str:
        self.number += 1
        return str(self.number)

    def fail_next(self, method: str, path: str, fault: Fault, times: int = 1) -> None:
        """Has the next requests of that kind fail."""
        self.faults.extend([(method, path, fault)] * times)

    def take_fault(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for found in self.faults:
                if found[0] == method and re.fullmatch(found[1], path):
                    self.faults.remove(found)
                    return found[2]
        return None

    def allow(self, scopes: str = "read write") -> str:
        """A token of the account, as if somebody had let the tool in."""
        token = secrets.token_urlsafe(16)
        self.tokens[token] = scopes
        return token


Act = Callable[..., tuple[int, object]]


class Handler(BaseHTTPRequestHandler):
    """Answers one request by ``routes``, after the fault that was asked for."""

    protocol_version = "HTTP/1.1"
    server_version = "strict"
    routes: ClassVar[tuple[tuple[str, str, Act], ...]] = ()
    picture_names: ClassVar[str] = r"photo-\d\d\.jpg"
    sent_headers: tuple[tuple[str, str], ...] = ()

    @property
    def held(self) -> Any:  # noqa: ANN401 - each platform's own kind of ``Held``.
        return self.server.held  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.sent_headers = ()
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        if len(self.body) < length:
            # Whoever sent it was killed in the middle of it.
            self.close_connection = True
            return
        self.held.heard.append(f"{method} {parts.path}")
        self.held.rush(f"{method} {parts.path}")
        fault = self.held.take_fault(method, parts.path)
        try:
            status, answer = self._outcome(method, parts.path, fault)
            self._answer(status, answer, fault)
        except Gone:
            self.close_connection = True

    def _outcome(self, method: str, path: str, fault: Fault | None) -> tuple[int, object]:
        match fault:
            case Fault.LOST_BEFORE:
                raise Gone
            case Fault.ERROR_BEFORE:
                return 500, {"error": "broken"}
            case Fault.BUSY:
                return 429, {"error": "Too many requests"}
            case Fault.UNAUTHORIZED:
                return 401, {"error": "The access token was revoked"}
            case Fault.UNPROCESSABLE:
                return 422, {"error": "Validation failed"}
            case Fault.REDIRECT:
                return 302, {}
            case _:
                with self.held.lock:
                    try:
                        return self.route(method, path)
                    except Refused as refusal:
                        return refusal.status, self.refusal(refusal)

    def refusal(self, refused: Refused) -> Json:
        """How this platform words a refusal."""
        return {"error": refused.words}

    def of_another(self, answer: Json) -> Json:
        """The answer, as it would be of somebody else's account."""
        return {**answer, "id": "777", "account": {"id": "777", "acct": "else"}}

    def _answer(self, status: int, answer: object, fault: Fault | None) -> None:
        if fault is Fault.LOST_AFTER:
            raise Gone
        if fault is Fault.ERROR_AFTER:
            status, answer = 500, {"error": "broken"}
        if fault is Fault.ANOTHER_ACCOUNT and isinstance(answer, dict):
            answer = self.of_another(answer)
        if fault is Fault.SLOW:
            time.sleep(2)
        kind, data = encoded(answer)
        if fault is Fault.WRONG_ANSWER:
            data = b"<html>It works!</html>"
        if fault is Fault.ENDLESS:
            data = b" " * (9 * 1024 * 1024)
        self._send(status, data, kind, is_cut=fault is Fault.TRUNCATED)

    def _send(self, status: int, data: bytes, kind: str, *, is_cut: bool) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            for name, value in self.sent_headers:
                self.send_header(name, value)
            if status == 429:
                self.send_header("Retry-After", "120")
            if status == 302:
                self.send_header("Location", f"{self.held.base}/elsewhere")
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if is_cut else data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        if is_cut:
            raise Gone

    def route(self, method: str, path: str) -> tuple[int, object]:
        for wanted, pattern, act in self.routes:
            found = re.fullmatch(pattern, path)
            if wanted == method and found:
                answer: tuple[int, object] = act(self, *found.groups())
                return answer
        raise Refused(404, "Record not found")

    def require_known(self, sent: Json, *known: str) -> Json:
        """What was sent, when the platform knows each field of it."""
        strange = sorted(set(sent) - set(known))
        if strange:
            self.held.unknown.extend(strange)
            raise Refused(422, "unknown field")
        return sent

    def form(self) -> Json:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    def multipart(self, file: str = "file") -> Json:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        sent: Json = {}
        for part in message_from_bytes(head + self.body).walk():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                sent[name] = payload if name == file else payload.decode()
                if name == file:
                    assert re.fullmatch(self.picture_names, part.get_filename() or "")
        return sent


def encoded(answer: object) -> tuple[str, bytes]:
    """An answer's content type and bytes."""
    match answer:
        case bytes():
            return "image/jpeg", answer
        case str():
            return "text/html; charset=utf-8", answer.encode()
        case _:
            return "application/json", json.dumps(answer).encode()


class _Listener(ThreadingHTTPServer):
    """Takes a client that hangs up, or was killed, for what it is."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(handler: type[Handler], held: Held) -> Iterator[None]:
    """The server, on loopback, until the end of the block; ``held.base`` says where."""
    server = _Listener(("127.0.0.1", 0), handler)
    held.base = f"http://127.0.0.1:{server.server_port}"
    server.held = held  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
