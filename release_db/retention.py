"""Ends what may not be held any longer: templates whose consent, or whose student's time, is over.

It runs in the transaction that ends the consent or the enrolment, and by the clock for what ends
by itself (a school year, an 18th birthday, a court's order).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db import store, store_files
from release_db.destruction import destroy_expired, destroy_templates
from release_db.expiry import TEMPLATE_MONTHS_KEY, expiry_of
from release_db.policy import zone_named
from release_db.recognition import OFF, recognition_at
from release_db.records import DestructionRecord, StudentFile
from release_db.rules import biometric_consent_or_none
from release_db.schema import KeyRow, StudentRow, TemplateRow
from release_db.standing import comes_of_age_on
from release_db.words import Answer, SchoolKey, StudentId, StudentStatus

#: Why templates go where recognition is off.
RECOGNITION_IS_OFF = "recognition is off"
#: Who acts when nobody does: the clock, or an import.
NOBODY = "mediacheck"


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
    files = store_files.consent_files(session, held)
    off = _schools_without_recognition(session, files.values())
    records = []
    for student_id in sorted(held):
        file = files.get(student_id)
        why = _why_not_held(file, today, off)
        if not why:
            record = destroy_expired(session, student_id, today=today, at=at, by=by)
        else:
            whom = _who_ended(file, today) if by == NOBODY else by
            record = destroy_templates(session, student_id, why=why, at=at, by=whom)
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
    records = [
        destroy_templates(session, StudentId(student_id), why=why, at=at, by=by)
        for student_id in list(session.scalars(query))
    ]
    return tuple(record for record in records if record is not None)


def shorten_template_lives(session: Session) -> None:
    """Brings the last day of each template forward where the policy now says so, and never back."""
    query = select(TemplateRow, StudentRow.birth_on, StudentRow.school).join(
        StudentRow, StudentRow.student_id == TemplateRow.student_id
    )
    months = {
        school.key: store.policy_or_none(session, TEMPLATE_MONTHS_KEY, school.key)
        for school in store.all_schools(session)
    }
    for row, birth_on, school in session.execute(query):
        last = expiry_of(birth_on, row.enrolled_at.date(), months.get(SchoolKey(school)))
        if row.expires_on is None or last < row.expires_on:
            row.expires_on = last
    session.flush()


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


def _who_ended(file: StudentFile | None, today: date) -> str:
    """The capacity in which somebody said no last; nobody, where time alone ended it."""
    if file is None or file.student.status is StudentStatus.DEPARTED:
        return NOBODY
    refusals = [
        consent
        for consent in file.biometric
        if consent.answer is Answer.DENY and consent.given_on <= today
    ]
    last = max(refusals, key=lambda consent: consent.recorded_at, default=None)
    return last.capacity.value if last is not None else NOBODY
