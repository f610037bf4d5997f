"""Ends what may not be held any longer: templates whose consent, or whose student's time, is over.

It runs in the transaction that ends the consent or the enrolment, and by the clock for what ends
by itself (a school year, an 18th birthday, a court's order).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db import store, store_files
from release_db.destruction import destroy_expired, destroy_templates
from release_db.policy import zone_named
from release_db.recognition import OFF, recognition_at
from release_db.records import DestructionRecord, StudentFile
from release_db.rules import biometric_consent_or_none
from release_db.schema import KeyRow, StudentRow
from release_db.standing import comes_of_age_on
from release_db.words import SchoolKey, StudentId, StudentStatus

#: Why templates go where recognition is off.
RECOGNITION_IS_OFF = "recognition is off"
#: For how many days backups may still hold what was destroyed, and the policy that says otherwise.
BACKUP_DAYS_KEY = "backup_days"
BACKUP_DAYS = 35


def destroy_lapsed(
    session: Session, students: Collection[StudentId] | None, *, by: str, at: datetime
) -> tuple[DestructionRecord, ...]:
    """Destroys what is held of these students (None: of all) without a live biometric consent.

    So it does where recognition is off at the student's school, to which she may have moved. Of
    the others, templates that have expired go.
    """
    held = _holders(session, students)
    if not held:
        return ()
    zone = zone_named(store.policy_or_none(session, "time_zone", None))
    today = at.astimezone(zone).date()
    until = today + timedelta(days=backup_days(session))
    files = store_files.consent_files(session, held)
    off = _schools_without_recognition(session, files.values())
    records = []
    for student_id in sorted(held):
        file = files.get(student_id)
        why = _why_not_held(file, today, off)
        if not why:
            record = destroy_expired(
                session, student_id, today=today, at=at, by=by, backups_until=until
            )
        else:
            record = destroy_templates(
                session, student_id, why=why, at=at, by=by, backups_until=until
            )
        records.append(record)
    return tuple(record for record in records if record is not None)


def destroy_of_schools(
    session: Session, schools: Collection[SchoolKey], *, why: str, by: str, at: datetime
) -> tuple[DestructionRecord, ...]:
    """Destroys everything that is held of the students of these schools."""
    query = (
        select(KeyRow.student_id)
        .join(StudentRow, StudentRow.student_id == KeyRow.student_id)
        .where(StudentRow.school.in_(schools))
        .order_by(KeyRow.student_id)
    )
    zone = zone_named(store.policy_or_none(session, "time_zone", None))
    until = at.astimezone(zone).date() + timedelta(days=backup_days(session))
    records = [
        destroy_templates(
            session, StudentId(student_id), why=why, at=at, by=by, backups_until=until
        )
        for student_id in list(session.scalars(query))
    ]
    return tuple(record for record in records if record is not None)


def backup_days(session: Session, school: SchoolKey | None = None) -> int:
    """For how many days a backup may still hold what was destroyed."""
    said = store.policy_or_none(session, BACKUP_DAYS_KEY, school)
    return int(said) if said is not None else BACKUP_DAYS


def _holders(session: Session, students: Collection[StudentId] | None) -> set[StudentId]:
    if students is None:
        return {StudentId(held) for held in session.scalars(select(KeyRow.student_id))}
    found: set[StudentId] = set()
    for chunk in store.chunks_of(students):
        query = select(KeyRow.student_id).where(KeyRow.student_id.in_(chunk))
        found.update(StudentId(held) for held in session.scalars(query))
    return found


def _schools_without_recognition(
    session: Session, files: Iterable[StudentFile]
) -> frozenset[SchoolKey]:
    schools = {file.student.school for file in files}
    return frozenset(school for school in schools if recognition_at(session, school) == OFF)


def _why_not_held(file: StudentFile | None, today: date, off: Collection[SchoolKey]) -> str:
    """Why nothing may be held of a student; empty: it may be."""
    if file is None or file.student.status is StudentStatus.DEPARTED:
        return "the student has left"
    if file.student.school in off:
        return RECOGNITION_IS_OFF
    if biometric_consent_or_none(file, today) is not None:
        return ""
    of_age_on = comes_of_age_on(file.student)
    if of_age_on is not None and of_age_on <= today:
        return "the student came of age"
    return "the consent has ended"
