"""Serves a test's own house in this process, so that its clock stays in the test's hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from werkzeug.serving import make_server

from mediacheck.ports.services import Services
from mediacheck.web.app import create_app


@contextmanager
def served(
    services: Services, build: Callable[[Services], Flask] = create_app
) -> Iterator[Services]:
    """The services, told the address at which they are served meanwhile."""
    # The address is known only once a port is: a first server finds it.
    probe = make_server("127.0.0.1", 0, build(services))
    probe.server_close()
    address = f"http://localhost:{probe.port}"
    told = replace(services, settings=replace(services.settings, base_url=address))
    server = make_server("127.0.0.1", probe.port, build(told), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
