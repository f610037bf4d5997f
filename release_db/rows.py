"""Turns rows into records and back. The rows go no further than ``store`` and its siblings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from functools import lru_cache
from typing import TypeVar

from release_db.folding import search_words_of
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
    GuardianRow,
    HoldRow,
    ReleaseRow,
    StudentRow,
)
from release_db.schema_terms import GuardianVersionRow, ItemConsentRow, OrderRow
from release_db.terms import CourtOrder, ItemConsent, Notice, RenewalRound
from release_db.words import (
    ActId,
    Audience,
    ChannelKey,
    ClassKey,
    GuardianId,
    NameForm,
    ReleaseId,
    SchoolKey,
    StudentId,
    Use,
)

_Plain = TypeVar(
    "_Plain",
    School,
    ClassGroup,
    Channel,
    DestructionRecord,
    PolicyValue,
    CourtOrder,
    ItemConsent,
    Notice,
    RenewalRound,
)
_NAME_PARTS = ("given_name", "middle_name", "family_name", "suffix", "preferred_name", "grade")


def record_from(kind: type[_Plain], row: Base) -> _Plain:
    """The record of a row whose columns are the record's fields."""
    # A column's value has no type here; the tests hold each row to its record.
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def values_of(
    record: _Plain | Guardian | Hold | BiometricConsent | Release | Scope,
) -> dict[str, object]:
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
        email=row.email,
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
    row.email = student.email
    row.erased_at = None
    row.fingerprint = fingerprint_of(student)
    row.search_words = search_words_of(student)
    row.email_key = student.email.strip().casefold()


def fingerprint_of(student: Student) -> str:
    """A hash of the student's names, school, classes, birth date and standing."""
    canonical = {**asdict(student), "classes": sorted(student.classes)}
    del canonical["grade"], canonical["email"]
    return digest_of(canonical)


@lru_cache(maxsize=1_000)
def _scope_of(
    use: Use, channel: str | None, audience: Audience | None, name_form: NameForm | None
) -> Scope:
    """The one value for a scope that thousands of releases share."""
    key = ChannelKey(channel) if channel is not None else None
    return Scope(use=use, channel=key, audience=audience, name_form=name_form)


def release_from(row: ReleaseRow, revoked_on: date | None) -> Release:
    """The release of a row."""
    return Release(
        release_id=ReleaseId(row.release_id),
        student_id=StudentId(row.student_id),
        scope=_scope_of(row.use, row.channel, row.audience, row.name_form),
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
        starts_on=row.starts_on,
        language=row.language,
        evidence=row.evidence,
        reason=row.reason,
        act=ActId(row.act) if row.act is not None else None,
    )


def release_row(release: Release) -> ReleaseRow:
    """The row of a release, without its revocation."""
    values = values_of(release) | values_of(release.scope)
    del values["scope"], values["revoked_on"]
    return ReleaseRow(**values)


def biometric_from(row: BiometricRow) -> BiometricConsent:
    """The biometric consent of a row."""
    values = {field.name: getattr(row, field.name) for field in fields(BiometricConsent)}
    return BiometricConsent(**values)


def guardian_values(guardian: Guardian) -> dict[str, object]:
    """The columns of a guardian's link, all but the address in one case."""
    values = values_of(guardian)
    del values["former_emails"]
    return values


def guardian_from(
    row: GuardianRow, versions: Sequence[GuardianVersionRow], at: datetime | None
) -> Guardian | None:
    """A guardian's link as it was by its last version; None: it was not known at ``at``.

    ``versions`` are those known at ``at`` (None: all, and the row is the last of them).
    """
    if at is not None and not versions:
        return None
    last = max(versions, key=lambda version: version.number) if at is not None else row
    earlier = dict.fromkeys(version.email for version in versions)
    return Guardian(
        guardian_id=GuardianId(row.guardian_id),
        student_id=StudentId(row.student_id),
        email=last.email,
        rights=last.rights,
        name=row.name,
        language=row.language,
        basis=last.basis,
        verified_how=last.verified_how,
        sis_id=row.sis_id,
        former_emails=tuple(email for email in earlier if email != last.email),
    )


def guardian_version(guardian: Guardian, by: str, at: datetime) -> dict[str, object]:
    """How a guardian's link is from now on."""
    return {
        "guardian_id": guardian.guardian_id,
        "student_id": guardian.student_id,
        "email": guardian.email,
        "rights": guardian.rights,
        "basis": guardian.basis,
        "verified_how": guardian.verified_how,
        "recorded_by": by,
        "recorded_at": at,
    }


def student_version(student: Student, at: datetime) -> dict[str, object]:
    """How a student stands in the roster from now on."""
    return {
        "student_id": student.student_id,
        "school": student.school,
        "status": student.status,
        "left_on": student.left_on,
        "recorded_at": at,
    }


def hold_from(row: HoldRow, ends: Mapping[str, date]) -> Hold:
    """The hold of a row, with the last day that was set on it afterwards."""
    values = {field.name: getattr(row, field.name) for field in fields(Hold)}
    return Hold(**values | {"ends_on": ends.get(row.hold_id, row.ends_on)})


def order_from(row: OrderRow, ends: Mapping[str, date]) -> CourtOrder:
    """The order of a row, with the last day that was set on it afterwards."""
    values = {field.name: getattr(row, field.name) for field in fields(CourtOrder)}
    values["ends_on"] = ends.get(row.order_id, row.ends_on)
    values["uses"] = tuple(Use(word) for word in row.uses)
    return CourtOrder(**values)


def order_row(order: CourtOrder) -> OrderRow:
    """The row of an order."""
    return OrderRow(**values_of(order) | {"uses": list(order.uses)})


def item_from(row: ItemConsentRow) -> ItemConsent:
    """The answer for one item of a row."""
    return record_from(ItemConsent, row)


def biometric_row(consent: BiometricConsent) -> BiometricRow:
    """The row of a biometric consent."""
    return BiometricRow(**values_of(consent))


def digest_of(canonical: object) -> str:
    """SHA-256, in hex, of anything made of dictionaries, lists, texts and dates."""
    text = json.dumps(canonical, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
