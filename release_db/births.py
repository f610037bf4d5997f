"""Birth dates as they were known: correcting one changes no answer that was given before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from release_db.records import Student
from release_db.schema_rosters import BirthVersionRow
from release_db.store import chunks_of
from release_db.words import ERASED, StudentId


def note_births(session: Session, births: Mapping[StudentId, date | None], at: datetime) -> None:
    """Keeps that these are the birth dates from now on."""
    if births:
        rows = [
            {
                "student_id": student_id,
                "birth_on": born.isoformat() if born is not None else "",
                "recorded_at": at,
            }
            for student_id, born in births.items()
        ]
        session.execute(insert(BirthVersionRow), rows)


def with_births_known(
    session: Session, students: Mapping[StudentId, Student], at: datetime
) -> dict[StudentId, Student]:
    """The students with the birth dates that were on record at that moment."""
    said: dict[str, str] = {}
    for chunk in chunks_of(students):
        query = (
            select(BirthVersionRow)
            .where(BirthVersionRow.student_id.in_(chunk), BirthVersionRow.recorded_at <= at)
            .order_by(BirthVersionRow.number)
        )
        for row in session.scalars(query):
            said[row.student_id] = row.birth_on
    return {
        student_id: replace(student, birth_on=_day(said.get(student_id, "")))
        for student_id, student in students.items()
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text not in {"", ERASED} else None
