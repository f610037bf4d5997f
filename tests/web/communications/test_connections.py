"""An account is connected on its own server's page, seen as what it is, and let go again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from mediacheck.accounts.sessions import open_session
from mediacheck.flow.connections import look_after_account, sweep_accounts
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.model.publishing import AccountHealth, Connection, ConnectionState, Platform
from mediacheck.ports.services import Services
from mediacheck.web.app import create_app
from mediacheck.wiring.publishing import (
    make_client_document,
    make_connectors,
    make_linkings,
    make_password_linkings,
)
from release_db.words import Audience
from tests.conftest import House
from tests.factories import a_channel
from tests.servers.mastodon import Server, mastodon_server
from tests.servers.wordpress import wordpress_site
from tests.web.conftest import Browser, a_member

CHANNEL = a_channel().key
MASTODON = f"/connections/to/{CHANNEL}/mastodon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office's browsers, the account's server, and the publishing process."""

    house: House
    services: Services
    server: Server

    def browser(self, name: str = "") -> Browser:
        member = a_member(Role.COMMUNICATIONS, name)
        with self.services.transaction() as work:
            work.accounts.save_staff(member)
            token = open_session(
                work.accounts,
                member.staff_id,
                self.house.clock,
                self.house.services.ids,
                replaces=None,
            )
        client = create_app(self.services).test_client()
        client.set_cookie("mediacheck", token)
        return Browser(client=client, member=member)

    def run(self) -> None:
        publisher = replace(self.services, connectors=make_connectors(self.services))
        while self.house.jobs.accounts:
            look_after_account(publisher, self.house.jobs.accounts.pop())

    def connection(self) -> Connection:
        with self.services.transaction() as work:
            return work.connections.all()[0]


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    settings = replace(house.services.settings, allows_loopback_accounts=True)
    services = replace(
        house.services,
        settings=settings,
        linkings=make_linkings(settings),
        password_linkings=make_password_linkings(settings),
    )
    with mastodon_server() as server:
        yield Office(house=house, services=services, server=server)


def go_there(office: Office, browser: Browser) -> str:
    """To the server's page, where somebody says yes; gives the way back."""
    sent = {"server": office.server.base}
    page = browser.post(MASTODON, sent).get_data(as_text=True)
    there = re.search(r'href="([^"]+/oauth/authorize[^"]+)"', page)
    assert there is not None
    asked = requests.get(unescape(there[1]), timeout=5).text
    back = re.search(r'href="([^"]+)"', asked)
    assert back is not None
    parts = urlsplit(unescape(back[1]))
    return f"{parts.path}?{parts.query}"


def connect(office: Office, browser: Browser) -> TestResponse:
    return browser.get(go_there(office, browser))


def official(office: Office) -> None:
    with office.services.transaction() as work:
        work.register.save_channel(a_channel(is_official=True))


def test_an_account_is_connected_and_shown_as_what_it_is(office: Office) -> None:
    browser = office.browser()
    answer = connect(office, browser)

    assert answer.status_code == 302
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = browser.get("/connections").get_data(as_text=True)
    assert "@lincoln" in page
    assert "Connected" in page
    assert office.connection().state is ConnectionState.ACTIVE


def test_the_token_is_sealed_and_bound_to_its_channel_and_account(office: Office) -> None:
    connect(office, office.browser())

    (token,) = office.server.tokens
    files = office.services.settings.data_folder.rglob("*")
    assert not any(token.encode() in path.read_bytes() for path in files if path.is_file())
    connection = office.connection()
    with office.services.transaction() as work:
        sealed = work.connections.secret_of(connection.connection_id)
    connectors = make_connectors(office.services)
    assert connectors.open(connection, sealed).account().handle == "lincoln"
    with pytest.raises(Exception, match="cannot be read"):
        connectors.open(replace(connection, channel="another"), sealed)  # type: ignore[arg-type]


def test_an_official_account_needs_a_second_person(office: Office) -> None:
    official(office)
    first = office.browser()
    connect(office, first)
    connection = office.connection()
    confirm = f"/connections/{connection.connection_id}/confirm"

    assert connection.state is ConnectionState.PROPOSED
    assert "Yes, this is our account" not in first.get("/connections").get_data(as_text=True)
    assert first.post(confirm).status_code == 403
    second = office.browser("second")
    assert "Yes, this is our account" in second.get("/connections").get_data(as_text=True)
    assert second.post(confirm).status_code == 302
    assert office.connection().state is ConnectionState.ACTIVE
    assert office.connection().confirmed_by == "the-second"


