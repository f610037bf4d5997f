"""A strict server that speaks Mastodon's API on loopback, and fails on request.

It refuses fields that the API does not know, checks PKCE, the client's secret and the token, keeps
a key for a repeated post, and shows a public page. ``fail_next`` has one of the faults happen.
"""

from __future__ import annotations

import base64
import hashlib
import html
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
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

# JSON has no narrower type.
Json = dict[str, Any]


class Fault(StrEnum):
    """What can go wrong with one request."""

    UNREACHABLE = "the server is not there"
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


@dataclass(slots=True)
class Upload:
    part: str
    jpeg: bytes
    description: str
    polls_left: int = 0
    status: str | None = None


@dataclass(slots=True)
class Server:
    """What the server holds. Shared by its threads under one lock."""

    base: str = ""
    account: str = "109"
    handle: str = "lincoln"
    uploads: dict[str, Upload] = field(default_factory=dict)
    statuses: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    apps: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    granted: str | None = None
    posts_asked: int = 0
    deletes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    polls: int = 0
    keeps_pictures: bool = False
    drops_last_picture: bool = False
    knows_keys: bool = True
    words_limit: int = 500
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

    @property
    def live(self) -> list[Json]:
        return list(self.statuses.values())


def _encoded(answer: object) -> tuple[str, bytes]:
    match answer:
        case bytes():
            return "image/jpeg", answer
        case str():
            return "text/html; charset=utf-8", answer.encode()
        case _:
            return "application/json", json.dumps(answer).encode()


class _Refused(Exception):
    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words


