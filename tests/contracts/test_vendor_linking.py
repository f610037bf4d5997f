"""Accounts at X, Facebook and Instagram are connected on their own pages, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Account, Linked
from mediacheck.ports.publishing import Linking
from mediacheck.publish.connectors.facebook.linking import SCOPES as FACEBOOK
from mediacheck.publish.connectors.facebook.linking import FacebookLinking
from mediacheck.publish.connectors.graph.access import open_graph, require_right
from mediacheck.publish.connectors.graph.login import Login
from mediacheck.publish.connectors.instagram.linking import SCOPES as INSTAGRAM
from mediacheck.publish.connectors.instagram.linking import InstagramLinking
from mediacheck.publish.connectors.x.connector import XConnector, open_x
from mediacheck.publish.connectors.x.linking import SCOPES, XLinking
from mediacheck.settings import AppKeys, SettingsRefused, settings_from
from mediacheck.wire import Answer
from tests.contracts.accounts import some_content
from tests.contracts.accounts_vendors import graph_secret, x_account
from tests.servers.graph import GraphServer, graph_server
from tests.servers.strict import Fault
from tests.servers.x import XServer, x_server

BACK = "https://media.district.example/connections/return"
APP = AppKeys(key="client", secret="secret")  # noqa: S106 - of no app.
CONSUMER = AppKeys(
    key="consumer-key-of-20-chars",
    secret="consumer-secret",  # noqa: S106 - of no app.
    is_oauth1=True,
)


@pytest.fixture
def x() -> Iterator[XServer]:
    with x_server() as held:
        yield held


@pytest.fixture
def meta() -> Iterator[GraphServer]:
    with graph_server() as held:
        yield held


def app_keys(key: str, secret: str, *, is_oauth1: bool = False) -> AppKeys:
    return AppKeys(key=key, secret=secret, is_oauth1=is_oauth1)


def x_linking(server: XServer, app: AppKeys = APP) -> XLinking:
    return XLinking(
        app=app,
        api=server.base,
        pages=server.base,
        authorize=f"{server.base}/i/oauth2/authorize",
        allows_loopback=True,
    )


def login(server: GraphServer, scopes: tuple[str, ...]) -> Login:
    return Login(
        app=AppKeys(key=server.app, secret="app-secret"),  # noqa: S106 - of no app.
        scopes=scopes,
        api=server.base,
        dialog=f"{server.base}/v26.0/dialog/oauth",
        allows_loopback=True,
    )


def brought_from(address: str) -> dict[str, str]:
    """What somebody who says yes on the platform's page brings back."""
    link = re.search(r'href="([^"]+)"', requests.get(address, timeout=5).text)
    assert link is not None
    back = urlsplit(unescape(link[1]))
    assert back.geturl().startswith(BACK)
    return {key: values[0] for key, values in parse_qs(back.query).items()}


def linked(linking: Linking, meant: str = "") -> Linked:
    begun = linking.begin(meant, BACK)
    return linking.finish(meant, BACK, begun.secret, brought_from(begun.address))


def opened(server: XServer, held: Linked) -> XConnector:
    return open_x(server.base, held.account, held.secret, allows_loopback=True, keep=lambda _: None)


# --- X ----------------------------------------------------------------------------------------


def test_an_account_of_x_is_the_one_that_said_yes(x: XServer) -> None:
    begun = x_linking(x).begin("", BACK)
    brought = brought_from(begun.address)

    held = x_linking(x).finish("", BACK, begun.secret, brought)

    assert brought["state"] == begun.state
    assert held.account == Account(account_id="109", handle="lincoln", address=f"{x.base}/lincoln")
    assert set(held.scopes) == set(SCOPES)
    assert held.limits.words == 280
    assert x.unknown == []


@pytest.mark.parametrize("missing", ["tweet.write", "media.write", "offline.access", "tweet.read"])
def test_less_than_what_deletes_tomorrow_is_refused(x: XServer, missing: str) -> None:
    x.granted = " ".join(one for one in SCOPES if one != missing)

    with pytest.raises(ConnectorError, match="taken down"):
        linked(x_linking(x))


def test_a_code_of_x_works_once_and_with_its_own_verifier_alone(x: XServer) -> None:
    first, second = x_linking(x).begin("", BACK), x_linking(x).begin("", BACK)
    brought = brought_from(first.address)

    for secret in (second.secret, first.secret):
        with pytest.raises(ConnectorError, match="Start again"):
            x_linking(x).finish("", BACK, secret, brought)