@pytest.mark.parametrize("is_official", [True, False])
def test_no_look_stands_in_for_the_second_person(office: Office, is_official: bool) -> None:
    """Neither a wrong account for a while, nor the right one again, is anybody's yes."""
    if is_official:
        official(office)
    connect(office, office.browser())
    right = office.server.account
    states = []

    for account in ("666", right):
        office.server.account = account
        office.house.clock.move(timedelta(hours=7))
        sweep_accounts(office.services)
        office.run()
        states.append(office.connection().state)

    if is_official:
        assert states == [ConnectionState.PROPOSED, ConnectionState.PROPOSED]
    else:
        assert states == [ConnectionState.BROKEN, ConnectionState.ACTIVE]


def test_less_than_the_right_to_delete_connects_nothing(office: Office) -> None:
    office.server.granted = "read:accounts read:statuses write:media"

    answer = connect(office, office.browser())

    assert answer.status_code == 400
    assert "taken down" in answer.get_data(as_text=True)
    with office.services.transaction() as work:
        assert work.connections.all() == ()


def test_the_way_back_is_good_once_and_for_who_began_it(office: Office) -> None:
    browser = office.browser()
    back = go_there(office, browser)

    assert office.browser("second").get(back).status_code == 400
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400


def test_the_way_back_ends_after_a_quarter_of_an_hour(office: Office) -> None:
    browser = office.browser()
    back = go_there(office, browser)
    office.house.clock.move(timedelta(minutes=16))

    assert browser.get(back).status_code == 400


@pytest.mark.parametrize(
    "server", ["http://10.0.0.1", "https://127.0.0.1/x", "", "nowhere.invalid"]
)
def test_an_address_of_no_public_server_is_sent_back(office: Office, server: str) -> None:
    answer = office.browser().post(MASTODON, {"server": server})

    assert answer.status_code == 422
    assert "Something needs another look" in answer.get_data(as_text=True)


def test_one_account_posts_for_one_channel(office: Office) -> None:
    browser = office.browser()
    with office.services.transaction() as work:
        work.register.add_channel(a_channel("lincoln-web"))
    connect(office, browser)

    sent = {"server": office.server.base}
    assert browser.post(MASTODON, sent).status_code == 422
    page = browser.post("/connections/to/lincoln-web/mastodon", sent).get_data(as_text=True)
    there = re.search(r'href="([^"]+/oauth/authorize[^"]+)"', page)
    assert there is not None
    back = re.search(r'href="([^"]+)"', requests.get(unescape(there[1]), timeout=5).text)
    assert back is not None
    parts = urlsplit(unescape(back[1]))
    assert browser.get(f"{parts.path}?{parts.query}").status_code == 400


def test_disconnecting_gives_the_token_back_and_destroys_it(office: Office) -> None:
    browser = office.browser()
    connect(office, browser)
    connection = office.connection()

    browser.post(f"/connections/{connection.connection_id}/disconnect")
    office.run()

    assert office.server.tokens == {}
    assert office.connection().state is ConnectionState.ENDED
    with office.services.transaction() as work:
        assert work.connections.secret_of(connection.connection_id) == b""
    assert "Connect an account" in browser.get("/connections").get_data(as_text=True)


@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.SOCIAL])
def test_an_account_that_everybody_sees_serves_no_channel_for_other_readers(
    office: Office, audience: Audience
) -> None:
    browser = office.browser()
    way_back = go_there(office, browser)
    with office.services.transaction() as work:
        work.register.save_channel(a_channel(audience=audience))

    offered = browser.get(f"/connections/to/{CHANNEL}").get_data(as_text=True)
    begun = browser.post(MASTODON, {"server": office.server.base})
    come_back = browser.get(way_back)

    assert f'href="{MASTODON}"' not in offered
    assert f'href="/connections/to/{CHANNEL}/hand-off"' in offered
    assert "Not offered here: Mastodon" in offered
    assert (begun.status_code, come_back.status_code) == (422, 400)
    assert "Everybody can see what is posted there" in begun.get_data(as_text=True)
    with office.services.transaction() as work:
        assert work.connections.all() == ()


def test_an_account_whose_channel_was_changed_by_hand_says_that_it_publishes_nothing(
    office: Office,
) -> None:
    connect(office, office.browser())
    with office.services.transaction() as work:
        work.register.save_channel(a_channel(audience=Audience.CLASS))

    page = office.browser().get("/connections").get_data(as_text=True)

    assert "Nothing is published there: everybody can see this account" in page


def test_an_app_password_connects_a_site_and_is_never_shown_again(office: Office) -> None:
    browser = office.browser()
    with office.services.transaction() as work:
        work.register.save_channel(a_channel(audience=Audience.PUBLIC_WEB))
    way = f"/connections/to/{CHANNEL}/wordpress-password"
    page = browser.get(way).get_data(as_text=True)
    assert "Application password" in page
    assert "Bluesky" not in page

    with wordpress_site() as site:
        password = site.allow()
        sent = {"server": site.base, "user": "lincoln"}
        refused = browser.post(way, {**sent, "password": "wrong-" + password})
        answer = browser.post(way, {**sent, "password": password})

    assert refused.status_code == 422
    assert password not in refused.get_data(as_text=True)
    assert answer.status_code == 302
    assert office.connection().platform is Platform.WORDPRESS
    assert office.connection().state is ConnectionState.ACTIVE
    files = office.services.settings.data_folder.rglob("*")
    assert not any(password.encode() in path.read_bytes() for path in files if path.is_file())