class _Gone(Exception):
    """The connection ends without a word."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "strict"

    @property
    def held(self) -> Server:
        held: Server = self.server.held  # type: ignore[attr-defined]
        return held

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
        self.query = dict(parse_qsl(parts.query))
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
        except _Gone:
            self.close_connection = True

    def _outcome(self, method: str, path: str, fault: Fault | None) -> tuple[int, object]:
        match fault:
            case Fault.LOST_BEFORE:
                raise _Gone
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
                        return self._route(method, path)
                    except _Refused as refusal:
                        return refusal.status, {"error": refusal.words}

    def _answer(self, status: int, answer: object, fault: Fault | None) -> None:
        if fault is Fault.LOST_AFTER:
            raise _Gone
        if fault is Fault.ERROR_AFTER:
            status, answer = 500, {"error": "broken"}
        if fault is Fault.ANOTHER_ACCOUNT and isinstance(answer, dict):
            answer = {**answer, "id": "777", "account": {"id": "777", "acct": "else"}}
        if fault is Fault.SLOW:
            time.sleep(2)
        kind, data = _encoded(answer)
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
            if status == 429:
                self.send_header("Retry-After", "120")
            if status == 302:
                self.send_header("Location", f"{self.held.base}/elsewhere")
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if is_cut else data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        if is_cut:
            raise _Gone

    # --- What it answers ------------------------------------------------------------------

    def _route(self, method: str, path: str) -> tuple[int, object]:
        for wanted, pattern, act in _ROUTES:
            found = re.fullmatch(pattern, path)
            if wanted == method and found:
                answer: tuple[int, object] = act(self, *found.groups())
                return answer
        raise _Refused(404, "Record not found")

    def _require_scope(self, scope: str) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        granted = self.held.tokens.get(token)
        if granted is None:
            raise _Refused(401, "The access token is invalid")
        if not {scope, scope.split(":", maxsplit=1)[0]} & set(granted.split()):
            raise _Refused(403, "This action is outside the authorized scopes")

    def _require_known(self, sent: Json, *known: str) -> Json:
        strange = sorted(set(sent) - set(known))
        if strange:
            self.held.unknown.extend(strange)
            raise _Refused(422, "unknown field")
        return sent

    def _form(self) -> Json:
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}

    def _multipart(self) -> Json:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        sent: Json = {}
        for part in message_from_bytes(head + self.body).walk():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                sent[name] = payload if name == "file" else payload.decode()
                if name == "file":
                    assert re.fullmatch(r"photo-\d\d\.jpg", part.get_filename() or "")
        return sent

    def _me(self) -> Json:
        held = self.held
        return {"id": held.account, "acct": held.handle, "url": f"{held.base}/@{held.handle}"}

    def instance(self) -> tuple[int, object]:
        statuses = {
            "max_characters": self.held.words_limit,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        }
        media = {"image_size_limit": 16777216, "image_matrix_limit": 33177600}
        return 200, {"configuration": {"statuses": statuses, "media_attachments": media}}

    def verify_credentials(self) -> tuple[int, object]:
        self._require_scope("read:accounts")
        return 200, self._me()

    def upload(self) -> tuple[int, object]:
        self._require_scope("write:media")
        sent = self._require_known(self._multipart(), "file", "description", "focus", "thumbnail")
        upload = Upload(
            part=self.held.next_id(),
            jpeg=sent["file"],
            description=sent.get("description", ""),
            polls_left=self.held.polls,
        )
        self.held.uploads[upload.part] = upload
        return (202 if upload.polls_left else 200), self._media(upload)

    def media(self, part: str) -> tuple[int, object]:
        self._require_scope("write:media")
        upload = self._upload(part)
        upload.polls_left -= 1
        return (206 if upload.polls_left > 0 else 200), self._media(upload)

    def drop_media(self, part: str) -> tuple[int, object]:
        self._require_scope("write:media")
        if self._upload(part).status is not None:
            raise _Refused(422, "Media attachment is in use")
        del self.held.uploads[part]
        return 200, {}

    def _upload(self, part: str) -> Upload:
        if part not in self.held.uploads:
            raise _Refused(404, "Record not found")
        return self.held.uploads[part]

    def _media(self, upload: Upload) -> Json:
        url = f"{self.held.base}/media/{upload.part}.jpg"
        return {
            "id": upload.part,
            "type": "image",
            "url": url,
            "preview_url": url,
            "description": upload.description or None,
        }

    def publish(self) -> tuple[int, object]:
        self._require_scope("write:statuses")
        self.held.posts_asked += 1
        sent = json.loads(self.body)
        self._require_known(
            sent,
            *("status", "media_ids", "visibility", "language", "sensitive", "spoiler_text"),
            *("in_reply_to_id", "scheduled_at", "poll"),
        )
        key = self.headers.get("Idempotency-Key")
        if self.held.knows_keys and key in self.held.keys:
            return 200, self.held.statuses[self.held.keys[key]]
        if len(sent["status"]) > self.held.words_limit:
            raise _Refused(422, "Text character limit exceeded")
        wanted = [self._upload_for_post(part) for part in sent.get("media_ids", [])]
        if self.held.drops_last_picture:
            wanted = wanted[:-1]
        status = self._new_status(sent, wanted)
        if key:
            self.held.keys[key] = status["id"]
        return 200, status

    def _upload_for_post(self, part: str) -> Upload:
        upload = self.held.uploads.get(part)
        if upload is None or upload.status is not None:
            raise _Refused(422, "Cannot attach files")
        return upload

    def _new_status(self, sent: Json, uploads: list[Upload]) -> Json:
        number = self.held.next_id()
        for upload in uploads:
            upload.status = number
        words = html.escape(sent["status"]).replace("\n", "<br />")
        status = {
            "id": number,
            "url": f"{self.held.base}/@{self.held.handle}/{number}",
            "created_at": self.held.now().isoformat(),
            "visibility": sent.get("visibility", "public"),
            "content": f"<p>{words}</p>",
            "text": sent["status"],
            "account": self._me(),
            "media_attachments": [self._media(one) for one in uploads],
        }
        self.held.statuses[number] = status
        return status

    def status(self, number: str) -> tuple[int, object]:
        if number not in self.held.statuses:
            raise _Refused(404, "Record not found")
        return 200, self.held.statuses[number]

    def source(self, number: str) -> tuple[int, object]:
        self._require_scope("read:statuses")
        text = self.status(number)[1]
        assert isinstance(text, dict)
        return 200, {"id": number, "text": text["text"], "spoiler_text": ""}

    def delete(self, number: str) -> tuple[int, object]:
        self._require_scope("write:statuses")
        status = self.status(number)[1]
        self._require_known(self.query, "delete_media")
        self.held.deletes.append(number)
        del self.held.statuses[number]
        if not self.held.keeps_pictures and self.query.get("delete_media") == "true":
            for upload in [one for one in self.held.uploads.values() if one.status == number]:
                del self.held.uploads[upload.part]
        return 200, status

    def timeline(self, account: str) -> tuple[int, object]:
        self._require_scope("read:statuses")
        self._require_known(self.query, "limit", "exclude_reblogs", "max_id")
        before = int(self.query.get("max_id") or 10**12)
        mine = [one for one in self.held.live if int(one["id"]) < before]
        newest = sorted(mine, key=lambda one: int(one["id"]), reverse=True)
        return 200, newest[: int(self.query["limit"])]

    def page(self, number: str) -> tuple[int, object]:
        return self.status(number)

    def picture(self, part: str) -> tuple[int, object]:
        return 200, self._upload(part).jpeg

    # --- OAuth ------------------------------------------------------------------------------

    def app(self) -> tuple[int, object]:
        sent = self._require_known(
            self._form(), "client_name", "redirect_uris", "scopes", "website"
        )
        app = {"client_id": secrets.token_hex(8), "client_secret": secrets.token_hex(8)}
        self.held.apps[app["client_id"]] = {**app, **sent}
        return 200, app

    def authorize(self) -> tuple[int, object]:
        app = self.held.apps.get(self.query["client_id"])
        asked = set(self.query["scope"].split())
        if app is None or self.query["redirect_uri"] != app["redirect_uris"]:
            raise _Refused(400, "invalid redirect")
        if self.query["response_type"] != "code" or not asked <= set(app["scopes"].split()):
            raise _Refused(400, "invalid scope")
        if self.query["code_challenge_method"] != "S256":
            raise _Refused(400, "PKCE")
        code = secrets.token_urlsafe(16)
        self.held.codes[code] = dict(self.query)
        back = urlencode({"code": code, "state": self.query["state"]})
        where = html.escape(f"{app['redirect_uris']}?{back}")
        return 200, f'<p>Let mediacheck in?</p><p><a href="{where}">Authorize</a></p>'

    def token(self) -> tuple[int, object]:
        sent = self._require_known(
            self._form(),
            *("grant_type", "client_id", "client_secret", "redirect_uri", "code"),
            *("code_verifier", "scope"),
        )
        asked = self.held.codes.pop(sent["code"], None)
        app = self.held.apps.get(sent["client_id"])
        if asked is None or app is None or sent["client_secret"] != app["client_secret"]:
            raise _Refused(400, "invalid_grant")
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            raise _Refused(400, "invalid_grant")
        scope = self.held.granted if self.held.granted is not None else asked["scope"]
        token = self.held.allow(scope)
        return 200, {"access_token": token, "token_type": "Bearer", "scope": scope}

    def revoke(self) -> tuple[int, object]:
        sent = self._require_known(self._form(), "client_id", "client_secret", "token")
        self.held.tokens.pop(sent["token"], None)
        return 200, {}


_ROUTES: tuple[tuple[str, str, Callable[..., tuple[int, object]]], ...] = (
    ("GET", r"/api/v2/instance", _Handler.instance),
    ("GET", r"/api/v1/accounts/verify_credentials", _Handler.verify_credentials),
    ("GET", r"/api/v1/accounts/(\d+)/statuses", _Handler.timeline),
    ("POST", r"/api/v2/media", _Handler.upload),
    ("GET", r"/api/v1/media/(\d+)", _Handler.media),
    ("DELETE", r"/api/v1/media/(\d+)", _Handler.drop_media),
    ("POST", r"/api/v1/statuses", _Handler.publish),
    ("GET", r"/api/v1/statuses/(\d+)/source", _Handler.source),
    ("GET", r"/api/v1/statuses/(\d+)", _Handler.status),
    ("DELETE", r"/api/v1/statuses/(\d+)", _Handler.delete),
    ("GET", r"/@\w+/(\d+)", _Handler.page),
    ("GET", r"/media/(\d+)\.jpg", _Handler.picture),
    ("POST", r"/api/v1/apps", _Handler.app),
    ("GET", r"/oauth/authorize", _Handler.authorize),
    ("POST", r"/oauth/token", _Handler.token),
    ("POST", r"/oauth/revoke", _Handler.revoke),
)


class _Listener(ThreadingHTTPServer):
    """Takes a client that hangs up, or was killed, for what it is."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def mastodon_server() -> Iterator[Server]:
    """The server, on loopback, until the end of the block."""
    server = _Listener(("127.0.0.1", 0), _Handler)
    held = Server(base=f"http://127.0.0.1:{server.server_port}")
    server.held = held  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
