"""Books that are kept in lists, in the order in which things were said, and nothing else.

The file as of a moment is gathered here from what had been said by then, without the register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from release_db.records import Channel, Guardian, Hold, Release, School, Student, StudentFile
from release_db.terms import OPT_IN, CourtOrder, ItemConsent, NoticeDelivery, ReleasePolicy
from release_db.words import (
    ERASED,
    DefaultRule,
    DeliveryId,
    HoldId,
    OrderId,
    ReleaseId,
    SchoolKey,
    StudentId,
    Use,
)

_Kind = TypeVar("_Kind")

Said = list[tuple[datetime, object]]


class Memory:
    """Keeps whatever is said about one student, each with its moment."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Empty books."""
        self.now, self.is_erased = now, False
        self.said: Said = []
        self.terms = self

    def say(self, *things: object) -> None:
        self.said += [(self.now(), thing) for thing in things]

    def save_school(self, school: School) -> None:
        """Schools play no part."""

    def save_students(self, students: Sequence[Student]) -> None:
        self.is_erased = False
        self.say(*students)

    def save_guardians(self, guardians: Sequence[Guardian]) -> None:
        self.say(*guardians)

    def save_channel(self, channel: Channel) -> None:
        self.say(channel)

    def record(self, releases: Sequence[Release]) -> None:
        self.say(*releases)

    def revoke(self, release_id: ReleaseId, *, on: date, by: str, at: datetime) -> None:
        self.say(("revoked", release_id, on))

    def place_hold(self, hold: Hold) -> None:
        self.say(hold)

    def lift_hold(self, hold_id: HoldId, *, ends_on: date) -> None:
        self.say(("ends", hold_id, ends_on))

    def record_items(self, answers: Sequence[ItemConsent]) -> None:
        self.say(*answers)

    def record_order(self, order: CourtOrder) -> None:
        self.say(order)

    def end_order(self, order_id: OrderId, *, ends_on: date, by: str) -> None:
        self.say(("ends", order_id, ends_on))

    def record_deliveries(self, deliveries: Sequence[NoticeDelivery]) -> None:
        self.say(*deliveries)

    def fail_delivery(self, delivery_id: DeliveryId) -> None:
        self.say(("failed", delivery_id, self.now()))

    def set_policy(
        self, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
    ) -> None:
        self.say(("policy", key, value))

    def delete_student(self, student_id: StudentId, *, why: str, at: datetime) -> None:
        """Who decided is forgotten, and so are the guardians; what was decided is not."""
        self.is_erased = True
        self.said = [
            (at, replace(thing, decided_by=ERASED) if _has_decider(thing) else thing)
            for at, thing in self.said
            if not isinstance(thing, Guardian)
        ]

    def channel_at(self, key: str, at: datetime) -> Channel:
        return [one for one in self._known(Channel, at) if one.key == key][-1]

    def file_at(self, at: datetime) -> StudentFile | None:
        """What could be known at that moment."""
        students = self._known(Student, at)
        if self.is_erased or not students:
            return None
        policies = dict(self._marks("policy", at))
        uses = [Use(use) for use in str(policies.get("opt_out_uses") or "").split(";") if use]
        is_open = policies.get("default_rule") == "opt-out"
        opt_out = ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=frozenset(uses))
        ends_on = policies.get("school_year_ends_on")
        revoked, ends = self._marks("revoked", at), dict(self._marks("ends", at))
        failed = dict(self._marks("failed", at))
        return StudentFile(
            student=students[-1],
            guardians=self._guardians(at),
            releases=tuple(
                replace(one, revoked_on=min(_of(revoked, one.release_id), default=None))
                for one in self._known(Release, at)
            ),
            holds=tuple(
                replace(one, ends_on=ends.get(one.hold_id, one.ends_on))
                for one in self._known(Hold, at)
            ),
            orders=tuple(
                replace(one, ends_on=ends.get(one.order_id, one.ends_on))
                for one in self._known(CourtOrder, at)
            ),
            items=tuple(self._known(ItemConsent, at)),
            deliveries=tuple(
                replace(one, failed_at=failed.get(one.delivery_id))
                for one in self._known(NoticeDelivery, at)
            ),
            year_ends_on=date.fromisoformat(ends_on) if ends_on else None,
            policy=opt_out if is_open else OPT_IN,
        )

    def _guardians(self, at: datetime) -> tuple[Guardian, ...]:
        links: dict[str, list[Guardian]] = {}
        for link in self._known(Guardian, at):
            links.setdefault(link.guardian_id, []).append(link)
        return tuple(
            replace(said[-1], former_emails=tuple(one.email for one in said[:-1]))
            for said in links.values()
        )

    def _known(self, kind: type[_Kind], at: datetime) -> list[_Kind]:
        return [thing for said_at, thing in self.said if said_at <= at and isinstance(thing, kind)]

    def _marks(self, kind: str, at: datetime) -> list[tuple[str, object]]:
        marks = [mark for mark in self._known(tuple, at) if mark[0] == kind]
        return [(key, value) for _, key, value in marks]


def _has_decider(thing: object) -> bool:
    return isinstance(thing, Release | ItemConsent)


def _of(marks: list[tuple[str, object]], key: str) -> list[object]:
    return [value for of, value in marks if of == key]
