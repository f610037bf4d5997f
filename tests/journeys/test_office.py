"""A post goes to the communications office and back, between two people in two windows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import BOTH, OFFICE, RELEASED, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]


def test_a_reviewer_sends_back_and_then_clears(window: Window) -> None:
    teacher, reviewer = window(), window()
    teacher.sign_in(TEACHER)
    teacher.start_post(RELEASED, caption="Space week at Lincoln.")
    teacher.button("Send to the office").click()
    teacher.page.get_by_label("What should they know?").fill("Is the banner fine?")
    teacher.button("Send it").click()
    expect(teacher.page.locator("#correspondence")).to_contain_text(
        "With the communications office since"
    )
    assert teacher.page.get_by_label("Caption", exact=True).get_attribute("readonly") is not None

    reviewer.sign_in(OFFICE)
    reviewer.snap("queue", whole=True)
    waiting = reviewer.page.locator("section", has_text="Waiting for you")
    waiting.get_by_role("link", name="Space week at Lincoln.").first.click()
    reviewer.snap("review", whole=True)
    reviewer.button("Send back with words").click()
    reviewer.button("Send it back").click()
    expect(reviewer.page.locator("#ask .field-error")).to_be_visible()
    reviewer.page.get_by_label("What should the author change?").fill("Please say who it is.")
    reviewer.button("Send it back").click()
    expect(reviewer.page.locator("#ask")).not_to_be_visible()

    teacher.page.reload()
    expect(teacher.page.locator("#correspondence")).to_contain_text("Please say who it is.")
    teacher.snap("sent-back", whole=True)
    teacher.button("Send to the office").click()
    teacher.button("Send it").click()
    expect(teacher.button("Take it back")).to_be_visible()

    reviewer.page.reload()
    reviewer.button("Settle the next one").click()
    reviewer.button("Yes, this is Maya Lindqvist").click()
    # The patch on the space suit is writing that nobody can read.
    reviewer.page.locator("[data-box].unread").first.click()
    reviewer.button("No student’s name").click()
    reviewer.button("Close the photo").click()
    reviewer.describe("An astronaut in front of a shuttle")
    reviewer.button("Clear with a reason").click()
    reviewer.page.get_by_label("Your reason").fill("Looked at it with the teacher.")
    reviewer.button("Clear it").click()
    expect(reviewer.page.locator("#ask")).not_to_be_visible()

    teacher.page.reload()
    expect(teacher.page.locator("#verdict")).to_contain_text("Cleared for Lincoln on Instagram")
    with teacher.page.expect_download():
        teacher.button("Download it again").click()


def test_the_queue_narrows_to_a_channel(window: Window) -> None:
    reviewer = window()
    reviewer.sign_in(OFFICE)
    reviewer.page.get_by_label("Channel").select_option("newsletter")
    reviewer.page.get_by_role("button", name="Show").click()

    expect(reviewer.page.locator("main")).to_contain_text("Nothing waits for the office")
    expect(reviewer.page.get_by_label("Channel")).to_have_value("newsletter")


def test_a_face_that_nobody_can_tell_is_let_through_with_a_reason(window: Window) -> None:
    teacher, reviewer = window(), window()
    teacher.sign_in(TEACHER)
    teacher.start_post(BOTH, caption="Far away.")
    teacher.page.locator(".photo-open").click()
    teacher.button("Add a face that was missed").click()
    teacher.button("Keep this box").click()
    expect(teacher.page.locator("#menu-title")).to_have_text("Face 3")
    expect(teacher.button("Let it through with a reason")).to_have_count(0)
    teacher.button("Close the photo").click()
    teacher.button("Send to the office").click()
    teacher.button("Send it").click()
    expect(teacher.button("Take it back")).to_be_visible()

    reviewer.sign_in(OFFICE)
    reviewer.page.goto(teacher.page.url)
    reviewer.page.locator(".thing", has_text="Face 3").click()
    reviewer.button("Let it through with a reason").click()
    reviewer.page.get_by_label("Why nobody can be recognised").fill("The back of a head.")
    reviewer.require_accessible("a question over a photo")
    reviewer.page.get_by_role("button", name="Let it through", exact=True).click()

    told = reviewer.page.locator(".found-row", has_text="Face 3")
    expect(told).to_contain_text("Let through by the office")
