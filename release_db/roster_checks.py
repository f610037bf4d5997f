"""What cannot be meant in a roster, whatever the file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from release_db.csv_table import Problems
from release_db.records import Student
from release_db.roster_file import RosterFile
from release_db.words import StudentId, StudentStatus

#: Nobody on a roster is younger or older: a birth date beyond this is a slip, and an adult's birth
#: date would silence the guardians.
YOUNGEST_YEARS, OLDEST_YEARS = 2, 26


def require_plausible_ages(file: RosterFile, on: date) -> None:
    """Passes birth dates that a student can have.

    Raises:
        ImportRefused: naming every row whose birth date cannot be right.
    """
    problems = Problems()
    for row in file.rows:
        born = row.student.birth_on
        if born is None or row.student.status is StudentStatus.DEPARTED:
            continue
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        if not YOUNGEST_YEARS <= years <= OLDEST_YEARS:
            problems.add(
                row.number,
                "birth_date",
                f"This makes the student {years} years old. Check the year, or leave it blank.",
            )
    problems.refuse_if_any()


def require_same_people(file: RosterFile, everyone: Mapping[StudentId, Student]) -> None:
    """An id that was given to somebody else must not inherit releases.

    One of family name and birth date may be corrected; both at once is another person.

    Raises:
        ImportRefused: naming every row with an id of somebody else.
    """
    problems = Problems()
    for row in file.rows:
        before = everyone.get(row.student.student_id)
        if before is None or None in {before.birth_on, row.student.birth_on}:
            continue
        is_other_name = before.family_name.casefold() != row.student.family_name.casefold()
        if is_other_name and before.birth_on != row.student.birth_on:
            problems.add(
                row.number,
                "student_id",
                f"Student {row.student.student_id} has another family name and another birth date "
                "than before. Give a new student a new id; import two corrections of one student "
                "one after the other.",
            )
    problems.refuse_if_any()
