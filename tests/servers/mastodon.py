"""A strict server that speaks Mastodon's API on loopback, and fails on request.

It refuses fields that the API does not know, checks PKCE, the client's secret and the token, keeps
a key for a repeated post, and shows a public page. ``fail_next`` has one of the faults happen.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

from tests.servers.strict import Act, Fault, Handler, Held, Json, Refused, serving

__all__ = ["Fault", "Server", "Upload", "mastodon_server", "post_by_hand"]


@dataclass(slots=True)
class Upload:
    part: str
    jpeg: bytes
    description: str
    polls_left: int = 0
    status: str | None = None


@dataclass(slots=True, kw_only=True)
class Server(Held):
    """What the server holds."""

    uploads: dict[str, Upload] = field(default_factory=dict)
    statuses: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    apps: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    granted: str | None = None
    posts_asked: int = 0
    deletes: list[str] = field(default_factory=list)
    knows_keys: bool = True

    @property
    def live(self) -> list[Json]:
        return list(self.statuses.values())


class _Handler(Handler):
    @property
    def held(self) -> Server:
        held: Server = self.server.held  # type: ignore[attr-defined]
        return held

    def _require_scope(self, scope: str) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        granted = self.held.tokens.get(token)
        if granted is None:
            raise Refused(401, "The access token is invalid")
        if not {scope, scope.split(":", maxsplit=1)[0]} & set(granted.split()):
            raise Refused(403, "This action is outside the authorized scopes")

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
        sent = self.require_known(self.multipart(), "file", "description", "focus", "thumbnail")
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
            raise Refused(422, "Media attachment is in use")
        del self.held.uploads[part]
        return 200, {}

    def _upload(self, part: str) -> Upload:
        if part not in self.held.uploads:
            raise Refused(404, "Record not found")
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
        self.require_known(
            sent,
            *("status", "media_ids", "visibility", "language", "sensitive", "spoiler_text"),
            *("in_reply_to_id", "scheduled_at", "poll"),
        )
        key = self.headers.get("Idempotency-Key")
        if self.held.knows_keys and key in self.held.keys:
            return 200, self.held.statuses[self.held.keys[key]]
        if len(sent["status"]) > self.held.words_limit:
            raise Refused(422, "Text character limit exceeded")
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
            raise Refused(422, "Cannot attach files")
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
            raise Refused(404, "Record not found")
        return 200, self.held.statuses[number]

    def source(self, number: str) -> tuple[int, object]:
        self._require_scope("read:statuses")
        text = self.status(number)[1]
        assert isinstance(text, dict)
        return 200, {"id": number, "text": text["text"], "spoiler_text": ""}

    def delete(self, number: str) -> tuple[int, object]:
        self._require_scope("write:statuses")
        status = self.status(number)[1]
        self.require_known(self.query, "delete_media")
        self.held.deletes.append(number)
        del self.held.statuses[number]
        if not self.held.keeps_pictures and self.query.get("delete_media") == "true":
            for upload in [one for one in self.held.uploads.values() if one.status == number]:
                del self.held.uploads[upload.part]
        return 200, status

    def timeline(self, account: str) -> tuple[int, object]:
        self._require_scope("read:statuses")
        self.require_known(self.query, "limit", "exclude_reblogs", "max_id")
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
        sent = self.require_known(self.form(), "client_name", "redirect_uris", "scopes", "website")
        app = {"client_id": secrets.token_hex(8), "client_secret": secrets.token_hex(8)}
        self.held.apps[app["client_id"]] = {**app, **sent}
        return 200, app

    def authorize(self) -> tuple[int, object]:
        app = self.held.apps.get(self.query["client_id"])
        asked = set(self.query["scope"].split())
        if app is None or self.query["redirect_uri"] != app["redirect_uris"]:
            raise Refused(400, "invalid redirect")
        if self.query["response_type"] != "code" or not asked <= set(app["scopes"].split()):
            raise Refused(400, "invalid scope")
        if self.query["code_challenge_method"] != "S256":
            raise Refused(400, "PKCE")
        code = secrets.token_urlsafe(16)
        self.held.codes[code] = dict(self.query)
        back = urlencode({"code": code, "state": self.query["state"]})
        where = html.escape(f"{app['redirect_uris']}?{back}")
        return 200, f'<p>Let mediacheck in?</p><p><a href="{where}">Authorize</a></p>'

    def token(self) -> tuple[int, object]:
        sent = self.require_known(
            self.form(),
            *("grant_type", "client_id", "client_secret", "redirect_uri", "code"),
            *("code_verifier", "scope"),
        )
        asked = self.held.codes.pop(sent["code"], None)
        app = self.held.apps.get(sent["client_id"])
        if asked is None or app is None or sent["client_secret"] != app["client_secret"]:
            raise Refused(400, "invalid_grant")
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            raise Refused(400, "invalid_grant")
        scope = self.held.granted if self.held.granted is not None else asked["scope"]
        token = self.held.allow(scope)
        return 200, {"access_token": token, "token_type": "Bearer", "scope": scope}

    def revoke(self) -> tuple[int, object]:
        sent = self.require_known(self.form(), "client_id", "client_secret", "token")
        self.held.tokens.pop(sent["token"], None)
        return 200, {}


_ROUTES: tuple[tuple[str, str, Act], ...] = (
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
_Handler.routes = _ROUTES


@contextmanager
def mastodon_server() -> Iterator[Server]:
    """The server, on loopback, until the end of the block."""
    held = Server()
    with serving(_Handler, held):
        yield held


def post_by_hand(server: Server, words: str, *alt_texts: str) -> None:
    """Somebody posts on the account's own page, past the tool."""
    headers = {"Authorization": f"Bearer {server.allow()}"}
    parts = []
    for alt_text in alt_texts:
        answer = requests.post(
            f"{server.base}/api/v2/media",
            headers=headers,
            files={"file": ("photo-01.jpg", b"grey:200", "image/jpeg")},
            data={"description": alt_text},
            timeout=5,
        )
        parts.append(answer.json()["id"])
    sent = {"status": words, "visibility": "public", "media_ids": parts}
    answer = requests.post(f"{server.base}/api/v1/statuses", headers=headers, json=sent, timeout=5)
    assert answer.status_code == 200
