"""Every kind of account is connected in a real browser, on its own page and the platform's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role
from mediacheck.model.publishing import Platform
from mediacheck.ports.services import Services
from mediacheck.publish.connectors.facebook.linking import SCOPES as FACEBOOK
from mediacheck.publish.connectors.facebook.linking import FacebookLinking
from mediacheck.publish.connectors.instagram.linking import SCOPES as INSTAGRAM
from mediacheck.publish.connectors.instagram.linking import InstagramLinking
from mediacheck.settings import AppKeys
from mediacheck.web.app import create_app
from mediacheck.web.communications.ways import WAYS
from mediacheck.wiring.publishing import make_linkings, make_password_linkings
from release_db.words import Audience
from tests.conftest import House
from tests.contracts.test_vendor_linking import login, x_linking
from tests.factories import a_channel
from tests.journeys.photograph import photograph
from tests.journeys.serving import listening
from tests.ports import free_port
from tests.servers.bluesky import Pds, bluesky_server
from tests.servers.graph import GraphServer, graph_server
from tests.servers.mastodon import Server, mastodon_server
from tests.servers.wordpress import Site, wordpress_site
from tests.servers.x import XServer, x_server
from tests.web.conftest import a_member

pytestmark = [
    pytest.mark.browser,
    pytest.mark.lane,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

APP = AppKeys(key="app", secret="app-secret")  # noqa: S106 - of no app.


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """Every platform, on loopback."""

    mastodon: Server
    bluesky: Pds
    wordpress: Site
    meta: GraphServer
    x: XServer

    def answers(self) -> dict[str, dict[str, str]]:
        """What somebody writes on the page of each way."""
        return {
            "mastodon": {"Name of the server": self.mastodon.base},
            "bluesky": {"Handle of the account": self.bluesky.handle},
            "bluesky-password": {
                "Handle of the account": self.bluesky.handle,
                "App password": self.bluesky.app_password(),
            },
            "wordpress": {"Address of the website": self.wordpress.base},
            "wordpress-password": {
                "Address of the website": self.wordpress.base,
                "User name on the website": self.wordpress.handle,
                "Application password": self.wordpress.allow(),
            },
            "facebook": {"Name of the Page": "Lincoln School"},
            "instagram": {"Name of the account": "lincoln"},
            "x": {},
            "hand-off": {"Where is it posted?": "ParentSquare"},
        }


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with ExitStack() as stack:
        yield Platforms(
            mastodon=stack.enter_context(mastodon_server()),
            bluesky=stack.enter_context(bluesky_server()),
            wordpress=stack.enter_context(wordpress_site()),
            meta=stack.enter_context(graph_server()),
            x=stack.enter_context(x_server()),
        )


def connected_to(house: House, platforms: Platforms, base_url: str, *, has_apps: bool) -> Services:
    """The tool, with the platforms of the test in the place of the world's."""
    settings = replace(
        house.services.settings,
        allows_loopback_accounts=True,
        base_url=base_url,
        handle_directory=platforms.bluesky.base,
        handle_server=platforms.bluesky.base,
        has_bluesky_views=False,
    )
    made = dict(make_linkings(settings))
    if has_apps:
        settings = replace(settings, x_app=APP, meta_app=APP)
        facebook, instagram = login(platforms.meta, FACEBOOK), login(platforms.meta, INSTAGRAM)
        made[Platform.X] = x_linking(platforms.x)
        made[Platform.FACEBOOK] = FacebookLinking(login=facebook)
        made[Platform.INSTAGRAM] = InstagramLinking(login=instagram)
    passwords = make_password_linkings(settings)
    return replace(house.services, settings=settings, linkings=made, password_linkings=passwords)


