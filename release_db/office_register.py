"""The register's doorway to what the school office looks up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db.schema import HoldRow
from release_db.schema_office import ReviewRow
from release_db.schema_terms import GuardianVersionRow, OrderRow
from release_db.search import Found, find_students
from release_db.store import chunks_of
from release_db.words import GuardianId, HoldId, OrderId, Rights, SchoolKey, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianChange:
    """How a guardian's rights stood from a moment on, and who said so; an import says nobody."""

    guardian_id: GuardianId
    rights: Rights
    verified_how: str
    recorded_by: str
    recorded_at: datetime


class OfficeTerms:
    """Finds students, and what waits for the office."""

    _session: Session
    _now: Callable[[], datetime]

    def find_students(
        self, wanted: str, *, schools: Collection[SchoolKey] = (), limit: int
    ) -> Found:
        """The students whose names or id hold every word of ``wanted``, departed ones too."""
        return find_students(self._session, wanted, schools=schools, limit=limit)

    def guardian_changes(self, student_id: StudentId) -> tuple[GuardianChange, ...]:
        """How the rights of the student's guardians have stood, the newest first."""
        query = select(GuardianVersionRow).where(GuardianVersionRow.student_id == student_id)
        rows = self._session.scalars(query.order_by(GuardianVersionRow.number.desc()))
        return tuple(
            GuardianChange(
                guardian_id=GuardianId(row.guardian_id),
                rights=row.rights,
                verified_how=row.verified_how,
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
            )
            for row in rows
        )

    def students_with_holds(self) -> tuple[StudentId, ...]:
        """The students on whom a hold was ever placed."""
        found = self._session.scalars(select(HoldRow.student_id).distinct())
        return tuple(sorted(StudentId(student_id) for student_id in found))

    def students_to_review(self, by: date) -> tuple[StudentId, ...]:
        """The students of whom something was ever to be looked at again by that day."""
        holds = select(HoldRow.student_id).where(HoldRow.review_on <= by)
        orders = select(OrderRow.student_id).where(OrderRow.review_on <= by)
        again = select(ReviewRow.student_id).where(ReviewRow.next_on <= by)
        found = self._session.scalars(holds.union(orders, again))
        return tuple(sorted(StudentId(student_id) for student_id in found))

    def record_review(
        self, student_id: StudentId, subject: HoldId | OrderId, *, next_on: date | None, by: str
    ) -> None:
        """Keeps that a hold or an order was looked at, and when it is to be again; None: never."""
        row = ReviewRow(
            student_id=student_id,
            subject=subject,
            next_on=next_on,
            reviewed_by=by,
            recorded_at=self._now(),
        )
        self._session.add(row)
        self._session.flush()

    def reviews_of(self, students: Collection[StudentId]) -> Mapping[str, date | None]:
        """When each hold or order that was looked at is to be looked at again; None: never."""
        found: dict[str, date | None] = {}
        for chunk in chunks_of(students):
            query = select(ReviewRow).where(ReviewRow.student_id.in_(chunk))
            for row in self._session.scalars(query.order_by(ReviewRow.number)):
                found[row.subject] = row.next_on
        return found
