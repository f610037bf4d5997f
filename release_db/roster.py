"""Reads the plain roster CSV."""

from __future__ import annotations

from enum import StrEnum

from release_db.csv_table import Problems, Row, read_table
from release_db.records import Student
from release_db.roster_file import ListedGuardian, RosterFile, RosterRow
from release_db.words import ClassKey, SchoolKey, StudentId, StudentStatus

COLUMNS = (
    "student_id",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "other_names",
    "birth_date",
    "grade",
    "school",
    "classes",
    "guardian_emails",
    "status",
)

#: A column that may be left out: then the addresses on record stay.
EMAIL_COLUMN = "email"

_ID_CHARACTERS = 64
_KEY_CHARACTERS = 100
_EMAIL_CHARACTERS = 320


class _Status(StrEnum):
    ACTIVE = "active"
    DEPARTED = "departed"
    INACTIVE = "inactive"
    WITHDRAWN = "withdrawn"
    GRADUATED = "graduated"


def read_roster(data: bytes) -> RosterFile:
    """Reads a plain roster CSV.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    problems = Problems()
    table = read_table(data, COLUMNS, problems, optional=(EMAIL_COLUMN,))
    rows = [_roster_row(row) for row in table]
    seen: dict[StudentId, int] = {}
    for row in rows:
        first = seen.setdefault(row.student.student_id, row.number)
        if first != row.number:
            problems.add(
                row.number,
                "student_id",
                f"Student {row.student.student_id} is in row {first} already. Remove one of them.",
            )
    problems.refuse_if_any()
    has_emails = any(EMAIL_COLUMN in row.cells for row in table)
    return RosterFile(
        rows=tuple(rows), untold=frozenset() if has_emails else frozenset({EMAIL_COLUMN})
    )


def _roster_row(row: Row) -> RosterRow:
    student = Student(
        student_id=StudentId(row.required("student_id", _ID_CHARACTERS)),
        given_name=row.text("given_name"),
        middle_name=row.text("middle_name"),
        family_name=row.text("family_name"),
        suffix=row.text("suffix"),
        preferred_name=row.text("preferred_name"),
        other_names=row.several("other_names"),
        birth_on=row.date_or_none("birth_date"),
        grade=row.text("grade"),
        school=SchoolKey(row.required("school", _KEY_CHARACTERS)),
        classes=tuple(ClassKey(key) for key in sorted(row.several("classes", _KEY_CHARACTERS))),
        status=_status_of(row),
        email=row.text(EMAIL_COLUMN, _EMAIL_CHARACTERS) if EMAIL_COLUMN in row.cells else "",
    )
    if not (student.given_name or student.family_name):
        row.problem("given_name", "Fill in the given name or the family name.")
    emails = row.several("guardian_emails", _EMAIL_CHARACTERS)
    if not all(_is_email(email) for email in emails):
        row.problem("guardian_emails", "Write e-mail addresses, with ; between them.")
    if student.email and not _is_email(student.email):
        row.problem(EMAIL_COLUMN, "Write one e-mail address, or leave it blank.")
    guardians = tuple(ListedGuardian(email=email) for email in emails)
    return RosterRow(number=row.number, student=student, guardians=guardians)


def _status_of(row: Row) -> StudentStatus:
    status = row.choice_or_none("status", _Status)
    is_active = status in {None, _Status.ACTIVE}
    return StudentStatus.ACTIVE if is_active else StudentStatus.DEPARTED


def _is_email(text: str) -> bool:
    before, at, after = text.partition("@")
    return bool(before and at and after) and "@" not in after and not any(map(str.isspace, text))
