"""Accounts on servers that are made of the vendors' own descriptions: X, Facebook, Instagram."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from mediacheck.model.publishing import Account
from mediacheck.publish.connectors.facebook.connector import FacebookConnector
from mediacheck.publish.connectors.facebook.linking import SCOPES as FACEBOOK
from mediacheck.publish.connectors.graph.access import open_graph
from mediacheck.publish.connectors.instagram.connector import InstagramConnector
from mediacheck.publish.connectors.instagram.linking import SCOPES as INSTAGRAM
from mediacheck.publish.connectors.x.connector import open_x
from mediacheck.publish.connectors.x.linking import SCOPES as X
from mediacheck.storage.picture_shelf import FolderShelf
from tests.contracts.accounts import AWAY, PlatformAccount, Shown, Step
from tests.fakes import FixedClock
from tests.servers.graph import GraphServer, graph_server
from tests.servers.x import XServer, x_server

_X_STEPS = {
    Step.WHO: ("GET", r"/2/users/me"),
    Step.UPLOAD: ("POST", r"/2/media/upload"),
    Step.PUBLISH: ("POST", r"/2/tweets"),
    Step.LOOK: ("GET", r"/2/users/\d+/tweets"),
    Step.DELETE: ("DELETE", r"/2/tweets/\d+"),
    Step.PAGE: ("GET", r"/2/tweets/\d+"),
}
_FACEBOOK_STEPS = {
    Step.WHO: ("GET", r"/v26\.0/me"),
    Step.UPLOAD: ("POST", r"/v26\.0/\d+/photos"),
    Step.PUBLISH: ("POST", r"/v26\.0/\d+/feed"),
    Step.LOOK: ("GET", r"/v26\.0/\d+/published_posts"),
    Step.DELETE: ("DELETE", r"/v26\.0/\d+_\d+"),
    Step.PAGE: ("GET", r"/v26\.0/\d+_\d+"),
}
_INSTAGRAM_STEPS = {
    Step.WHO: ("GET", r"/v26\.0/me"),
    Step.UPLOAD: ("POST", r"/v26\.0/\d+/media"),
    Step.PUBLISH: ("POST", r"/v26\.0/\d+/media_publish"),
    Step.LOOK: ("GET", r"/v26\.0/\d+"),
    Step.DELETE: ("DELETE", r"/v26\.0/\d+"),
    Step.PAGE: ("GET", r"/v26\.0/\d+"),
}


def never(_: float) -> None:
    """Nobody waits in a test."""


def x_secret(server: XServer) -> dict[str, object]:
    """What linking an account by OAuth 2 gives, without the way there."""
    return {
        "kind": "oauth2",
        "access_token": server.allow(" ".join(X)),
        "refresh_token": "renewing",
        "expires_at": 4_000_000_000,
        "client_id": server.client_id,
        "client_secret": server.client_secret,
    }


@contextmanager
def x_account(more: dict[str, object] | None = None) -> Iterator[PlatformAccount]:
    with x_server() as server:
        account = Account(
            account_id=server.account, handle=server.handle, address=f"{server.base}/lincoln"
        )
        secret = json.dumps({**x_secret(server), **(more or {})}).encode()
        connector = open_x(server.base, account, secret, allows_loopback=True, keep=lambda _: None)
        connector = replace(connector, sleep=never)
        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, access=replace(connector.access, api=AWAY)),
            server=server,
            steps=_X_STEPS,
            shown=lambda: [
                Shown(
                    words=post["text"],
                    pictures=tuple(
                        (server.uploads[part].jpeg, server.uploads[part].alt_text)
                        for part in post["parts"]
                    ),
                )
                for post in server.posts.values()
            ],
            # Nobody can see, or delete, what was uploaded to X and not posted: it ends by itself.
            leftovers=lambda: 0,
            words_limit=280,
        )


def graph_secret(server: GraphServer, scopes: tuple[str, ...]) -> bytes:
    token = server.allow(" ".join(scopes))
    held = {"access_token": token, "user_token": token, "app_secret": "app-secret"}
    return json.dumps(held).encode()


@contextmanager
def facebook_account() -> Iterator[PlatformAccount]:
    with graph_server() as server:
        graph = open_graph(server.base, graph_secret(server, FACEBOOK), allows_loopback=True)
        connector = FacebookConnector(page_id=server.page, graph=graph)
        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, graph=replace(graph, api=AWAY)),
            server=server,
            steps=_FACEBOOK_STEPS,
            shown=lambda: [
                Shown(
                    words=post["message"],
                    pictures=tuple(
                        (server.photos[one].jpeg, server.photos[one].alt_text)
                        for one in post["photos"]
                    ),
                )
                for post in server.posts.values()
            ],
            leftovers=lambda: sum(one.post is None for one in server.photos.values()),
            words_limit=63_206,
        )


@contextmanager
def instagram_account() -> Iterator[PlatformAccount]:
    with graph_server() as server, TemporaryDirectory() as folder, shelf_in(folder) as shelf:
        server.account = server.instagram
        graph = open_graph(server.base, graph_secret(server, INSTAGRAM), allows_loopback=True)
        connector = InstagramConnector(
            account_id=server.instagram, graph=graph, shelf=shelf, sleep=never
        )

        def shown() -> list[Shown]:
            return [
                Shown(
                    words=media["caption"],
                    pictures=tuple(
                        (server.containers[one].jpeg, server.containers[one].sent["alt_text"])
                        for one in media["shown"]
                    ),
                )
                for media in server.media.values()
            ]

        yield PlatformAccount(
            connector=connector,
            elsewhere=replace(connector, graph=replace(graph, api=AWAY)),
            server=server,
            steps=_INSTAGRAM_STEPS,
            shown=shown,
            # A container is nothing that anybody sees; it ends within a day.
            leftovers=lambda: len(list(Path(folder).iterdir())),
            words_limit=2_200,
            takes_words_alone=False,
        )


@contextmanager
def shelf_in(folder: str) -> Iterator[FolderShelf]:
    """A shelf, and a server that shows what stands on it and nothing else."""

    class Shop(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            found = re.fullmatch(r"/shelf/([\w-]+)\.jpg", self.path)
            data = shelf.fetch_or_none(found[1]) if found else None
            self.send_response(200 if data else 404)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    base = f"http://127.0.0.1:{server.server_port}"
    shelf = FolderShelf(
        folder=Path(folder), base_url=base, clock=FixedClock(), allows_loopback=True
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shelf
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


VENDORS: dict[str, Callable[[], AbstractContextManager[PlatformAccount]]] = {
    "x": x_account,
    "facebook": facebook_account,
    "instagram": instagram_account,
}
