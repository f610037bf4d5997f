"""The log of who looked at a student's data, and the requests of families."""

from __future__ import annotations

from typing import Protocol

from mediacheck.model.family_log import FamilyRequest, Look
from release_db.words import StudentId


class FamilyLog(Protocol):
    """Keeps looks and requests for good; nothing in it is ever changed."""

    def note(self, look: Look) -> None:
        """Keeps that somebody looked."""
        ...

    def looks_at(self, student_id: StudentId) -> tuple[Look, ...]:
        """Everybody who looked at a student's data, the newest first."""
        ...

    def ask(self, request: FamilyRequest) -> None:
        """Keeps what a family asks for."""
        ...

    def answer(self, request_id: str, *, is_granted: bool, by: str, note: str = "") -> None:
        """Keeps the office's answer; what was asked for is done by the caller.

        ``note`` is for the family, and goes when the student is erased.

        Raises:
            NotFound: there is no such request, or it has been answered.
        """
        ...

    def requests_of(self, student_id: StudentId) -> tuple[FamilyRequest, ...]:
        """Everything that was asked for a student, the newest first."""
        ...

    def open_requests(self) -> tuple[FamilyRequest, ...]:
        """What waits for the office, the longest waiting first."""
        ...
