"""The register's doorway to what the school office looks up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db.schema import HoldRow
from release_db.schema_terms import GuardianVersionRow, OrderRow
from release_db.search import Found, find_students
from release_db.words import GuardianId, Rights, SchoolKey, StudentId


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
        """The students with a hold or an order that was to be looked at again by that day."""
        holds = select(HoldRow.student_id).where(HoldRow.review_on <= by)
        orders = select(OrderRow.student_id).where(OrderRow.review_on <= by)
        found = self._session.scalars(holds.union(orders))
        return tuple(sorted(StudentId(student_id) for student_id in found))
