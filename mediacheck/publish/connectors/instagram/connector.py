"""Publishes on Instagram, looks for what was published, and takes it down.

Contract: Graph API 26.0 (PyPI facebook_business 26.0.3: ``IGUser.create_media``,
``create_media_publish``, ``get_media``, ``get_content_publishing_limit``, ``IGMedia``), and
developers.facebook.com/docs/instagram-platform/content-publishing. Instagram fetches each picture
itself: it is shown to whoever knows an address of 256 random bits, for minutes. Only a token of
Facebook's own way in deletes, and only a whole post. Instagram knows no key; a container becomes a
post once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import islice

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import (
    Account,
    ClearedContent,
    ClearedPicture,
    Limits,
    Posted,
    SeenPicture,
    SeenPost,
)
from mediacheck.ports.publishing import PictureShelf
from mediacheck.publish.connectors.answers import careful, object_in, objects_of, squeezed, text_of
from mediacheck.publish.connectors.graph.access import Graph
from mediacheck.wire import Json, ask, odd_answer, once_it_is_out, require_done

#: As of November 2026. A picture is JPEG, 4:5 to 1.91:1, at most 1,440 pixels wide.
LIMITS = Limits(
    words=2_200,
    pictures=10,
    alt_text=1_000,
    picture_bytes=8_000_000,
    picture_pixels=1_440 * 1_800,
    picture_side_px=1_440,
    narrowest=0.8,
    widest=1.91,
    least_pictures=1,
    hashtags=30,
)
_CLOCKS_DIFFER = timedelta(minutes=10)
_PAGE, _MOST_PAGES = 50, 10
_PROCESSING_S, _POLL_S = 120.0, 3.0
_HOUR_S = 3_600.0
_MEDIA = "id,caption,permalink,timestamp,media_type,media_url,alt_text,owner"
_WHOLE = f"{_MEDIA},children{{id,media_type,media_url,alt_text}}"


@careful
@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramConnector:
    """One account. See the ``Connector`` port for what each method promises."""

    account_id: str
    graph: Graph
    shelf: PictureShelf
    sleep: Callable[[float], None] = time.sleep

    @property
    def key_life(self) -> timedelta:
        """Instagram knows no keys."""
        return timedelta(0)

    def account(self) -> Account:
        """The account that the token really opens: that of the Page."""
        page = self.graph.get("me", "instagram_business_account{id,username}")
        held = page.get("instagram_business_account")
        if not isinstance(held, dict):
            raise odd_answer()
        return account_from(held)

    def limits(self) -> Limits:
        """The dated table."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Has Instagram fetch each picture, and make a container of it that nobody sees.

        The first part is the container to publish; those of its pictures follow.
        """
        if not content.pictures:
            raise ConnectorError(
                "Instagram takes no post without a photo.", retry=Retry.NEVER, code="no-picture"
            )
        self._require_quota()
        if len(content.pictures) == 1:
            caption = {"caption": content.words}
            return (self._container(content.pictures[0], caption),)
        item = {"is_carousel_item": "true"}
        parts = [self._container(picture, item) for picture in content.pictures]
        sent = {
            "media_type": "CAROUSEL",
            "children": json.dumps(parts),
            "caption": content.words,
        }
        whole = self._new_container(sent)
        self._wait_for(whole)
        return (whole, *parts)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes it public. Instagram has no place for the key."""
        del content, key
        sent = {"creation_id": parts[0]}
        answer = self.graph.ask("POST", f"{self.account_id}/media_publish", data=sent)
        with once_it_is_out():
            found = self.graph.get_or_none(text_of(object_in(answer), "id"), _WHOLE)
            if found is None:
                raise odd_answer("not-found-after")
            return self._posted(found)

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The post that our container became: it says itself whether it did."""
        if parts and self._state_of(parts[0]) != "PUBLISHED":
            return None
        for media in self._media(since - _CLOCKS_DIFFER):
            if parts and _says(media, words):
                return self._posted(media)
        if parts:
            # It is out, and not where we look.
            raise odd_answer("published-elsewhere")
        return None

    def posted_at(self, address: str) -> Posted:
        """The post of this account whose address that is."""
        for media in self._media(None) if address.strip() else ():
            if text_of(media, "permalink").rstrip("/") == address.strip().rstrip("/"):
                return self._posted(media)
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether it is of this account, and just what was cleared."""
        media = self.graph.get_or_none(posted.reference, _WHOLE)
        if media is None or not _says(media, content.words):
            return False
        shown = [one.get("alt_text") or "" for one in _pictures_of(media)]
        public = self.graph.public
        return shown == [one.alt_text for one in content.pictures] and all(
            ask(public, "GET", one).status == HTTPStatus.OK for one in posted.pictures
        )

    def take_down(self, posted: Posted) -> None:
        """Deletes the whole post, which takes its pictures along."""
        self.graph.delete(posted.reference)

    def is_gone(self, posted: Posted) -> bool:
        """Whether Instagram knows no such post, and anybody finds no picture."""
        try:
            is_unknown = self.graph.get_or_none(posted.reference, "id") is None
            return is_unknown and all(self.graph.is_gone(one) for one in posted.pictures)
        except ConnectorError as error:
            # A page in the place of a picture, or a way elsewhere, proves nothing.
            if error.code in {"redirected", "too-long"}:
                return False
            raise

    def discard(self, parts: tuple[str, ...]) -> None:
        """Instagram drops containers within a day; there is no way to ask for it."""

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """The account's own posts since then; what is shown for a day only is not among them."""
        return tuple(self._seen(one) for one in islice(self._media(since), most))

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.graph.public, "GET", picture.address)).body

    def end(self) -> None:
        """Takes the tool's rights back."""
        self.graph.end()

    def _container(self, picture: ClearedPicture, more: dict[str, str]) -> str:
        address = self.shelf.show(picture.jpeg)
        try:
            sent = {"image_url": address, "alt_text": picture.alt_text, **more}
            part = self._new_container(sent)
            self._wait_for(part)
        finally:
            self.shelf.take_away(address)
        return part

    def _new_container(self, sent: dict[str, str]) -> str:
        answer = self.graph.ask("POST", f"{self.account_id}/media", data=sent)
        return text_of(object_in(answer), "id")

    def _wait_for(self, part: str) -> None:
        waited = 0.0
        while (state := self._state_of(part)) == "IN_PROGRESS":
            if waited >= _PROCESSING_S:
                raise ConnectorError(
                    "Instagram takes too long to fetch a photo. It is tried again.",
                    retry=Retry.LATER,
                    code="still-processing",
                )
            self.sleep(_POLL_S)
            waited += _POLL_S
        if state != "FINISHED":
            raise ConnectorError(
                "Instagram could not take a photo. Is this installation reachable from outside, "
                "at the address that MEDIACHECK_URL names?",
                retry=Retry.NEVER,
                code="not-fetched",
            )

    def _state_of(self, part: str) -> str:
        return text_of(self.graph.get(part, "status_code"), "status_code")

    def _require_quota(self) -> None:
        fields = {"fields": "quota_usage,config"}
        path = f"{self.account_id}/content_publishing_limit"
        (held, *_) = objects_of(object_in(self.graph.ask("GET", path, params=fields)), "data") or [
            {}
        ]
        total = (held.get("config") or {}).get("quota_total")
        used = held.get("quota_usage")
        if isinstance(total, int) and isinstance(used, int) and used >= total:
            raise ConnectorError(
                "Instagram takes no more posts of this account today. It is tried again.",
                retry=Retry.LATER,
                code="quota",
                after_s=_HOUR_S,
            )

    def _media(self, since: datetime | None) -> Iterator[Json]:
        """The account's own posts since then, the newest first."""
        asked = {"fields": _WHOLE, "limit": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            page = object_in(self.graph.ask("GET", f"{self.account_id}/media", params=asked))
            for media in objects_of(page, "data"):
                if since is not None and _moment(media) < since:
                    return
                yield media
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not isinstance(after, str):
                return
            asked["after"] = after
        raise odd_answer("long-timeline")

    def _seen(self, media: Json) -> SeenPost:
        if (media.get("owner") or {}).get("id") != self.account_id:
            raise odd_answer("another-account")
        parts = _pictures_of(media)
        pictures = [one for one in parts if one.get("media_type") == "IMAGE"]
        return SeenPost(
            reference=text_of(media, "id"),
            address=text_of(media, "permalink"),
            posted_at=_moment(media),
            words=str(media.get("caption") or ""),
            pictures=tuple(
                SeenPicture(address=text_of(one, "media_url"), alt_text=one.get("alt_text") or "")
                for one in pictures
            ),
            has_more=len(pictures) != len(parts),
        )

    def _posted(self, media: Json) -> Posted:
        if (media.get("owner") or {}).get("id") != self.account_id:
            raise odd_answer("another-account")
        return Posted(
            reference=text_of(media, "id"),
            address=text_of(media, "permalink"),
            pictures=tuple(text_of(one, "media_url") for one in _pictures_of(media)),
        )


def account_from(held: Json) -> Account:
    """The account, as its Page names it."""
    handle = text_of(held, "username")
    return Account(
        account_id=text_of(held, "id"),
        handle=handle,
        address=f"https://www.instagram.com/{handle}/",
    )


def _pictures_of(media: Json) -> list[Json]:
    """The pictures of a post: its children, where it has several."""
    children = (media.get("children") or {}).get("data")
    return children if isinstance(children, list) and children else [media]


def _says(media: Json, words: str) -> bool:
    return squeezed(str(media.get("caption") or "")) == squeezed(words)


def _moment(media: Json) -> datetime:
    try:
        return datetime.fromisoformat(text_of(media, "timestamp"))
    except ValueError:
        raise odd_answer() from None
