"""What is left of a student who was erased: a tombstone, and proofs without a person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from release_db.destruction import destroy_templates
from release_db.name_rows import forget_names
from release_db.records import Student
from release_db.rows import fill_student
from release_db.schema import (
    BiometricRow,
    ClassMemberRow,
    GuardianRow,
    HoldRow,
    ReleaseRow,
    RevocationRow,
    StudentRow,
)
from release_db.schema_rosters import BirthVersionRow
from release_db.schema_terms import (
    DeliveryRow,
    GuardianVersionRow,
    ItemConsentRow,
    OrderRow,
    ProposalRow,
)
from release_db.words import ERASED, SchoolKey, StudentId, StudentStatus


def erase(session: Session, row: StudentRow, *, why: str, at: datetime, by: str) -> None:
    """Makes a tombstone of a student, and destroys or empties whatever else is personal."""
    student_id = StudentId(row.student_id)
    destroy_templates(session, student_id, why=why, at=at, by=by)
    fill_student(row, tombstone_of(row, at.date()))
    row.erased_at = at
    session.flush()
    session.execute(delete(ClassMemberRow).where(ClassMemberRow.student_id == student_id))
    session.execute(delete(GuardianRow).where(GuardianRow.student_id == student_id))
    forget_names(session, student_id)
    empty_personal_columns(session, student_id)


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
