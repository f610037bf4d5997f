"""A set-up code works once, for its person, for three days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.accounts.errors import SetUpCodeVoid
from mediacheck.accounts.set_up import (
    complete_set_up,
    issue_set_up_code,
    set_up_person_or_none,
)
from mediacheck.errors import NotAllowed
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.ports.services import Work
from tests.fakes import CountingIds, FixedClock

FIRST = StaffMember(
    staff_id=StaffId("first"), email="a@b.example", name="Ann", role=Role.ADMINISTRATOR
)


def test_a_code_is_five_groups_that_can_be_read_aloud(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    code = issue_set_up_code(work, clock, ids, None)

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}", code)


def test_the_first_administrator_is_made_with_the_consoles_code(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    code = issue_set_up_code(work, clock, ids, None)
    assert set_up_person_or_none(work, code, clock) is None

    complete_set_up(work, code, FIRST, "hash", clock)

    assert work.accounts.staff() == (FIRST,)
    assert work.accounts.password_hash_or_none(FIRST.staff_id) == "hash"
    assert [entry.event for entry in work.audit.entries()] == [
        Event.SET_UP_CODE_ISSUED,
        Event.ACCOUNT_CREATED,
        Event.PASSWORD_SET,
    ]


def test_a_code_works_once(work: Work, clock: FixedClock, ids: CountingIds) -> None:
    code = issue_set_up_code(work, clock, ids, None)
    complete_set_up(work, code, FIRST, "hash", clock)

    with pytest.raises(SetUpCodeVoid):
        complete_set_up(work, code, replace(FIRST, staff_id=StaffId("second")), "hash", clock)


def test_a_second_first_administrator_is_refused(
    work: Work, clock: FixedClock, ids: CountingIds, administrator: StaffMember
) -> None:
    with pytest.raises(NotAllowed):
        issue_set_up_code(work, clock, ids, None)


def test_the_consoles_code_is_void_once_there_is_an_administrator(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    code = issue_set_up_code(work, clock, ids, None)
    work.accounts.save_staff(FIRST)

    with pytest.raises(SetUpCodeVoid):
        set_up_person_or_none(work, code, clock)


def test_a_code_is_forgiving_about_how_it_is_typed(
    work: Work, clock: FixedClock, ids: CountingIds, teacher: StaffMember
) -> None:
    code = issue_set_up_code(work, clock, ids, teacher.staff_id)
    typed = f"  {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

    assert set_up_person_or_none(work, typed, clock) == teacher


def test_a_code_ends_after_three_days(
    work: Work, clock: FixedClock, ids: CountingIds, teacher: StaffMember
) -> None:
    code = issue_set_up_code(work, clock, ids, teacher.staff_id)
    clock.move(timedelta(hours=72))

    with pytest.raises(SetUpCodeVoid):
        set_up_person_or_none(work, code, clock)


def test_a_new_code_makes_the_earlier_one_void(
    work: Work, clock: FixedClock, ids: CountingIds, teacher: StaffMember
) -> None:
    earlier = issue_set_up_code(work, clock, ids, teacher.staff_id)
    later = issue_set_up_code(work, clock, ids, teacher.staff_id)

    assert set_up_person_or_none(work, later, clock) == teacher
    with pytest.raises(SetUpCodeVoid):
        set_up_person_or_none(work, earlier, clock)


def test_a_code_of_a_closed_account_is_void(
    work: Work, clock: FixedClock, ids: CountingIds, teacher: StaffMember
) -> None:
    code = issue_set_up_code(work, clock, ids, teacher.staff_id)
    work.accounts.save_staff(replace(teacher, is_active=False))

    with pytest.raises(SetUpCodeVoid):
        set_up_person_or_none(work, code, clock)


def test_a_code_sets_nobody_elses_password(
    work: Work,
    clock: FixedClock,
    ids: CountingIds,
    teacher: StaffMember,
    administrator: StaffMember,
) -> None:
    code = issue_set_up_code(work, clock, ids, teacher.staff_id)

    with pytest.raises(SetUpCodeVoid):
        complete_set_up(work, code, administrator, "hash", clock)


def test_a_code_is_kept_nowhere_but_as_a_hash(
    work: Work, clock: FixedClock, ids: CountingIds, teacher: StaffMember
) -> None:
    code = issue_set_up_code(work, clock, ids, teacher.staff_id)

    assert work.accounts.set_up_code_or_none(code) is None
    assert code not in "".join(entry.details + entry.subject for entry in work.audit.entries())