@pytest.fixture
def open_office(
    house: House, platforms: Platforms, chromium: Chromium
) -> Iterator[Callable[[bool], Page]]:
    """Serves the tool, and opens a window in which somebody of the office has signed in."""
    with ExitStack() as stack:

        def open_it(has_apps: bool) -> Page:
            port = free_port()
            address = f"http://127.0.0.1:{port}"
            services = connected_to(house, platforms, address, has_apps=has_apps)
            stack.enter_context(listening(create_app(services), port))
            context = chromium.new_context(
                base_url=address, viewport={"width": 1000, "height": 800}
            )
            stack.callback(context.close)
            kept = {"name": "mediacheck", "value": _session(services), "url": address}
            context.add_cookies([kept])  # type: ignore[list-item]  # the library's type is private.
            return context.new_page()

        yield open_it


def _session(services: Services) -> str:
    member = a_member(Role.COMMUNICATIONS)
    with services.transaction() as work:
        for way in WAYS:
            audience = way.platform.seen_by or Audience.SOCIAL
            work.register.add_channel(a_channel(f"by-{way.key}", audience=audience))
        work.accounts.save_staff(member)
        return open_session(
            work.accounts, member.staff_id, services.clock, services.ids, replaces=None
        )


def look_at(page: Page, screens: Path, name: str) -> None:
    photograph(page, screens / f"connect-{name}.png")
    report = Axe().run(page)
    assert report.violations_count == 0, f"{name}: {report.generate_report()}"


def say_yes_there(page: Page) -> None:
    """The platform's own page: one link, whatever it is called there."""
    page.locator("main a.button").click()
    page.locator("a").click()


def test_every_kind_of_account_is_connected_on_a_page_of_its_own(
    open_office: Callable[[bool], Page], platforms: Platforms, screens: Path
) -> None:
    page, answers = open_office(True), platforms.answers()
    assert set(answers) == {way.key for way in WAYS}

    for way in WAYS:
        page.goto(f"/connections/to/by-{way.key}")
        look_at(page, screens, "choose")
        first = way if not way.is_second else next(one for one in WAYS if one.other == way.key)
        page.get_by_role("link", name=first.name, exact=True).click()
        if way.is_second:
            page.get_by_role("link", name="Connect with an app").click()
        look_at(page, screens, way.key)
        assert page.locator("form input:not([type=hidden])").count() == len(answers[way.key])
        for label, words in answers[way.key].items():
            page.get_by_label(label).fill(words)
        page.locator("main").get_by_role("button", name=way.button, exact=True).click()
        if not way.has_password and way.platform is not Platform.HAND_OFF:
            say_yes_there(page)
        expect(page.get_by_text("The account is connected.")).to_be_visible()
        # One account posts for one channel: the next way to it needs it free.
        page.get_by_role("button", name="Disconnect").click()
        expect(page.get_by_text("The account is disconnected")).to_be_visible()


def test_what_the_administrator_has_to_do_first_is_said_before_anybody_begins(
    open_office: Callable[[bool], Page], screens: Path
) -> None:
    page = open_office(False)
    page.goto("/connections/to/by-x")
    look_at(page, screens, "choose-without-apps")
    waits = page.locator("main li", has_text="The administrator has to set it up first")
    assert waits.count() == 3

    for key, setting in (
        ("x", "MEDIACHECK_X_APP=ID:SECRET"),
        ("facebook", "MEDIACHECK_META_APP=ID:SECRET"),
        ("instagram", "MEDIACHECK_META_APP=ID:SECRET"),
    ):
        page.goto(f"/connections/to/by-{key}/{key}")
        expect(page.get_by_role("heading", name="The administrator has to")).to_be_visible()
        expect(page.get_by_text(setting)).to_be_visible()
        assert page.locator("main form").count() == 0
        look_at(page, screens, f"{key}-without-app")


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    open_office: Callable[[bool], Page], screens: Path
) -> None:
    page = open_office(True)
    page.goto("/connections/to/by-wordpress/wordpress-password")
    for label, words in (
        ("Address of the website", "127.0.0.1:9"),
        ("User name on the website", "lincoln"),
        ("Application password", "abcd EFGH 1234 ijkl MNOP 5678"),
    ):
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_role("heading", name="Something needs another look")).to_be_visible()
    expect(page.get_by_label("User name on the website")).to_have_value("lincoln")
    expect(page.get_by_label("Application password")).to_have_value("")
    look_at(page, screens, "wordpress-wrong")
