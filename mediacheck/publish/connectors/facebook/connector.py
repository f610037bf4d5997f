"""Publishes on a Facebook Page, looks for what was published, and takes it down.

Contract: Graph API 26.0 (PyPI facebook_business 26.0.3: ``Page.create_photo``, ``create_feed``,
``get_published_posts``, ``PagePost`` and ``Photo`` with ``api_delete``). Limits: November 2026, of
tools that publish there, the smallest that any of them names. Facebook knows no key for a repeated
post. A post is deleted, and then each of its photos: a photo outlives its post.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import islice

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import (
    Account,
    ClearedContent,
    Limits,
    Posted,
    SeenPicture,
    SeenPost,
)
from mediacheck.publish.connectors.answers import careful, object_in, objects_of, squeezed, text_of
from mediacheck.publish.connectors.graph.access import Graph
from mediacheck.wire import Json, ask, odd_answer, once_it_is_out, require_done

LIMITS = Limits(
    words=63_206,
    pictures=10,
    alt_text=1_000,
    picture_bytes=4_000_000,
    picture_pixels=30_000_000,
)
_CLOCKS_DIFFER = timedelta(minutes=10)
_PAGE, _MOST_PAGES = 50, 10
_POST = (
    "id,from,message,created_time,permalink_url,is_published,"
    "attachments{type,target,subattachments{type,target}}"
)
_PHOTO = "id,alt_text_custom,images"


@careful
@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookConnector:
    """One Page. See the ``Connector`` port for what each method promises."""

    page_id: str
    graph: Graph

    @property
    def key_life(self) -> timedelta:
        """Facebook knows no keys."""
        return timedelta(0)

    def account(self) -> Account:
        """The Page that the token really opens."""
        return account_from(self.graph.get("me", "id,name,link"))

    def limits(self) -> Limits:
        """The dated table."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Uploads each picture, unpublished, with its description."""
        parts: list[str] = []
        try:
            for number, picture in enumerate(content.pictures, start=1):
                answer = self.graph.ask(
                    "POST",
                    f"{self.page_id}/photos",
                    files={"source": (f"photo-{number:02d}.jpg", picture.jpeg, "image/jpeg")},
                    data={"published": "false", "alt_text_custom": picture.alt_text},
                )
                parts.append(text_of(object_in(answer), "id"))
        except ConnectorError:
            self.discard(tuple(parts))
            raise
        return tuple(parts)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes it public. Facebook has no place for the key."""
        del key
        sent: Json = {"message": content.words} if content.words else {}
        if parts:
            sent["attached_media"] = [{"media_fbid": part} for part in parts]
        answer = object_in(self.graph.ask("POST", f"{self.page_id}/feed", json=sent))
        with once_it_is_out():
            found = self.graph.get_or_none(text_of(answer, "id"), _POST)
            if found is None:
                raise odd_answer("not-found-after")
            return self._posted(found)

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The newest of the Page's posts that holds one of the uploads, or just these words."""
        for post in self._posts(since - _CLOCKS_DIFFER):
            mine = set(_photos_of(post))
            if mine & set(parts) or (not parts and not mine and _says(post, words)):
                return self._posted(post)
        return None

    def posted_at(self, address: str) -> Posted:
        """The post of this Page whose address that is."""
        for post in self._posts(None) if address.strip() else ():
            if post.get("permalink_url") == address.strip():
                return self._posted(post)
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether it is published, of this Page, and just what was cleared."""
        number, photos = _ids_in(posted)
        post = self.graph.get_or_none(number, _POST)
        if post is None or post.get("is_published") is not True or not _says(post, content.words):
            return False
        held = [self.graph.get(photo, _PHOTO) for photo in photos]
        shown = [one.get("alt_text_custom") or "" for one in held]
        public = self.graph.public
        return shown == [one.alt_text for one in content.pictures] and all(
            ask(public, "GET", one).status == HTTPStatus.OK for one in posted.pictures
        )

    def take_down(self, posted: Posted) -> None:
        """Deletes the post, and then each of its photos."""
        number, photos = _ids_in(posted)
        for one in (number, *photos):
            self.graph.delete(one)

    def is_gone(self, posted: Posted) -> bool:
        """Whether Facebook knows neither post nor photos, and anybody finds no picture."""
        number, photos = _ids_in(posted)
        try:
            is_unknown = all(self.graph.get_or_none(one, "id") is None for one in (number, *photos))
            # Meta also says so to who may not see it: then the Page's own list says that.
            newest = islice(self._posts(None), _PAGE)
            is_unlisted = is_unknown and number not in {text_of(one, "id") for one in newest}
            return is_unlisted and all(self.graph.is_gone(one) for one in posted.pictures)
        except ConnectorError as error:
            # A page in the place of a picture, or a way elsewhere, proves nothing.
            if error.code in {"redirected", "too-long"}:
                return False
            raise

    def discard(self, parts: tuple[str, ...]) -> None:
        """Deletes uploads; Facebook drops those that it could not within a day."""
        for part in parts:
            try:
                self.graph.delete(part)
            except ConnectorError:
                return

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """The Page's own posts since then."""
        return tuple(self._seen(one) for one in islice(self._posts(since), most))

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.graph.public, "GET", picture.address)).body

    def end(self) -> None:
        """Takes the tool's rights back."""
        self.graph.end()

    def _posts(self, since: datetime | None) -> Iterator[Json]:
        """The Page's own posts since then, the newest first."""
        asked = {"fields": _POST, "limit": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            answer = self.graph.ask("GET", f"{self.page_id}/published_posts", params=asked)
            page = object_in(answer)
            for post in objects_of(page, "data"):
                if since is not None and _moment(post) < since:
                    return
                yield post
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not isinstance(after, str):
                return
            asked["after"] = after
        raise odd_answer("long-timeline")

    def _seen(self, post: Json) -> SeenPost:
        posted = self._posted(post)
        described = [self.graph.get(one, _PHOTO) for one in _photos_of(post)]
        return SeenPost(
            reference=posted.reference,
            address=posted.address,
            posted_at=_moment(post),
            words=str(post.get("message") or ""),
            pictures=tuple(
                SeenPicture(address=_address_of(one), alt_text=one.get("alt_text_custom") or "")
                for one in described
            ),
            has_more=len(_attached_to(post)) != len(described),
        )

    def _posted(self, post: Json) -> Posted:
        if (post.get("from") or {}).get("id") != self.page_id:
            raise odd_answer("another-account")
        photos = _photos_of(post)
        return Posted(
            reference=" ".join((text_of(post, "id"), *photos)),
            address=text_of(post, "permalink_url"),
            pictures=tuple(_address_of(self.graph.get(photo, _PHOTO)) for photo in photos),
        )


def account_from(page: Json) -> Account:
    """The Page, as Facebook names it."""
    return Account(
        account_id=text_of(page, "id"), handle=text_of(page, "name"), address=text_of(page, "link")
    )


def _ids_in(posted: Posted) -> tuple[str, tuple[str, ...]]:
    """The post and its photos: a photo that is not known by its id cannot be deleted later."""
    number, *photos = posted.reference.split(" ")
    return number, tuple(photos)


def _photos_of(post: Json) -> tuple[str, ...]:
    """The photos of a post, in its order; several stand one level deeper than one."""
    photos = [one for one in _attached_to(post) if one.get("type") == "photo"]
    return tuple(text_of(one["target"], "id") for one in photos)


def _attached_to(post: Json) -> list[Json]:
    found: list[Json] = []
    for one in (post.get("attachments") or {}).get("data") or []:
        found += (one.get("subattachments") or {}).get("data") or [one]
    return found


def _address_of(photo: Json) -> str:
    """Where the largest rendering of a photo lies."""
    images = objects_of(photo, "images")
    if not images:
        raise odd_answer()
    return text_of(max(images, key=lambda one: int(one.get("width") or 0)), "source")


def _says(post: Json, words: str) -> bool:
    return squeezed(str(post.get("message") or "")) == squeezed(words)


def _moment(post: Json) -> datetime:
    try:
        return datetime.fromisoformat(text_of(post, "created_time"))
    except ValueError:
        raise odd_answer() from None
