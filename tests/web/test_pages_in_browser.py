"""The pages in a real browser: accessible, at home on a phone, usable from the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from mediacheck.accounts.passwords import hash_password
from mediacheck.model.people import Role
from tests.conftest import House
from tests.journeys.serving import listening
from tests.web.conftest import a_member
from tests.web.test_templates import PAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.
SIZES = {"phone": (360, 740), "desk": (1280, 900)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The app behind a real address."""

    address: str
    chromium: Chromium

    def context(self, *, size: str = "desk", scheme: str = "light") -> BrowserContext:
        """A fresh browser profile."""
        width, height = SIZES[size]
        return self.chromium.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )


@pytest.fixture
def site(app: Flask, house: House, chromium: Chromium) -> Iterator[Site]:
    with house.services.transaction() as work:
        for role in PAGES:
            work.accounts.save_staff(a_member(role))
            work.accounts.set_password_hash(a_member(role).staff_id, hash_password(PASSWORD))
    with listening(app) as address:
        yield Site(address=address, chromium=chromium)


def sign_in(page: Page, role: Role) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(a_member(role).email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/*")


def require_good_page(page: Page, path: str) -> None:
    """No accessibility violation of WCAG 2.1 AA, and nothing wider than the window."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", listen)
    page.goto(path)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    )
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], path
    assert complaints == [], path


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("phone", "light"), pytest.param("desk", "dark", marks=pytest.mark.lane)],
)
def test_every_page_is_accessible_and_fits(site: Site, size: str, scheme: str) -> None:
    for role, paths in PAGES.items():
        with site.context(size=size, scheme=scheme) as context:
            page = context.new_page()
            for path in ("/sign-in", "/set-up"):
                require_good_page(page, path)
            sign_in(page, role)
            for path in paths:
                require_good_page(page, path)


def test_the_door_opens_from_the_keyboard_alone(site: Site) -> None:
    with site.context() as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the page")
        assert skip.evaluate("link => link === document.activeElement")
        assert (skip.bounding_box() or {})["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type(a_member(Role.TEACHER).email)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        page.get_by_role("button", name="Sign out").wait_for()


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(site: Site) -> None:
    with site.context(size="phone") as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill("nobody@district.example")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        summary = page.locator(".error-summary")
        summary.wait_for()

        assert summary.evaluate("one => one === document.activeElement")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "email"
        assert page.title().startswith("Error: ")


def test_a_password_can_be_shown(site: Site) -> None:
    with site.context() as context:
        page = context.new_page()
        sign_in(page, Role.TEACHER)
        page.goto("/account/password")
        page.get_by_label("New password").fill("abc")
        page.get_by_role("button", name="Show the password").click()

        assert page.get_by_label("New password").get_attribute("type") == "text"


def test_nothing_moves_for_whoever_asked_for_less_motion(site: Site) -> None:
    with site.context() as context:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        page.goto("/sign-in")
        duration = page.get_by_role("button", name="Sign in").evaluate(
            "button => getComputedStyle(button).transitionDuration"
        )

        assert duration == "0s"
