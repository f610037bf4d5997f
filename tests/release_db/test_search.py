"""A student is found by any name or the id, and however many there are, few rows are read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.records import Student
from release_db.register import ReleaseRegister
from release_db.schema import StudentRow
from release_db.words import SchoolKey, StudentId, StudentStatus
from tests.release_db.conftest import NOW

LINCOLN, ROOSEVELT = SchoolKey("lincoln"), SchoolKey("roosevelt")
ZOE = Student(
    student_id=StudentId("A-007"),
    given_name="Zoë",
    middle_name="Łucja",
    family_name="Muñoz-O'Neill",
    preferred_name="Zo",
    other_names=("王芳",),
    school=LINCOLN,
)
_OLD_STUDENT = """
    INSERT INTO student (student_id, given_name, middle_name, family_name, suffix, preferred_name,
    other_names, grade, school, status, fingerprint)
    VALUES ('S1', 'Zoë', '', 'Muñoz', '', '', '["Zizi"]', '', 'lincoln', 'active', 'f')
"""


def found(register: ReleaseRegister, wanted: str, *schools: SchoolKey) -> list[str]:
    result = register.terms.find_students(wanted, schools=schools, limit=50)
    return [student.student_id for student in result.students]


@pytest.mark.parametrize(
    "wanted", ["zoe", "ZOË", "lucja", "munoz o'neill", "Muñoz", "zo munoz", "王芳", "a-007", "007"]
)
def test_a_student_is_found_by_any_name_or_the_id(register: ReleaseRegister, wanted: str) -> None:
    register.save_students([ZOE])

    assert found(register, wanted) == ["A-007"]


@pytest.mark.parametrize("wanted", ["", "  ", "%", "_", "' OR 1=1 --", "zoe lopez"])
def test_nobody_is_found_by_nothing_or_by_signs(register: ReleaseRegister, wanted: str) -> None:
    register.save_students([ZOE])

    assert found(register, wanted) == []


def test_students_come_by_family_name_and_only_of_the_schools_asked(
    register: ReleaseRegister,
) -> None:
    everybody = found(register, "s")

    assert everybody == ["S2", "S1", "S3"]
    assert found(register, "s", ROOSEVELT) == ["S3"]


def test_who_has_left_is_found_and_who_was_erased_is_not(register: ReleaseRegister) -> None:
    register.save_students([replace(ZOE, status=StudentStatus.DEPARTED, left_on=NOW.date())])
    register.delete_student(StudentId("S1"), why="asked for", at=NOW)

    assert found(register, "munoz") == ["A-007"]
    assert found(register, "lopez") == []
    assert found(register, "S1") == []


def test_a_changed_name_is_found_and_the_old_one_is_not(register: ReleaseRegister) -> None:
    register.save_students([ZOE])
    register.save_students([replace(ZOE, family_name="Park")])

    assert found(register, "park") == ["A-007"]
    assert found(register, "munoz") == []


def test_of_thousands_only_what_is_shown_is_read(
    register: ReleaseRegister, session: Session
) -> None:
    register.save_students([replace(ZOE, student_id=StudentId(f"T{n}")) for n in range(3_000)])
    session.flush()
    session.expunge_all()
    read: list[object] = []

    def note(row: object, _context: object) -> None:
        read.append(row)

    event.listen(StudentRow, "load", note)
    try:
        result = register.terms.find_students("munoz", limit=50)
    finally:
        event.remove(StudentRow, "load", note)

    assert (len(result.students), result.has_more) == (50, True)
    assert len(read) == 50


def test_whoever_was_there_before_the_upgrade_is_found() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        connection.execute(text("INSERT INTO school (key, name) VALUES ('lincoln', 'Lincoln')"))
        connection.execute(text(_OLD_STUDENT))
    migrate.upgrade(engine)

    with Session(engine) as session:
        register = ReleaseRegister(session, lambda: NOW)
        assert found(register, "zoe munoz zizi") == ["S1"]
