"""A set-up code becomes a password, once."""

from __future__ import annotations

import pytest

from mediacheck.accounts.set_up import issue_set_up_code
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId
from tests.conftest import House
from tests.web.conftest import Browser, BrowserAs, a_member

PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.


def code_for(house: House, staff_id: StaffId | None) -> str:
    with house.services.transaction() as work:
        return issue_set_up_code(work, house.clock, house.services.ids, staff_id)


@pytest.fixture
def invited(house: House) -> str:
    """The code of a teacher who has no password yet."""
    member = a_member(Role.TEACHER)
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
    return code_for(house, member.staff_id)


def test_the_first_administrator_sets_themselves_up(browser: Browser, house: House) -> None:
    code = code_for(house, None)
    page = browser.post("/set-up", {"code": code}).get_data(as_text=True)
    assert "The first administrator" in page

    form = {"code": code, "name": "Ada", "email": "ada@district.example", "password": PASSWORD}
    answer = browser.post("/set-up", form)

    assert answer.location == "/sign-in"
    with house.services.transaction() as work:
        (member,) = work.accounts.staff()
        events = [entry.event for entry in work.audit.entries()]
    assert member.role is Role.ADMINISTRATOR
    assert events[1:] == [Event.ACCOUNT_CREATED, Event.PASSWORD_SET]
    answer = browser.post("/sign-in", {"email": "ada@district.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_an_invited_person_sets_a_password_and_nothing_else(
    browser: Browser, house: House, invited: str
) -> None:
    page = browser.post("/set-up", {"code": invited}).get_data(as_text=True)
    assert "Welcome, Pat Teacher" in page

    browser.post(
        "/set-up",
        {"code": invited, "password": PASSWORD, "name": "Boss", "role": "administrator"},
    )

    with house.services.transaction() as work:
        assert work.accounts.staff() == (a_member(Role.TEACHER),)
        assert work.accounts.password_hash_or_none(a_member(Role.TEACHER).staff_id) is not None


def test_a_used_code_is_refused_like_one_that_never_was(
    browser: Browser, house: House, invited: str
) -> None:
    browser.post("/set-up", {"code": invited, "password": PASSWORD})

    used = browser.post("/set-up", {"code": invited, "password": PASSWORD})
    never = browser.post("/set-up", {"code": "AAAAA-BBBBB"})
    for answer in (used, never):
        assert answer.status_code == 422
        assert "This code does not work" in answer.get_data(as_text=True)


def test_a_weak_password_is_asked_for_again_and_the_code_stands(
    browser: Browser, house: House, invited: str
) -> None:
    answer = browser.post("/set-up", {"code": invited, "password": "Password12345678"})

    assert answer.status_code == 422
    assert '<a href="#password">' in answer.get_data(as_text=True)
    assert browser.post("/set-up", {"code": invited, "password": PASSWORD}).status_code == 302


def test_a_first_administrator_without_an_address_is_asked_again(
    browser: Browser, house: House
) -> None:
    code = code_for(house, None)
    form = {"code": code, "name": "Ada", "email": "ada", "password": PASSWORD}

    assert '<a href="#email">' in browser.post("/set-up", form).get_data(as_text=True)


def test_guessing_codes_is_slowed_down(browser: Browser, house: House) -> None:
    answers = [browser.post("/set-up", {"code": f"code{n}"}).status_code for n in range(31)]

    assert answers == [422] * 30 + [429]


def test_a_new_password_ends_every_other_session(
    browser_as: BrowserAs, browser: Browser, house: House
) -> None:
    signed_in = browser_as(Role.TEACHER)
    code = code_for(house, a_member(Role.TEACHER).staff_id)
    browser.post("/set-up", {"code": code, "password": PASSWORD})

    assert signed_in.get("/account/password").status_code == 302
