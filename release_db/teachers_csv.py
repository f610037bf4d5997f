"""Reads the plain CSV of a district's teachers, for student systems that export no bundle."""

from __future__ import annotations

from enum import StrEnum

from release_db.csv_table import Problems, Row, read_table
from release_db.roster_file import ToldTeacher
from release_db.words import SchoolKey

COLUMNS = ("teacher_id", "name", "email", "schools", "status")


class _Status(StrEnum):
    ACTIVE = "active"
    DEPARTED = "departed"


def read_teachers(data: bytes) -> tuple[ToldTeacher, ...]:
    """Every teacher of the district; who is not in the file has left.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    problems = Problems()
    rows = read_table(data, COLUMNS, problems)
    teachers = [_teacher_of(row) for row in rows]
    seen: set[str] = set()
    for row, teacher in zip(rows, teachers, strict=True):
        if teacher.roster_id in seen:
            row.problem("teacher_id", "This id is in the file twice. Remove one of the rows.")
        seen.add(teacher.roster_id)
    problems.refuse_if_any()
    return tuple(teachers)


def _teacher_of(row: Row) -> ToldTeacher:
    email = row.required("email", 200)
    if email and ("@" not in email or any(map(str.isspace, email))):
        row.problem("email", "Write one e-mail address.")
    schools = row.several("schools", 100)
    if not schools:
        row.problem("schools", "Write the key of at least one school; put ; between several.")
    return ToldTeacher(
        roster_id=row.required("teacher_id", 64),
        email=email,
        name=row.required("name"),
        joined=tuple(SchoolKey(key) for key in sorted(schools)),
        has_all_schools=True,
        is_gone=row.choice_or_none("status", _Status) is _Status.DEPARTED,
    )
