"""Publishes on a Mastodon account, looks for what was published, and takes it down.

Contract: docs of Mastodon 4.4 (methods/media, methods/statuses, api/rate-limits, November 2026).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlsplit

import requests
from requests_oauthlib import OAuth2Session

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import (
    Account,
    AccountHealth,
    ClearedContent,
    Limits,
    Posted,
    SeenPicture,
    SeenPost,
)
from mediacheck.publish.connectors.answers import (
    careful,
    list_in,
    number_of,
    object_in,
    objects_of,
    shown_text,
    squeezed,
    text_of,
    text_or_empty,
)
from mediacheck.wire import (
    Answer,
    Json,
    ask,
    odd_answer,
    require_done,
    strict,
)

#: Mastodon keeps a key for an hour; whoever comes later than this looks and does not send again.
_KEY_LIFE = timedelta(minutes=50)
#: Our clock and the server's may differ by so much.
_CLOCKS_DIFFER = timedelta(minutes=10)
_PAGE, _MOST_PAGES = 40, 10
_PROCESSING_S, _POLL_S = 60.0, 1.0


@careful
@dataclass(frozen=True, slots=True, kw_only=True)
class MastodonConnector:
    """One account on one server. See the ``Connector`` port for what each method promises."""

    server: str
    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    session: OAuth2Session = field(repr=False)
    public: requests.Session = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    @property
    def key_life(self) -> timedelta:
        """Less than the hour that the server keeps a key."""
        return _KEY_LIFE

    def account(self) -> Account:
        """The account that the token really opens."""
        return account_from(self._get("/api/v1/accounts/verify_credentials"))

    def health(self) -> AccountHealth:
        """Its tokens have no end, and every answer tells how much may still be asked."""
        answer = self._ask("GET", "/api/v1/accounts/verify_credentials")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return AccountHealth(
            has_end=False,
            calls_left=_count_or_none(headers.get("x-ratelimit-remaining")),
            calls_most=_count_or_none(headers.get("x-ratelimit-limit")),
            calls_again_at=_moment_or_none(headers.get("x-ratelimit-reset")),
        )

    def limits(self) -> Limits:
        """What this server takes, as it says itself."""
        return limits_from(self._get("/api/v2/instance"))

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Uploads each picture with its description, and waits until it is processed."""
        parts: list[str] = []
        try:
            for number, picture in enumerate(content.pictures, start=1):
                file = (f"photo-{number:02d}.jpg", picture.jpeg, "image/jpeg")
                answer = self._ask(
                    "POST",
                    "/api/v2/media",
                    files={"file": file},
                    data={"description": picture.alt_text},
                )
                parts.append(text_of(object_in(answer), "id"))
                self._wait_for(parts[-1], answer.status)
        except ConnectorError:
            self.discard(tuple(parts))
            raise
        return tuple(parts)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes it public, with the key that tells a repetition."""
        sent: Json = {"status": content.words, "visibility": "public"}
        if parts:
            sent["media_ids"] = list(parts)
        answer = self._ask("POST", "/api/v1/statuses", json=sent, headers={"Idempotency-Key": key})
        return self._posted(object_in(answer))

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The newest of the account's posts that holds one of the uploads, or just these words."""
        for status in self._statuses(since - _CLOCKS_DIFFER):
            mine = {text_of(one, "id") for one in objects_of(status, "media_attachments")}
            if mine & set(parts) or (not parts and not mine and self._says(status, words)):
                return self._posted(status)
        return None

    def posted_at(self, address: str) -> Posted:
        """The post of this account whose page that is."""
        parts = urlsplit(address.strip())
        reference = parts.path.rstrip("/").rsplit("/", 1)[-1]
        if f"{parts.scheme}://{parts.netloc}" == self.server and reference.isdigit():
            answer = self._raw("GET", f"/api/v1/statuses/{reference}")
            if not answer.is_gone:
                return self._posted(object_in(require_done(answer)))
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether it is public, of this account, and just what was cleared."""
        status = self._get(f"/api/v1/statuses/{posted.reference}")
        shown = [one.get("description") or "" for one in objects_of(status, "media_attachments")]
        is_right = (
            status.get("visibility") == "public"
            and shown == [picture.alt_text for picture in content.pictures]
            and self._says(status, content.words)
        )
        return is_right and all(
            ask(self.public, "GET", address).status == HTTPStatus.OK
            for address in (posted.address, *posted.pictures)
        )

    def take_down(self, posted: Posted) -> None:
        """Deletes the post and its pictures at once, not in a day."""
        answer = self._raw(
            "DELETE", f"/api/v1/statuses/{posted.reference}", params={"delete_media": "true"}
        )
        if not answer.is_gone:
            require_done(answer)

    def is_gone(self, posted: Posted) -> bool:
        """Whether the page, the post and each picture are gone for somebody without an account."""
        post = f"{self.server}/api/v1/statuses/{posted.reference}"
        addresses = (posted.address, post, *posted.pictures)
        return all(self._is_gone(address) for address in addresses)

    def discard(self, parts: tuple[str, ...]) -> None:
        """Deletes uploads; an older server that cannot drops them by itself within a day."""
        for part in parts:
            try:
                self._raw("DELETE", f"/api/v1/media/{part}")
            except ConnectorError:
                return

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """The account's own posts since then; a message to single people is nobody's business."""
        newest = islice(self._statuses(since, most_pages=most + 1), most)
        return tuple(self._seen(one) for one in newest if one.get("visibility") != "direct")

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.public, "GET", picture.address)).body

    def end(self) -> None:
        """Has the server forget the token."""
        sent = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "token": self.session.token["access_token"],
        }
        require_done(ask(self.public, "POST", f"{self.server}/oauth/revoke", data=sent))

    def _is_gone(self, address: str) -> bool:
        try:
            return ask(self.public, "GET", address).is_gone
        except ConnectorError as error:
            # A page in the place of a picture, or a way elsewhere, proves nothing.
            if error.code in {"redirected", "too-long"}:
                return False
            raise

    def _wait_for(self, part: str, status: int) -> None:
        waited = 0.0
        while status in {HTTPStatus.ACCEPTED, HTTPStatus.PARTIAL_CONTENT}:
            if waited >= _PROCESSING_S:
                raise ConnectorError(
                    "The server takes too long to process a photo. It is tried again.",
                    retry=Retry.LATER,
                    code="still-processing",
                )
            self.sleep(_POLL_S)
            waited += _POLL_S
            status = self._ask("GET", f"/api/v1/media/{part}").status

    def _statuses(self, since: datetime, most_pages: int = _MOST_PAGES) -> Iterator[Json]:
        """The account's own posts since then, the newest first."""
        asked: dict[str, str | int] = {"limit": _PAGE, "exclude_reblogs": "true"}
        for _ in range(most_pages):
            path = f"/api/v1/accounts/{self.account_id}/statuses"
            page = list_in(self._ask("GET", path, params=asked))
            for status in page:
                if _moment(status, "created_at") < since:
                    return
                yield status
            if not page:
                return
            asked["max_id"] = text_of(page[-1], "id")
        raise odd_answer("long-timeline")

    def _says(self, status: Json, words: str) -> bool:
        """Whether a post's words are these: by its source, where the server gives that."""
        answer = self._raw("GET", f"/api/v1/statuses/{text_of(status, 'id')}/source")
        if answer.is_gone:
            # A mention loses its server in what is shown, so that only the rest can be compared.
            return "@" in words or squeezed(
                shown_text(text_or_empty(status, "content"))
            ) == squeezed(words)
        return squeezed(text_or_empty(object_in(require_done(answer)), "text")) == squeezed(words)

    def _posted(self, status: Json) -> Posted:
        account = status.get("account")
        if not isinstance(account, dict) or account.get("id") != self.account_id:
            raise odd_answer("another-account")
        media = objects_of(status, "media_attachments")
        return Posted(
            reference=text_of(status, "id"),
            address=text_of(status, "url"),
            pictures=tuple(
                dict.fromkeys(
                    address
                    for one in media
                    for address in (text_of(one, "url"), one.get("preview_url"))
                    if isinstance(address, str)
                )
            ),
        )

    def _seen(self, status: Json) -> SeenPost:
        posted = self._posted(status)
        media = objects_of(status, "media_attachments")
        return SeenPost(
            reference=posted.reference,
            address=posted.address,
            posted_at=_moment(status, "created_at"),
            words=_all_words(status),
            pictures=tuple(
                SeenPicture(address=text_of(one, "url"), alt_text=one.get("description") or "")
                for one in media
                if one.get("type") == "image"
            ),
            has_more=any(one.get("type") != "image" for one in media),
        )

    def _get(self, path: str) -> Json:
        return object_in(self._ask("GET", path))

    def _ask(self, method: str, path: str, **what: object) -> Answer:
        return require_done(self._raw(method, path, **what))

    def _raw(self, method: str, path: str, **what: object) -> Answer:
        return ask(self.session, method, self.server + path, **what)