def test_oauth_1_signs_every_request_down_to_the_last_picture(x: XServer) -> None:
    begun = x_linking(x, CONSUMER).begin("", BACK)
    brought = brought_from(begun.address)
    # What comes back is the request's own token: it is what state is elsewhere.
    assert brought["oauth_token"] == begun.state

    held = x_linking(x, CONSUMER).finish("", BACK, begun.secret, brought)
    connector, content = opened(x, held), some_content(2)
    posted = connector.publish(content, connector.prepare(content), "key")

    assert held.scopes == ("read-write",)
    assert connector.verify(posted, content)
    connector.take_down(posted)
    assert connector.is_gone(posted)
    connector.end()
    with pytest.raises(ConnectorError) as caught:
        connector.account()
    assert caught.value.is_account_trouble
    assert x.unknown == []


def test_an_app_that_only_reads_is_refused(x: XServer) -> None:
    x.access_level = "read"

    with pytest.raises(ConnectorError, match="taken down"):
        linked(x_linking(x, CONSUMER))


@pytest.mark.parametrize("wrong", [{"oauth_verifier": "-"}, {"oauth_token": "-"}])
def test_a_wrong_answer_of_oauth_1_connects_nothing(x: XServer, wrong: dict[str, str]) -> None:
    begun = x_linking(x, CONSUMER).begin("", BACK)
    brought = {**brought_from(begun.address), **wrong}

    with pytest.raises(ConnectorError, match="Start again"):
        x_linking(x, CONSUMER).finish("", BACK, begun.secret, brought)


def test_a_token_is_renewed_once_and_kept_before_it_is_used() -> None:
    kept: list[bytes] = []
    with x_account({"expires_at": 0}) as account:
        server = account.server
        assert isinstance(server, XServer)
        server.renewing["renewing"] = " ".join(SCOPES)
        connector = account.connector
        assert isinstance(connector, XConnector)
        object.__setattr__(connector.access, "keep", kept.append)

        for _ in range(2):
            assert connector.account().account_id == server.account

    assert len(kept) == 1
    held = json.loads(kept[0])
    assert held["access_token"] in server.tokens
    assert held["refresh_token"] in server.renewing


def test_a_token_that_cannot_be_renewed_shuts_the_account() -> None:
    with x_account({"expires_at": 0}) as account:
        with pytest.raises(ConnectorError) as caught:
            account.connector.account()
        assert caught.value.is_account_trouble
        assert caught.value.retry is Retry.NEVER
        # A fault of X's own is another matter: nothing was asked of the account yet.
        account.server.fail_next("POST", "/2/oauth2/token", Fault.ERROR_BEFORE)
        with pytest.raises(ConnectorError) as busy:
            account.connector.account()
        assert busy.value.retry is Retry.LATER


def test_the_same_words_twice_are_no_trouble_of_the_account() -> None:
    with x_account() as account:
        content = some_content(0)
        account.connector.publish(content, (), "key-1")

        with pytest.raises(ConnectorError) as caught:
            account.connector.publish(content, (), "key-2")

    assert (caught.value.retry, caught.value.is_account_trouble) == (Retry.NEVER, False)


def test_an_address_in_the_words_is_known_again_though_x_changes_it() -> None:
    content = some_content(1, "See https://district.example/a/long/way?x=1 & www.oakpark.example")
    with x_account() as account:
        parts = account.connector.prepare(content)
        posted = account.connector.publish(content, parts, "key-1")

        assert account.connector.verify(posted, content)
        assert not account.connector.verify(posted, some_content(1, "See something else"))


# --- Facebook and Instagram ---------------------------------------------------------------------


def test_a_page_is_connected_with_its_own_token(meta: GraphServer) -> None:
    held = linked(FacebookLinking(login=login(meta, FACEBOOK)))

    assert (held.account.account_id, held.account.handle) == (meta.page, "Lincoln School")
    assert json.loads(held.secret)["access_token"] in meta.handed_out
    assert open_graph(meta.base, held.secret, allows_loopback=True).get("me", "id")["id"] == "109"
    assert held.limits.words == 63_206
    assert meta.unknown == []


def test_an_instagram_account_is_found_behind_its_page(meta: GraphServer) -> None:
    held = linked(InstagramLinking(login=login(meta, INSTAGRAM)))

    assert held.account.account_id == meta.instagram
    assert held.account.address == "https://www.instagram.com/lincoln/"
    assert (held.limits.least_pictures, held.limits.picture_side_px) == (1, 1_440)


@pytest.mark.parametrize("missing", ["instagram_manage_contents", "instagram_content_publish"])
def test_instagram_without_the_right_to_delete_is_refused(meta: GraphServer, missing: str) -> None:
    meta.granted = ",".join(one for one in INSTAGRAM if one != missing)

    with pytest.raises(ConnectorError, match="taken down"):
        linked(InstagramLinking(login=login(meta, INSTAGRAM)))


