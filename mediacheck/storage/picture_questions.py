"""Questions to families on SQLAlchemy; the table stands beside the publications'."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediacheck.model.picture_question import PictureQuestion
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.publications_schema import PictureQuestionRow
from release_db.words import StudentId


class SqlPictureQuestions:
    """Implements the ``PictureQuestions`` port."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def ask(self, question: PictureQuestion) -> None:
        """Keeps a question."""
        row = PictureQuestionRow(
            question_id=question.question_id,
            student_id=question.student_id,
            question=to_json(question, PictureQuestion),
        )
        self._session.add(row)
        self._session.flush()

    def of_students(self, students: Collection[StudentId]) -> tuple[PictureQuestion, ...]:
        """What was asked about these students, the newest first."""
        of_them = PictureQuestionRow.student_id.in_(sorted(students))
        query = select(PictureQuestionRow).where(of_them).order_by(PictureQuestionRow.number.desc())
        return tuple(
            from_json(row.question, PictureQuestion) for row in self._session.scalars(query)
        )
