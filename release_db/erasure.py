"""What is left of a student who was erased: a tombstone, and proofs without a person."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from release_db.records import Student
from release_db.schema import BiometricRow, HoldRow, ReleaseRow, RevocationRow, StudentRow
from release_db.schema_rosters import BirthVersionRow
from release_db.schema_terms import (
    DeliveryRow,
    GuardianVersionRow,
    ItemConsentRow,
    OrderRow,
    ProposalRow,
)
from release_db.words import ERASED, SchoolKey, StudentId, StudentStatus


def empty_personal_columns(session: Session, student_id: StudentId) -> None:
    """Empties who decided and why in the append-only rows of a student who is a tombstone."""
    for row, columns in (
        (ReleaseRow, ("decided_by", "evidence")),
        (BiometricRow, ("decided_by", "evidence")),
        (RevocationRow, ("revoked_by",)),
        (HoldRow, ("kind", "reference")),
        (GuardianVersionRow, ("email", "verified_how")),
        (OrderRow, ("reference",)),
        (ItemConsentRow, ("decided_by", "evidence")),
        (DeliveryRow, ("address",)),
        (ProposalRow, ("payload",)),
        (BirthVersionRow, ("birth_on",)),
    ):
        empty = dict.fromkeys(columns, ERASED)
        erase = update(row).where(row.student_id == student_id).values(empty)
        session.execute(erase)


def tombstone_of(row: StudentRow, on: date) -> Student:
    """The student whose row holds an id, a school and nothing personal."""
    return Student(
        student_id=StudentId(row.student_id),
        given_name="",
        family_name="",
        school=SchoolKey(row.school),
        status=StudentStatus.DEPARTED,
        left_on=on,
    )
