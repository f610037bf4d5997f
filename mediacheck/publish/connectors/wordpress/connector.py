"""Publishes on a WordPress site, looks for what was published, and takes it down.

Contract: WordPress's REST API handbook and WordPress 6.1 and 7.1 themselves (November 2026). What
is uploaded there is public at once to whoever knows its address. So ``prepare`` only makes an empty
draft; words and pictures follow in the very step that publishes, the pictures under names that
nobody can guess, as the draft's own. A draft becomes public only once, however often that is asked.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import requests

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
    id_of,
    list_in,
    object_in,
    squeezed,
    text_of,
    text_or_empty,
)
from mediacheck.publish.connectors.wordpress.markup import Uploaded, read_markup
from mediacheck.publish.connectors.wordpress.posts import (
    account_from,
    code_in,
    files_of,
    ids_in,
    marker_of,
    moment_of,
    raw_of,
    reference_of,
    seen_post,
    words_of,
)
from mediacheck.publish.connectors.wordpress.site import Site, is_of_site
from mediacheck.wire import Answer, Json, ask, odd_answer, once_it_is_out, require_done, strict

#: WordPress names no limits. Of November 2026: PHP takes 2 MiB where nobody has raised it, and
#: WordPress makes smaller copies of what is wider than 2,560; the rest is good sense.
LIMITS = Limits(
    words=10_000, pictures=10, alt_text=2_000, picture_bytes=2_000_000, picture_pixels=2_560 * 2_560
)
#: A draft is published once, so that asking again is never a second post.
_KEY_LIFE = timedelta(days=2)
_PAGE = 100
_POSTS, _MEDIA, _ME = "/wp/v2/posts", "/wp/v2/media", "/wp/v2/users/me"
_NO_POST = frozenset({"rest_post_invalid_id"})
_NOT_OUT = frozenset({"draft", "auto-draft", "trash"})
_CHANGED = "Somebody changed or deleted the draft on the site. Publish it again."
_AGAIN = "The site did not take a photo. It is tried again."


@careful
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
        """Makes an empty draft, or finds the one of this clearance: no word leaves before."""
        slug = marker_of(content)
        asked = {"slug": slug, "status": "draft,publish", "context": "edit"}
        for post in list_in(self._ask("GET", _POSTS, params=asked)):
            if id_of(post, "author") == self.user_id:
                return (id_of(post),)
        sent = {**words_of("", ()), "status": "draft", "slug": slug, **_NO_REMARKS}
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
            with once_it_is_out():
                return self._posted(post)
        if status != "draft":
            raise ConnectorError(_CHANGED, retry=Retry.NEVER, code="draft-changed")
        uploaded = self._upload_all(draft, content.pictures)
        sent = {**words_of(content.words, uploaded), "status": "publish", **_NO_REMARKS}
        try:
            out = object_in(self._ask("POST", f"{_POSTS}/{draft}", json=sent))
        except ConnectorError as error:
            if error.retry is not Retry.LOOK:
                self._drop_pictures(draft)
            raise
        if id_of(out) != draft or text_of(out, "status") != "publish":
            raise odd_answer("another-post")
        with once_it_is_out():
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
        post_id, media = ids_in(posted)
        post = self._post_or_none(post_id)
        if post is None or text_of(post, "status") != "publish" or post.get("password"):
            return False
        shown = read_markup(raw_of(post, "content"))
        title = "".join(read_markup(raw_of(post, "title")).text)
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
        post_id, media = ids_in(posted)
        attached = [one for one in self._attached(post_id) if one not in media]
        self._delete(f"{_POSTS}/{post_id}")
        for one in (*media, *attached):
            self._delete(f"{_MEDIA}/{one}")

    def is_gone(self, posted: Posted) -> bool:
        """Whether the page and each file answer that there is nothing, and the site knows none."""
        post_id, media = ids_in(posted)
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

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """What anybody posted on the site since then: each of its users may pass us by."""
        found: list[SeenPost] = []
        for number in range(1, most // _PAGE + 3):
            asked = {"after": since.isoformat(), "per_page": str(_PAGE), "page": str(number)}
            page = list_in(require_done(ask(self.public, "GET", self._posts_way(), params=asked)))
            for post in page:
                if len(found) == most or moment_of(post) < since:
                    return tuple(found)
                found.append(seen_post(post, self._featured(post)))
            if len(page) < _PAGE:
                return tuple(found)
        raise odd_answer("long-timeline")

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it."""
        return require_done(ask(self.public, "GET", picture.address)).body

    def _posts_way(self) -> str:
        return self.site.route(_POSTS)

    def _featured(self, post: Json) -> tuple[SeenPicture, ...]:
        number = post.get("featured_media")
        if not number:
            return ()
        way = self.site.route(f"{_MEDIA}/{id_of(post, 'featured_media')}")
        media = object_in(require_done(ask(self.public, "GET", way)))
        alt_text = text_or_empty(media, "alt_text")
        return (SeenPicture(address=text_of(media, "source_url"), alt_text=alt_text),)

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
        if answer.is_gone and code_in(answer) in _NO_POST:
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
        media = read_markup(raw_of(post, "content")).media
        files = [address for one in media for address in files_of(self._media(one))]
        return Posted(
            reference=reference_of(post, media),
            address=text_of(post, "link"),
            pictures=tuple(dict.fromkeys(files)),
        )

    def _delete(self, path: str) -> None:
        answer = self._raw("DELETE", path, params={"force": "true"})
        if not (answer.is_gone and code_in(answer) in _NO_POST):
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
