"""A strict server that speaks Meta's Graph API for one Page and its Instagram account.

Its parameters and fields are those of Meta's own library (``vendor/meta.json``): it refuses every
other. It checks the token, the app's proof, and what each permission opens; Instagram's side
fetches each picture itself, and takes JPEG of a fit shape alone.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import io
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import requests
from PIL import Image

from tests.servers.strict import Act, Handler, Held, Json, Refused, serving

_TABLE: Json = json.loads((Path(__file__).parent / "vendor" / "meta.json").read_text())
#: Of every request of the Graph API, whatever it is about.
_GENERIC = ("fields", "limit", "after", "appsecret_proof")
#: Edges that may stand among the fields, and what Meta's documentation adds to its library.
_EDGES = {
    "post": ("attachments",),
    "ig": (),
    "media": ("children",),
    "page": ("tasks", "instagram_business_account", "access_token"),
    "container": ("status_code",),
}
_SECRET = "app-secret"  # noqa: S105 - of no app.
_V = r"/v26\.0"


@dataclass(slots=True, kw_only=True)
class Photo:
    number: str
    jpeg: bytes
    alt_text: str
    post: str | None = None


@dataclass(slots=True, kw_only=True)
class Container:
    number: str
    sent: Json
    jpeg: bytes = b""
    children: tuple[str, ...] = ()
    polls_left: int = 0
    is_published: bool = False


@dataclass(slots=True, kw_only=True)
class GraphServer(Held):
    """What Meta holds of one Page, and of the Instagram account that belongs to it."""

    page: str = "109"
    instagram: str = "1784"
    app: str = "app"
    photos: dict[str, Photo] = field(default_factory=dict)
    posts: dict[str, Json] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    media: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    granted: str | None = None
    pages: list[Json] = field(default_factory=list)
    tasks: tuple[str, ...] = ("ANALYZE", "CREATE_CONTENT", "MANAGE", "MODERATE")
    fetched: list[str] = field(default_factory=list)
    quota_used: int = 0
    hides_posts: bool = False
    handed_out: list[str] = field(default_factory=list)


def graph_error(code: int, subcode: int = 0) -> Refused:
    return Refused(400, json.dumps({"code": code, "error_subcode": subcode}))


_UNKNOWN = (100, 33)


class _Handler(Handler):
    def refusal(self, refused: Refused) -> Json:
        try:
            told = json.loads(refused.words)
        except ValueError:
            told = {"message": refused.words}
        return {"error": {"message": "Unsupported request", **told}}

    def of_another(self, answer: Json) -> Json:
        return {**answer, "id": "777"}

    def _require(self, *scopes: str) -> str:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        granted = self.held.tokens.get(token)
        if granted is None:
            raise Refused(401, json.dumps({"code": 190}))
        proof = hmac.new(_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if self.query.pop("appsecret_proof", "") != proof:
            raise graph_error(100)
        if not set(scopes) <= set(granted.split()):
            raise graph_error(200)
        return token

    def _params(self, sent: Json, request: str) -> Json:
        return self.require_known(sent, *_TABLE["params"][request], *_GENERIC)

    def _fields(self, record: str) -> tuple[str, ...]:
        """The fields that were asked for, without what stands in braces behind an edge."""
        asked = self.query.get("fields", "id")
        flat = re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "", asked)
        names = tuple(filter(None, flat.split(",")))
        known = {*_TABLE["fields"].get(record, ()), *_EDGES.get(record, ()), "id"}
        strange = set(names) - known
        if strange:
            self.held.unknown.extend(sorted(strange))
            raise graph_error(100)
        return names

    def _shown(self, record: Json, kind: str) -> Json:
        return {name: record[name] for name in {*self._fields(kind), "id"} if name in record}

    # --- Who ----------------------------------------------------------------------------------

    def _page(self) -> Json:
        held = self.held
        return {
            "id": held.page,
            "name": "Lincoln School",
            "link": f"{held.base}/lincoln",
            "tasks": list(held.tasks),
            "instagram_business_account": {"id": held.instagram, "username": held.handle},
        }

    def me(self) -> tuple[int, object]:
        self._require("pages_read_engagement")
        return 200, self._shown(self._page(), "page")

    def permissions(self) -> tuple[int, object]:
        token = self._require()
        given = self.held.tokens[token].split()
        return 200, {"data": [{"permission": one, "status": "granted"} for one in given]}

    def accounts(self) -> tuple[int, object]:
        token = self._require("pages_show_list")
        self._fields("page")
        pages = self.held.pages or [self._page()]
        shown = []
        for page in pages:
            own = self.held.allow(self.held.tokens[token])
            self.held.handed_out.append(own)
            shown.append({**page, "access_token": own})
        return 200, {"data": shown}

    def drop_permissions(self) -> tuple[int, object]:
        self._require()
        self.held.tokens.clear()
        return 200, {"success": True}

    # --- Facebook -----------------------------------------------------------------------------

    def upload(self, page: str) -> tuple[int, object]:
        self._require("pages_manage_posts")
        sent = self.multipart("source")
        jpeg = sent.pop("source")
        self._params(sent, "POST page/photos")
        if page != self.held.page or sent.get("published") != "false":
            raise graph_error(100)
        number = self.held.next_id()
        self.held.photos[number] = Photo(
            number=number, jpeg=jpeg, alt_text=sent.get("alt_text_custom", "")
        )
        return 200, {"id": number}

    def feed(self, page: str) -> tuple[int, object]:
        self._require("pages_manage_posts")
        sent = self._params(json.loads(self.body), "POST page/feed")
        wanted = [one["media_fbid"] for one in sent.get("attached_media", [])]
        if page != self.held.page or not (sent.get("message") or wanted):
            raise graph_error(100)
        if any(self.held.photos[one].post is not None for one in wanted):
            raise graph_error(100)
        if self.held.drops_last_picture:
            wanted = wanted[:-1]
        number = f"{page}_{self.held.next_id()}"
        for one in wanted:
            self.held.photos[one].post = number
        self.held.posts[number] = {
            "id": number,
            "from": {"id": page, "name": "Lincoln School"},
            "message": sent.get("message"),
            "created_time": self.held.now().strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink_url": f"{self.held.base}/lincoln/posts/{number}",
            "is_published": True,
            "photos": wanted,
        }
        return 200, {"id": number}

    def _attached(self, post: Json) -> Json:
        photos = [{"type": "photo", "target": {"id": one}} for one in post["photos"]]
        if not photos:
            return {}
        if len(photos) == 1:
            return {"attachments": {"data": photos}}
        album = {"type": "album", "target": {"id": self.held.page}}
        return {"attachments": {"data": [{**album, "subattachments": {"data": photos}}]}}

    def post(self, number: str) -> tuple[int, object]:
        self._require("pages_read_engagement")
        if number not in self.held.posts or self.held.hides_posts:
            raise graph_error(*_UNKNOWN)
        post = self.held.posts[number]
        return 200, self._shown({**post, **self._attached(post)}, "post")

    def published(self, page: str) -> tuple[int, object]:
        self._require("pages_read_engagement")
        self._params(self.query, "GET page/published_posts")
        newest = sorted(self.held.posts.values(), key=lambda one: one["id"], reverse=True)
        shown = [self._shown({**one, **self._attached(one)}, "post") for one in newest]
        return 200, {"data": shown, "paging": {"cursors": {"after": "x"}}}

    def delete_post(self, number: str) -> tuple[int, object]:
        self._require("pages_manage_posts")
        if self.held.posts.pop(number, None) is None:
            raise graph_error(*_UNKNOWN)
        # The photos of a post stay until each of them is deleted.
        return 200, {"success": True}

    def get_object(self, number: str) -> tuple[int, object]:
        if number in self.held.photos:
            return self._photo(number)
        if number in self.held.media:
            return self._one_media(number)
        if number in self.held.containers:
            return self._container(number)
        self._require()
        raise graph_error(*_UNKNOWN)

    def _photo(self, number: str) -> tuple[int, object]:
        self._require("pages_read_engagement")
        photo = self.held.photos[number]
        images = [
            {
                "width": width,
                "height": width,
                "source": f"{self.held.base}/cdn/{number}-{width}.jpg",
            }
            for width in (320, 1080)
        ]
        shown = {"id": number, "alt_text_custom": photo.alt_text, "images": images}
        return 200, self._shown(shown, "photo")

    def delete_object(self, number: str) -> tuple[int, object]:
        if number in self.held.media:
            self._require("instagram_manage_contents")
            media = self.held.media.pop(number)
            if not self.held.keeps_pictures:
                for one in media["containers"]:
                    del self.held.containers[one]
            return 200, {"success": True}
        if number not in self.held.photos:
            self._require()
            raise graph_error(*_UNKNOWN)
        self._require("pages_manage_posts")
        if not self.held.keeps_pictures:
            del self.held.photos[number]
        return 200, {"success": True}

    def page_of_post(self, number: str) -> tuple[int, object]:
        if number not in self.held.posts:
            raise Refused(404, "gone")
        return 200, "<p>A post.</p>"

    def cdn(self, number: str) -> tuple[int, object]:
        if number in self.held.photos and self.held.photos[number].post is not None:
            return 200, self.held.photos[number].jpeg
        container = self.held.containers.get(number)
        if container is not None and container.is_published:
            return 200, container.jpeg
        raise Refused(404, "gone")

    # --- Instagram ----------------------------------------------------------------------------

    def quota(self, account: str) -> tuple[int, object]:
        self._require("instagram_content_publish")
        self._params(self.query, "GET ig/content_publishing_limit")
        self._fields("content_publishing_limit")
        held = {"quota_usage": self.held.quota_used, "config": {"quota_total": 50}}
        return 200, {"data": [held]}

    def new_container(self, account: str) -> tuple[int, object]:
        self._require("instagram_content_publish")
        sent = self._params(self.form(), "POST ig/media")
        if account != self.held.instagram:
            raise graph_error(100)
        container = Container(number=self.held.next_id(), sent=sent, polls_left=self.held.polls)
        if sent.get("media_type") == "CAROUSEL":
            container.children = tuple(json.loads(sent["children"]))
            known = (self.held.containers[one] for one in container.children)
            if not all(one.sent.get("is_carousel_item") == "true" for one in known):
                raise graph_error(100)
        else:
            container.jpeg = self._fetched(sent["image_url"])
        self.held.containers[container.number] = container
        return 200, {"id": container.number}

    def _fetched(self, address: str) -> bytes:
        self.held.fetched.append(address)
        answer = requests.get(address, timeout=5, allow_redirects=False)
        if answer.status_code != 200:
            raise graph_error(9004)
        with Image.open(io.BytesIO(answer.content)) as image:
            ratio = image.width / image.height
            if image.format != "JPEG" or not 0.8 <= ratio <= 1.91 or max(image.size) > 1800:
                raise graph_error(36003)
        return answer.content

    def _container(self, number: str) -> tuple[int, object]:
        self._require("instagram_basic")
        self._fields("container")
        container = self.held.containers[number]
        container.polls_left -= 1
        state = "IN_PROGRESS" if container.polls_left >= 0 else "FINISHED"
        return 200, {"id": number, "status_code": "PUBLISHED" if container.is_published else state}

    def media_publish(self, account: str) -> tuple[int, object]:
        self._require("instagram_content_publish")
        sent = self._params(self.form(), "POST ig/media_publish")
        container = self.held.containers[sent["creation_id"]]
        if container.is_published:
            raise graph_error(100)
        shown = container.children or (container.number,)
        if self.held.drops_last_picture:
            shown = shown[:-1]
        for one in (container.number, *shown):
            self.held.containers[one].is_published = True
        number = self.held.next_id()
        self.held.media[number] = {
            "id": number,
            "caption": container.sent.get("caption", ""),
            "timestamp": self.held.now().strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink": f"{self.held.base}/p/{number}/",
            "media_type": "CAROUSEL_ALBUM" if container.children else "IMAGE",
            "owner": {"id": account},
            "shown": shown,
            "containers": (container.number, *container.children),
        }
        return 200, {"id": number}

    def _media_record(self, media: Json) -> Json:
        pictures = [
            {
                "id": f"9{one}",
                "media_type": "IMAGE",
                "media_url": f"{self.held.base}/cdn/{one}-1080.jpg",
                "alt_text": self.held.containers[one].sent.get("alt_text"),
            }
            for one in media["shown"]
        ]
        if media["media_type"] == "IMAGE" and pictures:
            return {**media, **{key: pictures[0][key] for key in ("media_url", "alt_text")}}
        return {**media, "children": {"data": pictures}}

    def _one_media(self, number: str) -> tuple[int, object]:
        self._require("instagram_basic")
        return 200, self._shown(self._media_record(self.held.media[number]), "media")

    def media_list(self, account: str) -> tuple[int, object]:
        self._require("instagram_basic")
        self._params(self.query, "GET ig/media")
        newest = sorted(self.held.media.values(), key=lambda one: int(one["id"]), reverse=True)
        return 200, {"data": [self._shown(self._media_record(one), "media") for one in newest]}

    def media_page(self, number: str) -> tuple[int, object]:
        if number not in self.held.media:
            raise Refused(404, "gone")
        return 200, "<p>A post.</p>"

    # --- The way in ---------------------------------------------------------------------------

    def dialog(self) -> tuple[int, object]:
        asked = self.query
        if asked["client_id"] != self.held.app or asked["response_type"] != "code":
            raise Refused(400, "invalid request")
        code = secrets.token_urlsafe(16)
        self.held.codes[code] = dict(asked)
        back = urlencode({"code": code, "state": asked["state"]})
        return 200, f'<a href="{html.escape(asked["redirect_uri"] + "?" + back)}">Continue</a>'

    def token(self) -> tuple[int, object]:
        sent = self.require_known(
            self.form(),
            *("grant_type", "client_id", "client_secret", "redirect_uri", "code"),
            "fb_exchange_token",
        )
        if sent["client_id"] != self.held.app or sent["client_secret"] != _SECRET:
            raise graph_error(101)
        if sent.get("grant_type") == "fb_exchange_token":
            scope = self.held.tokens.pop(sent["fb_exchange_token"])
            return 200, {"access_token": self.held.allow(scope), "token_type": "bearer"}
        asked = self.held.codes.pop(sent["code"], None)
        if asked is None or asked["redirect_uri"] != sent["redirect_uri"]:
            raise graph_error(100)
        scope = self.held.granted if self.held.granted is not None else asked["scope"]
        scope = scope.replace(",", " ")
        return 200, {"access_token": self.held.allow(scope), "token_type": "bearer"}


_ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("GET", rf"{_V}/me", _Handler.me),
    ("GET", rf"{_V}/me/permissions", _Handler.permissions),
    ("DELETE", rf"{_V}/me/permissions", _Handler.drop_permissions),
    ("GET", rf"{_V}/me/accounts", _Handler.accounts),
    ("POST", rf"{_V}/(\d+)/photos", _Handler.upload),
    ("POST", rf"{_V}/(\d+)/feed", _Handler.feed),
    ("GET", rf"{_V}/(\d+)/published_posts", _Handler.published),
    ("GET", rf"{_V}/(\d+_\d+)", _Handler.post),
    ("DELETE", rf"{_V}/(\d+_\d+)", _Handler.delete_post),
    ("GET", rf"{_V}/(\d+)/content_publishing_limit", _Handler.quota),
    ("POST", rf"{_V}/(\d+)/media", _Handler.new_container),
    ("GET", rf"{_V}/(\d+)/media", _Handler.media_list),
    ("POST", rf"{_V}/(\d+)/media_publish", _Handler.media_publish),
    ("GET", rf"{_V}/(\d+)", _Handler.get_object),
    ("DELETE", rf"{_V}/(\d+)", _Handler.delete_object),
    ("GET", r"/lincoln/posts/(\d+_\d+)", _Handler.page_of_post),
    ("GET", r"/p/(\d+)/", _Handler.media_page),
    ("GET", r"/cdn/(\d+)-\d+\.jpg", _Handler.cdn),
    ("GET", rf"{_V}/dialog/oauth", _Handler.dialog),
    ("POST", rf"{_V}/oauth/access_token", _Handler.token),
)
_Handler.routes = _ROUTES


@contextmanager
def graph_server() -> Iterator[GraphServer]:
    """The server, on loopback, until the end of the block."""
    held = GraphServer()
    with serving(_Handler, held):
        yield held
