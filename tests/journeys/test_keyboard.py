"""A teacher who works with the keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import BOTH, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

_MOST_TABS = 80


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what has that name has the focus, as a person would.

    Raises:
        AssertionError: it cannot be reached.
    """
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    raise AssertionError(f"no way to “{name}” with the Tab key")


def focused(page: Page) -> str:
    """Name of what has the focus: its label, or its words."""
    found: str = page.evaluate(
        "(document.activeElement.getAttribute('aria-label')"
        " ?? document.activeElement.labels?.[0]?.textContent"
        " ?? document.activeElement.textContent).trim()"
    )
    return found


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_post_is_made_and_cleared_with_the_keys_alone(window: Callable[..., Visitor]) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    page = teacher.page
    page.on("filechooser", lambda chooser: chooser.set_files(BOTH))
    teacher.open("/posts/new")
    tab_to(page, "District family portal")
    press(page, "ArrowDown", "ArrowDown")
    tab_to(page, "Whose photos are they?")
    page.keyboard.type("room-12")
    tab_to(page, "Go on to the photos")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Post for Lincoln on Instagram")

    tab_to(page, "Choose photos")
    press(page, "Enter")
    expect(page.locator("#sheet > li")).to_have_count(1)
    teacher.wait_until_checked()

    # Into the photo: the first open face has the focus, the arrows go on to the next.
    tab_to(page, "Open photo 1")
    press(page, "Enter")
    expect(page.locator("[data-box]").first).to_be_focused()
    press(page, "ArrowRight")
    expect(page.locator("[data-box]").nth(1)).to_be_focused()
    press(page, "Enter")
    tab_to(page, "Cover this face")
    press(page, "Escape")
    expect(page.locator("[data-box]").nth(1)).to_be_focused()
    press(page, "ArrowLeft", "Enter")
    tab_to(page, "Yes, this is Maya Lindqvist")
    press(page, "Enter")
    expect(page.locator("[data-box]").nth(1)).to_be_focused()
    press(page, "Enter")
    tab_to(page, "Cover this face")
    press(page, "Enter")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    teacher.wait_until_checked()
    press(page, "Escape")
    expect(page.locator("#editor")).not_to_be_visible()

    tab_to(page, "Description")
    page.keyboard.type("A student in an orange space suit")
    expect(teacher.headline()).to_have_text("This post may go out")


def test_a_face_is_drawn_and_named_with_the_keys_alone(window: Callable[..., Visitor]) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(BOTH)
    page = teacher.page
    page.locator(".photo-open").focus()
    press(page, "Enter")
    tab_to(page, "Add a face that was missed")
    press(page, "Enter")
    expect(page.locator(".drawn")).to_be_focused()
    before = page.locator(".drawn").bounding_box()
    press(page, "ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowUp")
    after = page.locator(".drawn").bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"] > before["x"], after["width"] < before["width"]) == (True, True)
    press(page, "Enter")

    expect(page.locator("#menu-title")).to_have_text("Face 3")
    teacher.wait_until_checked()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    tab_to(page, "Choose who it is")
    page.keyboard.type("ok")
    # The page asks for the post anew meanwhile, as it does when somebody comes back to it.
    with page.expect_response("**/state"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)
    page.keyboard.type("af")
    chooser = page.get_by_role("combobox", name="Choose who it is")
    expect(chooser).to_have_value("okaf")
    expect(page.locator(".chooser-option")).to_have_count(1)
    press(page, "ArrowDown", "Enter")
    expect(page.locator("[data-box]").first).to_be_focused()
    expect(page.locator(".found-row", has_text="Amara Okafor")).to_be_visible()

    # Escape drops a box that was not meant.
    tab_to(page, "Add a face that was missed")
    press(page, "Enter", "Escape")
    expect(page.locator(".drawn")).to_have_count(0)
    expect(page.locator("#editor")).to_be_visible()
