"""What the suite of connectors needs of a platform's server, whichever platform it is."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

import requests

from mediacheck.model.publishing import Account, ClearedContent, ClearedPicture
from mediacheck.model.verdict import ClearanceId
from mediacheck.ports.publishing import Connector
from mediacheck.publish.connectors.bluesky.connector import Views, open_bluesky
from mediacheck.publish.connectors.bluesky.linking import SCOPE
from mediacheck.publish.connectors.bluesky.proofs import new_key
from mediacheck.publish.connectors.handoff.connector import HandOffConnector
from mediacheck.publish.connectors.mastodon.connector import open_mastodon
from mediacheck.publish.connectors.wordpress.connector import open_wordpress
from mediacheck.publish.connectors.wordpress.site import Site as WordPressSite
from tests.fakes import a_picture
from tests.servers.bluesky import Pds, bluesky_server
from tests.servers.mastodon import Server, mastodon_server
from tests.servers.strict import Fault, Held
from tests.servers.wordpress import Site, wordpress_site

#: Nobody listens there.
AWAY = "http://127.0.0.1:9"


class Step(StrEnum):
    """What a connector asks of a server."""

    WHO = "who"
    UPLOAD = "upload"
    PUBLISH = "publish"
    LOOK = "look"
    DELETE = "delete"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One public post, as a visitor sees it: its words, and each picture with its description."""

    words: str
    pictures: tuple[tuple[bytes, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformAccount:
    """An account on a real server on loopback, and what a visitor sees of it.

    ``elsewhere`` is the same account on a server that is away; ``shown`` is what is public, the
    oldest first; ``leftovers`` counts the pictures that belong to no public post. ``words_limit``:
    what the platform takes when its server says so itself; None: the server says so.
    """

    connector: Connector
    elsewhere: Connector
    server: Held
    steps: dict[Step, tuple[str, str]]
    shown: Callable[[], list[Shown]]
    leftovers: Callable[[], int]
    words_limit: int | None = None
    takes_words_alone: bool = True

    def fail_next(self, step: Step, fault: Fault, times: int = 1) -> None:
        method, path = self.steps[step]
        self.server.fail_next(method, path, fault, times)

    def is_step(self, step: Step, heard: str) -> bool:
        """Whether what the server has just heard is that step."""
        method, path = self.steps[step]
        return re.fullmatch(f"{method} {path}", heard) is not None


_MASTODON_STEPS = {
    Step.WHO: ("GET", r"/api/v1/accounts/verify_credentials"),
    Step.UPLOAD: ("POST", r"/api/v2/media"),
    Step.PUBLISH: ("POST", r"/api/v1/statuses"),
    Step.LOOK: ("GET", r"/api/v1/accounts/\d+/statuses"),
    Step.DELETE: ("DELETE", r"/api/v1/statuses/\d+"),
    Step.PAGE: ("GET", r"/@\w+/\d+"),
}


def mastodon_secret(server: Server, scopes: str = "read write") -> bytes:
    """What linking an account gives, without the way there."""
    held = {
        "access_token": server.allow(scopes),
        "client_id": "client",
        "client_secret": "secret",
    }
    return json.dumps(held).encode()


@contextmanager
def mastodon_account() -> Iterator[PlatformAccount]:
    with mastodon_server() as server:
        secret = mastodon_secret(server)
        connector = open_mastodon(server.base, server.account, secret, allows_loopback=True)
        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, server=AWAY),
            server=server,
            steps=_MASTODON_STEPS,
            shown=lambda: [
                Shown(
                    words=status["text"],
                    pictures=tuple(
                        (server.uploads[one["id"]].jpeg, server.uploads[one["id"]].description)
                        for one in status["media_attachments"]
                    ),
                )
                for status in server.live
            ],
            leftovers=lambda: sum(one.status is None for one in server.uploads.values()),
        )


_WORDPRESS_STEPS = {
    Step.WHO: ("GET", r"/wp-json/wp/v2/users/me"),
    Step.UPLOAD: ("POST", r"/wp-json/wp/v2/media"),
    Step.PUBLISH: ("POST", r"/wp-json/wp/v2/posts/\d+"),
    Step.LOOK: ("GET", r"/wp-json/wp/v2/posts/\d+"),
    Step.DELETE: ("DELETE", r"/wp-json/wp/v2/posts/\d+"),
    Step.PAGE: ("GET", r"/2026/11/[\w-]+/"),
}


def wordpress_secret(site: Site) -> bytes:
    """What linking a user gives, without the way there."""
    held = {"api": site.api, "user": site.handle, "password": site.allow()}
    return json.dumps(held).encode()


