"""Publishes on an account of the AT protocol, looks for what was published, and takes it down.

Contract: the lexicons of ``com.atproto.*`` and ``app.bsky.feed.post``, and the PDS 0.4.217, of
November 2026. The key of the record is chosen before anything is published and written down with
the uploads: a second post under it is impossible, and whether it is there is one question to the
account's server.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from joserfc.jwk import ECKey

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
from mediacheck.publish.connectors.answers import (
    careful,
    object_in,
    object_of,
    objects_of,
    text_of,
    text_or_empty,
)
from mediacheck.publish.connectors.bluesky.proofs import Proofs, error_in
from mediacheck.publish.connectors.bluesky.records import (
    COLLECTION,
    cid_of,
    is_tid,
    moment_of,
    size_of,
    tid_of,
)
from mediacheck.publish.connectors.bluesky.sessions import (
    Keep,
    OAuthSession,
    PasswordSession,
    Session,
)
from mediacheck.wire import Answer, Json, ask, odd_answer, require_done, strict

#: The lexicon of November 2026: 300 graphemes, 3,000 bytes, 4 pictures. Servers before 2026 take
#: pictures of less than 1,000,000 bytes; the app shows 2,000 characters of a description.
LIMITS = Limits(
    words=300,
    words_bytes=3_000,
    counts_graphemes=True,
    pictures=4,
    alt_text=2_000,
    picture_bytes=999_999,
    picture_pixels=25_000_000,
)
#: A record's key is used once, so that asking again is never a second post.
_KEY_LIFE = timedelta(days=2)
_JPEG = "image/jpeg"
_EMBED = "app.bsky.embed.images"
_GONE = frozenset({"RecordNotFound", "BlobNotFound"})
_NO_BLOB = "Blob not found"
_PAGE = 100
_COPIES = ("feed_fullsize", "feed_thumbnail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Where the network shows posts: its interface, its pages, its copies of pictures.

    An empty ``api`` or ``copies``: there is none, as on a server of its own.
    """

    api: str
    pages: str
    copies: str


BLUESKY = Views(
    api="https://public.api.bsky.app", pages="https://bsky.app", copies="https://cdn.bsky.app"
)


