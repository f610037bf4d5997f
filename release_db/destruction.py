"""Destroys a student's templates with the key they were sealed under, and certifies it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from release_db.records import DestructionRecord
from release_db.rows import digest_of, values_of
from release_db.schema import DestructionRow, KeyRow, PortraitRow, TemplateRow
from release_db.words import StudentId


def destroy_templates(
    session: Session,
    student_id: StudentId,
    *,
    why: str,
    at: datetime,
    by: str = "",
    backups_until: date | None = None,
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
    return _certify(session, student_id, templates, why=why, at=at, by=by, until=backups_until)


def destroy_expired(
    session: Session,
    student_id: StudentId,
    *,
    today: date,
    at: datetime,
    by: str,
    backups_until: date,
) -> DestructionRecord | None:
    """Deletes the templates of a student that have expired, and with the last of them the key."""
    why = "the template has expired"
    is_live = TemplateRow.expires_on.is_(None) | (TemplateRow.expires_on > today)
    counted = select(func.count()).where(TemplateRow.student_id == student_id, is_live)
    if not session.scalar(counted):
        return destroy_templates(
            session, student_id, why=why, at=at, by=by, backups_until=backups_until
        )
    expired = select(TemplateRow).where(
        TemplateRow.student_id == student_id, TemplateRow.expires_on <= today
    )
    rows = list(session.scalars(expired))
    for row in rows:
        session.delete(row)
    if not rows:
        return None
    return _certify(session, student_id, len(rows), why=why, at=at, by=by, until=backups_until)


def _certify(
    session: Session,
    student_id: StudentId,
    templates: int,
    *,
    why: str,
    at: datetime,
    by: str,
    until: date | None,
) -> DestructionRecord:
    said: dict[str, object] = {
        "student": student_id,
        "templates": templates,
        "why": why,
        "at": at.astimezone(UTC),
    }
    if by or until:
        said |= {"by": by, "backups_until": until}
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
    return record
