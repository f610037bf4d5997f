"""Two guardians who disagree, each at a phone; and a mailed link, which cannot say yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from release_db.records import Granted, Refused
from tests.conftest import House
from tests.journeys.browsing import Visitor
from tests.journeys.family_house import (
    FATHER,
    LUZ,
    MOTHER,
    NAMES,
    SOL,
    FamilyHouse,
    answer,
    fill_family,
    require_at_home,
    served,
)

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

CHILD = f"/family/children/{LUZ}"
EVERYTHING, NOTHING = "Yes to everything", "No to everything"
DIFFERS = "Another guardian differs: not allowed until settled"
PAGES = ("/family", CHILD, f"{CHILD}/choices", f"{CHILD}/history", f"{CHILD}/held")


@pytest.fixture
def district(house: House, chromium: Chromium, screens: Path) -> Iterator[FamilyHouse]:
    fill_family(house)
    with served(house, chromium, screens) as open_house:
        yield open_house


def everything_shown(visitor: Visitor) -> str:
    """The words and the source of every page about Luz, looked at for accessibility, too."""
    shown = []
    for path in PAGES:
        visitor.open(path)
        require_at_home(visitor, path)
        shown.append(visitor.page.content())
    return "\n".join(shown)


def traces_of(email: str, answered: str) -> tuple[str, ...]:
    """What would tell of the other: the address, both names, and the day of the answer."""
    return (email, *NAMES[email].split(), answered)


def test_two_guardians_who_disagree_see_that_and_nothing_of_each_other(
    district: FamilyHouse,
) -> None:
    mother = district.guardian(MOTHER)
    answer(mother, EVERYTHING, "A. Diaz Rey")
    assert isinstance(district.permission(), Granted)

    district.house.clock.move(timedelta(days=1))
    father = district.guardian(FATHER)
    answer(father, NOTHING, "O. Berg Lind")

    permission = district.permission()
    assert isinstance(permission, Refused)
    mother = district.guardian(MOTHER)
    of_mother, of_father = everything_shown(mother), everything_shown(father)
    assert DIFFERS in of_mother
    assert [word for word in traces_of(FATHER, "November 25") if word in of_mother] == []
    assert "Not allowed" in of_father
    assert [word for word in traces_of(MOTHER, "November 24") if word in of_father] == []
    mother.open(CHILD)
    mother.snap("two-guardians", whole=True)


def test_the_register_tells_the_office_that_it_is_refused_and_why(district: FamilyHouse) -> None:
    answer(district.guardian(MOTHER), EVERYTHING, "A. Diaz Rey")
    answer(district.guardian(FATHER), NOTHING, "O. Berg Lind")
    office = district.registrar()

    office.open(f"/registrars/students/{LUZ}/permission?channel=lincoln-instagram&use=image")

    page = office.page.get_by_role("main").inner_text()
    assert "Allowed until" not in page
    assert FATHER in page


def test_the_disagreement_ends_when_one_of_them_changes_the_answer(
    district: FamilyHouse,
) -> None:
    mother, father = district.guardian(MOTHER), district.guardian(FATHER)
    answer(mother, EVERYTHING, "A. Diaz Rey")
    answer(father, NOTHING, "O. Berg Lind")

    district.house.clock.move(timedelta(minutes=1))
    answer(father, EVERYTHING, "O. Berg Lind")

    assert isinstance(district.permission(), Granted)
    mother.open(CHILD)
    expect(mother.page.get_by_text(DIFFERS)).to_have_count(0)


def test_a_mailed_link_says_no_for_both_children_and_offers_no_yes(
    district: FamilyHouse,
) -> None:
    for student in (LUZ, SOL):
        answer(district.guardian(MOTHER), EVERYTHING, "A. Diaz Rey", student)
    link, visitor = district.mailed_link(MOTHER), district.window()
    visitor.open(link)
    require_at_home(visitor, "link")
    visitor.page.get_by_role("button", name="Go on").click()

    visitor.open(f"{CHILD}/choices")
    expect(visitor.page.get_by_label(EVERYTHING)).to_have_count(1)
    visitor.page.get_by_label(NOTHING).check()
    visitor.page.get_by_role("button", name="See what this means").click()
    visitor.page.get_by_label("Sol Lopez").check()
    visitor.page.get_by_label("Type your full name to sign").fill("A. Diaz Rey")
    visitor.page.get_by_role("button", name="Sign and save").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Your no is recorded")

    require_at_home(visitor, "restricted")
    for student in (LUZ, SOL):
        assert isinstance(district.permission(student=student), Refused)
    visitor.open(f"{CHILD}/choices")
    expect(visitor.page.get_by_label(EVERYTHING)).to_have_count(0)
    expect(visitor.page.locator("option", has_text="Yes")).to_have_count(0)


def test_a_yes_that_is_forced_through_a_mailed_link_is_refused(district: FamilyHouse) -> None:
    visitor = district.window()
    visitor.open(district.mailed_link(MOTHER))
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.open(f"{CHILD}/choices")

    visitor.page.get_by_label("My own choices").check()
    visitor.page.evaluate(
        """() => document.querySelectorAll("select").forEach((one) => {
             one.innerHTML = '<option value="yes" selected>Yes</option>';
        })"""
    )
    visitor.page.get_by_role("button", name="See what this means").click()

    expect(visitor.page.get_by_role("alert")).to_contain_text("Here you can only say no")
    assert isinstance(district.permission(), Refused)
    visitor.forget("422")


def test_a_link_that_was_opened_opens_in_no_other_browser(district: FamilyHouse) -> None:
    link, first, second = district.mailed_link(MOTHER), district.window(), district.window()
    first.open(link)
    first.page.get_by_role("button", name="Go on").click()
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Your children")

    second.open(link)

    expect(second.page.get_by_role("heading", level=1)).to_contain_text("does not work any more")
    second.forget("410")
