"""An account of the AT protocol is connected as itself, or not at all; its tokens are renewed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.bluesky.connector import BlueskyConnector, open_bluesky
from mediacheck.publish.connectors.bluesky.identity import Resolver
from mediacheck.publish.connectors.bluesky.linking import BlueskyLinking, client_document
from mediacheck.publish.connectors.bluesky.records import (
    cid_of,
    is_tid,
    moment_of,
    size_of,
    tid_of,
)
from mediacheck.wire import strict
from tests.contracts.accounts import bluesky_password, bluesky_tokens, some_content
from tests.servers.bluesky import DID, Pds, bluesky_server
from tests.servers.strict import Fault

BACK = "http://127.0.0.1:8000/connections/return"
DOCUMENT = "https://media.lincoln.example/oauth/client-metadata.json"
KEY = ECKey.generate_key("P-256")


@pytest.fixture
def pds() -> Iterator[Pds]:
    with bluesky_server() as held:
        yield held


def linking_of(pds: Pds, document: str = "http://127.0.0.1:8000/x") -> BlueskyLinking:
    return BlueskyLinking(
        document=document,
        directory=pds.base,
        handle_server=pds.base,
        views=None,
        client_key=KEY,
        allows_loopback=True,
    )


def brought_back(page_address: str) -> dict[str, str]:
    """What somebody who says yes on the server's page brings back."""
    link = re.search(r'href="([^"]+)"', requests.get(page_address, timeout=5).text)
    assert link is not None
    back = urlsplit(unescape(link[1]))
    return {key: values[0] for key, values in parse_qs(back.query).items()}


def opened(pds: Pds, secret: bytes, kept: Callable[[bytes], None]) -> BlueskyConnector:
    return open_bluesky(
        pds.base, DID, secret, views=None, keep=kept, client_key=KEY, allows_loopback=True
    )


@pytest.mark.parametrize("is_public", [True, False], ids=["document", "loopback"])
def test_the_account_s_own_server_lets_the_tool_in(pds: Pds, is_public: bool) -> None:
    linking, back = linking_of(pds), BACK
    if is_public:
        linking, back = linking_of(pds, DOCUMENT), "https://media.lincoln.example/back"
        pds.document = client_document(DOCUMENT, back, KEY)

    begun = linking.begin("@Lincoln.test", back)
    brought = brought_back(begun.address)
    linked = linking.finish("@Lincoln.test", back, begun.secret, brought)

    assert brought["state"] == begun.state
    assert (linked.server, linked.account.account_id) == (pds.base, DID)
    assert "repo:app.bsky.feed.post?action=create&action=delete" in linked.scopes
    assert pds.unknown == []
    opened(pds, linked.secret, lambda _: None).account()


def test_less_than_the_right_to_delete_is_refused(pds: Pds) -> None:
    pds.granted = "atproto repo:app.bsky.feed.post?action=create blob:image/*"
    linking = linking_of(pds)
    begun = linking.begin("lincoln.test", BACK)

    with pytest.raises(ConnectorError, match="taken down"):
        linking.finish("lincoln.test", BACK, begun.secret, brought_back(begun.address))


def test_another_server_s_answer_a_used_code_and_another_account_are_not_let_in(pds: Pds) -> None:
    linking = linking_of(pds)
    begun = linking.begin("lincoln.test", BACK)
    brought = brought_back(begun.address)

    for other in ({**brought, "iss": "https://elsewhere.example"}, {"error": "access_denied"}):
        with pytest.raises(ConnectorError, match="did not let"):
            linking.finish("lincoln.test", BACK, begun.secret, other)
    linking.finish("lincoln.test", BACK, begun.secret, brought)
    with pytest.raises(ConnectorError, match="did not let"):
        linking.finish("lincoln.test", BACK, begun.secret, brought)
    again = linking.begin("lincoln.test", BACK)
    answer = brought_back(again.address)
    pds.account = "did:plc:" + "a" * 24
    with pytest.raises(ConnectorError):
        linking.finish("lincoln.test", BACK, again.secret, answer)


@pytest.mark.parametrize(
    "said",
    [
        {"alsoKnownAs": ["at://somebody.test"]},
        {"id": "did:plc:" + "a" * 24},
        {"service": []},
        {"issuer": "https://elsewhere.example"},
        {"dpop_signing_alg_values_supported": ["RS256"]},
        {"authorization_response_iss_parameter_supported": False},
    ],
)
def test_what_does_not_name_each_other_is_not_connected(pds: Pds, said: dict[str, object]) -> None:
    pds.says_of_itself = said

    with pytest.raises(ConnectorError):
        linking_of(pds).begin("lincoln.test", BACK)


@pytest.mark.parametrize("handle", ["", "lincoln", "somebody.test", "a b.test", "x.test/../y"])
def test_a_handle_of_nobody_is_sent_back(pds: Pds, handle: str) -> None:
    with pytest.raises(ConnectorError):
        linking_of(pds).begin(handle, BACK)


