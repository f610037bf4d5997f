"""A teacher with a phone: nothing scrolls sideways, and everything can be hit with a thumb."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import ARTWORK, BOTH, OFFICE, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

_NARROWEST = 360
_THUMB_PX = 44
#: Buttons, links and fields that can be seen but are lower or narrower than a thumb.
_TOO_SMALL = """
  (least) => [...document.querySelectorAll("button, select, summary, textarea")]
    .filter((one) => one.checkVisibility())
    .filter((one) => !one.matches("[data-box]"))
    .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => height < least || width < least)
    .map(([words, { width, height }]) => `${words}: ${width} x ${height}`)
"""


def test_a_post_is_mended_on_a_phone(window: Callable[..., Visitor]) -> None:
    teacher = window(width=_NARROWEST, height=780)
    teacher.sign_in(TEACHER)
    teacher.start_post(BOTH, ARTWORK, caption="Maya and Teddy painted mountains.")
    page = teacher.page
    teacher.require_no_sideways_scroll("a post")
    teacher.snap("phone-post", whole=True)
    assert page.evaluate(_TOO_SMALL, _THUMB_PX) == []

    teacher.button("Name in the picture: “Teddy Ramos”").tap()
    teacher.require_no_sideways_scroll("the menu of a name")
    teacher.snap("phone-menu")
    teacher.press("Cover it")
    teacher.button("The next photo").tap()
    # A tap beside a small face still means that face.
    box = page.locator("[data-box].face").first
    box.click(trial=True)  # It stands still once the picture is there.
    face = box.bounding_box()
    assert face is not None
    beside = (_THUMB_PX - face["height"]) / 2 - 1
    assert beside > 0, f"the face is {face['height']} px high"
    page.touchscreen.tap(face["x"] + face["width"] / 2, face["y"] - beside)
    expect(page.locator("#menu-title")).to_have_text("Face 1")
    teacher.snap("phone-face")
    assert page.evaluate(_TOO_SMALL, _THUMB_PX) == []
    teacher.button("Yes, this is Maya Lindqvist").tap()
    teacher.button("Close the photo").tap()

    teacher.press("Cover everyone who is not cleared")
    refused = page.locator(".name", has_text="“Teddy”")
    refused.get_by_role("button", name="Take the name out").tap()
    for photo in (1, 2):
        teacher.describe("A painting and an astronaut", photo)
    expect(teacher.headline()).to_have_text("This post may go out")
    teacher.snap("phone-cleared")


def test_no_page_scrolls_sideways_on_a_phone(window: Callable[..., Visitor]) -> None:
    for email, paths in (
        (TEACHER, ("/posts", "/posts/new")),
        (OFFICE, ("/queue", "/posts/new")),
    ):
        visitor = window(width=_NARROWEST, height=780)
        visitor.sign_in(email)
        for path in paths:
            visitor.open(path)
            visitor.snap(f"phone{path.replace('/', '-')}-{email.partition('@')[0]}", whole=True)
            visitor.require_no_sideways_scroll(path)
