"""Turns rows into records and back. The rows go no further than ``store`` and its siblings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from typing import TypeVar

from release_db.records import (
    BiometricConsent,
    Channel,
    ClassGroup,
    DestructionRecord,
    Guardian,
    Hold,
    PolicyValue,
    Release,
    School,
    Scope,
    Student,
)
from release_db.schema import (
    Base,
    BiometricRow,
    ReleaseRow,
    StudentRow,
)
from release_db.words import ChannelKey, ClassKey, ReleaseId, SchoolKey, StudentId

_Plain = TypeVar(
    "_Plain",
    School,
    ClassGroup,
    Channel,
    Guardian,
    Hold,
    BiometricConsent,
    DestructionRecord,
    PolicyValue,
)
_NAME_PARTS = ("given_name", "middle_name", "family_name", "suffix", "preferred_name", "grade")


def record_from(kind: type[_Plain], row: Base) -> _Plain:
    """The record of a row whose columns are the record's fields."""
    # A column's value has no type here; the tests hold each row to its record.
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def values_of(record: _Plain | Release | Scope) -> dict[str, object]:
    """The columns of a record's row."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def student_from(row: StudentRow, classes: Iterable[str]) -> Student:
    """The student of a row, with the classes in order of their keys."""
    return Student(
        student_id=StudentId(row.student_id),
        **{name: getattr(row, name) for name in _NAME_PARTS},
        other_names=tuple(row.other_names),
        birth_on=row.birth_on,
        school=SchoolKey(row.school),
        classes=tuple(ClassKey(key) for key in sorted(classes)),
        status=row.status,
        left_on=row.left_on,
    )


def fill_student(row: StudentRow, student: Student) -> None:
    """Puts the student into the row, all but the classes. A tombstone comes back to life."""
    for name in _NAME_PARTS:
        setattr(row, name, getattr(student, name))
    row.other_names = list(student.other_names)
    row.birth_on = student.birth_on
    row.school = student.school
    row.status = student.status
    row.left_on = student.left_on
    row.erased_at = None
    row.fingerprint = fingerprint_of(student)


def fingerprint_of(student: Student) -> str:
    """A hash of the student's names, school, classes, birth date and standing."""
    canonical = {**asdict(student), "classes": sorted(student.classes)}
    del canonical["grade"]
    return digest_of(canonical)


def release_from(row: ReleaseRow, revoked_on: date | None) -> Release:
    """The release of a row."""
    return Release(
        release_id=ReleaseId(row.release_id),
        student_id=StudentId(row.student_id),
        scope=Scope(
            use=row.use,
            channel=ChannelKey(row.channel) if row.channel is not None else None,
            audience=row.audience,
            name_form=row.name_form,
        ),
        answer=row.answer,
        capacity=row.capacity,
        decided_by=row.decided_by,
        method=row.method,
        notice=row.notice,
        given_on=row.given_on,
        recorded_at=row.recorded_at,
        ends_on=row.ends_on,
        supersedes=ReleaseId(row.supersedes) if row.supersedes is not None else None,
        revoked_on=revoked_on,
    )


def release_row(release: Release) -> ReleaseRow:
    """The row of a release, without its revocation."""
    values = values_of(release) | values_of(release.scope)
    del values["scope"], values["revoked_on"]
    return ReleaseRow(**values)


def biometric_row(consent: BiometricConsent) -> BiometricRow:
    """The row of a biometric consent."""
    return BiometricRow(**values_of(consent))


def digest_of(canonical: object) -> str:
    """SHA-256, in hex, of anything made of dictionaries, lists, texts and dates."""
    text = json.dumps(canonical, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
