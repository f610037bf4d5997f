"""Who has answered for a new school year; a part of ``ReleaseRegister.terms``."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from release_db.schema import ReleaseRow
from release_db.words import Answer, Capacity, StudentId


class RenewalTerms:
    """What a renewal round asks of the register."""

    _session: Session

    def students_who_answered(self, since: date) -> frozenset[StudentId]:
        """The students who need not be asked again after a school year that ended on ``since``.

        Somebody answered for the time after it, or nobody ever allowed anything and somebody
        refused: a refusal stays, and who gave it is not asked to think again. What the student
        information system says is nobody's answer.
        """
        by_people = ReleaseRow.capacity != Capacity.SIS
        ids = select(ReleaseRow.student_id).where(by_people)
        later = or_(
            ReleaseRow.given_on > since, ReleaseRow.starts_on > since, ReleaseRow.ends_on > since
        )
        answered = set(self._session.scalars(ids.where(later)))
        refused = set(self._session.scalars(ids.where(ReleaseRow.answer != Answer.ALLOW)))
        allowed = set(self._session.scalars(ids.where(ReleaseRow.answer == Answer.ALLOW)))
        return frozenset(map(StudentId, answered | (refused - allowed)))