@careful
@dataclass(frozen=True, slots=True, kw_only=True)
class BlueskyConnector:
    """One account on its server. See the ``Connector`` port for what each method promises."""

    pds: str
    did: str
    views: Views
    session: Session = field(repr=False)
    public: requests.Session = field(repr=False)
    now: Callable[[], float] = time.time

    @property
    def key_life(self) -> timedelta:
        """The record's key was chosen before, so that asking twice makes one post."""
        return _KEY_LIFE

    def account(self) -> Account:
        """The account that the session really opens."""
        found = object_in(require_done(self._ask("GET", "com.atproto.server.getSession")))
        did = text_of(found, "did")
        page = f"{self.views.pages}/profile/{did}"
        return Account(account_id=did, handle=text_of(found, "handle"), address=page)

    def limits(self) -> Limits:
        """Those of the lexicon."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Chooses the record's key, and uploads each picture, which the server shows to nobody."""
        key = tid_of(self.now(), secrets.randbits(10))
        for picture in content.pictures:
            answer = self._ask(
                "POST",
                "com.atproto.repo.uploadBlob",
                data=picture.jpeg,
                headers={"Content-Type": _JPEG},
            )
            blob = object_of(object_in(require_done(answer)), "blob")
            if object_of(blob, "ref").get("$link") != cid_of(picture.jpeg):
                # It keeps other bytes than those that were cleared.
                raise odd_answer("another-picture")
        return (key, *(cid_of(picture.jpeg) for picture in content.pictures))

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes the record, unless it is there already."""
        del key  # the record's own is among the parts
        found = self._record_or_none(parts[0])
        if found is not None:
            return self._posted(parts[0], found)
        record = _record_of(content, parts[0])
        sent = {"repo": self.did, "collection": COLLECTION, "rkey": parts[0], "record": record}
        answer = self._ask("POST", "com.atproto.repo.createRecord", json=sent)
        made = object_in(require_done(answer))
        if text_of(made, "uri") != self._uri(parts[0]):
            raise odd_answer("another-account")
        return self._posted(parts[0], record)

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The record, when it is there."""
        del words, since  # the record is known by its key
        found = self._record_or_none(parts[0]) if parts else None
        return self._posted(parts[0], found) if found is not None else None

    def posted_at(self, address: str) -> Posted:
        """The post of this account whose page that is."""
        parts = urlsplit(address.strip())
        path = parts.path.strip("/").split("/")
        if f"{parts.scheme}://{parts.netloc}" == self.views.pages and _is_post_page(path):
            _, whose, _, key = path
            account = self.account()
            record = self._record_or_none(key)
            if whose in {account.account_id, account.handle} and record is not None:
                return self._posted(key, record)
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether everybody reads exactly this record, and gets exactly these bytes."""
        record = self._record_or_none(posted.reference)
        if record != _record_of(content, posted.reference):
            return False
        shown = [ask(self.public, "GET", address) for address in posted.pictures]
        return all(one.status == HTTPStatus.OK for one in shown) and [
            cid_of(one.body) for one in shown
        ] == [cid_of(picture.jpeg) for picture in content.pictures]

    def take_down(self, posted: Posted) -> None:
        """Deletes the record; its server then drops the pictures."""
        sent = {"repo": self.did, "collection": COLLECTION, "rkey": posted.reference}
        require_done(self._ask("POST", "com.atproto.repo.deleteRecord", json=sent))

    def is_gone(self, posted: Posted) -> bool:
        """Whether its server and the network show neither the post nor a picture."""
        if self._record_or_none(posted.reference) is not None:
            return False
        return all(map(self._is_nothing, posted.pictures)) and self._is_out_of_views(posted)

    def discard(self, parts: tuple[str, ...]) -> None:
        """Nothing to do: the server shows uploads of no record to nobody, and drops them."""
        del parts

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """The account's own posts since then, as everybody reads them."""
        found: list[SeenPost] = []
        cursor = ""
        for _ in range(most // _PAGE + 2):
            asked = {"repo": self.did, "collection": COLLECTION, "limit": str(_PAGE)}
            way = f"{self.pds}/xrpc/com.atproto.repo.listRecords"
            sent = {**asked, "cursor": cursor} if cursor else asked
            page = object_in(require_done(ask(self.public, "GET", way, params=sent)))
            for one in objects_of(page, "records"):
                seen = self._seen(text_of(one, "uri"), object_of(one, "value"))
                if len(found) == most or seen.posted_at < since:
                    return tuple(found)
                found.append(seen)
            cursor = str(page.get("cursor") or "")
            if not cursor:
                return tuple(found)
        raise odd_answer("long-timeline")

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.public, "GET", picture.address)).body

    def _seen(self, uri: str, record: Json) -> SeenPost:
        key = uri.rpartition("/")[2]
        posted = self._posted(key, record)
        alt_texts = [str(one.get("alt") or "") for one in images_in(record)]
        return SeenPost(
            reference=key,
            address=posted.address,
            posted_at=moment_of(key if is_tid(key) else tid_of(self.now(), 0)),
            words=words_in(record),
            pictures=tuple(
                SeenPicture(address=address, alt_text=alt)
                for address, alt in zip(posted.pictures, alt_texts, strict=True)
            ),
            has_more=_has_more(record),
        )

    def end(self) -> None:
        """Has the server forget the session."""
        self.session.end()

    def _is_out_of_views(self, posted: Posted) -> bool:
        if self.views.api:
            asked = urlencode({"uris": self._uri(posted.reference)})
            way = f"{self.views.api}/xrpc/app.bsky.feed.getPosts?{asked}"
            try:
                answer = object_in(require_done(ask(self.public, "GET", way)))
            except ConnectorError as error:
                if error.code in {"redirected", "too-long"}:
                    return False
                raise
            if objects_of(answer, "posts"):
                return False
        return not self.views.copies or all(
            self._is_nothing(f"{self.views.copies}/img/{kind}/plain/{self.did}/{cid}@jpeg")
            for cid in map(_cid_in, posted.pictures)
            for kind in _COPIES
        )

    def _is_nothing(self, address: str) -> bool:
        try:
            answer = ask(self.public, "GET", address)
        except ConnectorError as error:
            # A page in the place of a picture, or a way elsewhere, proves nothing.
            if error.code in {"redirected", "too-long"}:
                return False
            raise
        return answer.is_gone or _says_nothing_there(answer)

    def _record_or_none(self, key: str) -> Json | None:
        """The record, as everybody reads it; None: its server says that there is none."""
        asked = {"repo": self.did, "collection": COLLECTION, "rkey": key}
        way = f"{self.pds}/xrpc/com.atproto.repo.getRecord"
        answer = ask(self.public, "GET", way, params=asked)
        if _says_nothing_there(answer):
            return None
        found = object_in(require_done(answer))
        if text_of(found, "uri") != self._uri(key):
            raise odd_answer("another-account")
        return object_of(found, "value")

    def _posted(self, key: str, record: Json) -> Posted:
        images = images_in(record)
        cids = [text_of(object_of(object_of(one, "image"), "ref"), "$link") for one in images]
        way = f"{self.pds}/xrpc/com.atproto.sync.getBlob"
        return Posted(
            reference=key,
            address=f"{self.views.pages}/profile/{self.did}/post/{key}",
            pictures=tuple(f"{way}?{urlencode({'did': self.did, 'cid': cid})}" for cid in cids),
        )

    def _uri(self, key: str) -> str:
        return f"at://{self.did}/{COLLECTION}/{key}"

    def _ask(self, method: str, name: str, **what: object) -> Answer:
        return self.session.ask(method, f"{self.pds}/xrpc/{name}", **what)


