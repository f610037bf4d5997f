"""Signing in against the certified ``oidc-provider``, in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mediacheck.demo.people import PASSWORD, STAFF
from mediacheck.model.people import Role
from tests.journeys.browsing import Visitor, open_window
from tests.journeys.conftest import serve_demo
from tests.live.conftest import require_program, require_server, running
from tests.ports import free_port

pytestmark = [pytest.mark.lane, pytest.mark.live, pytest.mark.browser]

TEACHER = next(member for member in STAFF if member.role is Role.TEACHER)
ADMINISTRATOR = next(member for member in STAFF if member.role is Role.ADMINISTRATOR)
DOMAIN = TEACHER.email.partition("@")[2]


@pytest.fixture(scope="module")
def address(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The made-up district, whose sign-in is the provider."""
    del chromium_path
    folder = require_server("oidc-provider", "node_modules/oidc-provider")
    node, port = require_program("node"), free_port()
    command = [node, str(Path(__file__).with_name("openid_provider.mjs")), str(folder), str(port)]
    switches = {
        "MEDIACHECK_URL": "http://127.0.0.1:{port}",
        "MEDIACHECK_LOOPBACK_ACCOUNTS": "yes",
        "MEDIACHECK_GOOGLE_ISSUER": f"http://127.0.0.1:{port}",
        "MEDIACHECK_GOOGLE_CLIENT_ID": "mediacheck-live",
        "MEDIACHECK_GOOGLE_CLIENT_SECRET": "of the live lane",
        "MEDIACHECK_GOOGLE_DOMAIN": DOMAIN,
    }
    with (
        serve_demo(tmp_path_factory.mktemp("live"), **switches) as served,
        running([*command, f"{served}/sign-in/return/google"], "ready"),
    ):
        yield served


@pytest.fixture
def window(chromium: Browser, address: str, screens: Path) -> Iterator[Callable[[], Visitor]]:
    opened: list[Visitor] = []

    def open_one() -> Visitor:
        opened.append(open_window(chromium, address, screens))
        return opened[-1]

    yield open_one
    for visitor in opened:
        visitor.page.context.close()


def sign_in_there(visitor: Visitor, email: str, *, is_known: bool = False) -> None:
    """On the provider's own pages; it asks once what mediacheck may learn."""
    page = visitor.page
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    if not is_known:
        page.get_by_role("button", name="Continue").click()


def begin(visitor: Visitor) -> None:
    visitor.open("/sign-in")
    visitor.page.get_by_role("link", name="Sign in with Google").click()


def refusal_of(visitor: Visitor) -> Locator:
    return visitor.page.locator(".error-summary")


def test_a_teacher_comes_in_and_a_student_does_not(window: Callable[[], Visitor]) -> None:
    teacher, student = window(), window()
    begin(teacher)
    teacher.snap("sign-in-with-district")

    sign_in_there(teacher, TEACHER.email)

    expect(teacher.page.get_by_role("link", name=TEACHER.name)).to_be_visible()
    begin(student)
    sign_in_there(student, f"maya.lindqvist@{DOMAIN}")
    expect(refusal_of(student)).to_contain_text("mediacheck has no account for you")


def test_somebody_of_another_domain_does_not(window: Callable[[], Visitor]) -> None:
    stranger = window()
    begin(stranger)

    sign_in_there(stranger, TEACHER.email.replace(DOMAIN, "evil.example"))

    expect(refusal_of(stranger)).to_contain_text("not one of your district")


def test_an_administrator_ties_it_with_the_password(window: Callable[[], Visitor]) -> None:
    first, later = window(), window()
    begin(first)
    sign_in_there(first, ADMINISTRATOR.email)
    expect(refusal_of(first)).to_contain_text("mediacheck password this once")
    first.snap("sign-in-not-by-address")
    first.sign_in_anew(ADMINISTRATOR.email)
    first.open("/account/password")
    first.page.locator("#present-google").fill(PASSWORD)
    first.snap("own-account", whole=True)
    first.button("Connect my Google account").click()
    first.page.get_by_role("link", name="Go to Google").click()

    sign_in_there(first, ADMINISTRATOR.email, is_known=True)

    expect(first.page.get_by_text("From now on you can sign in with Google")).to_be_visible()
    begin(later)
    sign_in_there(later, ADMINISTRATOR.email)
    banner = later.page.get_by_role("banner")
    expect(banner.get_by_role("link", name=ADMINISTRATOR.name)).to_be_visible()
