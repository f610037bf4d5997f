"""The registrar at a phone: a court order, and a paper form that two people need."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.browsing import ADMINISTRATOR, ARTWORK, REGISTRAR, Visitor

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

Window = Callable[..., Visitor]
PHONE = {"width": 390, "height": 844}
#: Today where the district is, whatever day it is where the tests run.
_TODAY_THERE = "new Date().toLocaleDateString('sv', {timeZone: 'America/Los_Angeles'})"


def require_good(visitor: Visitor, what: str) -> None:
    visitor.require_accessible(what)
    visitor.require_no_sideways_scroll(what)
    visitor.snap(f"registrar-{what.replace(' ', '-')}", whole=True)


def open_student(visitor: Visitor, wanted: str, name: str) -> None:
    visitor.open("/registrars/register")
    visitor.page.get_by_label("Any name, or student id").fill(wanted)
    visitor.page.get_by_role("button", name="Search").click()
    visitor.page.get_by_role("link", name=name).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(name)


def allowed(visitor: Visitor) -> Locator:
    """What may be done today, as far as it is a yes."""
    table = visitor.page.get_by_role("region", name="What may be done today")
    return table.locator(".badge.cleared")


def test_a_court_order_stops_a_yes_and_two_people_end_it(window: Window) -> None:
    registrar, second = window(**PHONE), window(**PHONE)
    page = registrar.page
    registrar.sign_in(REGISTRAR)
    open_student(registrar, "garcia pena", "Pepe García Peña")
    expect(allowed(registrar).first).to_be_visible()
    require_good(registrar, "a student")

    page.get_by_role("link", name="Record a court order").click()
    page.get_by_label("Whom does it name?").select_option("parent1004@families.example")
    page.get_by_label("Case number").fill("26-1234, drawer 3")
    require_good(registrar, "a court order")
    page.get_by_role("button", name="Record the order").click()
    expect(page.get_by_text("Document: 26-1234, drawer 3")).to_be_visible()
    expect(allowed(registrar)).to_have_count(0)
    require_good(registrar, "a student with an order")

    page.get_by_role("link", name="Ask what held at another moment").click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("Nothing on file")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="End this order").click()
    require_good(registrar, "the end of an order")
    page.get_by_role("button", name="Ask to end the order").click()
    expect(allowed(registrar)).to_have_count(0)

    second.sign_in(ADMINISTRATOR)
    second.open("/registrars/waiting")
    second.page.get_by_role("link", name="A court order would end").click()
    expect(second.page.locator("main")).to_contain_text("26-1234, drawer 3")
    require_good(second, "the end of an order to confirm")
    second.button("I agree: confirm").click()
    expect(second.page.locator("main")).to_contain_text("Nothing waits.")


def test_a_paper_form_counts_when_a_second_person_has_seen_the_scan(window: Window) -> None:
    registrar, second = window(**PHONE), window(**PHONE)
    page = registrar.page
    registrar.sign_in(REGISTRAR)
    open_student(registrar, "will turner", "Will Turner")
    expect(allowed(registrar)).to_have_count(0)
    page.get_by_role("link", name="Enter a signed paper form").click()
    page.get_by_label("Who signed it?").select_option("parent1010@families.example")
    page.get_by_label("Signed on").fill(page.evaluate(_TODAY_THERE))
    page.get_by_label("Scan of the signed form").set_input_files(__file__)
    page.locator("summary", has_text="On social networks").click()
    page.locator("[id='social.image']").select_option("Yes")
    require_good(registrar, "a paper form")
    page.get_by_role("button", name="Enter the form").click()
    expect(page.locator(".error-summary")).to_contain_text("neither a picture nor a PDF")
    require_good(registrar, "a paper form with a bad scan")

    page.get_by_label("Scan of the signed form").set_input_files(ARTWORK)
    page.get_by_role("button", name="Enter the form").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Will Turner")
    expect(allowed(registrar)).to_have_count(0)
    registrar.open("/registrars/waiting")
    require_good(registrar, "what waits")
    page.get_by_role("link", name="A paper form says yes to more").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    expect(page.get_by_role("button", name="confirm")).to_have_count(0)

    second.sign_in(ADMINISTRATOR)
    second.open("/registrars/waiting")
    second.page.get_by_role("link", name="A paper form says yes to more").click()
    scan = second.page.get_by_role("img", name="The signed form")
    expect(scan).to_be_visible()
    assert scan.evaluate("image => image.naturalWidth") > 0
    require_good(second, "a paper form to confirm")
    second.button("I have compared it: confirm").click()
    open_student(registrar, "will turner", "Will Turner")
    expect(allowed(registrar).first).to_be_visible()
    registrar.forget("422")
