"""Connectors ask public servers only, over TLS, and go where they are sent nowhere."""

from __future__ import annotations

import pytest
import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.wire import ask, server_address, strict


@pytest.mark.parametrize(
    "typed",
    [
        "http://mastodon.example",
        "http://127.0.0.1:3000",
        "127.0.0.1",
        "https://localhost",
        "https://10.0.0.8",
        "https://169.254.169.254",
        "https://[::1]",
        "https://[::ffff:10.0.0.8]",
        "https://8.8.8.8:8443",
        "https://8.8.8.8/admin",
        "https://8.8.8.8?x=1",
        "https://me:secret@8.8.8.8",
        "ftp://8.8.8.8",
        "https://",
        "",
    ],
)
def test_an_address_of_no_public_server_is_refused(typed: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        server_address(typed, allows_loopback=False)

    assert caught.value.retry is Retry.NEVER


@pytest.mark.parametrize("typed", ["8.8.8.8", "https://8.8.8.8", " https://8.8.8.8/ "])
def test_a_public_server_is_named_by_its_name_alone(typed: str) -> None:
    assert server_address(typed, allows_loopback=False) == "https://8.8.8.8"


def test_loopback_is_asked_only_where_that_is_switched_on() -> None:
    assert server_address("http://127.0.0.1:3000", allows_loopback=True) == "http://127.0.0.1:3000"
    with pytest.raises(ConnectorError):
        server_address("http://10.0.0.8", allows_loopback=True)


def test_an_address_that_a_server_names_is_held_to_the_same() -> None:
    session = strict(requests.Session(), allows_loopback=False)

    with pytest.raises(ConnectorError) as caught:
        ask(session, "GET", "http://127.0.0.1:1/media/1.jpg")

    assert caught.value.code == "unfit-address"
