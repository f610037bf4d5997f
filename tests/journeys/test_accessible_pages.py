"""axe finds nothing to complain of on any page, in any state that a person meets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import (
    ADMINISTRATOR,
    ARTWORK,
    BOTH,
    OFFICE,
    REGISTRAR,
    TEACHER,
    Visitor,
)

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]


def test_the_pages_before_signing_in_are_accessible(window: Window) -> None:
    visitor = window()
    for path in ("/sign-in", "/set-up"):
        visitor.open(path)
        visitor.require_accessible(path)


@pytest.mark.parametrize(
    ("email", "paths"),
    [
        (TEACHER, ("/posts", "/posts/new", "/publishing", "/account/password")),
        (
            OFFICE,
            (
                "/queue",
                "/posts",
                "/posts/new",
                "/publishing",
                "/connections",
                "/connections/to/lincoln-instagram",
                "/connections/to/lincoln-instagram/bluesky-password",
                "/connections/to/lincoln-instagram/instagram",
                "/calendar",
                "/takedowns/tasks",
                "/timeline",
                "/archive",
                "/ledger?q=maya",
                "/ledger/S1001",
            ),
        ),
        (
            REGISTRAR,
            (
                "/registrars/register",
                "/registrars/waiting",
                "/registrars/holds",
                "/registrars/students/S1018",
                "/registrars/students/S1018/paper",
                "/registrars/students/S1018/orders/new",
                "/registrars/imports",
                "/registrars/portraits",
                "/registrars/round",
                "/registrars/counts",
                "/registrars/requests",
                "/registrars/of-age",
                "/registrars/disagreements",
                "/registrars/students/S1001/permission",
            ),
        ),
        (
            ADMINISTRATOR,
            (
                "/administrators/accounts",
                "/administrators/accounts/new",
                "/administrators/channels",
                "/administrators/channels/new",
                "/administrators/settings",
                "/administrators/notices",
                "/administrators/certificates",
                "/administrators/audit",
            ),
        ),
    ],
)
def test_the_pages_of_every_role_are_accessible(
    window: Window, email: str, paths: tuple[str, ...]
) -> None:
    visitor = window()
    visitor.sign_in(email)
    for path in paths:
        visitor.open(path)
        visitor.snap(
            f"page{path.partition('?')[0].replace('/', '-')}-{email.split('@', maxsplit=1)[0]}",
            whole=True,
        )
        visitor.require_accessible(path)


@pytest.mark.parametrize("email", [TEACHER, OFFICE, REGISTRAR, ADMINISTRATOR])
def test_the_header_is_one_row_and_the_rest_is_behind_more(window: Window, email: str) -> None:
    visitor = window()
    visitor.sign_in(email)
    visitor.open("/")
    header = visitor.page.locator(".site-header").bounding_box()
    assert header is not None
    assert header["height"] <= 72
    more = visitor.page.locator(".nav-more")
    if email != TEACHER:
        visitor.page.get_by_text("More", exact=True).click()
        expect(more.get_by_role("link").first).to_be_visible()
        visitor.require_accessible("the pages behind More")
        visitor.snap(f"more-{email.split('@', maxsplit=1)[0]}")
        visitor.page.keyboard.press("Escape")
        expect(more.get_by_role("link").first).to_be_hidden()


def test_the_pages_that_say_no_are_accessible(window: Window) -> None:
    visitor = window()
    visitor.sign_in(TEACHER)
    for path in ("/posts/nothing", "/administrators/accounts", "/nowhere"):
        visitor.open(path)
        visitor.require_accessible(path)
    visitor.forget("40[34]")


def test_a_post_is_accessible_while_it_is_made(window: Window) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post()
    teacher.require_accessible("an empty post")
    teacher.add(BOTH, ARTWORK)
    teacher.page.get_by_label("Caption", exact=True).fill("Maya and Teddy painted, said Hana.")
    expect(teacher.page.locator(".name", has_text="“Teddy”")).to_be_visible()
    teacher.require_accessible("a blocked post")

    teacher.button("Settle the next one").click()
    teacher.require_accessible("the menu of a name in a picture")
    teacher.button("Back to the list").click()
    teacher.require_accessible("the list of a picture")
    teacher.button("Add a face that was missed").click()
    teacher.require_accessible("a box that is drawn")
    teacher.button("Drop it").click()
    teacher.button("The next photo").click()
    teacher.page.locator("[data-box]").first.click()
    expect(teacher.page.locator(".chooser-option").first).to_be_visible()
    teacher.require_accessible("the menu of a face")
    teacher.button("Close the photo").click()


def test_a_post_is_accessible_until_it_is_cleared(window: Window) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(BOTH)
    teacher.button("Send to the office").click()
    teacher.require_accessible("the question for a note")
    teacher.button("Send it").click()
    expect(teacher.button("Take it back")).to_be_visible()
    teacher.require_accessible("a post with the office")
    teacher.button("Take it back").click()
    teacher.button("Cover everyone who is not cleared").click()
    teacher.require_accessible("a post that is checked")
    teacher.wait_until_checked()
    teacher.describe("Two students in front of flags")
    teacher.page.locator(".photo-open").click()
    teacher.page.locator("[data-box]").first.click()
    teacher.require_accessible("the menu of a cover")
    teacher.button("Close the photo").click()
    with teacher.page.expect_download():
        teacher.button("Get the cleared package").click()
    expect(teacher.button("Download it again")).to_be_visible()
    teacher.require_accessible("a cleared post")
