"""Protective holds: placed at once, lifted by two people, seen by the roles that the district says.

A teacher reads of a hold what every refusal says.
"""

from __future__ import annotations

from datetime import date

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import (
    ProposalKind,
    may_see_holds,
    payload_of,
    propose,
    withdraw_now,
)
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from release_db.records import Hold, StudentFile
from release_db.terms import Proposal
from release_db.words import HoldId, OrderId, ProposalId


def place_hold(desk: Desk, hold: Hold) -> None:
    """Places a hold, stops what is queued, and brings down what is out."""
    desk.work.register.place_hold(hold)
    desk.work.audit.write(
        Event.HOLD_PLACED,
        actor=desk.staff.staff_id,
        subject=hold.student_id,
        hold=hold.hold_id,
    )
    withdraw_now(desk, hold.student_id, Trigger.HOLD)


def propose_lifting(desk: Desk, file: StudentFile, hold_id: str) -> ProposalId:
    """Proposes to end a hold; it stays in force until a second person agrees.

    Raises:
        NotFound: the student has no such hold in force, or it is proposed already.
    """
    today = today_of(desk.services.clock, desk.work.register)
    require_open_hold(file, hold_id, today)
    if hold_id in proposed_liftings(desk, file):
        raise NotFound
    payload = {"hold": hold_id}
    return propose(desk, file.student.student_id, ProposalKind.HOLD_END, payload)


def proposed_liftings(desk: Desk, file: StudentFile) -> frozenset[str]:
    """The holds of a student whose end waits for a second person."""
    return frozenset(
        payload_of(one).get("hold", "")
        for one in desk.work.register.terms.proposals_of(file.student.student_id)
        if one.kind == ProposalKind.HOLD_END and one.decided_by is None
    )


def confirm_lifting(desk: Desk, file: StudentFile, proposal: Proposal) -> None:
    """Ends a hold today: the releases on file count again from tomorrow."""
    today = today_of(desk.services.clock, desk.work.register)
    hold = require_open_hold(file, payload_of(proposal)["hold"], today)
    desk.work.register.lift_hold(hold.hold_id, ends_on=today, by=desk.staff.staff_id)
    desk.work.audit.write(
        Event.HOLD_LIFTED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        hold=hold.hold_id,
    )


def require_open_hold(file: StudentFile, hold_id: str, today: date) -> Hold:
    """The student's hold of that id, if it can still be ended.

    Raises:
        NotFound: there is none.
    """
    for hold in file.holds:
        if hold.hold_id == hold_id and is_open(hold, today):
            return hold
    raise NotFound


def is_open(hold: Hold, on: date) -> bool:
    """Whether the hold lasts beyond that day."""
    return hold.ends_on is None or hold.ends_on > on


def record_review(desk: Desk, file: StudentFile, subject: str, *, next_on: date | None) -> None:
    """Keeps that a hold or an order was looked at and stays; it is listed again on ``next_on``.

    Raises:
        NotFound: the student has no such hold or order, or this person may not see holds.
    """
    holds = file.holds if may_see_holds(desk.work.register, desk.staff) else ()
    subjects: tuple[HoldId | OrderId, ...] = (
        *(one.hold_id for one in holds),
        *(one.order_id for one in file.orders),
    )
    for known in subjects:
        if known == subject:
            student, by = file.student.student_id, desk.staff.staff_id
            desk.work.register.terms.record_review(student, known, next_on=next_on, by=by)
            desk.work.audit.write(Event.REVIEWED, actor=by, subject=student, about=known)
            return
    raise NotFound


def is_due(review_on: date | None, today: date) -> bool:
    """Whether somebody said that it was to be looked at again by now."""
    return review_on is not None and review_on <= today
