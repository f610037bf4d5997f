"""A class says once that its dog is no student, is not asked again, and is when it matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role, StaffMember
from mediacheck.ports.services import Services
from release_db.records import ClassGroup
from release_db.words import ClassKey
from tests.conftest import House
from tests.factories import CLASS, SCHOOL, a_staff_member, a_student
from tests.journeys.browsing import Visitor, open_window
from tests.journeys.serving import served

pytestmark = [
    pytest.mark.lane,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]

OTHER_CLASS = ClassKey("lincoln/room-14")
#: Teddy, of whom nothing is on file, is spelt nearly so.
DOG = "We love Tedda, our reading dog."


@dataclass(frozen=True, slots=True, kw_only=True)
class _School:
    """The tests' school at an address, and the windows of its people."""

    house: House
    services: Services
    browser: Browser
    screens: Path

    def window(self, role: Role, **size: int) -> Visitor:
        """Somebody of that role, signed in."""
        member: StaffMember = a_staff_member(f"pat-{role}", role=role)
        with self.services.transaction() as work:
            work.accounts.save_staff(member)
            token = open_session(
                work.accounts, member.staff_id, self.house.clock, self.services.ids, replaces=None
            )
        address = self.services.settings.base_url
        visitor = open_window(self.browser, address, self.screens, **size)
        kept = {"name": "mediacheck", "value": token, "url": address}
        visitor.page.context.add_cookies([kept])  # type: ignore[list-item]  # a private type.
        return visitor


@pytest.fixture
def school(house: House, chromium: Browser, screens: Path) -> Iterator[_School]:
    """Room 12 and room 14; Teddy is in both."""
    with house.services.transaction() as work:
        work.register.save_class(ClassGroup(key=OTHER_CLASS, school=SCHOOL, name="Room 14"))
        teddy = a_student("S2", given="Teddy", family="Ramos")
        work.register.save_students([replace(teddy, classes=(CLASS, OTHER_CLASS))])
    with served(house.services) as services:
        yield _School(house=house, services=services, browser=chromium, screens=screens)


def write(teacher: Visitor, caption: str, class_key: ClassKey = CLASS) -> Locator:
    """A new post of words alone; gives the row of the one name that is told."""
    teacher.open("/posts/new")
    teacher.page.get_by_role("radio").first.check()
    teacher.page.get_by_label("Whose photos are they?").select_option(class_key)
    teacher.page.get_by_label("Caption").fill(caption)
    teacher.button("Go on to the photos").click()
    return teacher.page.locator("#names .name")


def test_a_class_is_asked_once_and_again_when_it_matters(school: _School) -> None:
    teacher = school.window(Role.TEACHER, width=390, height=780)

    # Asked once, and answered.
    name = write(teacher, DOG)
    expect(name).to_contain_text("Needs you")
    teacher.button("This is not a student").click()
    expect(name).to_contain_text("It is remembered for your class, and not asked again.")
    expect(teacher.headline()).to_have_text("This post may go out")

    # The next post of the class only tells it, with who and when.
    name = write(teacher, "Tedda came to the library.")
    expect(name).to_contain_text("Pat-Teacher said on November 24, 2026")
    expect(teacher.headline()).to_have_text("This post may go out")
    teacher.snap("remembered-in-a-post", whole=True)
    teacher.require_accessible("a post with a remembered word")
    teacher.require_no_sideways_scroll("a post with a remembered word")

    # Another class is asked.
    expect(write(teacher, DOG, OTHER_CLASS)).to_contain_text("Needs you")

    # Taken back with one tap.
    name = write(teacher, DOG)
    teacher.button("Ask again").click()
    expect(name).to_contain_text("Needs you")
    teacher.button("This is not a student").click()
    expect(name).to_contain_text("not asked again")

    # A new student with that name: asked, whatever was said before.
    with school.services.transaction() as work:
        work.register.save_students([a_student("S9", given="Tedda", family="Noor")])
    name = write(teacher, DOG)
    expect(name).to_contain_text("Needs you")
    expect(teacher.headline()).to_have_text("A few things are left to settle")
    assert teacher.troubles == []


def test_the_office_looks_through_what_was_said_and_takes_it_back(school: _School) -> None:
    teacher, office = school.window(Role.TEACHER), school.window(Role.COMMUNICATIONS)
    write(teacher, DOG)
    teacher.button("This is not a student").click()
    expect(teacher.headline()).to_have_text("This post may go out")

    office.open("/queue")
    office.page.get_by_text("More", exact=True).click()
    office.page.get_by_role("link", name="Remembered words").click()
    office.snap("remembered-words", whole=True)
    office.require_accessible("the remembered words")
    office.button("Ask again about “tedda” in Room 12").click()
    expect(office.page.get_by_text("Nothing is remembered now.")).to_be_visible()
    office.require_accessible("the remembered words that were taken back")

    expect(write(teacher, DOG)).to_contain_text("Needs you")
    assert teacher.troubles == office.troubles == []
