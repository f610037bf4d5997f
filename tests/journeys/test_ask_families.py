"""A family that wants to be asked answers on her phone for one photo, and that photo may go out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import RELEASED, TEACHER, Visitor
from tests.journeys.test_withdrawal import sign_in_family

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

FAMILY = "parent1012@families.example"


def test_one_photo_is_asked_about_and_allowed(window: Callable[..., Visitor]) -> None:
    teacher, family = window(), window(width=390, height=844)
    teacher.sign_in(TEACHER)
    teacher.start_post(RELEASED, caption="Space week.")
    teacher.button("Face 1: Is this Maya Lindqvist?").first.click()
    teacher.page.locator(".chooser input").fill("Ortiz")
    teacher.page.locator(".chooser-option").click()
    teacher.page.locator("[data-box].unread").first.click()
    teacher.button("No student’s name").click()
    teacher.button("Close the photo").click()
    teacher.describe("A student beside a model rocket")
    expect(teacher.headline()).to_have_text("This post cannot go out as it is")
    teacher.button("Ask the families").click()
    expect(teacher.page.get_by_text("has been asked")).to_be_visible()
    teacher.snap("asked", whole=True)

    sign_in_family(family, FAMILY)
    family.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    family.page.get_by_role("link", name="The school asks you about a picture").click()
    family.require_accessible("pictures")
    family.require_no_sideways_scroll("pictures")
    family.snap("family-picture", whole=True)
    family.page.get_by_label("Type your full name to sign").fill("Lucía Mendez")
    family.button("Yes, this one").click()
    expect(family.page.get_by_text("There is no picture to look at.")).to_be_visible()

    teacher.page.reload()
    expect(teacher.headline()).to_have_text("This post may go out")
