"""Removes what mediacheck's own tables hold of a student in anybody's words."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mediacheck.storage.family_log_schema import FamilyRequestRow
from mediacheck.storage.office_schema import PaperFormRow, SettlementNoteRow, SettlementRow
from mediacheck.storage.publications_schema import TakedownCaseRow
from mediacheck.storage.remembered import SqlRememberedWords
from mediacheck.storage.rounds_schema import RequestNoteRow
from mediacheck.storage.takedown_tasks_schema import TakedownProofRow
from release_db.words import StudentId


class SqlOwnTraces:
    """Implements the ``OwnTraces`` port."""

    def __init__(self, session: Session, remembered: SqlRememberedWords) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session
        self._remembered = remembered

    def forget(self, student_id: StudentId) -> tuple[str, ...]:
        """Removes the office's words about a student, and phrases that may have been her name.

        Returns the keys of scans that can go, too: not of one on which another student's answer
        rests.
        """
        asked = select(FamilyRequestRow.request_id).where(FamilyRequestRow.student_id == student_id)
        self._session.execute(delete(RequestNoteRow).where(RequestNoteRow.request_id.in_(asked)))
        settled = select(SettlementRow.number).where(SettlementRow.student_id == student_id)
        notes = delete(SettlementNoteRow).where(SettlementNoteRow.number.in_(settled))
        self._session.execute(notes)
        self._remembered.forget(student_id)
        return tuple(sorted(self._scans_of(student_id) | self._proofs_of(student_id)))

    def _proofs_of(self, student_id: StudentId) -> set[str]:
        """The keys of pictures of screens that were shown in nobody else's takedowns."""
        shown = (
            select(TakedownProofRow.screenshot)
            .join(TakedownCaseRow, TakedownCaseRow.case_id == TakedownProofRow.case_id)
            .where(TakedownProofRow.screenshot != "")
        )
        is_mine = TakedownCaseRow.student_id == student_id
        mine = set(self._session.scalars(shown.where(is_mine)))
        others = shown.where(~is_mine, TakedownProofRow.screenshot.in_(mine))
        return mine - set(self._session.scalars(others))

    def _scans_of(self, student_id: StudentId) -> set[str]:
        """The keys of scans that only this student's forms name."""
        keys = select(PaperFormRow.scan_sha256, PaperFormRow.scan_view)
        mine, others = set[str](), set[str]()
        for pair in self._session.execute(keys.where(PaperFormRow.student_id == student_id)):
            mine.update(pair)
        shared = PaperFormRow.scan_sha256.in_(mine) | PaperFormRow.scan_view.in_(mine)
        for pair in self._session.execute(
            keys.where(PaperFormRow.student_id != student_id, shared)
        ):
            others.update(pair)
        return mine - others
