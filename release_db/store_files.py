"""Gathers what the rules look at for students, as it stands or as it stood at a moment.

A fixed number of questions per chunk of students, never one per student. Whatever has a moment of
recording is left out when that came after ``at`` (None: now).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db.policy import zone_named
from release_db.records import (
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
)
from release_db.schema import (
    BiometricRow,
    ChannelRow,
    GuardianRow,
    HoldEndRow,
    HoldRow,
    PolicyRow,
    ReleaseRow,
    RevocationRow,
)
from release_db.schema_terms import (
    ChannelVersionRow,
    DeliveryFailureRow,
    DeliveryRow,
    GuardianVersionRow,
    ItemConsentRow,
    OrderEndRow,
    OrderRow,
    StudentVersionRow,
)
from release_db.store import YEAR_END_KEY, chunks_of, students_by_id
from release_db.terms import OPT_IN, CourtOrder, NoticeDelivery, ReleasePolicy
from release_db.words import ChannelKey, DefaultRule, DeliveryId, SchoolKey, StudentId, Use

#: The policies that say what a blank means, and of which uses.
DEFAULT_RULE_KEY = "default_rule"
OPT_OUT_USES_KEY = "opt_out_uses"
_POLICIES = (YEAR_END_KEY, DEFAULT_RULE_KEY, OPT_OUT_USES_KEY)

_Row = TypeVar(
    "_Row",
    GuardianRow,
    ReleaseRow,
    RevocationRow,
    HoldRow,
    BiometricRow,
    OrderRow,
    ItemConsentRow,
    DeliveryRow,
    StudentVersionRow,
    GuardianVersionRow,
)


def student_files(
    session: Session, students: Collection[StudentId], at: datetime | None = None
) -> dict[StudentId, StudentFile]:
    """Everything that the rules may look at."""
    files = consent_files(session, students, at)
    releases = _releases_of(session, files, at)
    holds = _holds_of(session, files, at)
    items = _known(_rows_of(session, ItemConsentRow, files), at)
    deliveries = _deliveries_of(session, files, at)
    policies = _policies_of(session, {file.student.school for file in files.values()}, at)
    return {
        student_id: replace(
            file,
            releases=releases[student_id],
            holds=holds[student_id],
            items=tuple(item_from(row) for row in items[student_id]),
            deliveries=deliveries[student_id],
            year_ends_on=policies[file.student.school][0],
            policy=policies[file.student.school][1],
        )
        for student_id, file in files.items()
    }


def consent_files(
    session: Session, students: Collection[StudentId], at: datetime | None = None
) -> dict[StudentId, StudentFile]:
    """Files without releases and holds: all that biometric consent rests on."""
    found = students_by_id(session, students)
    if at is not None:
        found = _as_they_stood(session, found, at)
    guardians = _guardians_of(session, found, at)
    orders = _orders_of(session, found, at)
    consents = _known(_rows_of(session, BiometricRow, found), at)
    return {
        student_id: StudentFile(
            student=student,
            guardians=guardians[student_id],
            orders=orders[student_id],
            biometric=tuple(
                biometric_from(row) for row in sorted(consents[student_id], key=_in_order)
            ),
        )
        for student_id, student in found.items()
    }


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


def _rows_of(
    session: Session, kind: type[_Row], students: Collection[StudentId]
) -> defaultdict[StudentId, list[_Row]]:
    rows: defaultdict[StudentId, list[_Row]] = defaultdict(list)
    for chunk in chunks_of(students):
        for row in session.scalars(select(kind).where(kind.student_id.in_(chunk))):
            rows[StudentId(row.student_id)].append(row)
    return rows


_Dated = TypeVar(
    "_Dated",
    ReleaseRow,
    RevocationRow,
    HoldRow,
    BiometricRow,
    OrderRow,
    ItemConsentRow,
    DeliveryRow,
    StudentVersionRow,
    GuardianVersionRow,
)


def _known(
    rows: defaultdict[StudentId, list[_Dated]], at: datetime | None
) -> defaultdict[StudentId, list[_Dated]]:
    """The rows that had been recorded by then. One without a moment has always been known."""
    if at is None:
        return rows
    known: defaultdict[StudentId, list[_Dated]] = defaultdict(list)
    for student_id, held in rows.items():
        known[student_id] = [row for row in held if _is_known(row.recorded_at, at)]
    return known


def _is_known(recorded_at: datetime | None, at: datetime | None) -> bool:
    return at is None or recorded_at is None or recorded_at <= at


def _as_they_stood(
    session: Session, students: Mapping[StudentId, Student], at: datetime
) -> dict[StudentId, Student]:
    """The students who were known then, with the school and standing that they had."""
    versions = _known(_rows_of(session, StudentVersionRow, students), at)
    stood: dict[StudentId, Student] = {}
    for student_id, student in students.items():
        if versions[student_id]:
            last = max(versions[student_id], key=lambda row: row.number)
            stood[student_id] = replace(
                student, school=SchoolKey(last.school), status=last.status, left_on=last.left_on
            )
    return stood


def _guardians_of(
    session: Session, students: Collection[StudentId], at: datetime | None
) -> defaultdict[StudentId, tuple[Guardian, ...]]:
    rows = _rows_of(session, GuardianRow, students)
    versions = _known(_rows_of(session, GuardianVersionRow, students), at)
    guardians: defaultdict[StudentId, tuple[Guardian, ...]] = defaultdict(tuple)
    for student_id, held in rows.items():
        said = versions[student_id]
        links = (
            guardian_from(row, [one for one in said if one.guardian_id == row.guardian_id], at)
            for row in sorted(held, key=lambda row: row.guardian_id)
        )
        guardians[student_id] = tuple(link for link in links if link is not None)
    return guardians


def _releases_of(
    session: Session, students: Collection[StudentId], at: datetime | None
) -> defaultdict[StudentId, tuple[Release, ...]]:
    revoked: dict[str, date] = {}
    for rows in _known(_rows_of(session, RevocationRow, students), at).values():
        for row in rows:
            revoked[row.release_id] = min(row.revoked_on, revoked.get(row.release_id, date.max))
    releases: defaultdict[StudentId, tuple[Release, ...]] = defaultdict(tuple)
    for student_id, given in _known(_rows_of(session, ReleaseRow, students), at).items():
        releases[student_id] = tuple(
            release_from(row, revoked.get(row.release_id)) for row in sorted(given, key=_in_order)
        )
    return releases


def _in_order(row: ReleaseRow | BiometricRow) -> tuple[datetime, str]:
    return row.recorded_at, row.release_id


def _holds_of(
    session: Session, students: Collection[StudentId], at: datetime | None
) -> defaultdict[StudentId, tuple[Hold, ...]]:
    rows = _known(_rows_of(session, HoldRow, students), at)
    ids = [row.hold_id for held in rows.values() for row in held]
    ends: dict[str, date] = {}
    for chunk in chunks_of(ids):
        query = select(HoldEndRow).where(HoldEndRow.hold_id.in_(chunk)).order_by(HoldEndRow.number)
        for end in session.scalars(query):
            if _is_known(end.recorded_at, at):
                ends[end.hold_id] = end.ends_on
    return _by_student(rows, lambda row: hold_from(row, ends), lambda row: row.hold_id)


def _orders_of(
    session: Session, students: Collection[StudentId], at: datetime | None
) -> defaultdict[StudentId, tuple[CourtOrder, ...]]:
    rows = _known(_rows_of(session, OrderRow, students), at)
    ids = [row.order_id for held in rows.values() for row in held]
    ends: dict[str, date] = {}
    for chunk in chunks_of(ids):
        query = (
            select(OrderEndRow).where(OrderEndRow.order_id.in_(chunk)).order_by(OrderEndRow.number)
        )
        for end in session.scalars(query):
            if _is_known(end.recorded_at, at):
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


def _deliveries_of(
    session: Session, students: Collection[StudentId], at: datetime | None
) -> defaultdict[StudentId, tuple[NoticeDelivery, ...]]:
    rows = _known(_rows_of(session, DeliveryRow, students), at)
    failed: dict[str, datetime] = {}
    for chunk in chunks_of(row.delivery_id for held in rows.values() for row in held):
        query = select(DeliveryFailureRow).where(DeliveryFailureRow.delivery_id.in_(chunk))
        for failure in session.scalars(query):
            if _is_known(failure.failed_at, at):
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
) -> dict[SchoolKey, tuple[date | None, ReleasePolicy]]:
    """The last day of the school year, and what a blank means, for each of the schools."""
    query = (
        select(PolicyRow.key, PolicyRow.school, PolicyRow.value, PolicyRow.set_at)
        .where(PolicyRow.key.in_(_POLICIES))
        .order_by(PolicyRow.number)
    )
    said: dict[tuple[str, str | None], str] = {}
    for key, school, value, set_at in session.execute(query):
        if _is_known(set_at, at):
            said[key, school] = value
    return {school: _policy_of(said, school) for school in schools}


def _policy_of(
    said: Mapping[tuple[str, str | None], str], school: SchoolKey
) -> tuple[date | None, ReleasePolicy]:
    year_end, rule, uses = (said.get((key, school), said.get((key, None))) for key in _POLICIES)
    ends_on = date.fromisoformat(year_end) if year_end is not None else None
    if rule != DefaultRule.OPT_OUT:
        return ends_on, OPT_IN
    opt_out = frozenset(Use(word) for word in (uses or "").split(";") if word)
    return ends_on, ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=opt_out)
