"""Administrators keep the accounts; their owners keep the passwords."""

from __future__ import annotations

import re

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from tests.conftest import House
from tests.factories import SCHOOL
from tests.web.conftest import Browser, BrowserAs, a_member

NEW = {"name": "Nia New", "email": "nia@district.example", "role": "teacher", "schools": SCHOOL}


@pytest.fixture
def browser(browser_as: BrowserAs) -> Browser:
    return browser_as(Role.ADMINISTRATOR)


@pytest.fixture
def teacher(house: House) -> StaffMember:
    member = a_member(Role.TEACHER)
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
    return member


def kept(house: House, email: str) -> StaffMember | None:
    with house.services.transaction() as work:
        return work.accounts.staff_by_email_or_none(email)


def test_a_new_account_comes_with_a_code_that_works(browser: Browser, house: House) -> None:
    page = browser.post("/administrators/accounts/new", NEW).get_data(as_text=True)
    code = re.search(r'class="set-up-code">([^<]+)<', page)

    assert code is not None
    member = kept(house, "nia@district.example")
    assert member is not None
    assert (member.role, member.schools) == (Role.TEACHER, (SCHOOL,))
    assert "Welcome, Nia New" in browser.post("/set-up", {"code": code[1]}).get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "nia"}, "email"),
        ({"email": "administrator@district.example"}, "email"),
        ({"schools": []}, "schools"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    browser: Browser, house: House, change: dict[str, object], field: str
) -> None:
    answer = browser.post("/administrators/accounts/new", {**NEW, **change})

    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.get_data(as_text=True)
    with house.services.transaction() as work:
        assert len(work.accounts.staff()) == 1


@pytest.mark.parametrize("change", [{"role": "owner"}, {"schools": "no-such-school"}, {"role": ""}])
def test_a_choice_that_was_never_offered_is_refused(
    browser: Browser, change: dict[str, object]
) -> None:
    assert browser.post("/administrators/accounts/new", {**NEW, **change}).status_code == 400


def test_what_was_typed_is_shown_escaped(browser: Browser) -> None:
    form = {**NEW, "name": '"><script>alert(1)</script>', "email": "x"}
    page = browser.post("/administrators/accounts/new", form).get_data(as_text=True)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_closed_account_is_signed_out_at_once(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    signed_in = browser_as(Role.TEACHER)
    form = {"role": "teacher", "schools": SCHOOL, "standing": "closed"}
    answer = browser.post("/administrators/accounts/the-teacher", form)

    assert answer.status_code == 302
    assert signed_in.get("/account/password").status_code == 302
    with house.services.transaction() as work:
        assert work.audit.entries()[-1].event == Event.ACCOUNT_CHANGED


def test_a_change_touches_neither_name_nor_address(
    browser: Browser, house: House, teacher: StaffMember
) -> None:
    form = {"role": "registrar", "standing": "open", "name": "Boss", "email": "boss@x.example"}
    browser.post("/administrators/accounts/the-teacher", form)

    member = kept(house, teacher.email)
    assert member is not None
    assert (member.name, member.role) == (teacher.name, Role.REGISTRAR)


def test_nobody_changes_their_own_role(browser: Browser, house: House) -> None:
    form = {"role": "teacher", "schools": SCHOOL, "standing": "open"}
    answer = browser.post("/administrators/accounts/the-administrator", form)

    assert answer.status_code == 403
    page = browser.get("/administrators/accounts/the-administrator").get_data(as_text=True)
    assert "This is your own account" in page


def test_a_new_code_is_shown_once_and_recorded(
    browser: Browser, house: House, teacher: StaffMember
) -> None:
    page = browser.post("/administrators/accounts/the-teacher/code").get_data(as_text=True)
    code = re.search(r'class="set-up-code">([^<]+)<', page)

    assert code is not None
    with house.services.transaction() as work:
        entry = work.audit.entries()[-1]
    assert (entry.event, entry.actor) == (Event.SET_UP_CODE_ISSUED, "the-administrator")
    assert code[1] not in entry.details


def test_a_code_for_nobody_is_not_found(browser: Browser) -> None:
    assert browser.post("/administrators/accounts/nobody/code").status_code == 404
    assert browser.get("/administrators/accounts/nobody").status_code == 404
