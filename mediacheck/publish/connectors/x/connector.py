"""Publishes on X, looks for what was published, and takes it down.

Contract: X API 2.167 and its own library xdk 0.10.6 (November 2026): POST /2/media/upload, POST
/2/media/metadata, POST and DELETE /2/tweets, GET /2/users/:id/tweets. Limits: the same docs, and
developer.x.com/docs/counting-characters. X knows no key for a repeated post.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlsplit

import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import (
    Account,
    ClearedContent,
    Limits,
    Posted,
    SeenPicture,
    SeenPost,
)
from mediacheck.publish.connectors.answers import careful, object_in, object_of, squeezed, text_of
from mediacheck.publish.connectors.x.access import Access, open_access
from mediacheck.publish.content import WEB_ADDRESS
from mediacheck.wire import Answer, Json, ask, odd_answer, once_it_is_out, require_done, strict

API, PAGES = "https://api.x.com", "https://x.com"

#: As of November 2026. X says none of it itself.
LIMITS = Limits(
    words=280,
    pictures=4,
    alt_text=1_000,
    picture_bytes=5_000_000,
    picture_pixels=4_096 * 4_096,
    address_characters=23,
    counts_twice=True,
)
_CLOCKS_DIFFER = timedelta(minutes=10)
_PAGE, _MOST_PAGES = 100, 8
_PROCESSING_S, _POLL_S = 60.0, 1.0
_FIELDS = {
    "post.fields": "attachments,created_at,entities,text",
    "expansions": "attachments.media_keys,author_id",
    "media.fields": "alt_text,url,type",
}


@careful
@dataclass(frozen=True, slots=True, kw_only=True)
class XConnector:
    """One account of X. See the ``Connector`` port for what each method promises."""

    account_id: str
    handle: str
    access: Access
    public: requests.Session = field(repr=False)
    pages: str = PAGES
    sleep: Callable[[float], None] = time.sleep

    @property
    def key_life(self) -> timedelta:
        """X knows no keys."""
        return timedelta(0)

    def account(self) -> Account:
        """The account that the token really opens."""
        return account_from(require_done(self.access.ask("GET", "/2/users/me")), self.pages)

    def limits(self) -> Limits:
        """The dated table."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Uploads each picture and says what it shows. X drops within a day what is not posted."""
        parts: list[str] = []
        for number, picture in enumerate(content.pictures, start=1):
            file = (f"photo-{number:02d}.jpg", picture.jpeg, "image/jpeg")
            answer = self._done(
                "POST",
                "/2/media/upload",
                files={"media": file},
                data={"media_category": "tweet_image"},
            )
            upload = object_of(object_in(answer), "data")
            parts.append(text_of(upload, "id"))
            self._wait_for(parts[-1], upload)
            metadata = {"alt_text": {"text": picture.alt_text}}
            told: Json = {"id": parts[-1], "metadata": metadata}
            self._done("POST", "/2/media/metadata", json=told)
        return tuple(parts)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes it public. X has no place for the key."""
        del key
        sent: Json = {"text": content.words}
        if parts:
            sent["media"] = {"media_ids": list(parts)}
        answer = self.access.ask("POST", "/2/tweets", json=sent)
        if answer.status == HTTPStatus.FORBIDDEN:
            # Such as the same words twice: the account is well.
            raise ConnectorError("X refused it.", retry=Retry.NEVER, code="http-403")
        number = text_of(object_of(object_in(require_done(answer)), "data"), "id")
        with once_it_is_out():
            found = self._post_or_none(number)
            if found is None:
                raise odd_answer("not-found-after")
            return self._posted(found)

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The newest of the account's posts that holds one of the uploads, or just these words."""
        keys = {f"3_{part}" for part in parts}
        for post in self._posts(since - _CLOCKS_DIFFER):
            mine = {text_of(one, "media_key") for one in post["media"]}
            if mine & keys or (not parts and not mine and self._says(post, words)):
                return self._posted(post)
        return None

    def posted_at(self, address: str) -> Posted:
        """The post of this account whose page that is."""
        parts = urlsplit(address.strip())
        reference = parts.path.rstrip("/").rsplit("/", 1)[-1]
        if f"{parts.scheme}://{parts.netloc}" == self.pages and reference.isdigit():
            post = self._post_or_none(reference)
            if post is not None:
                return self._posted(post)
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether it is of this account, and just what was cleared, and each picture is public."""
        post = self._post_or_none(posted.reference)
        if post is None:
            return False
        shown = [one.get("alt_text") or "" for one in post["media"]]
        is_right = shown == [one.alt_text for one in content.pictures]
        return (
            is_right
            and self._says(post, content.words)
            and all(ask(self.public, "GET", one).status == HTTPStatus.OK for one in posted.pictures)
        )

    def take_down(self, posted: Posted) -> None:
        """Deletes the post, and with it its pictures."""
        answer = self.access.ask("DELETE", f"/2/tweets/{posted.reference}")
        if not answer.is_gone:
            require_done(answer)

    def is_gone(self, posted: Posted) -> bool:
        """Whether X knows no such post, and each picture is gone for anybody.

        The page proves nothing: X answers with the same page for a post and for none.
        """
        try:
            return self._post_or_none(posted.reference) is None and all(
                ask(self.public, "GET", one).is_gone for one in posted.pictures
            )
        except ConnectorError as error:
            if error.code in {"redirected", "too-long"}:
                return False
            raise

    def discard(self, parts: tuple[str, ...]) -> None:
        """X drops uploads by itself within a day; there is no way to ask for it."""

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """The account's own posts since then."""
        return tuple(self._seen(one) for one in islice(self._posts(since), most))

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.public, "GET", picture.address)).body

    def end(self) -> None:
        """Has X forget the token."""
        self.access.end()

    def _wait_for(self, part: str, upload: Json) -> None:
        waited = 0.0
        while _state_of(upload) in {"pending", "in_progress"}:
            if waited >= _PROCESSING_S:
                raise ConnectorError(
                    "X takes too long to process a photo. It is tried again.",
                    retry=Retry.LATER,
                    code="still-processing",
                )
            self.sleep(_POLL_S)
            waited += _POLL_S
            asked = {"command": "STATUS", "media_id": part}
            answer = self._done("GET", "/2/media/upload", params=asked)
            upload = object_of(object_in(answer), "data")
        if _state_of(upload) == "failed":
            raise ConnectorError(
                "X could not process a photo.", retry=Retry.NEVER, code="not-processed"
            )

    def _posts(self, since: datetime) -> Iterator[Json]:
        """The account's own posts since then, the newest first, each with its media."""
        asked = {
            "max_results": str(_PAGE),
            "exclude": "retweets",
            "start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **_FIELDS,
        }
        for _ in range(_MOST_PAGES):
            page = object_in(self._done("GET", f"/2/users/{self.account_id}/tweets", params=asked))
            for post in page.get("data") or []:
                yield _with_media(post, page)
            after = (page.get("meta") or {}).get("next_token")
            if not isinstance(after, str):
                return
            asked["pagination_token"] = after
        raise odd_answer("long-timeline")

    def _post_or_none(self, reference: str) -> Json | None:
        answer = self.access.ask("GET", f"/2/tweets/{reference}", params=_FIELDS)
        if answer.is_gone:
            return None
        found = object_in(require_done(answer))
        if "data" in found:
            return _with_media(object_of(found, "data"), found)
        # X answers 200 for a post that is not there, and says so among the errors.
        kinds = {str(one.get("type", "")) for one in found.get("errors") or []}
        if any(kind.endswith("/resource-not-found") for kind in kinds):
            return None
        raise odd_answer()

    def _says(self, post: Json, words: str) -> bool:
        """Whether a post's words are these. X puts its own addresses in the place of others."""
        text = str(post.get("text", ""))
        for one in _urls_of(post):
            text = text.replace(str(one.get("url", "")), "")
        shown = WEB_ADDRESS.sub("", html.unescape(text))
        return squeezed(shown) == squeezed(WEB_ADDRESS.sub("", words))

    def _posted(self, post: Json) -> Posted:
        if post.get("author_id") != self.account_id:
            raise odd_answer("another-account")
        reference = text_of(post, "id")
        return Posted(
            reference=reference,
            address=f"{self.pages}/{self.handle}/status/{reference}",
            pictures=tuple(text_of(one, "url") for one in post["media"]),
        )

    def _seen(self, post: Json) -> SeenPost:
        if post.get("author_id") != self.account_id:
            raise odd_answer("another-account")
        urls = [str(one.get("expanded_url", "")) for one in _urls_of(post)]
        quotes = any(f"{self.pages}/" in one and "/status/" in one for one in urls)
        return SeenPost(
            reference=text_of(post, "id"),
            address=f"{self.pages}/{self.handle}/status/{text_of(post, 'id')}",
            posted_at=_moment(post),
            words=_words_of(post),
            pictures=tuple(
                SeenPicture(address=text_of(one, "url"), alt_text=one.get("alt_text") or "")
                for one in post["media"]
                if one.get("type") == "photo"
            ),
            has_more=quotes or any(one.get("type") != "photo" for one in post["media"]),
        )

    def _done(self, method: str, path: str, **what: object) -> Answer:
        return require_done(self.access.ask(method, path, **what))


