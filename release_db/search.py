"""Finds students by what somebody types: parts of any name, or of the student's id.

Each student's row carries the words that it is found by, folded to plain letters, so that the
database itself searches and no more rows are read than are shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from release_db.folding import folded
from release_db.records import Student
from release_db.schema import StudentRow
from release_db.store import students_by_id
from release_db.words import SchoolKey, StudentId

#: More words than any name has: the rest of a long text is not looked for.
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first students by family name; ``has_more``: there are others."""

    students: tuple[Student, ...]
    has_more: bool


def find_students(
    session: Session, wanted: str, *, schools: Collection[SchoolKey], limit: int
) -> Found:
    """The students whose names or id hold every word of ``wanted``, departed ones too.

    ``schools`` empty: those of every school. Nobody is found by nothing.
    """
    words = folded(wanted).split()[:_MOST_WORDS]
    if not words:
        return Found(students=(), has_more=False)
    query = select(StudentRow.student_id).where(StudentRow.erased_at.is_(None))
    for word in words:
        query = query.where(StudentRow.search_words.contains(word))
    if schools:
        query = query.where(StudentRow.school.in_(sorted(schools)))
    in_order = query.order_by(
        func.lower(StudentRow.family_name), func.lower(StudentRow.given_name), StudentRow.student_id
    )
    ids = [StudentId(one) for one in session.scalars(in_order.limit(limit + 1))]
    shown = students_by_id(session, ids[:limit])
    students = tuple(shown[student_id] for student_id in ids[:limit])
    return Found(students=students, has_more=len(ids) > limit)