def test_a_handle_is_looked_up_where_its_own_domain_says(pds: Pds) -> None:
    asked: list[str] = []

    def texts(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("v=spf1", f"did={DID}")

    pds.handle = "lincoln.example.org"
    public = strict(requests.Session(), allows_loopback=True)
    resolver = Resolver(directory=pds.base, public=public, allows_loopback=True, texts=texts)

    assert resolver.identity_of("lincoln.example.org").did == DID
    assert asked == ["_atproto.lincoln.example.org"]
    with pytest.raises(ConnectorError, match="handle"):
        resolver.identity_of("lincoln.test")


def test_a_tool_without_a_public_address_is_sent_to_app_passwords(pds: Pds) -> None:
    with pytest.raises(ConnectorError, match="app password"):
        linking_of(pds).begin("lincoln.test", "http://localhost:8000/connections/return")
    with pytest.raises(ConnectorError, match="app password"):
        linking_of(pds, DOCUMENT).begin("lincoln.test", BACK)


def test_an_app_password_connects_and_the_account_s_own_is_refused(pds: Pds) -> None:
    linked = linking_of(pds).enter("", "lincoln.test", pds.app_password())

    assert linked.account.account_id == DID
    signed_in = pds.signs_in
    opened(pds, linked.secret, lambda _: None).account()
    assert pds.signs_in == signed_in
    with pytest.raises(ConnectorError, match="opens everything"):
        linking_of(pds).enter("", "lincoln.test", pds.app_password("com.atproto.access"))
    with pytest.raises(ConnectorError, match="does not know"):
        linking_of(pds).enter("", "lincoln.test", "wrong")


@pytest.mark.parametrize("secret_of", [bluesky_password, bluesky_tokens])
def test_what_has_run_out_is_renewed_and_kept_before_it_is_used(
    pds: Pds, secret_of: Callable[[Pds], bytes]
) -> None:
    kept: list[bytes] = []
    connector = opened(pds, secret_of(pds), kept.append)
    for token in pds.tokens:
        pds.tokens[token] = "expired"

    posted = connector.publish(some_content(), connector.prepare(some_content()), "key")

    assert len(kept) == 1
    again = opened(pds, kept[0], kept.append)
    assert again.verify(posted, some_content())
    again.account()
    assert len(kept) == 1


def test_tokens_are_renewed_a_little_before_their_end(pds: Pds) -> None:
    kept: list[bytes] = []
    held = {**json.loads(bluesky_tokens(pds)), "expires_at": time.time() + 30}

    opened(pds, json.dumps(held).encode(), kept.append).account()

    assert len(kept) == 1
    assert json.loads(kept[0])["refresh"] != held["refresh"]


def test_a_lost_renewal_has_published_nothing_and_a_used_one_shuts_out(pds: Pds) -> None:
    held = {**json.loads(bluesky_tokens(pds)), "expires_at": 0}
    secret = json.dumps(held).encode()
    pds.nonce = ""
    pds.fail_next("POST", "/oauth/token", Fault.LOST_AFTER)

    with pytest.raises(ConnectorError) as lost:
        opened(pds, secret, lambda _: None).prepare(some_content())
    with pytest.raises(ConnectorError) as used:
        opened(pds, secret, lambda _: None).prepare(some_content())

    assert lost.value.retry is Retry.LATER
    assert used.value.is_account_trouble


def test_a_stolen_token_opens_nothing_without_its_key(pds: Pds) -> None:
    bluesky_tokens(pds)
    (token,) = pds.bound

    headers = {"Authorization": f"Bearer {token}"}
    way = f"{pds.base}/xrpc/com.atproto.server.getSession"
    assert requests.get(way, headers=headers, timeout=5).status_code == 401


def test_a_server_that_wants_another_nonce_is_answered_once_more(pds: Pds) -> None:
    connector = opened(pds, bluesky_tokens(pds), lambda _: None)
    connector.account()
    pds.nonce = "n2"

    connector.account()


def test_a_server_that_keeps_other_bytes_publishes_nothing(pds: Pds) -> None:
    connector = opened(pds, bluesky_tokens(pds), lambda _: None)
    content = some_content()
    parts = connector.prepare(content)
    pds.blobs[parts[1]] = b"other"

    with pytest.raises(ConnectorError):
        connector.publish(content, parts, "key")
    assert pds.live == []


def test_a_picture_that_another_post_still_shows_is_no_proof(pds: Pds) -> None:
    connector = opened(pds, bluesky_tokens(pds), lambda _: None)
    content = some_content(1)
    first = connector.publish(content, connector.prepare(content), "1")
    second = connector.publish(content, connector.prepare(content), "2")

    connector.take_down(first)

    assert not connector.is_gone(first)
    connector.take_down(second)
    assert connector.is_gone(first)


def test_the_names_of_the_protocol_are_right() -> None:
    # sha256 of nothing, as every tool of the protocol writes it.
    assert cid_of(b"") == "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
    tid = tid_of(1_700_000_000.5, 7)
    assert is_tid(tid)
    assert moment_of(tid).timestamp() == 1_700_000_000.5
    assert tid_of(1_700_000_001, 0) > tid
    assert size_of(some_content(1).pictures[0].jpeg) == (640, 480)
    assert size_of(b"\xff\xd8\xff\xd9") is None


@pytest.mark.parametrize(
    ("embed", "has_more"),
    [
        (None, False),
        ({"$type": "app.bsky.embed.images", "images": []}, False),
        ({"$type": "app.bsky.embed.video", "video": {}}, True),
        ({"$type": "app.bsky.embed.external", "external": {}}, True),
        ({"$type": "app.bsky.embed.recordWithMedia", "media": {"images": []}, "record": {}}, True),
    ],
)
def test_a_post_that_holds_more_than_words_and_pictures_says_so(
    pds: Pds, embed: object, has_more: bool
) -> None:
    connector = opened(pds, bluesky_tokens(pds), lambda _: None)
    connector.publish(some_content(0), connector.prepare(some_content(0)), "key")
    (record,) = pds.live
    record.update({} if embed is None else {"embed": embed})

    (seen,) = connector.read_timeline(moment_of("3jzfcijpj2z2a"), most=10)

    assert seen.has_more is has_more