def open_x(
    api: str,
    account: Account,
    secret: bytes,
    *,
    allows_loopback: bool,
    keep: Callable[[bytes], None],
) -> XConnector:
    """The connector of an account. ``secret`` is what the linking gave, ``keep`` takes a newer."""
    parts = urlsplit(account.address)
    return XConnector(
        account_id=account.account_id,
        handle=account.handle,
        access=open_access(api, secret, allows_loopback=allows_loopback, keep=keep),
        public=strict(requests.Session(), allows_loopback=allows_loopback),
        pages=f"{parts.scheme}://{parts.netloc}",
    )


def account_from(answer: Answer, pages: str) -> Account:
    """The account of an answer to ``/2/users/me``."""
    data = object_of(object_in(answer), "data")
    handle = text_of(data, "username")
    if re.fullmatch(r"\w{1,15}", handle) is None:
        raise odd_answer()
    return Account(account_id=text_of(data, "id"), handle=handle, address=f"{pages}/{handle}")


def _with_media(post: object, page: Json) -> Json:
    """A post with its pictures, in its own order; X gives them apart."""
    if not isinstance(post, dict):
        raise odd_answer()
    given = (page.get("includes") or {}).get("media") or []
    media = {str(one.get("media_key")): one for one in given if isinstance(one, dict)}
    keys = (post.get("attachments") or {}).get("media_keys") or []
    if not set(keys) <= set(media):
        raise odd_answer()
    return {**post, "media": [media[key] for key in keys]}


def _urls_of(post: Json) -> list[Json]:
    return (post.get("entities") or {}).get("urls") or []


def _words_of(post: Json) -> str:
    """The words as they were written: with the addresses that X has replaced, without pictures'."""
    text = str(post.get("text", ""))
    for one in _urls_of(post):
        written = "" if one.get("media_key") else str(one.get("expanded_url", ""))
        text = text.replace(str(one.get("url", "")), written)
    return html.unescape(text).strip()


def _moment(post: Json) -> datetime:
    try:
        return datetime.fromisoformat(text_of(post, "created_at"))
    except ValueError:
        raise odd_answer() from None


def _state_of(upload: Json) -> str:
    return str((upload.get("processing_info") or {}).get("state", "succeeded"))
