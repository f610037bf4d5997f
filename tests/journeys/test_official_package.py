"""Two people of the office let a package for an official account out, and neither does alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import OFFICE, SECOND_OFFICE, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]


def test_a_colleague_says_yes_before_its_author_takes_the_package(
    window: Callable[..., Visitor],
) -> None:
    author, colleague = window(), window()
    author.sign_in(OFFICE)
    author.open("/posts/new")
    author.page.get_by_role("radio", name="Printed newsletter").check()
    author.page.get_by_label("Whose photos are they?").select_option("lincoln/room-12")
    author.page.get_by_label("Caption").fill("A windy day.")
    author.button("Go on to the photos").click()
    expect(author.headline()).to_have_text("This post may go out")
    expect(author.page.get_by_text("a colleague of the communications office")).to_be_visible()
    expect(author.button("Get the cleared package")).to_have_count(0)
    author.snap("official-package", whole=True)
    author.require_accessible("a post that a colleague has to see")

    author.button("Send to the office").click()
    author.page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(author.button("Take it back")).to_be_visible()
    colleague.sign_in(SECOND_OFFICE)
    colleague.page.goto(author.page.url)
    colleague.button("Clear with a reason").click()
    colleague.page.get_by_label("Your reason, which is kept with the post").fill("Well done")
    colleague.button("Clear it").click()
    expect(colleague.button("Clear with a reason")).to_have_count(0)

    author.page.reload()
    with author.page.expect_download():
        author.button("Download it again").click()
