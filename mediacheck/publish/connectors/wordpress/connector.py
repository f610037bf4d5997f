"""Publishes on a WordPress site, looks for what was published, and takes it down.

Contract: WordPress's REST API handbook and WordPress 6.1 and 7.1 themselves (November 2026). What
is uploaded there is public at once to whoever knows its address. So ``prepare`` only makes a draft
without pictures; they are uploaded in the very step that publishes, under names that nobody can
guess, as the draft's own. A draft can become public only once, however often that is asked.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Account, ClearedContent, ClearedPicture, Limits, Posted
from mediacheck.publish.connectors.answers import (
    id_of,
    list_in,
    object_in,
    object_of,
    squeezed,
    text_of,
    text_or_empty,
)
from mediacheck.publish.connectors.wordpress.markup import (
    Uploaded,
    content_of,
    read_markup,
    title_and_body,
    written,
)
from mediacheck.publish.connectors.wordpress.site import Site, is_of_site
from mediacheck.wire import Answer, Json, ask, odd_answer, require_done, strict

#: WordPress names no limits. Of November 2026: PHP takes 2 MiB where nobody has raised it, and
#: WordPress makes smaller copies of what is wider than 2,560; the rest is good sense.
LIMITS = Limits(
    words=10_000, pictures=10, alt_text=2_000, picture_bytes=2_000_000, picture_pixels=2_560 * 2_560
)
#: A draft is published once, so that asking again is never a second post.
_KEY_LIFE = timedelta(days=2)
_POSTS, _MEDIA, _ME = "/wp/v2/posts", "/wp/v2/media", "/wp/v2/users/me"
_NO_POST = frozenset({"rest_post_invalid_id"})
_NOT_OUT = frozenset({"draft", "auto-draft", "trash"})
_CHANGED = "Somebody changed or deleted the draft on the site. Publish it again."
_AGAIN = "The site did not take a photo. It is tried again."


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressConnector:
    """One user of one site. See the ``Connector`` port for what each method promises."""

    site: Site
    user_id: str
    session: requests.Session = field(repr=False)
    public: requests.Session = field(repr=False)

    @property
    def key_life(self) -> timedelta:
        """Asking twice for the same draft publishes it once."""
        return _KEY_LIFE

    def account(self) -> Account:
        """The user whose password it is."""
        return account_from(self.me())

    def me(self) -> Json:
        """The user as the site describes it, with what it may do."""
        return object_in(self._ask("GET", _ME, params={"context": "edit"}))

    def limits(self) -> Limits:
        """Those of the table: WordPress names none."""
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Makes a draft of the words, or finds the one of this clearance."""
        slug = _marker_of(content)
        asked = {"slug": slug, "status": "draft,publish", "context": "edit"}
        for post in list_in(self._ask("GET", _POSTS, params=asked)):
            if id_of(post, "author") == self.user_id:
                return (id_of(post),)
        sent = {**_words_of(content.words, ()), "status": "draft", "slug": slug, **_NO_REMARKS}
        draft = object_in(self._ask("POST", _POSTS, json=sent))
        if id_of(draft, "author") != self.user_id:
            raise odd_answer("another-account")
        return (id_of(draft),)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Uploads the pictures to the draft, and makes it public."""
        del key  # the draft is its own
        (draft,) = parts
        post = self._post_or_none(draft)
        status = text_of(post, "status") if post is not None else "trash"
        if post is not None and status == "publish":
            return self._posted(post)
        if status != "draft":
            raise ConnectorError(_CHANGED, retry=Retry.NEVER, code="draft-changed")
        uploaded = self._upload_all(draft, content.pictures)
        sent = {**_words_of(content.words, uploaded), "status": "publish", **_NO_REMARKS}
        try:
            out = object_in(self._ask("POST", f"{_POSTS}/{draft}", json=sent))
        except ConnectorError as error:
            if error.retry is not Retry.LOOK:
                self._drop_pictures(draft)
            raise
        if id_of(out) != draft or text_of(out, "status") != "publish":
            raise odd_answer("another-post")
        return self._posted(out)

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """The post, when the draft has become public."""
        del words, since  # a draft that became public is known by its number
        for draft in parts:
            post = self._post_or_none(draft)
            if post is None or text_of(post, "status") in _NOT_OUT:
                continue
            if text_of(post, "status") != "publish":
                raise odd_answer("another-status")
            return self._posted(post)
        return None

    def posted_at(self, address: str) -> Posted:
        """The post of this user whose page that is."""
        typed = address.strip()
        if is_of_site(typed, self.site.address):
            for post in self._posts_at(typed):
                is_it = text_of(post, "link").rstrip("/") == typed.rstrip("/")
                if is_it and id_of(post, "author") == self.user_id:
                    return self._posted(post)
        raise ConnectorError(
            "That is not the address of a post of this account.",
            retry=Retry.NEVER,
            code="not-ours",
        )

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether it is public without a password, and just what was cleared."""
        post_id, media = _ids_in(posted)
        post = self._post_or_none(post_id)
        if post is None or text_of(post, "status") != "publish" or post.get("password"):
            return False
        shown = read_markup(_raw_of(post, "content"))
        title = "".join(read_markup(_raw_of(post, "title")).text)
        alt_texts = [picture.alt_text for picture in content.pictures]
        is_right = (
            squeezed(title + "".join(shown.text)) == squeezed(content.words)
            and shown.alt_texts == alt_texts
            and [text_or_empty(self._media(one), "alt_text") for one in media] == alt_texts
        )
        return is_right and all(
            ask(self.public, "GET", address).status == HTTPStatus.OK
            for address in (posted.address, *posted.pictures)
        )

    def take_down(self, posted: Posted) -> None:
        """Deletes the post and each of its pictures, without the bin."""
        post_id, media = _ids_in(posted)
        attached = [one for one in self._attached(post_id) if one not in media]
        self._delete(f"{_POSTS}/{post_id}")
        for one in (*media, *attached):
            self._delete(f"{_MEDIA}/{one}")

    def is_gone(self, posted: Posted) -> bool:
        """Whether the page and each file answer that there is nothing, and the site knows none."""
        post_id, media = _ids_in(posted)
        kept = (f"{_POSTS}/{post_id}", *(f"{_MEDIA}/{one}" for one in media))
        return all(
            self._is_nothing(self.public, one) for one in (posted.address, *posted.pictures)
        ) and all(self._is_nothing(self.session, self.site.route(one)) for one in kept)

    def discard(self, parts: tuple[str, ...]) -> None:
        """Deletes a draft and what was uploaded to it; never a post that is public."""
        for draft in parts:
            post = self._post_or_none(draft)
            if post is not None and text_of(post, "status") in _NOT_OUT:
                self._require_no_pictures(draft)
                self._delete(f"{_POSTS}/{draft}")

    def end(self) -> None:
        """Has the site forget the password."""
        own = f"{_ME}/application-passwords"
        held = object_in(self._ask("GET", f"{own}/introspect"))
        self._ask("DELETE", f"{own}/{text_of(held, 'uuid')}")

    def _upload_all(self, draft: str, pictures: Sequence[ClearedPicture]) -> list[Uploaded]:
        """All of them, or none is left there; what an earlier try left goes first."""
        try:
            self._require_no_pictures(draft)
            return [
                self._upload(draft, number, one) for number, one in enumerate(pictures, start=1)
            ]
        except ConnectorError as error:
            self._drop_pictures(draft)
            if error.retry is not Retry.LOOK:
                raise
            # Whatever became of the picture: the post is still a draft.
            raise ConnectorError(_AGAIN, retry=Retry.LATER, code=error.code) from None

    def _upload(self, draft: str, number: int, picture: ClearedPicture) -> Uploaded:
        name = f"photo-{number:02d}-{secrets.token_hex(12)}.jpg"
        answer = self._ask(
            "POST",
            _MEDIA,
            files={"file": (name, picture.jpeg, "image/jpeg")},
            data={"alt_text": picture.alt_text, "post": draft},
        )
        media = object_in(answer)
        return Uploaded(
            media_id=id_of(media),
            address=text_of(media, "source_url"),
            alt_text=picture.alt_text,
        )

    def _require_no_pictures(self, draft: str) -> None:
        for one in self._attached(draft):
            self._delete(f"{_MEDIA}/{one}")

    def _drop_pictures(self, draft: str) -> None:
        try:
            self._require_no_pictures(draft)
        except ConnectorError:
            return

    def _attached(self, post_id: str) -> list[str]:
        asked = {"parent": post_id, "context": "edit", "per_page": "100"}
        return [id_of(one) for one in list_in(self._ask("GET", _MEDIA, params=asked))]

    def _posts_at(self, address: str) -> list[Json]:
        parts = urlsplit(address)
        number = parse_qs(parts.query).get("p", [""])[0]
        if number.isdigit():
            post = self._post_or_none(number)
            return [] if post is None else [post]
        slug = parts.path.rstrip("/").rsplit("/", 1)[-1]
        asked = {"slug": slug, "status": "publish", "context": "edit"}
        return list_in(self._ask("GET", _POSTS, params=asked)) if slug else []

    def _post_or_none(self, post_id: str) -> Json | None:
        """The post; None: the site surely knows none of that number."""
        answer = self._raw("GET", f"{_POSTS}/{post_id}", params={"context": "edit"})
        if answer.is_gone and _code_in(answer) in _NO_POST:
            return None
        post = object_in(answer if answer.is_gone else require_done(answer))
        if id_of(post) != post_id or id_of(post, "author") != self.user_id:
            raise odd_answer("another-account")
        return post

    def _media(self, media_id: str) -> Json:
        return object_in(self._ask("GET", f"{_MEDIA}/{media_id}", params={"context": "edit"}))

    def _posted(self, post: Json) -> Posted:
        if id_of(post, "author") != self.user_id:
            raise odd_answer("another-account")
        media = read_markup(_raw_of(post, "content")).media
        files = [address for one in media for address in _files_of(self._media(one))]
        return Posted(
            reference=f"{id_of(post)}:{','.join(media)}",
            address=text_of(post, "link"),
            pictures=tuple(dict.fromkeys(files)),
        )

    def _delete(self, path: str) -> None:
        answer = self._raw("DELETE", path, params={"force": "true"})
        if not (answer.is_gone and _code_in(answer) in _NO_POST):
            require_done(answer)

    def _is_nothing(self, session: requests.Session, address: str) -> bool:
        try:
            return ask(session, "GET", address).is_gone
        except ConnectorError as error:
            # A page in the place of a picture, or a way elsewhere, proves nothing.
            if error.code in {"redirected", "too-long"}:
                return False
            raise

    def _ask(self, method: str, path: str, **what: object) -> Answer:
        return require_done(self._raw(method, path, **what))

    def _raw(self, method: str, path: str, **what: object) -> Answer:
        return ask(self.session, method, self.site.route(path), **what)


