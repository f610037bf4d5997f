"""Keeps who looked at a student's data, and what families ask for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediacheck.errors import NotFound
from mediacheck.model.family_log import FamilyRequest, Look, Looked, RequestKind
from mediacheck.ports.engines import Clock
from mediacheck.storage.family_log_schema import FamilyAnswerRow, FamilyRequestRow, LookRow
from mediacheck.storage.rounds_schema import RequestNoteRow
from release_db.words import StudentId


class SqlFamilyLog:
    """Implements the ``FamilyLog`` port."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session
        self._clock = clock

    def note(self, look: Look) -> None:
        """Keeps that somebody looked."""
        row = LookRow(
            student_id=look.student_id,
            at=look.at,
            actor=look.actor,
            is_staff=look.is_staff,
            what=look.what.value,
        )
        self._add(row)

    def looks_at(self, student_id: StudentId) -> tuple[Look, ...]:
        """Everybody who looked at a student's data, the newest first."""
        query = select(LookRow).where(LookRow.student_id == student_id)
        rows = self._session.scalars(query.order_by(LookRow.number.desc()))
        return tuple(
            Look(
                student_id=student_id,
                at=row.at,
                actor=row.actor,
                is_staff=row.is_staff,
                what=Looked(row.what),
            )
            for row in rows
        )

    def ask(self, request: FamilyRequest) -> None:
        """Keeps what a family asks for."""
        row = FamilyRequestRow(
            request_id=request.request_id,
            student_id=request.student_id,
            kind=request.kind.value,
            asked_by=request.asked_by,
            asked_at=request.asked_at,
            about=request.about,
        )
        self._add(row)

    def answer(self, request_id: str, *, is_granted: bool, by: str, note: str = "") -> None:
        """Keeps the office's answer; what was asked for is done by the caller.

        ``note`` is for the family, and goes when the student is erased.

        Raises:
            NotFound: there is no such request, or it has been answered.
        """
        is_answered = self._session.get(FamilyAnswerRow, request_id) is not None
        if is_answered or self._session.get(FamilyRequestRow, request_id) is None:
            raise NotFound
        row = FamilyAnswerRow(
            request_id=request_id,
            is_granted=is_granted,
            answered_by=by,
            answered_at=self._clock.now(),
        )
        self._add(row)
        if note:
            self._add(RequestNoteRow(request_id=request_id, note=note))

    def requests_of(self, student_id: StudentId) -> tuple[FamilyRequest, ...]:
        """Everything that was asked for a student, the newest first."""
        mine = [one for one in self._requests() if one.student_id == student_id]
        return tuple(reversed(mine))

    def open_requests(self) -> tuple[FamilyRequest, ...]:
        """What waits for the office, the longest waiting first."""
        return tuple(one for one in self._requests() if one.answered_at is None)

    def _requests(self) -> list[FamilyRequest]:
        answers = {row.request_id: row for row in self._session.scalars(select(FamilyAnswerRow))}
        notes = {row.request_id: row.note for row in self._session.scalars(select(RequestNoteRow))}
        query = select(FamilyRequestRow).order_by(
            FamilyRequestRow.asked_at, FamilyRequestRow.request_id
        )
        rows = self._session.scalars(query)
        return [
            _request_from(row, answers.get(row.request_id), notes.get(row.request_id, ""))
            for row in rows
        ]

    def _add(self, row: object) -> None:
        self._session.add(row)
        self._session.flush()


def _request_from(
    row: FamilyRequestRow, answer: FamilyAnswerRow | None, note: str
) -> FamilyRequest:
    return FamilyRequest(
        request_id=row.request_id,
        student_id=StudentId(row.student_id),
        kind=RequestKind(row.kind),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        about=row.about,
        answered_by=answer.answered_by if answer is not None else None,
        answered_at=answer.answered_at if answer is not None else None,
        is_granted=answer.is_granted if answer is not None else None,
        note=note,
    )
