"""A strict server that speaks X's API on loopback, and fails on request.

Its fields are those of X's own library (``vendor/x.json``): it refuses every other. It checks PKCE,
the app's secret and the token; a token of OAuth 1.0a it checks by its signature.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from tests.servers.strict import Act, Handler, Held, Json, Refused, serving

_TABLE: Json = json.loads((Path(__file__).parent / "vendor" / "x.json").read_text())
_CONSUMER, _CONSUMER_SECRET = "consumer-key-of-20-chars", "consumer-secret"


@dataclass(slots=True, kw_only=True)
class Upload:
    part: str
    jpeg: bytes
    alt_text: str = ""
    polls_left: int = 0
    post: str | None = None


@dataclass(slots=True, kw_only=True)
class XServer(Held):
    """What X holds."""

    client_id: str = "client"
    client_secret: str = "secret"  # noqa: S105 - of no app.
    uploads: dict[str, Upload] = field(default_factory=dict)
    posts: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    renewing: dict[str, str] = field(default_factory=dict)
    requests: dict[str, Json] = field(default_factory=dict)
    signing: dict[str, str] = field(default_factory=dict)
    access_level: str = "read-write"
    granted: str | None = None


class _Signatures(RequestValidator):
    """Knows one consumer, and the tokens that the server gave."""

    def __init__(self, held: XServer) -> None:
        super().__init__()
        self._held = held

    enforce_ssl = False
    safe_characters = frozenset(string.ascii_letters + string.digits + "-_")
    client_key_length = (3, 60)
    nonce_length = (3, 60)
    access_token_length = (3, 60)
    request_token_length = (3, 60)
    dummy_client = "dummy"
    dummy_access_token = "dummy"  # noqa: S105 - of nobody.

    def validate_timestamp_and_nonce(self, *given: object, **named: object) -> bool:
        return True

    def validate_client_key(self, client_key: str, request: object) -> bool:
        return client_key == _CONSUMER

    def get_client_secret(self, client_key: str, request: object) -> str:
        return _CONSUMER_SECRET

    def validate_access_token(self, client_key: str, token: str, request: object) -> bool:
        return token in self._held.signing

    def get_access_token_secret(self, client_key: str, token: str, request: object) -> str:
        return self._held.signing.get(token, "none")

    def validate_realms(self, *given: object, **named: object) -> bool:
        return True

    def get_default_realms(self, *given: object, **named: object) -> list[str]:
        return []


class _Handler(Handler):
    def of_another(self, answer: Json) -> Json:
        return {**answer, "data": {"id": "777", "text": "else", "username": "else"}}

    def _require(self, *scopes: str) -> None:
        head = self.headers.get("Authorization") or ""
        if head.startswith("OAuth "):
            self._require_signed()
            return
        granted = self.held.tokens.get(head.removeprefix("Bearer "))
        if granted is None:
            raise Refused(401, "Unauthorized")
        if not set(scopes) <= set(granted.split()):
            raise Refused(403, "Forbidden")

    def _require_signed(self) -> None:
        kind = self.headers.get("Content-Type", "")
        is_form = kind.startswith("application/x-www-form-urlencoded")
        endpoint = ResourceEndpoint(_Signatures(self.held))
        is_good, _ = endpoint.validate_protected_resource_request(
            self.held.base + self.path,
            http_method=self.command,
            body=self.body.decode() if is_form else "",
            headers=dict(self.headers),
        )
        if not is_good:
            raise Refused(401, "Unauthorized")
        self.sent_headers = (("x-access-level", self.held.access_level),)

    def _known(self, sent: Json, request: str) -> Json:
        return self.require_known(sent, *_TABLE["bodies"][request])

    def _asked(self, request: str) -> Json:
        known = (*_TABLE["queries"][request], "pagination_token")
        asked = self.require_known(self.query, *known)
        for name, choices in _TABLE["choices"].get(request, {}).items():
            strange = set(filter(None, asked.get(name, "").split(","))) - set(choices)
            if strange:
                self.held.unknown.extend(strange)
                raise Refused(400, "unknown choice")
        return asked

    def me(self) -> tuple[int, object]:
        self._require("users.read", "tweet.read")
        self._asked("GET /2/users/me")
        return 200, {"data": {"id": self.held.account, "username": self.held.handle, "name": "L"}}

    def upload(self) -> tuple[int, object]:
        self._require("media.write")
        sent = self._known(self.multipart("media"), "POST /2/media/upload")
        if sent["media_category"] != "tweet_image":
            raise Refused(400, "category")
        part = self.held.next_id()
        self.held.uploads[part] = Upload(part=part, jpeg=sent["media"], polls_left=self.held.polls)
        return 200, {"data": self._upload_state(part)}

    def upload_status(self) -> tuple[int, object]:
        self._require("media.write")
        asked = self._asked("GET /2/media/upload")
        upload = self._upload(asked["media_id"])
        upload.polls_left -= 1
        return 200, {"data": self._upload_state(upload.part)}

    def _upload_state(self, part: str) -> Json:
        state: Json = {"id": part, "media_key": f"3_{part}", "size": 1}
        if self.held.uploads[part].polls_left > 0:
            state["processing_info"] = {"state": "in_progress", "check_after_secs": 1}
        return state

    def _upload(self, part: str) -> Upload:
        if part not in self.held.uploads:
            raise Refused(400, "no such media")
        upload: Upload = self.held.uploads[part]
        return upload

    def metadata(self) -> tuple[int, object]:
        self._require("media.write")
        sent = self._known(json.loads(self.body), "POST /2/media/metadata")
        about = self._known(sent["metadata"], "POST /2/media/metadata metadata")
        alt = self._known(about["alt_text"], "POST /2/media/metadata alt_text")
        self._upload(sent["id"]).alt_text = alt["text"]
        return 200, {"data": {"id": sent["id"], "associated_metadata": about}}

    def publish(self) -> tuple[int, object]:
        self._require("tweet.write", "tweet.read", "users.read")
        sent = self._known(json.loads(self.body), "POST /2/tweets")
        media = self._known(sent.get("media", {}), "POST /2/tweets media")
        if any(one["text"] == sent["text"] for one in self.held.posts.values()):
            raise Refused(403, "You are not allowed to create a Post with duplicate content.")
        uploads = [self._upload(part) for part in media.get("media_ids", [])]
        if self.held.drops_last_picture:
            uploads = uploads[:-1]
        number = self.held.next_id()
        for one in uploads:
            one.post = number
        self.held.posts[number] = {
            "id": number,
            "text": sent["text"],
            "at": self.held.now().isoformat(),
            "parts": [one.part for one in uploads],
        }
        return 201, {"data": {"id": number, "text": sent["text"]}}

    def _post(self, number: str) -> tuple[Json, list[Json]]:
        """A post as X shows it: its own short addresses in the words, the pictures' at the end."""
        post, urls = self.held.posts[number], []

        def shorten(found: re.Match[str]) -> str:
            urls.append({"url": f"https://t.co/{len(urls)}", "expanded_url": found[0]})
            return f"https://t.co/{len(urls) - 1}"

        text = html.escape(re.sub(r"https?://\S+", shorten, post["text"]), quote=False)
        if post["parts"]:
            urls.append({"url": "https://t.co/pictures", "media_key": f"3_{post['parts'][0]}"})
            text += " https://t.co/pictures"
        keys = [f"3_{part}" for part in post["parts"]]
        shown = {
            "id": number,
            "text": text,
            "author_id": self.held.account,
            "created_at": post["at"],
            "entities": {"urls": urls},
            **({"attachments": {"media_keys": keys}} if keys else {}),
        }
        media = [
            {
                "media_key": f"3_{part}",
                "type": "photo",
                "url": f"{self.held.base}/media/{part}.jpg",
                "alt_text": self.held.uploads[part].alt_text,
            }
            for part in post["parts"]
        ]
        return shown, media

    def post(self, number: str) -> tuple[int, object]:
        self._require("tweet.read", "users.read")
        self._asked("GET /2/tweets/{id}")
        if number not in self.held.posts:
            kind = "https://api.x.com/2/problems/resource-not-found"
            return 200, {"errors": [{"type": kind, "title": "Not Found Error"}]}
        shown, media = self._post(number)
        return 200, {"data": shown, "includes": {"media": media}}

    def timeline(self, account: str) -> tuple[int, object]:
        self._require("tweet.read", "users.read")
        asked = self._asked("GET /2/users/{id}/tweets")
        since = asked.get("start_time", "").removesuffix("Z")
        mine = [one for one in self.held.posts.values() if one["at"] >= since]
        newest = sorted(mine, key=lambda one: int(one["id"]), reverse=True)
        shown = [self._post(one["id"]) for one in newest]
        if not shown:
            return 200, {"meta": {"result_count": 0}}
        media = [one for _, each in shown for one in each]
        data = [post for post, _ in shown]
        return 200, {
            "data": data,
            "includes": {"media": media},
            "meta": {"result_count": len(data)},
        }

    def delete(self, number: str) -> tuple[int, object]:
        self._require("tweet.write", "tweet.read", "users.read")
        if self.held.posts.pop(number, None) is None:
            return 200, {"data": {"deleted": False}}
        if not self.held.keeps_pictures:
            for part in [one.part for one in self.held.uploads.values() if one.post == number]:
                del self.held.uploads[part]
        return 200, {"data": {"deleted": True}}

    def page(self, number: str) -> tuple[int, object]:
        if number not in self.held.posts:
            raise Refused(404, "gone")
        return 200, "<p>A page.</p>"

    def picture(self, part: str) -> tuple[int, object]:
        upload = self.held.uploads.get(part)
        if upload is None or upload.post is None:
            raise Refused(404, "gone")
        return 200, upload.jpeg

    # --- OAuth 2 ----------------------------------------------------------------------------

    def authorize(self) -> tuple[int, object]:
        asked = self.query
        if asked["client_id"] != self.held.client_id or asked["code_challenge_method"] != "S256":
            raise Refused(400, "invalid request")
        code = secrets.token_urlsafe(16)
        self.held.codes[code] = dict(asked)
        back = urlencode({"code": code, "state": asked["state"]})
        return 200, f'<a href="{html.escape(asked["redirect_uri"] + "?" + back)}">Authorize</a>'

    def _require_app(self) -> None:
        known = base64.b64encode(f"{self.held.client_id}:{self.held.client_secret}".encode())
        if self.headers.get("Authorization") != f"Basic {known.decode()}":
            raise Refused(401, "invalid_client")

    def token(self) -> tuple[int, object]:
        self._require_app()
        sent = self.require_known(
            self.form(),
            *("grant_type", "code", "redirect_uri", "code_verifier", "client_id", "refresh_token"),
        )
        if sent["grant_type"] == "refresh_token":
            scope = self.held.renewing.pop(sent["refresh_token"], None)
            if scope is None:
                raise Refused(400, "invalid_request")
            return 200, self._tokens(scope)
        asked = self.held.codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"]:
            raise Refused(400, "invalid_request")
        if sent["redirect_uri"] != asked["redirect_uri"]:
            raise Refused(400, "invalid_request")
        return 200, self._tokens(self.held.granted or asked["scope"])

    def _tokens(self, scope: str) -> Json:
        renewing = secrets.token_urlsafe(16)
        self.held.renewing[renewing] = scope
        self.held.tokens.clear()
        return {
            "token_type": "bearer",
            "expires_in": 7200,
            "access_token": self.held.allow(scope),
            "scope": scope,
            **({"refresh_token": renewing} if "offline.access" in scope else {}),
        }

    def revoke(self) -> tuple[int, object]:
        self._require_app()
        sent = self.require_known(self.form(), "token", "token_type_hint", "client_id")
        self.held.tokens.pop(sent["token"], None)
        return 200, {"revoked": True}

    # --- OAuth 1.0a -------------------------------------------------------------------------

    def _oauth1(self) -> dict[str, str]:
        head = (self.headers.get("Authorization") or "").removeprefix("OAuth ")
        pairs = (one.strip().split("=", 1) for one in head.split(","))
        given = {name: parse_qs(f"v={value.strip(chr(34))}")["v"][0] for name, value in pairs}
        if given.get("oauth_consumer_key") != _CONSUMER:
            raise Refused(401, "unknown consumer")
        return given

    def request_token(self) -> tuple[int, object]:
        given = self._oauth1()
        token = secrets.token_urlsafe(12)
        self.held.requests[token] = {"callback": given["oauth_callback"]}
        sent = {
            "oauth_token": token,
            "oauth_token_secret": "rs",
            "oauth_callback_confirmed": "true",
        }
        return 200, urlencode(sent)

    def authorize_1(self) -> tuple[int, object]:
        asked = self.held.requests[self.query["oauth_token"]]
        asked["verifier"] = secrets.token_urlsafe(8)
        back = urlencode(
            {"oauth_token": self.query["oauth_token"], "oauth_verifier": asked["verifier"]}
        )
        return 200, f'<a href="{html.escape(asked["callback"] + "?" + back)}">Authorize</a>'

    def access_token(self) -> tuple[int, object]:
        given = self._oauth1()
        asked = self.held.requests.pop(given.get("oauth_token", ""), None)
        if asked is None or asked.get("verifier") != given.get("oauth_verifier"):
            raise Refused(401, "wrong verifier")
        token = secrets.token_urlsafe(16)
        self.held.signing[token] = "access-secret"
        return 200, urlencode({"oauth_token": token, "oauth_token_secret": "access-secret"})

    def invalidate(self) -> tuple[int, object]:
        self._require_signed()
        self.held.signing.clear()
        return 200, {"access_token": "gone"}


_ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("GET", r"/2/users/me", _Handler.me),
    ("POST", r"/2/media/upload", _Handler.upload),
    ("GET", r"/2/media/upload", _Handler.upload_status),
    ("POST", r"/2/media/metadata", _Handler.metadata),
    ("POST", r"/2/tweets", _Handler.publish),
    ("GET", r"/2/tweets/(\d+)", _Handler.post),
    ("DELETE", r"/2/tweets/(\d+)", _Handler.delete),
    ("GET", r"/2/users/(\d+)/tweets", _Handler.timeline),
    ("GET", r"/\w+/status/(\d+)", _Handler.page),
    ("GET", r"/media/(\d+)\.jpg", _Handler.picture),
    ("GET", r"/i/oauth2/authorize", _Handler.authorize),
    ("POST", r"/2/oauth2/token", _Handler.token),
    ("POST", r"/2/oauth2/revoke", _Handler.revoke),
    ("POST", r"/oauth/request_token", _Handler.request_token),
    ("GET", r"/oauth/authorize", _Handler.authorize_1),
    ("POST", r"/oauth/access_token", _Handler.access_token),
    ("POST", r"/1.1/oauth/invalidate_token", _Handler.invalidate),
)
_Handler.routes = _ROUTES


@contextmanager
def x_server() -> Iterator[XServer]:
    """The server, on loopback, until the end of the block."""
    held = XServer()
    with serving(_Handler, held):
        yield held
