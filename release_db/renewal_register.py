"""Who has to be asked: a new school year, and an 18th birthday; a part of the register's terms."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from release_db.schema import ReleaseRow, StudentRow
from release_db.words import Answer, Capacity, SchoolKey, StudentId, StudentStatus


class RenewalTerms:
    """What the clock asks of the register."""

    _session: Session

    def students_who_answered(
        self, since: date, among: Collection[StudentId] | None = None
    ) -> frozenset[StudentId]:
        """The students, of all or these, who need not be asked after a year ended on ``since``.

        Somebody answered for the time after it, or nobody ever allowed anything and somebody
        refused: a refusal stays, and who gave it is not asked to think again. What the student
        information system says is nobody's answer.
        """
        by_people = ReleaseRow.capacity != Capacity.SIS
        ids = select(ReleaseRow.student_id).where(by_people)
        if among is not None:
            ids = ids.where(ReleaseRow.student_id.in_(among))
        later = or_(
            ReleaseRow.given_on > since, ReleaseRow.starts_on > since, ReleaseRow.ends_on > since
        )
        answered = set(self._session.scalars(ids.where(later)))
        refused = set(self._session.scalars(ids.where(ReleaseRow.answer != Answer.ALLOW)))
        allowed = set(self._session.scalars(ids.where(ReleaseRow.answer == Answer.ALLOW)))
        return frozenset(map(StudentId, answered | (refused - allowed)))

    def active_after(
        self, after: str, *, schools: Collection[SchoolKey], limit: int
    ) -> tuple[StudentId, ...]:
        """The next active students of these schools (none: of every school), by id."""
        query = select(StudentRow.student_id).where(
            StudentRow.erased_at.is_(None),
            StudentRow.status == StudentStatus.ACTIVE,
            StudentRow.student_id > after,
        )
        if schools:
            query = query.where(StudentRow.school.in_(schools))
        in_order = query.order_by(StudentRow.student_id).limit(limit)
        return tuple(map(StudentId, self._session.scalars(in_order)))

    def born_between(self, first: date, last: date) -> tuple[StudentId, ...]:
        """The active students who were born on these days or between them, by id."""
        query = select(StudentRow.student_id).where(
            StudentRow.erased_at.is_(None),
            StudentRow.status == StudentStatus.ACTIVE,
            StudentRow.birth_on.between(first, last),
        )
        return tuple(map(StudentId, self._session.scalars(query.order_by(StudentRow.student_id))))

    def with_a_yes_that_ended(self, first: date, last: date) -> tuple[StudentId, ...]:
        """The students with a yes until a day of its own, on one of these days, by id."""
        query = select(ReleaseRow.student_id).where(
            ReleaseRow.answer == Answer.ALLOW, ReleaseRow.ends_on.between(first, last)
        )
        in_order = query.distinct().order_by(ReleaseRow.student_id)
        return tuple(map(StudentId, self._session.scalars(in_order)))
