"""Gathers what the rules look at for students, as it stands or as it stood at a moment.

A fixed number of questions per chunk of students, never one per student. Whatever has a moment of
recording is left out when that came after ``at`` (None: now).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from release_db.births import with_births_known
from release_db.plain_rows import KnownRows, is_known, plain_table, rows_of
from release_db.policy import zone_named
from release_db.records import (
    BiometricConsent,
    Channel,
    Guardian,
    Hold,
    Release,
    Student,
    StudentFile,
)
from release_db.rows import (
    biometric_from,
    guardian_from,
    hold_from,
    item_from,
    order_from,
    release_from,
    student_from,
)
from release_db.schema import (
    BiometricRow,
    ChannelRow,
    ClassMemberRow,
    GuardianRow,
    HoldEndRow,
    HoldRow,
    PolicyRow,
    ReleaseRow,
    RevocationRow,
    StudentRow,
)
from release_db.schema_terms import (
    ChannelVersionRow,
    DeliveryFailureRow,
    DeliveryRow,
    ItemConsentRow,
    OrderEndRow,
    OrderRow,
    RenewalRoundRow,
    StudentVersionRow,
)
from release_db.store import YEAR_END_KEY, chunks_of
from release_db.terms import OPT_IN, CourtOrder, NoticeDelivery, ReleasePolicy
from release_db.words import ChannelKey, DefaultRule, DeliveryId, SchoolKey, StudentId, Use

#: The policies that say what a blank means, and of which uses.
DEFAULT_RULE_KEY = "default_rule"
OPT_OUT_USES_KEY = "opt_out_uses"
_POLICIES = (YEAR_END_KEY, DEFAULT_RULE_KEY, OPT_OUT_USES_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SchoolPolicy:
    """What holds at one school where a decision itself says nothing."""

    year_ends_on: date | None
    ended_years: tuple[date, ...]
    policy: ReleasePolicy


def student_files(
    session: Session, students: Collection[StudentId], at: datetime | None = None
) -> dict[StudentId, StudentFile]:
    """Everything that the rules may look at."""
    known = KnownRows(session, students, at)
    found, guardians, orders = _students_of(known), _guardians_of(known), _orders_of(known)
    releases, holds, deliveries = _releases_of(known), _holds_of(known), _deliveries_of(known)
    biometric, items = _biometric_of(known), known.of(ItemConsentRow)
    policies = _policies_of(session, {student.school for student in found.values()}, at)
    return {
        student_id: StudentFile(
            student=student,
            guardians=guardians[student_id],
            orders=orders[student_id],
            biometric=biometric[student_id],
            releases=releases[student_id],
            holds=holds[student_id],
            items=tuple(item_from(row) for row in items.get(student_id, ())),
            deliveries=deliveries[student_id],
            year_ends_on=policies[student.school].year_ends_on,
            ended_years=policies[student.school].ended_years,
            policy=policies[student.school].policy,
        )
        for student_id, student in found.items()
    }


def consent_files(
    session: Session, students: Collection[StudentId], at: datetime | None = None
) -> dict[StudentId, StudentFile]:
    """Files without releases and holds: all that biometric consent rests on."""
    known = KnownRows(session, students, at)
    guardians, orders, biometric = _guardians_of(known), _orders_of(known), _biometric_of(known)
    return {
        student_id: StudentFile(
            student=student,
            guardians=guardians[student_id],
            orders=orders[student_id],
            biometric=biometric[student_id],
        )
        for student_id, student in _students_of(known).items()
    }


def _students_of(known: KnownRows) -> dict[StudentId, Student]:
    classes = rows_of(known.session, ClassMemberRow, known.students)
    students = {
        student_id: student_from(row, [member.class_key for member in classes[student_id]])
        for student_id, (row,) in rows_of(known.session, StudentRow, known.students).items()
        if row.erased_at is None
    }
    return students if known.at is None else _as_they_stood(known, students, known.at)


def _biometric_of(known: KnownRows) -> defaultdict[StudentId, tuple[BiometricConsent, ...]]:
    consents: defaultdict[StudentId, tuple[BiometricConsent, ...]] = defaultdict(tuple)
    for student_id, rows in known.of(BiometricRow).items():
        consents[student_id] = tuple(biometric_from(row) for row in sorted(rows, key=_in_order))
    return consents


def channel_at_or_none(session: Session, key: ChannelKey, at: datetime) -> Channel | None:
    """The channel with the rules that it had at that moment."""
    row = session.get(ChannelRow, key)
    query = (
        select(ChannelVersionRow)
        .where(ChannelVersionRow.key == key, ChannelVersionRow.recorded_at <= at)
        .order_by(ChannelVersionRow.number.desc())
        .limit(1)
    )
    version = session.scalar(query)
    if row is None or version is None:
        return None
    return Channel(
        key=key,
        name=row.name,
        audience=version.audience,
        school=SchoolKey(version.school) if version.school is not None else None,
        name_form=version.name_form,
        is_official=version.is_official,
        allows_close_ups=version.allows_close_ups,
    )


def zone_at(session: Session, at: datetime) -> ZoneInfo:
    """The district's time zone as it was set at that moment."""
    query = (
        select(PolicyRow.value)
        .where(PolicyRow.key == "time_zone", PolicyRow.school.is_(None), PolicyRow.set_at <= at)
        .order_by(PolicyRow.number.desc())
        .limit(1)
    )
    return zone_named(session.scalar(query))


