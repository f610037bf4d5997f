"""Registrars find their students, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.model.people import Role
from release_db.words import StudentStatus
from tests.conftest import House
from tests.factories import TODAY, a_student
from tests.web.conftest import Browser, BrowserAs


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.REGISTRAR)


@pytest.mark.parametrize("wanted", ["lopez", "MAYA", "maya lop", "S1", "  lopez   maya "])
def test_a_student_is_found_by_name_or_id(browser: Browser, wanted: str) -> None:
    page = browser.client.get("/registrars/register", query_string={"q": wanted})

    assert "Maya Lopez" in page.get_data(as_text=True)
    assert "Teddy" not in page.get_data(as_text=True)


def test_nothing_is_listed_before_something_was_typed(browser: Browser) -> None:
    assert "Maya" not in browser.get("/registrars/register").get_data(as_text=True)
    assert "Maya" not in browser.get("/registrars/register?q=%20").get_data(as_text=True)


def test_nobody_found_says_so(browser: Browser) -> None:
    page = browser.get("/registrars/register?q=%3Cb%3Ezzz").get_data(as_text=True)

    assert "Nobody found" in page
    assert "&lt;b&gt;zzz" in page


def test_a_registrar_of_another_school_finds_nobody(browser_as: BrowserAs) -> None:
    page = browser_as(Role.REGISTRAR, "hoover").get("/registrars/register?q=maya")

    assert "Nobody found" in page.get_data(as_text=True)


def test_who_has_left_is_found_and_marked(browser: Browser, house: House) -> None:
    before = browser.get("/registrars/register?q=lopez").get_data(as_text=True)
    with house.services.transaction() as work:
        left = replace(a_student(), status=StudentStatus.DEPARTED, left_on=TODAY)
        work.register.save_students([left])
    page = browser.get("/registrars/register?q=lopez").get_data(as_text=True)

    assert "Has left" not in before
    assert "Maya Lopez" in page
    assert "Has left" in page


def test_a_long_list_asks_for_more_letters(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_students([a_student(f"T{n}", family="Ng") for n in range(60)])
    page = browser.get("/registrars/register?q=ng").get_data(as_text=True)

    assert "More than 50 students" in page
    assert page.count('<td data-label="Id">') == 50
