"""A student is found by her own address: in any case, at once, and never once she is erased."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.register import ReleaseRegister
from release_db.words import StudentId
from tests.factories import NOW, a_student

ADDRESS = "Luz.Lopez@School.example"


def found(register: ReleaseRegister, email: str) -> list[str]:
    return list(register.terms.students_with_address(email))


@pytest.mark.parametrize("typed", [ADDRESS, ADDRESS.lower(), f" {ADDRESS.upper()} "])
def test_an_address_finds_its_student_in_any_case(register: ReleaseRegister, typed: str) -> None:
    register.save_students([replace(a_student("S7"), email=ADDRESS), a_student("S8")])

    assert found(register, typed) == ["S7"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "nobody@school.example"])
def test_no_other_address_finds_anybody(register: ReleaseRegister, typed: str) -> None:
    register.save_students([replace(a_student("S7"), email=ADDRESS), a_student("S8")])

    assert found(register, typed) == []


def test_an_address_that_was_changed_finds_nobody(register: ReleaseRegister) -> None:
    register.save_students([replace(a_student("S7"), email=ADDRESS)])

    register.save_students([replace(a_student("S7"), email="new@school.example")])

    assert found(register, ADDRESS) == []
    assert found(register, "NEW@school.example") == ["S7"]


def test_an_erased_student_is_not_found(register: ReleaseRegister) -> None:
    register.save_students([replace(a_student("S7"), email=ADDRESS)])

    register.delete_student(StudentId("S7"), why="asked for", at=NOW)

    assert found(register, ADDRESS) == []


def test_the_look_up_reads_an_index() -> None:
    engine = create_engine("sqlite://")
    migrate.upgrade(engine)
    said: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def keep(_connection: Connection, _cursor: object, sql: str, *_others: object) -> None:
        said.append(sql)

    with Session(engine) as session:
        found(ReleaseRegister(session, lambda: NOW), ADDRESS)
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {said[-1].replace('?', chr(39) * 2)}"))
        assert "USING INDEX ix_student_email_key" in str(plan.all())


def test_addresses_from_before_the_upgrade_are_found() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0005")
        connection.execute(text("INSERT INTO school (key, name) VALUES ('lincoln', 'Lincoln')"))
        connection.execute(
            text(
                "INSERT INTO student (student_id, given_name, middle_name, family_name, suffix,"
                " preferred_name, other_names, grade, school, status, fingerprint, email)"
                " VALUES ('S1', 'Maya', '', 'Lopez', '', '', '[]', '', 'lincoln', 'active', 'f',"
                " :email)"
            ),
            {"email": ADDRESS},
        )

    migrate.upgrade(engine)

    with Session(engine) as session:
        assert found(ReleaseRegister(session, lambda: NOW), ADDRESS.lower()) == ["S1"]