def _as_they_stood(
    known: KnownRows, students: Mapping[StudentId, Student], at: datetime
) -> dict[StudentId, Student]:
    """The students who were known then, with the school and standing that they had."""
    versions = known.of(StudentVersionRow)
    stood: dict[StudentId, Student] = {}
    for student_id, student in students.items():
        if said := versions.get(student_id):
            last = max(said, key=lambda row: row.number)
            stood[student_id] = replace(
                student, school=SchoolKey(last.school), status=last.status, left_on=last.left_on
            )
    return with_births_known(known.session, stood, at)


def _guardians_of(known: KnownRows) -> defaultdict[StudentId, tuple[Guardian, ...]]:
    rows = rows_of(known.session, GuardianRow, known.students)
    versions = known.versions_of_guardians()
    guardians: defaultdict[StudentId, tuple[Guardian, ...]] = defaultdict(tuple)
    for student_id, held in rows.items():
        said = versions.get(student_id, [])
        links = (
            guardian_from(
                row, [one for one in said if one.guardian_id == row.guardian_id], known.at
            )
            for row in sorted(held, key=lambda row: row.guardian_id)
        )
        guardians[student_id] = tuple(link for link in links if link is not None)
    return guardians


def _releases_of(known: KnownRows) -> defaultdict[StudentId, tuple[Release, ...]]:
    revoked: dict[str, date] = {}
    for rows in known.of(RevocationRow).values():
        for row in rows:
            revoked[row.release_id] = min(row.revoked_on, revoked.get(row.release_id, date.max))
    releases: defaultdict[StudentId, tuple[Release, ...]] = defaultdict(tuple)
    for student_id, given in known.of(ReleaseRow).items():
        releases[student_id] = tuple(
            release_from(row, revoked.get(row.release_id)) for row in sorted(given, key=_in_order)
        )
    return releases


def _in_order(row: ReleaseRow | BiometricRow) -> tuple[datetime, str]:
    return row.recorded_at, row.release_id


def _holds_of(known: KnownRows) -> defaultdict[StudentId, tuple[Hold, ...]]:
    rows = known.of(HoldRow)
    ids = [row.hold_id for held in rows.values() for row in held]
    ends: dict[str, date] = {}
    for chunk in chunks_of(ids):
        query = select(HoldEndRow).where(HoldEndRow.hold_id.in_(chunk)).order_by(HoldEndRow.number)
        for end in known.session.scalars(query):
            if is_known(end.recorded_at, known.at):
                ends[end.hold_id] = end.ends_on
    return _by_student(rows, lambda row: hold_from(row, ends), lambda row: row.hold_id)


