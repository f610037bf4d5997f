"""What went out, whom a clearance concerns, and what has to come down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from mediacheck.model.post import PostId
from mediacheck.model.publication import (
    CaseId,
    Publication,
    PublicationId,
    TakedownCase,
    TakedownStep,
    Trigger,
)
from mediacheck.model.verdict import ClearanceId
from release_db.words import StudentId


class Publications(Protocol):
    """Keeps all of it for good; nothing in it is ever changed. One transaction's view."""

    def note_concerned(
        self, clearance_id: ClearanceId, post_id: PostId, students: Collection[StudentId]
    ) -> None:
        """Keeps whom a clearance concerns: everybody whom anything in the post may be."""
        ...

    def posts_cleared_with(
        self, students: Collection[StudentId], since: datetime
    ) -> tuple[tuple[PostId, ClearanceId], ...]:
        """The newest clearance of each post that concerns one of them, unless it is void or older.

        A clearance counts from when it was given; one on which something on its way rests always.
        """
        ...

    def make_void(
        self, clearance_id: ClearanceId, trigger: Trigger, *, by: str, at: datetime
    ) -> None:
        """Makes a clearance void, for good."""
        ...

    def is_void(self, clearance_id: ClearanceId) -> bool:
        """Whether a clearance was made void."""
        ...

    def add(self, publication: Publication) -> None:
        """Keeps what went out."""
        ...

    def publication_or_none(self, publication_id: PublicationId) -> Publication | None:
        """The publication with that id."""
        ...

    def of_clearance_or_none(self, clearance_id: ClearanceId) -> Publication | None:
        """The publication that a clearance allowed."""
        ...

    def with_upload(self, sha256: str) -> tuple[Publication, ...]:
        """Everything that shows a picture which was uploaded as this very file."""
        ...

    def of_students(self, students: Collection[StudentId]) -> tuple[Publication, ...]:
        """Everything in which one of them appears, the newest first."""
        ...

    def open_case(self, case: TakedownCase) -> None:
        """Keeps a new case."""
        ...

    def case_or_none(self, case_id: CaseId) -> TakedownCase | None:
        """The case with that id."""
        ...

    def cases(self) -> tuple[TakedownCase, ...]:
        """Every case, the newest first."""
        ...

    def cases_of(self, students: Collection[StudentId]) -> tuple[TakedownCase, ...]:
        """The cases of these students, the newest first."""
        ...

    def add_step(self, case_id: CaseId, step: TakedownStep) -> None:
        """Appends what was done about one publication of a case."""
        ...
