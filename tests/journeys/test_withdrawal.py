"""A family changes its mind on her phone; the post stops in the teacher's window."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from mediacheck.demo.people import PASSWORD
from tests.journeys.browsing import OFFICE, RELEASED, TEACHER, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]
FAMILY = "parent1011@families.example"
MOTHER = "parent1001@families.example"


def sign_in_family(visitor: Visitor, email: str) -> None:
    visitor.open("/family/sign-in?lang=en")
    line = visitor.page.get_by_role("listitem").filter(has_text=email)
    code = re.findall(r"\b\d{6}\b", line.inner_text())[-1]
    visitor.page.get_by_label("E-mail").fill(email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_label("Code from your authenticator app").fill(code)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Your children")


def withdraw(family: Visitor) -> None:
    page = family.page
    page.get_by_role("heading", level=2).get_by_role("link").first.click()
    page.get_by_role("link", name="Answer or change").click()
    page.get_by_label("Everything inside school, nothing public").check()
    page.get_by_role("button", name="See what this means").click()
    page.get_by_label("Type your full name to sign").fill("Soo-jin Kim")
    page.get_by_role("button", name="Sign and save").click()
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()


def test_a_withdrawal_stops_a_cleared_post_in_another_window(window: Window) -> None:
    teacher, family, office = window(), window(width=390, height=844), window()
    teacher.sign_in(TEACHER)
    teacher.start_post(caption="Well read, Grace!")
    with teacher.page.expect_download():
        teacher.button("Get the cleared package").click()
    expect(teacher.button("Download it again")).to_be_visible()

    sign_in_family(family, FAMILY)
    withdraw(family)

    # The teacher does nothing: the page learns it by itself, and the package is refused.
    expect(teacher.headline()).to_have_text("A few things are left to settle")
    stopped = teacher.page.locator("[data-key=pulled]")
    expect(stopped).to_contain_text("This post was stopped")
    expect(stopped).to_contain_text("If you have posted it already, take it down now")
    expect(teacher.button("Download it again")).to_have_count(0)
    teacher.require_accessible("stopped")
    teacher.snap("post-stopped", whole=True)

    # What was handed over has to come down, and the family sees that it does.
    office.sign_in(OFFICE)
    office.open("/takedowns")
    office.page.get_by_role("link", name="Grace Kim").click()
    office.require_accessible("takedown")
    office.snap("takedown", whole=True)
    require_family_sees(family, "The office is taking it down")
    office.page.get_by_label("I took the post down").check()
    office.page.get_by_label("Note for the family").fill("I deleted it and looked again.")
    office.page.get_by_role("button", name="Save").click()
    expect(office.page.get_by_text("Noted: taken down.")).to_be_visible()
    require_family_sees(family, "Taken down")


def require_family_sees(family: Visitor, words: str) -> None:
    family.open("/family")
    family.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    family.page.get_by_role("link", name="Where your child appears").click()
    expect(family.page.get_by_text(words, exact=True)).to_be_visible()
    family.require_accessible("appearances")
    family.require_no_sideways_scroll("appearances")
    family.snap("family-appearances", whole=True)


def test_a_removal_is_asked_for_and_a_covered_version_made(window: Window) -> None:
    teacher, family, office = window(), window(width=390, height=844), window()
    teacher.sign_in(TEACHER)
    teacher.start_post(RELEASED, caption="A day with rockets.")
    teacher.button("Face 1: Is this Maya Lindqvist?").first.click()
    teacher.button("Yes, this is Maya Lindqvist").click()
    # The patch on the space suit is writing that nobody can read.
    teacher.page.locator("[data-box].unread").first.click()
    teacher.button("No student’s name").click()
    teacher.button("Close the photo").click()
    teacher.describe("A student beside a model rocket")
    with teacher.page.expect_download():
        teacher.button("Get the cleared package").click()

    sign_in_family(family, MOTHER)
    family.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    family.page.get_by_role("link", name="Where your child appears").click()
    expect(family.page.get_by_alt_text("in this post").first).to_be_visible()
    family.snap("family-appearance-crop", whole=True)
    family.page.get_by_role("button", name="Ask for its removal").first.click()
    expect(family.page.get_by_text("The office is taking it down").first).to_be_visible()

    # The post stays for everybody else: the same one, with this student covered.
    office.sign_in(OFFICE)
    office.open("/queue")
    office.page.get_by_role("link", name="Open the takedowns").click()
    office.page.get_by_role("link", name="Maya Lindqvist").first.click()
    expect(office.page.get_by_text("The family asked for it.")).to_be_visible()
    office.button("Make a version with this student covered").click()
    office.wait_until_checked()
    # The cover lies elsewhere, so what the teacher said of the writing counts here, too.
    expect(office.headline()).to_have_text("This post may go out")
    office.snap("covered-version", whole=True)
