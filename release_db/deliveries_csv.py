"""Reads the proof that families were sent a notice: whom, when, in which language, where to.

A blank may mean yes only where the district says so and this proof is on file. A file is taken
whole or not at all; the same line again is no change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from release_db.csv_table import Problems, Row, read_table
from release_db.register import ReleaseRegister
from release_db.terms import NoticeDelivery
from release_db.words import DeliveryId, NoticeKind, StudentId

COLUMNS = ("student_id", "notice", "language", "address", "sent_on", "window_ends_on", "arrived")

#: A family has to have had time to object. Districts that publish theirs give 20 days or more.
SHORTEST_WINDOW = timedelta(days=14)


class Arrived(StrEnum):
    """Whether a notice reached the family; a blank is a yes."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPlan:
    """What a file of deliveries would add; ``failed`` turned out not to have arrived.

    ``concerned``: the students of whom anything changes.
    """

    added: tuple[NoticeDelivery, ...]
    failed: tuple[DeliveryId, ...]
    concerned: frozenset[StudentId]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a line may name: the release notices, and everybody on the roster of the file."""

    notices: Collection[tuple[str, str]]
    students: Collection[StudentId]
    on: date
    now: datetime


def plan_deliveries(
    register: ReleaseRegister, data: bytes, *, on: date, now: datetime
) -> DeliveriesPlan:
    """What the file would change, beside what is on record.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    problems = Problems()
    rows = read_table(data, COLUMNS, problems)
    files = register.student_files({StudentId(row.cells["student_id"]) for row in rows})
    known = _Known(
        notices={
            (notice.reference, notice.language)
            for notice in register.terms.notices()
            if notice.kind is NoticeKind.RELEASE
        },
        students=files.keys(),
        on=on,
        now=now,
    )
    read = [_line_of(row, known) for row in rows]
    problems.refuse_if_any()
    lines = {sent.delivery_id: (sent, has_arrived) for sent, has_arrived in filter(None, read)}
    on_record = {sent.delivery_id: sent for file in files.values() for sent in file.deliveries}
    failed = tuple(
        delivery_id
        for delivery_id, (_, has_arrived) in lines.items()
        if not has_arrived
        and (delivery_id not in on_record or on_record[delivery_id].failed_at is None)
    )
    added = tuple(sent for key, (sent, _) in lines.items() if key not in on_record)
    changed = {sent.delivery_id for sent in added}.union(failed)
    return DeliveriesPlan(
        added=added,
        failed=failed,
        concerned=frozenset(lines[delivery_id][0].student_id for delivery_id in changed),
        unchanged=len(lines) - len(changed),
    )


def apply_deliveries(register: ReleaseRegister, plan: DeliveriesPlan) -> None:
    """Records what was planned, in the caller's transaction."""
    register.terms.record_deliveries(plan.added)
    for delivery_id in plan.failed:
        register.terms.fail_delivery(delivery_id)


def _line_of(row: Row, known: _Known) -> tuple[NoticeDelivery, bool] | None:
    student_id = StudentId(row.required("student_id", 64))
    notice, language = row.required("notice"), row.required("language", 35)
    address = row.required("address", 320)
    sent_on, ends_on = _days_of(row, known.on)
    arrived = row.choice_or_none("arrived", Arrived)
    if student_id and student_id not in known.students:
        row.problem("student_id", "Nobody on the roster has this id. Import the roster first.")
    if (notice, language) not in known.notices:
        row.problem("notice", "Write a published release notice as id@version, and its language.")
    if sent_on is None or ends_on is None:
        return None
    delivery = NoticeDelivery(
        delivery_id=_id_of(student_id, notice, language, address, sent_on.isoformat()),
        student_id=student_id,
        notice=notice,
        language=language,
        address=address,
        sent_on=sent_on,
        window_ends_on=ends_on,
        recorded_at=known.now,
    )
    return delivery, arrived is not Arrived.NO


def _days_of(row: Row, on: date) -> tuple[date | None, date | None]:
    """The day it was sent and the last day to object; a blank is a problem."""
    row.required("sent_on")
    row.required("window_ends_on")
    sent_on, ends_on = row.date_or_none("sent_on"), row.date_or_none("window_ends_on")
    if sent_on is not None and sent_on > on:
        row.problem("sent_on", "This day is still to come. List a notice once it has been sent.")
    if sent_on is not None and ends_on is not None and ends_on - sent_on < SHORTEST_WINDOW:
        row.problem("window_ends_on", f"Give families at least {SHORTEST_WINDOW.days} days.")
    return sent_on, ends_on


def _id_of(*parts: str) -> DeliveryId:
    """The same for the same line, so that a file may be imported twice."""
    return DeliveryId(hashlib.sha256("\n".join(parts).encode()).hexdigest())
