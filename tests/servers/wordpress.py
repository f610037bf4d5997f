"""A strict site that speaks WordPress's REST API on loopback, and fails on request.

It refuses fields that the API does not know, checks the password and the user's rights, publishes
a draft once, keeps uploads at an address of their own whatever becomes of the post, and has the
page that makes a password for a tool.
"""

from __future__ import annotations

import base64
import html
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from tests.servers.strict import Act, Handler, Held, Json, Refused, serving

AUTHOR = (
    *("delete_posts", "delete_published_posts", "edit_posts", "edit_published_posts"),
    *("level_1", "publish_posts", "read", "upload_files"),
)


@dataclass(slots=True)
class Media:
    media_id: int
    name: str
    jpeg: bytes
    alt_text: str
    parent: int


@dataclass(slots=True, kw_only=True)
class Site(Held):
    """What the site holds. ``rights``: what the user may do there."""

    posts: dict[int, Json] = field(default_factory=dict)
    media: dict[int, Media] = field(default_factory=dict)
    rights: tuple[str, ...] = AUTHOR
    has_passwords: bool = True
    has_pretty_addresses: bool = True
    #: Files that a plug-in keeps although the picture was deleted.
    kept_files: dict[str, bytes] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return (
            f"{self.base}/wp-json/" if self.has_pretty_addresses else f"{self.base}/?rest_route=/"
        )

    @property
    def live(self) -> list[Json]:
        return [one for one in self.posts.values() if one["status"] == "publish"]

    def media_of(self, post: Json) -> list[Media]:
        ids = re.findall(r"wp-image-(\d+)", post["content"])
        return [self.media[int(one)] for one in ids if int(one) in self.media]

    def address_of(self, post: Json) -> str:
        return f"{self.base}/2026/11/{post['slug']}/"

    def words_of(self, post: Json) -> str:
        """What a reader sees: the title, then each paragraph."""
        body = re.sub(r"<!--.*?-->\n?", "", post["content"])
        body = re.sub(r"<figure.*?</figure>", "", body, flags=re.S)
        body = body.replace("<br>", "\n").replace("</p>", "")
        parts = [post["title"], re.sub(r"<[^>]+>", "", body).strip()]
        return html.unescape("\n".join(one for one in parts if one))


