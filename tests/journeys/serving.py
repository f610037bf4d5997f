"""Serves a test's own house in this process, so that its clock stays in the test's hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from mediacheck.ports.services import Services
from mediacheck.web.app import create_app
from tests.ports import free_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def served(
    services: Services, build: Callable[[Services], Flask] = create_app
) -> Iterator[Services]:
    """The services, told the address at which they are served meanwhile."""
    port = free_port()
    address = f"http://localhost:{port}"
    told = replace(services, settings=replace(services.settings, base_url=address))
    with listening(build(told), port):
        yield told


@contextmanager
def listening(app: Flask, port: int = 0) -> Iterator[str]:
    """Serves the app in threads; gives its address."""
    server = make_server("127.0.0.1", port, _in_one_piece(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _in_one_piece(app: Flask) -> WSGIApplication:
    """Answers are read and closed before they are sent.

    The server closes no answer whose reader has gone while it waits for more of the request: a
    browser that leaves a page would leave a file open.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return Response.from_app(app, environ, buffered=True)(environ, start)

    return answer
