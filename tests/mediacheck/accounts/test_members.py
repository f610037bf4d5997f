"""Accounts are whole, and nobody changes their own standing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.accounts.members import MemberRefused, add_member, change_member
from mediacheck.errors import NotAllowed
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.ports.services import Work
from release_db.words import SchoolKey

NEW = StaffMember(
    staff_id=StaffId("new"),
    email="new@district.example",
    name="Nia New",
    role=Role.TEACHER,
    schools=(SchoolKey("lincoln"),),
)


def test_an_administrator_adds_an_account(work: Work, administrator: StaffMember) -> None:
    add_member(work, NEW, by=administrator)

    assert work.accounts.staff_or_none(NEW.staff_id) == NEW
    assert work.audit.entries()[-1].event == Event.ACCOUNT_CREATED


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": ""}),
        ("email", {"email": "new at district"}),
        ("email", {"email": "new@district"}),
        ("email", {"email": "T.TRAN@district.example"}),
        ("schools", {"schools": ()}),
    ],
)
def test_an_account_that_is_not_whole_is_refused(
    work: Work,
    administrator: StaffMember,
    teacher: StaffMember,
    field: str,
    change: dict[str, object],
) -> None:
    with pytest.raises(MemberRefused) as refused:
        add_member(work, replace(NEW, **change), by=administrator)

    assert refused.value.field == field


def test_the_office_needs_no_school(work: Work, administrator: StaffMember) -> None:
    office = replace(NEW, role=Role.COMMUNICATIONS, schools=())
    add_member(work, office, by=administrator)

    assert work.accounts.staff_or_none(NEW.staff_id) == office


def test_a_role_is_changed_and_recorded(
    work: Work, administrator: StaffMember, teacher: StaffMember
) -> None:
    after = replace(teacher, role=Role.REGISTRAR)
    change_member(work, teacher, after, by=administrator)

    assert work.accounts.staff_or_none(teacher.staff_id) == after
    entry = work.audit.entries()[-1]
    assert (entry.event, entry.subject) == (Event.ACCOUNT_CHANGED, teacher.staff_id)


def test_a_change_keeps_name_and_address(
    work: Work, administrator: StaffMember, teacher: StaffMember
) -> None:
    other = replace(teacher, role=Role.REGISTRAR, name="Somebody", email="else@district.example")
    change_member(work, teacher, other, by=administrator)

    kept = work.accounts.staff_or_none(teacher.staff_id)
    assert kept is not None
    assert (kept.name, kept.email) == (teacher.name, teacher.email)


def test_nobody_changes_their_own_account(work: Work, administrator: StaffMember) -> None:
    after = replace(administrator, role=Role.TEACHER, schools=(SchoolKey("lincoln"),))

    with pytest.raises(NotAllowed):
        change_member(work, administrator, after, by=administrator)
