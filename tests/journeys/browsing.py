"""A person at the real tool in a real browser, in the words of what they do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from mediacheck.demo.district import PICTURES
from mediacheck.demo.people import PASSWORD
from tests.journeys.photograph import photograph

#: The first check of a process loads the engines.
CHECKED_MS = 90_000

#: A machine that is busy with other tests answers late, and late is not wrong.
expect.set_options(timeout=15_000)

#: The cookie of a session.
SESSION = "mediacheck"

TEACHER = "rivera@demo.example"
OFFICE = "hart@demo.example"
SECOND_OFFICE = "osborne@demo.example"
REGISTRAR = "feldman@demo.example"
ADMINISTRATOR = "admin@demo.example"

BOTH = PICTURES / "sample-both.jpg"
RELEASED = PICTURES / "sample-released.jpg"
ARTWORK = PICTURES / "sample-artwork.jpg"


#: The session of each person who has signed in, as a browser keeps it.
_SIGNED_IN: dict[str, str] = {}


@dataclass(slots=True)
class Visitor:
    """A browser window, and everything in it that went wrong."""

    page: Page
    address: str
    screens: Path
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Begins to note errors of scripts and refused requests."""
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        # A bound method cannot be marked by the library in a class with slots.
        self.page.on("console", lambda message: self._note(message))  # noqa: PLW0108

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"{message.text} ({message.location.get('url')})")

    def forget(self, pattern: str) -> None:
        """Takes back what was noted where a refusal is what the test is about."""
        self.troubles[:] = [words for words in self.troubles if not re.search(pattern, words)]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, email: str) -> None:
        """Signs in by the form the first time, and is remembered from then on."""
        context = self.page.context
        if email in _SIGNED_IN:
            kept = {"name": SESSION, "value": _SIGNED_IN[email], "url": self.address}
            context.add_cookies([kept])  # type: ignore[list-item]  # the library's type is private.
            self.open("/")
            return
        self.sign_in_anew(email)
        by_name = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        _SIGNED_IN[email] = by_name[SESSION]

    def sign_in_anew(self, email: str) -> None:
        """Signs in by the form."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def in_another_tab(self) -> Visitor:
        """The same person, in another tab of the same browser."""
        tab = Visitor(page=self.page.context.new_page(), address=self.address, screens=self.screens)
        tab.watch()
        return tab

    def start_post(
        self, *pictures: Path, caption: str = "", channel: str = "Lincoln on Instagram"
    ) -> None:
        """A new post of room 12, with these pictures, checked."""
        self.open("/posts/new")
        self.page.get_by_role("radio", name=channel).check()
        self.page.get_by_label("Whose photos are they?").select_option("lincoln/room-12")
        self.page.get_by_label("Caption").fill(caption)
        self.page.get_by_role("button", name="Go on to the photos").click()
        self.add(*pictures)

    def add(self, *pictures: Path) -> None:
        """Chooses photos and waits until they are checked."""
        cards = self.page.locator("#sheet > li")
        expect(self.button("Choose photos")).to_be_visible()
        # The page's script listens from the load on; a file chosen before would be lost on it.
        self.page.wait_for_load_state("load")
        before = cards.count()
        self.page.locator("#files").set_input_files(pictures)
        expect(cards).to_have_count(before + len(pictures))
        self.wait_until_checked()

    def wait_until_checked(self) -> None:
        expect(self.page.locator("#sheet > .waiting")).to_have_count(0, timeout=CHECKED_MS)

    def describe(self, words: str, photo: int = 1) -> None:
        """Writes the description of a photo, and waits until it is saved and judged."""
        field_ = self.page.get_by_label(f"Description of photo {photo}")
        field_.fill(words)
        field_.blur()
        expect(field_).to_have_attribute("data-saved", words)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def press(self, name: str) -> None:
        """Presses a button and waits until what it asked for is done and checked."""
        self.button(name).click()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.wait_until_checked()

    def headline(self) -> Locator:
        return self.page.locator("#verdict-title")

    def snap(self, name: str, *, whole: bool = False) -> None:
        """A screenshot for somebody to look at."""
        photograph(self.page, self.screens / f"{name}.png", whole=whole)

    def require_accessible(self, what: str) -> None:
        """Axe finds nothing on the page as it stands.

        Raises:
            AssertionError: it does; the message says what.
        """
        report = Axe().run(self.page)
        assert report.violations_count == 0, f"{what}: {report.generate_report()}"

    def require_no_sideways_scroll(self, what: str) -> None:
        """Nothing is wider than the window.

        Raises:
            AssertionError: something is.
        """
        widths = "[document.documentElement.scrollWidth, window.innerWidth]"
        whole, window = self.page.evaluate(widths)
        assert whole <= window, f"{what}: {whole} pixels in a window of {window}"


def open_window(
    browser: Browser, address: str, screens: Path, *, width: int = 1280, height: int = 900
) -> Visitor:
    """A fresh window, signed out; a narrow one is a phone."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=width < 800,
        is_mobile=width < 800,
        accept_downloads=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    visitor = Visitor(page=context.new_page(), address=address, screens=screens)
    visitor.watch()
    return visitor
