"""What cannot be meant in a roster, whatever the file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from release_db.csv_table import Problems
from release_db.records import Hold, Student
from release_db.roster_file import RosterFile
from release_db.words import StudentId, StudentStatus

#: Nobody on a roster is younger or older: a birth date beyond this is a slip, and an adult's birth
#: date would silence the guardians.
YOUNGEST_YEARS, OLDEST_YEARS = 2, 26

#: The kind of hold that closes the record of a student whose id was given to somebody else, in the
#: words that the office reads on the hold.
REUSED_ID = "id given to somebody else"


def closes_reused(hold: Hold, on: date) -> bool:
    """Whether the hold closes a record for that reason, still."""
    return hold.kind == REUSED_ID and (hold.ends_on is None or hold.ends_on >= on)


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


def require_kept_zeros(file: RosterFile, everyone: Mapping[StudentId, Student]) -> None:
    """Passes ids that no spreadsheet has taken the leading zeros of.

    Raises:
        ImportRefused: naming every new student whose id is another's but for the zeros, where the
            other is in the file no more.
    """
    told = {row.student.student_id for row in file.rows}
    missing = {
        student.student_id.lstrip("0")
        for student in everyone.values()
        if student.student_id not in told and student.status is StudentStatus.ACTIVE
    }
    problems = Problems()
    for row in file.rows:
        student_id = row.student.student_id
        if student_id not in everyone and student_id.lstrip("0") in missing:
            message = "The roster on record writes this id with another number of zeros at its "
            problems.add(row.number, "student_id", f"{message}beginning. Export it as text.")
    problems.refuse_if_any()


def other_people(file: RosterFile, everyone: Mapping[StudentId, Student]) -> frozenset[StudentId]:
    """The ids that were given to somebody else, who must not inherit releases.

    One of family name and birth date may be corrected; both at once is another person. Where a
    birth date is not known, all of the name is.
    """
    rows = (row.student for row in file.rows)
    return frozenset(
        student.student_id
        for student in rows
        if student.student_id in everyone and _is_other(everyone[student.student_id], student)
    )


def _is_other(before: Student, after: Student) -> bool:
    is_other_family = before.family_name.casefold() != after.family_name.casefold()
    if before.birth_on is None or after.birth_on is None:
        given = {before.given_name.casefold(), before.preferred_name.casefold()}
        return is_other_family and after.given_name.casefold() not in given
    return is_other_family and before.birth_on != after.birth_on
