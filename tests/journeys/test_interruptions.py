"""What else happens at four in the afternoon: two windows, an ended session, the wrong file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import BOTH, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]


def test_words_of_two_windows_do_not_overwrite_each_other(window: Window) -> None:
    first, second = window(), window()
    first.sign_in(TEACHER)
    second.sign_in(TEACHER)
    first.start_post(caption="One.")
    second.page.goto(first.page.url)
    second.page.get_by_label("Caption", exact=True).fill("Two, from the second window.")
    expect(second.page.locator("#caption")).to_have_attribute(
        "data-saved", "Two, from the second window."
    )

    mine = first.page.get_by_label("Caption", exact=True)
    mine.fill("Three, from the first window.")
    expect(first.page.locator("#names")).to_contain_text("Two, from the second window.")
    expect(mine).to_have_value("Three, from the first window.")
    first.require_accessible("two captions at once")
    first.button("Keep mine").click()

    expect(first.page.locator("#caption")).to_have_attribute(
        "data-saved", "Three, from the first window."
    )
    first.forget("409")


def test_what_was_typed_outlives_a_session(window: Window) -> None:
    teacher = window()
    # Not the session of the other tests: it ends here.
    teacher.sign_in_anew(TEACHER)
    teacher.start_post(caption="One.")
    elsewhere = teacher.in_another_tab()
    elsewhere.open("/posts")
    elsewhere.button("Sign out").click()
    caption = teacher.page.get_by_label("Caption", exact=True)
    caption.fill("Two.")
    expect(teacher.page.locator("#post > [data-alerts]")).to_contain_text("You are signed out.")
    teacher.require_accessible("a page whose session has ended")

    elsewhere.sign_in_anew(TEACHER)
    caption.fill("Two, and more.")

    expect(caption).to_have_attribute("data-saved", "Two, and more.")
    expect(teacher.page.locator("#post > [data-alerts]")).to_be_empty()
    teacher.forget("401")


def test_a_file_that_is_no_photo_is_refused_alone(window: Window) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(BOTH)
    teacher.page.locator("#files").set_input_files(
        [{"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"}]
    )
    expect(teacher.page.locator("#sheet > li")).to_have_count(2)
    teacher.wait_until_checked()

    refused = teacher.page.locator(".photo", has_text="notes.jpg")
    expect(refused).to_contain_text("This is not a photo that can be checked.")
    refused.get_by_role("button", name="Take photo 2 out").click()
    expect(teacher.page.locator("#sheet > li")).to_have_count(1)
