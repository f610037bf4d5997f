"""The questions that families were asked about single pictures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from mediacheck.model.picture_question import PictureQuestion
from release_db.words import StudentId


class PictureQuestions(Protocol):
    """Keeps them for good. The answers are the register's."""

    def ask(self, question: PictureQuestion) -> None:
        """Keeps a question."""
        ...

    def of_students(self, students: Collection[StudentId]) -> tuple[PictureQuestion, ...]:
        """What was asked about these students, the newest first."""
        ...
