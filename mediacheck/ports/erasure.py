"""What mediacheck itself holds of a student, beside the register."""

from __future__ import annotations

from typing import Protocol

from release_db.words import StudentId


class OwnTraces(Protocol):
    """The words and scans that go when a student is erased. What proves something stays."""

    def forget(self, student_id: StudentId) -> tuple[str, ...]:
        """Removes the office's words about a student, and phrases that may have been her name.

        Returns the keys of scans that can go, too: not of one on which another student's answer
        rests.
        """
        ...