class _Handler(Handler):
    picture_names = r"photo-\d\d-[0-9a-f]{24}\.jpg"

    @property
    def held(self) -> Site:
        held: Site = self.server.held  # type: ignore[attr-defined]
        return held

    def refusal(self, refused: Refused) -> Json:
        return {"code": refused.words, "message": refused.words, "data": {"status": refused.status}}

    def of_another(self, answer: Json) -> Json:
        return {**answer, "id": 777, "author": 777}

    def route(self, method: str, path: str) -> tuple[int, object]:
        route = self.query.pop("rest_route", None)
        if route is not None:
            path = "/wp-json" + route
        self.sent_headers = (("Link", f'<{self.held.api}>; rel="https://api.w.org/"'),)
        return Handler.route(self, method, path)

    def _require_user(self, right: str = "read") -> str:
        kind, _, given = (self.headers.get("Authorization") or "").partition(" ")
        user, _, password = base64.b64decode(given).decode().partition(":")
        if kind != "Basic" or password not in self.held.tokens or user != self.held.handle:
            raise Refused(401, "rest_not_logged_in")
        if right not in self.held.rights:
            raise Refused(403, "rest_forbidden")
        return password

    def front(self) -> tuple[int, object]:
        return 200, "<h1>Room 12</h1>"

    def root(self) -> tuple[int, object]:
        page = f"{self.held.base}/wp-admin/authorize-application.php"
        ways = {"application-passwords": {"endpoints": {"authorization": page}}}
        return 200, {"name": "Room 12", "authentication": ways if self.held.has_passwords else []}

    def me(self) -> tuple[int, object]:
        self._require_user()
        self.require_known(self.query, "context")
        return 200, {
            "id": int(self.held.account),
            "slug": self.held.handle,
            "link": f"{self.held.base}/author/{self.held.handle}/",
            "capabilities": dict.fromkeys(self.held.rights, True),
        }

    # --- Posts ----------------------------------------------------------------------------

    def posts(self) -> tuple[int, object]:
        if "slug" not in self.query:
            return self._everybody_s()
        self._require_user("edit_posts")
        self.require_known(self.query, "slug", "status", "context")
        statuses = self.query["status"].split(",")
        found = [
            one
            for one in self.held.posts.values()
            if one["slug"] == self.query["slug"] and one["status"] in statuses
        ]
        return 200, [self._shown(one) for one in found]

    def _everybody_s(self) -> tuple[int, object]:
        self.require_known(self.query, "after", "per_page", "page")
        since = datetime.fromisoformat(self.query["after"]).astimezone(UTC)
        newest = sorted(self.held.live, key=lambda one: str(one["date_gmt"]), reverse=True)
        shown = [self._shown(one) for one in newest if _moment(one) >= since]
        return 200, shown if self.query["page"] == "1" else []

    def post(self, number: str) -> tuple[int, object]:
        if "context" in self.query:
            self._require_user("edit_posts")
        self.require_known(self.query, "context")
        return 200, self._shown(self._held_post(number))

    def new_post(self) -> tuple[int, object]:
        self._require_user("edit_posts")
        sent = self._sent_post()
        if not (sent.get("title") or sent.get("content")):
            raise Refused(400, "empty_content")
        number = int(self.held.next_id())
        post = {
            "id": number,
            "title": "",
            "content": "",
            "author": int(self.held.account),
            "date_gmt": self.held.now().astimezone(UTC).replace(tzinfo=None).isoformat(),
            "featured_media": 0,
            **sent,
        }
        self.held.posts[number] = post
        return 201, self._shown(post)

    def change_post(self, number: str) -> tuple[int, object]:
        self._require_user("publish_posts")
        post = self._held_post(number)
        post.update(self._sent_post())
        if self.held.drops_last_picture:
            post["content"] = post["content"].rpartition("<!-- wp:image")[0]
        return 200, self._shown(post)

    def delete_post(self, number: str) -> tuple[int, object]:
        self._require_user("delete_published_posts")
        self.require_known(self.query, "force")
        post = self._held_post(number)
        if self.query.get("force") != "true":
            post["status"] = "trash"
            return 200, self._shown(post)
        del self.held.posts[post["id"]]
        for one in self.held.media.values():
            one.parent = 0 if one.parent == post["id"] else one.parent
        return 200, {"deleted": True, "previous": self._shown(post)}

    def _sent_post(self) -> Json:
        known = ("title", "content", "status", "slug", "comment_status", "ping_status")
        return self.require_known(json.loads(self.body), *known)

    def _held_post(self, number: str) -> Json:
        if int(number) not in self.held.posts:
            raise Refused(404, "rest_post_invalid_id")
        return self.held.posts[int(number)]

    def _shown(self, post: Json) -> Json:
        return {
            **{key: post[key] for key in ("id", "status", "slug", "author", "date_gmt")},
            "link": self.held.address_of(post),
            "featured_media": post["featured_media"],
            "password": "",
            **{key: {"raw": post[key], "rendered": post[key]} for key in ("title", "content")},
        }

    # --- Pictures ---------------------------------------------------------------------------

    def library(self) -> tuple[int, object]:
        self._require_user("edit_posts")
        self.require_known(self.query, "parent", "context", "per_page")
        of_post = [
            one for one in self.held.media.values() if one.parent == int(self.query["parent"])
        ]
        return 200, [self._shown_media(one) for one in of_post]

    def upload(self) -> tuple[int, object]:
        self._require_user("upload_files")
        sent = self.multipart()
        name = self.file_name
        self.require_known(sent, "file", "alt_text", "post", "title", "caption", "description")
        media = Media(
            media_id=int(self.held.next_id()),
            name=name,
            jpeg=sent["file"],
            alt_text=sent.get("alt_text", ""),
            parent=int(sent["post"]),
        )
        self.held.media[media.media_id] = media
        return 201, self._shown_media(media)

    @property
    def file_name(self) -> str:
        found = re.search(rb'filename="([^"]+)"', self.body)
        assert found is not None
        return found[1].decode()

    def one_media(self, number: str) -> tuple[int, object]:
        self.require_known(self.query, "context")
        return 200, self._shown_media(self._held_media(number))

    def delete_media(self, number: str) -> tuple[int, object]:
        self._require_user("delete_published_posts")
        media = self._held_media(number)
        if self.require_known(self.query, "force").get("force") != "true":
            raise Refused(501, "rest_trash_not_supported")
        del self.held.media[media.media_id]
        if self.held.keeps_pictures:
            self.held.kept_files[media.name] = media.jpeg
        return 200, {"deleted": True}

    def _held_media(self, number: str) -> Media:
        if int(number) not in self.held.media:
            raise Refused(404, "rest_post_invalid_id")
        return self.held.media[int(number)]

    def _shown_media(self, media: Media) -> Json:
        folder = f"{self.held.base}/wp-content/uploads/2026/11"
        small = {"source_url": f"{folder}/{media.name.removesuffix('.jpg')}-300x200.jpg"}
        return {
            "id": media.media_id,
            "alt_text": media.alt_text,
            "post": media.parent or None,
            "source_url": f"{folder}/{media.name}",
            "media_details": {"sizes": {"medium": small}},
        }

    def page(self, slug: str) -> tuple[int, object]:
        found = [one for one in self.held.live if one["slug"] == slug]
        if not found:
            raise Refused(404, "no such page")
        return 200, f"<h1>{found[0]['title']}</h1>{found[0]['content']}"

    def file(self, name: str) -> tuple[int, object]:
        files = {one.name: one.jpeg for one in self.held.media.values()} | self.held.kept_files
        whole = name.replace("-300x200", "")
        if whole not in files:
            raise Refused(404, "no such file")
        return 200, files[whole]

    # --- Passwords --------------------------------------------------------------------------

    def authorize(self) -> tuple[int, object]:
        asked = self.require_known(self.query, "app_name", "success_url", "reject_url", "app_id")
        brought = urlencode(
            {
                "site_url": self.held.base,
                "user_login": self.held.handle,
                "password": self.held.allow(),
            }
        )
        back = asked["success_url"]
        where = html.escape(f"{back}{'&' if urlsplit(back).query else '?'}{brought}")
        return 200, f'<p><a href="{where}">Yes, I approve of this connection</a></p>'

    def introspect(self) -> tuple[int, object]:
        return 200, {"uuid": secrets.token_hex(4) + self._require_user()[:4]}

    def forget(self, uuid: str) -> tuple[int, object]:
        password = self._require_user()
        assert uuid.endswith(password[:4])
        del self.held.tokens[password]
        return 200, {"deleted": True}


