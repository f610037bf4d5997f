"""What the school office keeps beside the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from mediacheck.model.office import FormId, PaperForm, Settlement
from release_db.words import StudentId


class OfficeRecords(Protocol):
    """Paper forms and settlements, kept for good; nothing in it is ever changed."""

    def keep_form(self, form: PaperForm) -> None:
        """Keeps a paper form."""
        ...

    def form_or_none(self, form_id: FormId) -> PaperForm | None:
        """The form of that id."""
        ...

    def forms_of(self, student_id: StudentId) -> tuple[PaperForm, ...]:
        """Every paper form of a student, the newest first."""
        ...

    def keep_settlement(self, settlement: Settlement) -> None:
        """Keeps the office's word on a disagreement."""
        ...

    def settlements(self, keys: Collection[str]) -> Mapping[str, Settlement]:
        """The last word on each of these disagreements that has one."""
        ...
