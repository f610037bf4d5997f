"""Missing, expiring, refused: counts that tell of nobody, and names for the registrar only."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from mediacheck.model.people import Role
from release_db.records import Release
from release_db.words import Answer, Capacity
from tests.conftest import House
from tests.factories import TODAY, a_release, a_student
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/counts"
NO_NAMES = [Role.COMMUNICATIONS, Role.ADMINISTRATOR]


@pytest.fixture
def counted(house: House) -> House:
    """Thirty students: ten of each with nothing, a yes that ends soon, and a no; Maya is fine."""
    students = [a_student(f"T{number:02d}", given=f"Kid{number}") for number in range(30)]
    soon = TODAY + timedelta(days=30)
    answers = [
        *(by_office(f"T{number:02d}", ends_on=soon) for number in range(10)),
        *(a_release(f"T{number:02d}", answer=Answer.DENY) for number in range(10, 20)),
    ]
    with house.services.transaction() as work:
        work.register.save_students(students)
        work.register.record(answers)
    return house


def by_office(student: str, *, ends_on: date) -> Release:
    """A yes from a paper form: it needs no guardian on the roster."""
    return a_release(student, ends_on=ends_on, capacity=Capacity.OFFICE, decided_by="office")


def cells(browser: Browser, query: str = "") -> list[str]:
    """The three counts of the whole school, as they are read."""
    page = browser.get(PAGE + query).text
    row = page[page.index("The whole school") :]
    found = re.findall(r'data-label="(?:Missing|Ends[^"]*|Refused)">(.*?)</td>', row, re.S)
    return [re.sub(r"<[^>]+>", " ", cell).split()[0] for cell in found[:3]]


def test_the_registrar_reads_every_count_and_opens_its_names(
    counted: House, browser_as: BrowserAs
) -> None:
    browser = browser_as(Role.REGISTRAR)
    assert cells(browser) == ["11", "10", "10"]

    page = browser.get(f"{PAGE}/names?standing=refused").text

    assert "Kid10 Lopez" in page
    assert "Kid9 Lopez" not in page


def test_the_day_after_the_thirtieth_is_not_soon(house: House, browser_as: BrowserAs) -> None:
    late = by_office("S2", ends_on=TODAY + timedelta(days=31))
    with house.services.transaction() as work:
        work.register.record([late])

    assert cells(browser_as(Role.REGISTRAR)) == ["0", "0", "0"]


@pytest.mark.parametrize("role", NO_NAMES)
def test_others_read_counts_and_no_name(counted: House, browser_as: BrowserAs, role: Role) -> None:
    browser = browser_as(role)

    page = browser.get(PAGE).text
    assert "Lopez" not in page
    assert f"{PAGE}/names" not in page
    assert browser.get(f"{PAGE}/names?standing=refused").status_code == 403


def test_a_count_that_would_follow_from_the_others_is_not_told(
    counted: House, browser_as: BrowserAs
) -> None:
    # One student is fine, and 31 are in all: the one would be what is left.
    told = cells(browser_as(Role.COMMUNICATIONS))

    assert told.count("Not") == 1
    assert told[0] == "11"


def test_the_district_says_how_small_a_count_may_be(counted: House, browser_as: BrowserAs) -> None:
    with counted.services.transaction() as work:
        at = counted.clock.now()
        work.register.set_policy("smallest_count", "20", school=None, by="a", at=at)

    assert cells(browser_as(Role.ADMINISTRATOR)) == ["Not", "Not", "Not"]
    assert cells(browser_as(Role.REGISTRAR)) == ["11", "10", "10"]


@pytest.mark.parametrize(
    "query", ["?school=hoover", "?audience=everybody", "?use=soul", "/names?standing=rich"]
)
def test_what_was_never_offered_is_not_found(
    counted: House, browser_as: BrowserAs, query: str
) -> None:
    assert browser_as(Role.REGISTRAR).get(PAGE + query).status_code == 404


def test_the_office_of_a_school_reads_the_counts_of_its_own_only(
    counted: House, browser_as: BrowserAs
) -> None:
    elsewhere = browser_as(Role.COMMUNICATIONS, "hoover")

    assert "No school is yours yet" in elsewhere.get(PAGE).text
    assert elsewhere.get(f"{PAGE}?school=lincoln").status_code in {200, 404}
    assert "Room 12" not in elsewhere.get(f"{PAGE}?school=lincoln").text


def test_a_teacher_is_not_bothered_with_counts(counted: House, browser_as: BrowserAs) -> None:
    teacher = browser_as(Role.TEACHER)

    assert teacher.get(PAGE).status_code == 403
    assert "Counts" not in teacher.get("/posts").text