def _orders_of(known: KnownRows) -> defaultdict[StudentId, tuple[CourtOrder, ...]]:
    rows = known.of(OrderRow)
    ids = [row.order_id for held in rows.values() for row in held]
    ends: dict[str, date] = {}
    for chunk in chunks_of(ids):
        query = (
            select(OrderEndRow).where(OrderEndRow.order_id.in_(chunk)).order_by(OrderEndRow.number)
        )
        for end in known.session.scalars(query):
            if is_known(end.recorded_at, known.at):
                ends[end.order_id] = end.ends_on
    return _by_student(rows, lambda row: order_from(row, ends), lambda row: row.order_id)


_Kept = TypeVar("_Kept", HoldRow, OrderRow)
_Record = TypeVar("_Record", Hold, CourtOrder)


def _by_student(
    rows: Mapping[StudentId, list[_Kept]],
    read: Callable[[_Kept], _Record],
    in_order: Callable[[_Kept], str],
) -> defaultdict[StudentId, tuple[_Record, ...]]:
    records: defaultdict[StudentId, tuple[_Record, ...]] = defaultdict(tuple)
    for student_id, held in rows.items():
        records[student_id] = tuple(read(row) for row in sorted(held, key=in_order))
    return records


def _deliveries_of(known: KnownRows) -> defaultdict[StudentId, tuple[NoticeDelivery, ...]]:
    rows = known.of(DeliveryRow)
    failed: dict[str, datetime] = {}
    for chunk in chunks_of(row.delivery_id for held in rows.values() for row in held):
        query = select(DeliveryFailureRow).where(DeliveryFailureRow.delivery_id.in_(chunk))
        for failure in known.session.scalars(query):
            if is_known(failure.failed_at, known.at):
                failed[failure.delivery_id] = failure.failed_at
    deliveries: defaultdict[StudentId, tuple[NoticeDelivery, ...]] = defaultdict(tuple)
    for student_id, held in rows.items():
        deliveries[student_id] = tuple(
            NoticeDelivery(
                delivery_id=DeliveryId(row.delivery_id),
                student_id=student_id,
                notice=row.notice,
                language=row.language,
                address=row.address,
                sent_on=row.sent_on,
                window_ends_on=row.window_ends_on,
                recorded_at=row.recorded_at,
                failed_at=failed.get(row.delivery_id),
            )
            for row in sorted(held, key=lambda row: row.delivery_id)
        )
    return deliveries


def _policies_of(
    session: Session, schools: Collection[SchoolKey], at: datetime | None
) -> dict[SchoolKey, _SchoolPolicy]:
    """The last day of the school year, and what a blank means, for each of the schools."""
    said: dict[tuple[str, str | None], str] = {}
    for key, school, value, set_at in session.connection().execute(_policy_values()).all():
        if is_known(set_at, at):
            said[key, school] = value
    rounds = session.connection().execute(_rounds()).all()
    ended = tuple(ends_on for ends_on, recorded_at in rounds if is_known(recorded_at, at))
    return {school: _policy_of(said, school, ended) for school in schools}


@cache
def _policy_values() -> Select[Any]:
    columns = plain_table(PolicyRow).c
    values = select(columns.key, columns.school, columns.value, columns.set_at)
    return values.where(columns.key.in_(_POLICIES)).order_by(columns.number)


@cache
def _rounds() -> Select[Any]:
    columns = plain_table(RenewalRoundRow).c
    return select(columns.year_ends_on, columns.recorded_at).order_by(columns.year_ends_on)


def _policy_of(
    said: Mapping[tuple[str, str | None], str], school: SchoolKey, ended: tuple[date, ...]
) -> _SchoolPolicy:
    """A school whose year ends on a day of its own has no part in the district's rounds."""
    year_end, rule, uses = (said.get((key, school), said.get((key, None))) for key in _POLICIES)
    words = (uses or "").split(";") if rule == DefaultRule.OPT_OUT else ()
    opt_out = frozenset(Use(word) for word in words if word)
    is_opt_out = rule == DefaultRule.OPT_OUT
    return _SchoolPolicy(
        year_ends_on=date.fromisoformat(year_end) if year_end is not None else None,
        ended_years=() if (YEAR_END_KEY, school) in said else ended,
        policy=ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=opt_out)
        if is_opt_out
        else OPT_IN,
    )