def open_mastodon(
    server: str, account_id: str, secret: bytes, *, allows_loopback: bool
) -> MastodonConnector:
    """The connector of an account; ``secret`` is what the linking gave."""
    held = json.loads(secret)
    token = {"access_token": held["access_token"], "token_type": "Bearer"}
    session = OAuth2Session(client_id=held["client_id"], token=token)
    return MastodonConnector(
        server=server,
        account_id=account_id,
        client_id=held["client_id"],
        client_secret=held["client_secret"],
        session=strict(session, allows_loopback=allows_loopback),
        public=strict(requests.Session(), allows_loopback=allows_loopback),
    )


def account_from(answer: Json) -> Account:
    """The account of an answer to ``verify_credentials``."""
    return Account(
        account_id=text_of(answer, "id"),
        handle=text_of(answer, "acct"),
        address=text_of(answer, "url"),
    )


def limits_from(answer: Json) -> Limits:
    """The limits of an answer to ``instance``; where it is silent, Mastodon's own of 4.4."""
    settings = answer.get("configuration")
    settings = settings if isinstance(settings, dict) else {}
    statuses, media = settings.get("statuses") or {}, settings.get("media_attachments") or {}
    return Limits(
        words=number_of(statuses, "max_characters", 500),
        pictures=number_of(statuses, "max_media_attachments", 4),
        alt_text=number_of(media, "description_limit", 1_500),
        picture_bytes=number_of(media, "image_size_limit", 16 * 1024 * 1024),
        picture_pixels=number_of(media, "image_matrix_limit", 33_177_600),
        address_characters=number_of(statuses, "characters_reserved_per_url", 23),
    )


def _count_or_none(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdecimal() else None


def _moment_or_none(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(held: Json, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text_of(held, key))
    except ValueError:
        raise odd_answer() from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _all_words(status: Json) -> str:
    """Every word that people read in a post: its warning, its text, the answers of its poll."""
    poll = status.get("poll")
    options = poll.get("options") if isinstance(poll, dict) else None
    words = [status.get("spoiler_text"), shown_text(str(status.get("content") or ""))]
    words += [one.get("title") for one in options or () if isinstance(one, dict)]
    return "\n".join(one for one in words if isinstance(one, str) and one)
