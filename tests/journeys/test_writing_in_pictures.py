"""Writing that nobody could read, in the browser: a person says whom it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import RELEASED, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]


def test_unread_writing_is_said_to_name_somebody(window: Callable[..., Visitor]) -> None:
    teacher = window()
    teacher.sign_in(TEACHER)
    teacher.start_post(RELEASED, caption="Space week.")

    teacher.button("Open photo 1").click()
    teacher.page.locator("[data-box].unread").first.click()
    teacher.snap("unread-writing")
    teacher.require_accessible("the menu of unread writing")
    teacher.page.locator(".chooser input").fill("Ortiz")
    teacher.page.locator(".chooser-option").click()

    expect(teacher.page.locator("[data-box].unread")).to_have_count(0)
    expect(teacher.page.locator("[data-box].name")).not_to_have_count(0)
    teacher.snap("unread-writing-named")
    teacher.page.locator("[data-box].name").first.click()
    teacher.button("Take that back").click()
    expect(teacher.page.locator("[data-box].unread")).not_to_have_count(0)