def open_bluesky(
    server: str,
    account_id: str,
    secret: bytes,
    *,
    views: Views | None,
    keep: Keep,
    client_key: ECKey | None,
    allows_loopback: bool,
) -> BlueskyConnector:
    """The connector of an account; ``secret`` is what the linking gave, or what was kept last.

    ``views`` None: the account's server shows itself, and nobody else does.
    """
    held: dict[str, Any] = json.loads(secret)
    public = strict(requests.Session(), allows_loopback=allows_loopback)
    session: Session
    if "proof_key" in held:
        session = OAuthSession(
            did=account_id,
            held=held,
            proofs=Proofs(key=ECKey.import_key(held["proof_key"])),
            public=public,
            keep=keep,
            client_key=client_key if held["is_confidential"] else None,
        )
    else:
        session = PasswordSession(pds=server, did=account_id, held=held, public=public, keep=keep)
    return BlueskyConnector(
        pds=server,
        did=account_id,
        views=views or Views(api="", pages=server, copies=""),
        session=session,
        public=public,
    )


def _record_of(content: ClearedContent, key: str) -> Json:
    """The record of a post. Its moment is that of its key, so that every try makes the same."""
    moment = moment_of(key).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: Json = {"$type": COLLECTION, "text": content.words, "createdAt": moment}
    if content.pictures:
        record["embed"] = {"$type": _EMBED, "images": [_image_of(one) for one in content.pictures]}
    return record


def _image_of(picture: ClearedPicture) -> Json:
    blob = {
        "$type": "blob",
        "ref": {"$link": cid_of(picture.jpeg)},
        "mimeType": _JPEG,
        "size": len(picture.jpeg),
    }
    image: Json = {"alt": picture.alt_text, "image": blob}
    size = size_of(picture.jpeg)
    if size is not None:
        image["aspectRatio"] = {"width": size[0], "height": size[1]}
    return image


def images_in(record: Json) -> list[Json]:
    """The pictures of a record, also of one that quotes another post."""
    embed = record.get("embed")
    media = embed.get("media", embed) if isinstance(embed, dict) else {}
    return objects_of(media, "images") if isinstance(media, dict) and "images" in media else []


def _has_more(record: Json) -> bool:
    """Whether it holds a film, a quoted post or a preview of a page: whatever is no picture."""
    embed = record.get("embed")
    return embed is not None and (not isinstance(embed, dict) or embed.get("$type") != _EMBED)


def words_in(record: Json) -> str:
    """The words of a record, and the tags that stand beside them."""
    tags = record.get("tags")
    beside = [f"#{one}" for one in tags] if isinstance(tags, list) else []
    return "\n".join(one for one in (str(record.get("text") or ""), *beside) if one)


def _is_post_page(path: list[str]) -> bool:
    return path[::2] == ["profile", "post"] and is_tid(path[-1])


def _cid_in(address: str) -> str:
    return address.rpartition("cid=")[2]


def _says_nothing_there(answer: Answer) -> bool:
    """Whether a server of the AT protocol says that there is no such thing."""
    if answer.status != HTTPStatus.BAD_REQUEST:
        return False
    return error_in(answer) in _GONE or _message_in(answer) == _NO_BLOB


def _message_in(answer: Answer) -> str:
    return text_or_empty(object_in(answer), "message") if error_in(answer) else ""
