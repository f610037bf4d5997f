"""Brothers and sisters are found by their guardians, and by name where nobody knows a guardian."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from release_db.records import Guardian, School
from release_db.register import ReleaseRegister
from release_db.words import GuardianId, Rights, SchoolKey, StudentId, StudentStatus
from tests.factories import SCHOOL, a_student

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
MAYA, LIA, TEDDY = StudentId("S1"), StudentId("S2"), StudentId("S3")
OTHER_SCHOOL = SchoolKey("roosevelt")


@pytest.fixture
def register(engine: Engine) -> Iterator[ReleaseRegister]:
    """Three students of two schools, each with another family name."""
    with Session(engine) as session, session.begin():
        register = ReleaseRegister(session, lambda: NOW)
        for school in (SCHOOL, OTHER_SCHOOL):
            register.save_school(School(key=school, name=school))
        lia = replace(a_student(LIA, given="Lia", family="Costa"), school=OTHER_SCHOOL)
        teddy = a_student(TEDDY, given="Teddy", family="Ramos")
        register.save_students(
            [
                replace(a_student(MAYA), classes=()),
                replace(lia, classes=()),
                replace(teddy, classes=()),
            ]
        )
        yield register


def a_link(student: StudentId, email: str, **more: str) -> Guardian:
    return Guardian(
        guardian_id=GuardianId(f"{student}-{email}"), student_id=student, email=email, **more
    )


def siblings(register: ReleaseRegister) -> set[str]:
    return set(register.terms.with_siblings([MAYA, TEDDY]))


def test_a_guardian_in_common_makes_siblings_at_whatever_school(register: ReleaseRegister) -> None:
    register.save_guardians(
        [
            a_link(MAYA, "Pat@home.example"),
            a_link(LIA, "pat@home.example"),
            a_link(TEDDY, "t@x.example"),
        ]
    )

    assert siblings(register) == {MAYA}


def test_a_guardian_with_two_addresses_is_known_by_the_student_systems_id(
    register: ReleaseRegister,
) -> None:
    register.save_guardians(
        [
            a_link(MAYA, "pat@home.example", sis_id="G7"),
            a_link(LIA, "pat@work.example", sis_id="G7"),
            a_link(TEDDY, "t@x.example"),
        ]
    )

    assert siblings(register) == {MAYA}


def test_a_sibling_counts_whatever_the_rights_and_after_leaving(register: ReleaseRegister) -> None:
    removed = replace(a_link(LIA, "pat@home.example"), rights=Rights.REMOVED)
    register.save_guardians(
        [a_link(MAYA, "pat@home.example"), removed, a_link(TEDDY, "t@x.example")]
    )
    lia = register.student_or_none(LIA)
    assert lia is not None
    register.save_students([replace(lia, status=StudentStatus.DEPARTED)])

    assert siblings(register) == {MAYA}


def test_without_a_guardian_on_record_a_family_name_at_the_school_counts(
    register: ReleaseRegister,
) -> None:
    namesake = replace(a_student(StudentId("S4"), family="López"), classes=())
    register.save_students([namesake])

    assert siblings(register) == {MAYA}


def test_a_family_name_at_another_school_or_beside_guardians_does_not(
    register: ReleaseRegister,
) -> None:
    namesake = replace(a_student(StudentId("S4"), family="Ramos"), classes=(), school=OTHER_SCHOOL)
    other = replace(a_student(StudentId("S5"), family="Lopez"), classes=())
    register.save_students([namesake, other])
    register.save_guardians([a_link(MAYA, "pat@home.example")])

    assert siblings(register) == set()


def test_of_nobody_there_are_none(register: ReleaseRegister) -> None:
    assert register.terms.with_siblings([]) == frozenset()