def _moment(post: Json) -> datetime:
    return datetime.fromisoformat(post["date_gmt"]).replace(tzinfo=UTC)


_API = "/wp-json/wp/v2"
_OWN = f"{_API}/users/me/application-passwords"
_ROUTES: tuple[tuple[str, str, Act], ...] = (
    ("GET", r"/", _Handler.front),
    ("GET", r"/wp-json/", _Handler.root),
    ("GET", rf"{_API}/users/me", _Handler.me),
    ("GET", rf"{_API}/posts", _Handler.posts),
    ("POST", rf"{_API}/posts", _Handler.new_post),
    ("GET", rf"{_API}/posts/(\d+)", _Handler.post),
    ("POST", rf"{_API}/posts/(\d+)", _Handler.change_post),
    ("DELETE", rf"{_API}/posts/(\d+)", _Handler.delete_post),
    ("GET", rf"{_API}/media", _Handler.library),
    ("POST", rf"{_API}/media", _Handler.upload),
    ("GET", rf"{_API}/media/(\d+)", _Handler.one_media),
    ("DELETE", rf"{_API}/media/(\d+)", _Handler.delete_media),
    ("GET", r"/2026/11/([\w-]+)/", _Handler.page),
    ("GET", r"/wp-content/uploads/2026/11/([\w-]+\.jpg)", _Handler.file),
    ("GET", r"/wp-admin/authorize-application\.php", _Handler.authorize),
    ("GET", rf"{_OWN}/introspect", _Handler.introspect),
    ("DELETE", rf"{_OWN}/([\w-]+)", _Handler.forget),
)
_Handler.routes = _ROUTES


@contextmanager
def wordpress_site() -> Iterator[Site]:
    """The site, on loopback, until the end of the block."""
    held = Site()
    with serving(_Handler, held):
        yield held