#: Nobody is invited to write names under a photo.
_NO_REMARKS: Json = {"comment_status": "closed", "ping_status": "closed"}


def open_wordpress(
    server: str, account_id: str, secret: bytes, *, allows_loopback: bool
) -> WordPressConnector:
    """The connector of a user; ``secret`` is what the linking gave."""
    held = json.loads(secret)
    session = strict(requests.Session(), allows_loopback=allows_loopback)
    session.auth = (held["user"].encode(), held["password"].encode())
    return WordPressConnector(
        site=Site(address=server, api=held["api"]),
        user_id=account_id,
        session=session,
        public=strict(requests.Session(), allows_loopback=allows_loopback),
    )


def account_from(me: Json) -> Account:
    """The account of an answer to ``users/me``."""
    return Account(account_id=id_of(me), handle=text_of(me, "slug"), address=text_of(me, "link"))


def _words_of(words: str, pictures: Sequence[Uploaded]) -> Json:
    title, body = title_and_body(words)
    return {"title": written(title), "content": content_of(body, pictures)}


def _marker_of(content: ClearedContent) -> str:
    """Our own mark on the post: by it the draft of a clearance is found again."""
    digest = hashlib.sha256(f"wordpress:{content.clearance_id}".encode()).hexdigest()
    return f"post-{digest[:20]}"


def _ids_in(posted: Posted) -> tuple[str, list[str]]:
    post_id, _, media = posted.reference.partition(":")
    return post_id, [one for one in media.split(",") if one]


def _raw_of(post: Json, key: str) -> str:
    return text_or_empty(object_of(post, key), "raw")


def _files_of(media: Json) -> list[str]:
    """Every file of a picture: as it was uploaded, and each copy that the site made of it."""
    whole = text_of(media, "source_url")
    found = media.get("media_details")
    details = found if isinstance(found, dict) else {}
    sizes = details.get("sizes")
    copies = [one.get("source_url") for one in sizes.values()] if isinstance(sizes, dict) else []
    original = details.get("original_image")
    if isinstance(original, str) and original:
        copies.append(whole.rsplit("/", 1)[0] + "/" + original)
    return [whole, *(one for one in copies if isinstance(one, str))]


def _code_in(answer: Answer) -> str:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return ""
    return str(found.get("code")) if isinstance(found, dict) else ""