def test_everybody_may_read_who_this_tool_is(office: Office) -> None:
    document = make_client_document(office.services.settings)
    services = replace(office.services, client_document=lambda: document)

    answer = create_app(services).test_client().get("/oauth/client-metadata.json")

    assert answer.status_code == 200
    told = answer.get_json()
    assert told["client_id"].endswith("/oauth/client-metadata.json")
    assert told["redirect_uris"] == [office.services.settings.base_url + "/connections/return"]
    (key,) = told["jwks"]["keys"]
    assert "d" not in key


def test_a_platform_without_app_passwords_takes_none(office: Office) -> None:
    sent = {"server": office.server.base, "user": "x", "password": "y"}

    for way in ("mastodon-password", "x-password", "password", "nothing"):
        assert office.browser().get(f"/connections/to/{CHANNEL}/{way}").status_code == 404
        answer = office.browser().post(f"/connections/to/{CHANNEL}/{way}", sent)
        assert answer.status_code == 404
    with office.services.transaction() as work:
        assert work.connections.all() == ()


def test_an_account_that_lets_nobody_in_is_noticed_and_shown(office: Office) -> None:
    browser = office.browser()
    connect(office, browser)
    office.server.tokens.clear()
    office.house.clock.move(timedelta(hours=7))

    sweep_accounts(office.services)
    office.run()

    assert office.connection().state is ConnectionState.BROKEN
    page = office.browser().get("/connections").get_data(as_text=True)
    assert "Does not let mediacheck in" in page
    with office.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert events.count(Event.ACCOUNT_BROKEN) == 1


def test_an_account_is_not_another_school_s_office_s(office: Office) -> None:
    connect(office, office.browser())
    connection = office.connection()
    stranger = office.browser("stranger")
    assert stranger.member is not None
    elsewhere = replace(stranger.member, schools=("roosevelt",))  # type: ignore[arg-type]
    with office.services.transaction() as work:
        work.accounts.save_staff(elsewhere)
        token = open_session(
            work.accounts,
            elsewhere.staff_id,
            office.house.clock,
            office.house.services.ids,
            replaces=None,
        )
    stranger.client.set_cookie("mediacheck", token)

    assert "@lincoln" not in stranger.get("/connections").get_data(as_text=True)
    answer = stranger.post(f"/connections/{connection.connection_id}/disconnect")
    assert answer.status_code == 404


def health(office: Office, **told: object) -> str:
    """What the page says of an account whose platform told this."""
    connect(office, office.browser())
    with office.services.transaction() as work:
        (connection,) = work.connections.all()
        told_health = replace(AccountHealth(), **told)  # type: ignore[arg-type]
        work.connections.save(replace(connection, health=told_health))
    return office.browser().get("/connections").get_data(as_text=True)


def test_a_page_tells_rights_and_limits_as_the_platform_told_them(office: Office) -> None:
    now = office.house.clock.now()
    page = health(
        office,
        has_end=False,
        calls_left=1234,
        calls_most=7500,
        calls_again_at=now + timedelta(minutes=5),
    )

    assert "It works until somebody disconnects the account." in page
    assert "1,234 of 7,500 are left until Nov 24, 12:05 PM, at the last look." in page
    assert "write:statuses" in page


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (-1, "blocked", "connect the account again"),
        (5, "review", "before"),
        (40, "", "Works until"),
    ],
)
def test_a_key_that_ends_soon_is_told_before(
    office: Office, days: int, kind: str, words: str
) -> None:
    page = health(office, token_ends_at=office.house.clock.now() + timedelta(days=days))

    assert words in page
    assert (f'class="badge {kind}"' in page) == bool(kind)


def test_a_platform_that_tells_nothing_is_told_as_that(office: Office) -> None:
    page = health(office)

    assert "does not say how long it works" in page
    assert "does not say how many it takes" in page


def test_an_account_is_asked_at_once_how_long_its_key_works(office: Office) -> None:
    connect(office, office.browser())
    assert "asks in a moment" in office.browser().get("/connections").get_data(as_text=True)

    sweep_accounts(office.services)
    office.run()

    page = office.browser().get("/connections").get_data(as_text=True)
    assert "It works until somebody disconnects the account." in page
    sweep_accounts(office.services)
    assert office.house.jobs.accounts == []
