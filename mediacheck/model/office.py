"""What the school office keeps: signed paper forms, and what it found out about disagreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.people import StaffId
from release_db.words import GuardianId, StudentId

FormId = NewType("FormId", str)


class ScanKind(StrEnum):
    """What a scan is."""

    PICTURE = "picture"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A kept scan. ``sha256`` is that of the very file; ``view`` the key of what a page shows."""

    kind: ScanKind
    sha256: str
    view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """A signed paper form as the office entered it. Append-only.

    ``signer`` None: the student. ``answers``: a form's field to the answer that the paper gives.
    """

    form_id: FormId
    student_id: StudentId
    scan: Scan
    signer: GuardianId | None
    signed_on: date
    answers: Mapping[str, str]
    entered_by: StaffId
    entered_at: datetime


class SettledAs(StrEnum):
    """What the office found out about two answers that differ."""

    SIGNED_AGAIN = "signed-again"
    SIS_CORRECTED = "sis-corrected"
    TALKED = "talked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The office's word on one disagreement, named by its two decisions. Append-only.

    It closes the item and decides nothing: the stricter answer counts on.
    """

    key: str
    student_id: StudentId
    how: SettledAs
    note: str
    settled_by: StaffId
    settled_at: datetime
