"""An account is connected by the server's own page, with PKCE, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mediacheck.errors import ConnectorError
from mediacheck.publish.connectors.mastodon.linking import SCOPES, MastodonLinking
from tests.servers.mastodon import Fault, Server, mastodon_server

BACK = "http://localhost:8000/connections/return"
LINKING = MastodonLinking(allows_loopback=True)


@pytest.fixture
def server() -> Iterator[Server]:
    with mastodon_server() as held:
        yield held


def code_of(page_address: str) -> dict[str, str]:
    """What somebody who says yes on the server's page brings back."""
    page = requests.get(page_address, timeout=5).text
    link = re.search(r'href="([^"]+)"', page)
    assert link is not None
    back = urlsplit(unescape(link[1]))
    assert back.geturl().startswith(BACK)
    return {key: values[0] for key, values in parse_qs(back.query).items()}


def test_whoever_says_yes_connects_the_account_it_really_is(server: Server) -> None:
    begun = LINKING.begin(server.base, BACK)
    brought = code_of(begun.address)

    linked = LINKING.finish(server.base, BACK, begun.secret, brought)

    assert brought["state"] == begun.state
    assert (linked.account.account_id, linked.account.handle) == ("109", "lincoln")
    assert set(linked.scopes) == set(SCOPES)
    assert linked.limits.words == 500
    assert server.unknown == []


def test_less_than_the_right_to_delete_is_refused(server: Server) -> None:
    server.granted = "read:accounts read:statuses write:media"
    begun = LINKING.begin(server.base, BACK)

    with pytest.raises(ConnectorError, match="taken down"):
        LINKING.finish(server.base, BACK, begun.secret, code_of(begun.address))


def test_a_code_works_once_and_with_its_own_verifier_alone(server: Server) -> None:
    first, second = LINKING.begin(server.base, BACK), LINKING.begin(server.base, BACK)
    code = code_of(first.address)

    with pytest.raises(ConnectorError):
        LINKING.finish(server.base, BACK, second.secret, code)
    with pytest.raises(ConnectorError):
        LINKING.finish(server.base, BACK, first.secret, code)


@pytest.mark.parametrize(
    "fault", [Fault.ERROR_BEFORE, Fault.REDIRECT, Fault.WRONG_ANSWER, Fault.UNPROCESSABLE]
)
def test_a_server_that_does_not_answer_right_is_not_connected(server: Server, fault: Fault) -> None:
    server.fail_next("POST", "/api/v1/apps", fault)

    with pytest.raises(ConnectorError):
        LINKING.begin(server.base, BACK)
    begun = LINKING.begin(server.base, BACK)
    code = code_of(begun.address)
    server.fail_next("POST", "/oauth/token", fault)
    with pytest.raises(ConnectorError):
        LINKING.finish(server.base, BACK, begun.secret, code)


def test_another_server_gets_no_code(server: Server) -> None:
    begun = LINKING.begin(server.base, BACK)

    with mastodon_server() as other, pytest.raises(ConnectorError):
        LINKING.finish(other.base, BACK, begun.secret, {"code": "code"})


def test_a_printed_link_shows_no_secret(server: Server) -> None:
    begun = LINKING.begin(server.base, BACK)

    assert begun.state not in repr(begun)
    assert str(begun.secret) not in repr(begun)
