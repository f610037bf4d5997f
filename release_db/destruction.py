"""Destroys a student's templates with the key they were sealed under, and certifies it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from release_db import store
from release_db.policy import zone_named
from release_db.records import DestructionRecord
from release_db.rows import digest_of, values_of
from release_db.schema import DestructionRow, KeyRow, PortraitRow, TemplateRow
from release_db.words import SchoolKey, StudentId

#: For how many days backups may still hold what was destroyed, and the policy that says otherwise.
BACKUP_DAYS_KEY = "backup_days"
BACKUP_DAYS = 35

_NOTED = "release_db.destroyed"


def destroy_templates(
    session: Session,
    student_id: StudentId,
    *,
    why: str,
    at: datetime,
    by: str = "",
) -> DestructionRecord | None:
    """Deletes key, templates and portrait, and returns the certificate; None: nothing was held.

    Without the key a copy in a backup cannot be read either. The certificate's id is a hash of
    what it says, so that it cannot be altered without showing.
    """
    if session.get(KeyRow, student_id) is None:
        return None
    counted = select(func.count()).where(TemplateRow.student_id == student_id)
    templates = session.scalar(counted) or 0
    for table in (TemplateRow, PortraitRow, KeyRow):
        session.execute(delete(table).where(table.student_id == student_id))
    return _certify(session, student_id, templates, why=why, at=at, by=by)


def destroy_reference(
    session: Session,
    student_id: StudentId,
    reference_sha256: str,
    *,
    why: str,
    at: datetime,
    by: str,
) -> DestructionRecord | None:
    """Deletes the templates of one reference, and with a student's last one the key."""
    mine = TemplateRow.student_id == student_id
    rows = list(
        session.scalars(
            select(TemplateRow).where(mine, TemplateRow.reference_sha256 == reference_sha256)
        )
    )
    if not rows:
        return None
    if len(rows) == (session.scalar(select(func.count()).where(mine)) or 0):
        return destroy_templates(session, student_id, why=why, at=at, by=by)
    for row in rows:
        session.delete(row)
    return _certify(session, student_id, len(rows), why=why, at=at, by=by)


def destroy_expired(
    session: Session,
    student_id: StudentId,
    *,
    today: date,
    at: datetime,
    by: str,
) -> DestructionRecord | None:
    """Deletes the templates of a student that have expired, and with the last of them the key."""
    why = "the template has expired"
    is_live = TemplateRow.expires_on.is_(None) | (TemplateRow.expires_on > today)
    counted = select(func.count()).where(TemplateRow.student_id == student_id, is_live)
    if not session.scalar(counted):
        return destroy_templates(session, student_id, why=why, at=at, by=by)
    expired = select(TemplateRow).where(
        TemplateRow.student_id == student_id, TemplateRow.expires_on <= today
    )
    rows = list(session.scalars(expired))
    for row in rows:
        session.delete(row)
    if not rows:
        return None
    return _certify(session, student_id, len(rows), why=why, at=at, by=by)


def backup_days(session: Session, school: SchoolKey | None = None) -> int:
    """For how many days a backup may still hold what was destroyed."""
    said = store.policy_or_none(session, BACKUP_DAYS_KEY, school)
    return int(said) if said is not None else BACKUP_DAYS


def destroyed_in(session: Session) -> tuple[DestructionRecord, ...]:
    """What was destroyed in this session, in order: its transaction has to record it."""
    noted: list[DestructionRecord] = session.info.get(_NOTED, [])
    return tuple(noted)


def is_unaltered(record: DestructionRecord) -> bool:
    """Whether the certificate's id still fits what it says."""
    said = _said(
        record.student_id,
        record.templates,
        why=record.why,
        at=record.destroyed_at,
        by=record.destroyed_by,
        until=record.backups_until,
    )
    return record.certificate_id == digest_of(said)


def _certify(
    session: Session, student_id: StudentId, templates: int, *, why: str, at: datetime, by: str
) -> DestructionRecord:
    zone = zone_named(store.policy_or_none(session, "time_zone", None))
    until = at.astimezone(zone).date() + timedelta(days=backup_days(session))
    said = _said(student_id, templates, why=why, at=at, by=by, until=until)
    record = DestructionRecord(
        certificate_id=digest_of(said),
        student_id=student_id,
        templates=templates,
        why=why,
        destroyed_at=at,
        destroyed_by=by,
        backups_until=until,
    )
    session.add(DestructionRow(**values_of(record)))
    session.flush()
    session.info.setdefault(_NOTED, []).append(record)
    return record


def _said(
    student_id: StudentId, templates: int, *, why: str, at: datetime, by: str, until: date | None
) -> Mapping[str, object]:
    said: dict[str, object] = {
        "student": student_id,
        "templates": templates,
        "why": why,
        "at": at.astimezone(UTC),
    }
    if by or until:
        said |= {"by": by, "backups_until": until}
    return said