@contextmanager
def wordpress_account() -> Iterator[PlatformAccount]:
    with wordpress_site() as site:
        secret = wordpress_secret(site)
        connector = open_wordpress(site.base, site.account, secret, allows_loopback=True)
        away = WordPressSite(address=AWAY, api=f"{AWAY}/wp-json/")
        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, site=away),
            server=site,
            steps=_WORDPRESS_STEPS,
            shown=lambda: [
                Shown(
                    words=site.words_of(post),
                    pictures=tuple((one.jpeg, one.alt_text) for one in site.media_of(post)),
                )
                for post in site.live
            ],
            leftovers=lambda: len(site.media) - sum(len(site.media_of(post)) for post in site.live),
            words_limit=10_000,
        )


_BLUESKY_STEPS = {
    Step.WHO: ("GET", r"/xrpc/com\.atproto\.server\.getSession"),
    Step.UPLOAD: ("POST", r"/xrpc/com\.atproto\.repo\.uploadBlob"),
    Step.PUBLISH: ("POST", r"/xrpc/com\.atproto\.repo\.createRecord"),
    Step.LOOK: ("GET", r"/xrpc/com\.atproto\.repo\.getRecord"),
    Step.DELETE: ("POST", r"/xrpc/com\.atproto\.repo\.deleteRecord"),
    Step.PAGE: ("GET", r"/xrpc/app\.bsky\.feed\.getPosts"),
}


def bluesky_password(pds: Pds) -> bytes:
    """What connecting with an app password gives."""
    held = {"password": pds.app_password(), "access": pds.allow(), "refresh": "r"}
    pds.refreshes["r"] = held["access"]
    return json.dumps(held).encode()


def bluesky_tokens(pds: Pds) -> bytes:
    """What connecting by OAuth gives, without the way there."""
    key = new_key()
    tokens = pds.grant(SCOPE, str(key.thumbprint()))
    held = {
        "did": pds.account,
        "issuer": pds.base,
        "client_id": "http://localhost?scope=" + quote(SCOPE) + "&redirect_uri=x",
        "is_confidential": False,
        "token_endpoint": f"{pds.base}/oauth/token",
        "revocation_endpoint": f"{pds.base}/oauth/revoke",
        "proof_key": key.as_dict(private=True),
        "access": tokens["access_token"],
        "refresh": tokens["refresh_token"],
        "scope": SCOPE,
        "expires_at": time.time() + 3600,
    }
    return json.dumps(held).encode()


@contextmanager
def bluesky_account(
    secret_of: Callable[[Pds], bytes] = bluesky_tokens,
) -> Iterator[PlatformAccount]:
    with bluesky_server() as pds:
        connector = open_bluesky(
            pds.base,
            pds.account,
            secret_of(pds),
            views=Views(api=pds.base, pages=pds.base, copies=pds.base),
            keep=lambda _: None,
            client_key=None,
            allows_loopback=True,
        )
        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, pds=AWAY),
            server=pds,
            steps=_BLUESKY_STEPS,
            shown=lambda: [
                Shown(words=one["text"], pictures=tuple(pds.pictures_of(one))) for one in pds.live
            ],
            leftovers=lambda: (
                sum(map(pds.is_shown, pds.blobs))
                - sum(len(pds.pictures_of(one)) for one in pds.live)
            ),
            words_limit=300,
        )


@contextmanager
def a_place_by_hand() -> Iterator[PlatformAccount]:
    """A place that somebody posts to by hand. Its server holds nothing, and is never asked."""
    held = Held()
    place = Account(account_id=held.account, handle="ParentSquare", address="")
    connector = HandOffConnector(place=place)
    yield PlatformAccount(
        connector=connector,
        elsewhere=connector,
        server=held,
        steps={},
        shown=list,
        leftovers=lambda: 0,
        words_limit=10_000,
    )


#: Every connector; a new one gets a line here.
ACCOUNTS: dict[str, Callable[[], AbstractContextManager[PlatformAccount]]] = {
    "mastodon": mastodon_account,
    "wordpress": wordpress_account,
    "bluesky": bluesky_account,
    "bluesky-app-password": lambda: bluesky_account(bluesky_password),
    "hand-off": a_place_by_hand,
}


def some_content(pictures: int = 2, words: str = "A windy day\n& <kites>") -> ClearedContent:
    """What a clearance would give: our own pictures, each with its description."""
    return ClearedContent(
        clearance_id=ClearanceId("c1"),
        words=words,
        pictures=tuple(
            ClearedPicture(
                jpeg=_jpeg(80 + 40 * number), alt_text=f"Kite {number}", pixels=640 * 480
            )
            for number in range(1, pictures + 1)
        ),
    )


def _jpeg(colour: int) -> bytes:
    from mediacheck.intake.encoding import encode_jpeg

    return encode_jpeg(a_picture(colour))


def a_moment_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)  # noqa: TID251 - the server's clock runs.


def status_of(address: str) -> int:
    """What a visitor gets there, without following anything."""
    return requests.get(address, timeout=5, allow_redirects=False).status_code
