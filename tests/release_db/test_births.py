"""Birth dates are corrected for what is asked from now on, and for nothing that was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from release_db.records import Granted, Refused, Release, Scope
from release_db.register import ReleaseRegister
from release_db.words import Answer, Capacity, ChannelKey, NameForm, ReleaseId, StudentId, Use
from tests.release_db.conftest import NOW

S1 = StudentId("S1")
LATER = NOW + timedelta(hours=1)
YES = Release(
    release_id=ReleaseId("r1"),
    student_id=S1,
    scope=Scope(use=Use.IMAGE),
    answer=Answer.ALLOW,
    capacity=Capacity.GUARDIAN,
    decided_by="ana@home.example",
    method="portal",
    given_on=date(2026, 9, 1),
    recorded_at=NOW,
)


def correct(register: ReleaseRegister, born: date | None) -> None:
    student = register.student_or_none(S1)
    assert student is not None
    register.save_students([replace(student, birth_on=born)])


def test_correcting_a_birth_date_changes_no_past_answer(register: ReleaseRegister) -> None:
    correct(register, date(2010, 3, 4))
    register.record([YES])
    register._now = lambda: LATER
    correct(register, date(2008, 3, 4))

    ask = (S1, Use.IMAGE, ChannelKey("instagram"), NameForm.NONE)

    assert isinstance(register.permission_for(*ask, NOW), Granted)
    assert isinstance(register.permission_for(*ask, LATER), Refused)


def test_a_birth_date_plays_no_part_before_it_was_recorded(
    register: ReleaseRegister,
) -> None:
    register._now = lambda: LATER
    correct(register, date(2008, 3, 4))

    before, after = register.file_at_or_none(S1, NOW), register.file_at_or_none(S1, LATER)

    assert before is not None
    assert after is not None
    assert (before.student.birth_on, after.student.birth_on) == (date(2015, 3, 4), date(2008, 3, 4))


def test_saving_a_student_unchanged_adds_no_version(
    register: ReleaseRegister, session: Session
) -> None:
    correct(register, date(2010, 3, 4))
    correct(register, date(2010, 3, 4))

    query = text("SELECT birth_on FROM birth_version WHERE student_id = 'S1' ORDER BY number")
    assert list(session.scalars(query)) == ["2015-03-04", "2010-03-04"]


def test_erasing_a_student_empties_every_birth_date(
    register: ReleaseRegister, session: Session
) -> None:
    correct(register, date(2010, 3, 4))

    register.delete_student(S1, why="asked", at=LATER)

    query = text("SELECT DISTINCT birth_on FROM birth_version WHERE student_id = 'S1'")
    assert list(session.scalars(query)) == ["erased"]
    assert register.file_at_or_none(S1, NOW) is None


def test_no_birth_date_on_record_is_ever_changed(
    register: ReleaseRegister, session: Session
) -> None:
    correct(register, date(2010, 3, 4))

    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE birth_version SET birth_on = '2008-03-04'"))