def test_a_page_without_the_right_to_manage_posts_is_refused(meta: GraphServer) -> None:
    meta.granted = "pages_show_list,pages_read_engagement"

    with pytest.raises(ConnectorError, match="taken down"):
        linked(FacebookLinking(login=login(meta, FACEBOOK)))


def test_of_several_pages_one_has_to_be_named(meta: GraphServer) -> None:
    meta.pages = [
        {"id": "1", "name": "Lincoln School", "link": f"{meta.base}/lincoln"},
        {"id": "2", "name": "Roosevelt School", "link": f"{meta.base}/roosevelt"},
        {"id": "3", "name": "Somebody's Shop", "link": f"{meta.base}/shop", "tasks": ["ANALYZE"]},
    ]
    for page in meta.pages[:2]:
        page["tasks"] = ["CREATE_CONTENT", "MANAGE"]
    linking = FacebookLinking(login=login(meta, FACEBOOK))

    with pytest.raises(ConnectorError, match="More than one"):
        linked(linking)
    for meant in (
        "Roosevelt School",
        "facebook.com/roosevelt",
        "https://x.example/roosevelt/",
        "2",
    ):
        assert linked(linking, meant).account.account_id == "2"
    for meant in ("Somebody's Shop", "nowhere"):
        with pytest.raises(ConnectorError, match="No Page of that name"):
            linked(linking, meant)


def test_a_page_without_a_professional_account_is_refused(meta: GraphServer) -> None:
    meta.pages = [{"id": "1", "name": "A", "link": "l", "tasks": ["CREATE_CONTENT", "MANAGE"]}]

    with pytest.raises(ConnectorError, match="professional account"):
        linked(InstagramLinking(login=login(meta, INSTAGRAM)))


def test_a_code_of_meta_works_once(meta: GraphServer) -> None:
    linking = FacebookLinking(login=login(meta, FACEBOOK))
    begun = linking.begin("", BACK)
    brought = brought_from(begun.address)
    linking.finish("", BACK, begun.secret, brought)

    with pytest.raises(ConnectorError):
        linking.finish("", BACK, begun.secret, brought)


def test_a_token_that_was_only_found_opens_nothing(meta: GraphServer) -> None:
    held = {**json.loads(graph_secret(meta, FACEBOOK)), "app_secret": "guessed"}

    with pytest.raises(ConnectorError):
        open_graph(meta.base, json.dumps(held).encode(), allows_loopback=True).get("me", "id")


@pytest.mark.parametrize(
    ("code", "retry", "is_account_trouble"),
    [
        (190, Retry.NEVER, True),
        (200, Retry.NEVER, True),
        (10, Retry.NEVER, True),
        (4, Retry.LATER, False),
        (32, Retry.LATER, False),
        (2, Retry.LOOK, False),
        (100, Retry.NEVER, False),
        ("no number", Retry.NEVER, False),
    ],
)
def test_an_error_of_meta_s_own_says_what_may_follow(
    code: object, retry: Retry, is_account_trouble: bool
) -> None:
    body = json.dumps({"error": {"code": code, "message": "the post's own words"}}).encode()

    with pytest.raises(ConnectorError) as caught:
        require_right(Answer(status=400, body=body, headers={}))

    assert (caught.value.retry, caught.value.is_account_trouble) == (retry, is_account_trouble)
    assert "words" not in f"{caught.value!r}"


# --- The district's own apps --------------------------------------------------------------------


@pytest.mark.parametrize(
    "linking",
    [
        XLinking(app=None),
        FacebookLinking(login=Login(app=None, scopes=FACEBOOK)),
        InstagramLinking(login=Login(app=None, scopes=INSTAGRAM)),
    ],
)
def test_without_an_app_of_the_district_nothing_is_begun(linking: Linking) -> None:
    with pytest.raises(ConnectorError, match="own app"):
        linking.begin("", BACK)


def test_the_apps_come_from_the_environment_and_are_never_shown() -> None:
    settings = settings_from(
        {"MEDIACHECK_X_CONSUMER": "ck:cs:2", "MEDIACHECK_META_APP": " 12:hidden "}
    )

    assert settings.x_app == app_keys("ck", "cs:2", is_oauth1=True)
    assert settings.meta_app == app_keys("12", "hidden")
    assert "hidden" not in f"{settings!r}"
    both = {"MEDIACHECK_X_APP": "id:secret", "MEDIACHECK_X_CONSUMER": "ck:cs"}
    assert settings_from(both).x_app == app_keys("id", "secret")
    for half in ("key", "key:", ":secret"):
        with pytest.raises(SettingsRefused):
            settings_from({"MEDIACHECK_META_APP": half})
