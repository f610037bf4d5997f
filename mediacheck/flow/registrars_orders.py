"""Courts' orders, and agencies': what only takes rights to allow counts at once.

Whoever loses all rights loses the right to refuse too. Where such a person has ever refused
something, the order would widen, and so it waits for a second person; meanwhile the person may
only restrict. Ending an order always waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mediacheck.errors import MediacheckError, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import ProposalKind, payload_of, propose, withdraw_now
from mediacheck.flow.registrars_guardians import require_guardian, withdraw_verification
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from release_db.records import Guardian, StudentFile
from release_db.standing import Decided, decider_of
from release_db.terms import CourtOrder, Proposal
from release_db.words import (
    Answer,
    Audience,
    GuardianId,
    OrderEffect,
    OrderId,
    ProposalId,
    Rights,
    Use,
)


class UnfitOrder(MediacheckError):
    """Something in the order cannot be meant; ``message`` says what, ``field`` where."""

    def __init__(self, field: str, message: str) -> None:
        """Keeps the field of the form, and the words."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEntry:
    """An order as somebody of the office read it. ``uses`` empty: every use."""

    effect: OrderEffect
    guardian_id: GuardianId | None
    uses: tuple[Use, ...]
    audience: Audience | None
    starts_on: date
    ends_on: date | None
    review_on: date | None
    reference: str


def record_order(desk: Desk, file: StudentFile, entry: OrderEntry) -> ProposalId | None:
    """Records an order, or proposes it where it would widen; returns what waits, if anything.

    Raises:
        UnfitOrder: it cannot be meant.
        NotFound: it names nobody of the student's guardians.
    """
    today = today_of(desk.services.clock, desk.work.register)
    _require_fit(file, entry, today)
    if not _drops_a_refusal(file, entry):
        _record(desk, file, entry, by=desk.staff.staff_id)
        return None
    if entry.starts_on <= today:
        for guardian in _losing(file, entry):
            if guardian.rights is Rights.FULL:
                withdraw_verification(desk, file, guardian)
    return propose(desk, file.student.student_id, ProposalKind.ORDER, _payload(entry))


def confirm_order(desk: Desk, file: StudentFile, proposal: Proposal) -> None:
    """Records an order that a second person has compared with the document."""
    _record(desk, file, entry_of(proposal), by=proposal.proposed_by)


def propose_end(
    desk: Desk, file: StudentFile, order_id: str, *, ends_on: date, reference: str
) -> ProposalId:
    """Proposes the last day of an order: whoever lost rights by it gets them back then.

    Raises:
        NotFound: the student has no such order in force or to come.
        UnfitOrder: the day has passed.
    """
    today = today_of(desk.services.clock, desk.work.register)
    require_order(file, order_id, today)
    if ends_on < today:
        raise UnfitOrder("ends_on", "Enter today or a later day: what was, stays as it was.")
    payload = {"order": order_id, "ends_on": ends_on.isoformat(), "reference": reference}
    return propose(desk, file.student.student_id, ProposalKind.ORDER_END, payload)


def confirm_end(desk: Desk, file: StudentFile, proposal: Proposal) -> None:
    """Sets the last day of an order, never earlier than today."""
    payload = payload_of(proposal)
    today = today_of(desk.services.clock, desk.work.register)
    order = require_order(file, payload["order"], today)
    ends_on = max(date.fromisoformat(payload["ends_on"]), today)
    desk.work.register.terms.end_order(order.order_id, ends_on=ends_on, by=desk.staff.staff_id)
    desk.work.audit.write(
        Event.ORDER_ENDED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        order=order.order_id,
        ends_on=ends_on.isoformat(),
    )
    withdraw_now(desk, file.student.student_id, Trigger.ORDER)


def require_order(file: StudentFile, order_id: str, today: date) -> CourtOrder:
    """The student's order of that id, if it has not ended.

    Raises:
        NotFound: there is none.
    """
    for order in file.orders:
        is_over = order.ends_on is not None and order.ends_on < today
        if order.order_id == order_id and not is_over:
            return order
    raise NotFound


def entry_of(proposal: Proposal) -> OrderEntry:
    """The order that was proposed."""
    payload = payload_of(proposal)
    return OrderEntry(
        effect=OrderEffect(payload["effect"]),
        guardian_id=GuardianId(payload["guardian"]) if payload["guardian"] else None,
        uses=tuple(Use(one) for one in payload["uses"].split(";") if one),
        audience=Audience(payload["audience"]) if payload["audience"] else None,
        starts_on=date.fromisoformat(payload["starts_on"]),
        ends_on=_day_or_none(payload["ends_on"]),
        review_on=_day_or_none(payload["review_on"]),
        reference=payload["reference"],
    )


def _require_fit(file: StudentFile, entry: OrderEntry, today: date) -> None:
    needs_somebody = entry.effect is not OrderEffect.RIGHTS_HOLDER_ONLY
    if needs_somebody and entry.guardian_id is None:
        raise UnfitOrder("guardian", "Choose whom the order names.")
    if entry.guardian_id is not None:
        require_guardian(file, entry.guardian_id)
    if entry.ends_on is not None and entry.ends_on < max(entry.starts_on, today):
        raise UnfitOrder("ends_on", "Enter a last day that has not passed, or leave it empty.")
    if entry.review_on is not None and entry.review_on < today:
        raise UnfitOrder("review_on", "Enter a day to look again that has not passed.")


def _drops_a_refusal(file: StudentFile, entry: OrderEntry) -> bool:
    """Whether somebody who ever refused something would lose the right to."""
    losing = {guardian.guardian_id.casefold() for guardian in _losing(file, entry)}
    decisions: tuple[Decided, ...] = (*file.releases, *file.biometric, *file.items)
    return any(
        decision.answer is not Answer.ALLOW and decider_of(decision, file) in losing
        for decision in decisions
    )


def _losing(file: StudentFile, entry: OrderEntry) -> Iterable[Guardian]:
    """Whoever neither allows nor denies any more under the order."""
    match entry.effect:
        case OrderEffect.REMOVES_RIGHTS:
            return [one for one in file.guardians if one.guardian_id == entry.guardian_id]
        case OrderEffect.SOLE_RIGHTS:
            return [one for one in file.guardians if one.guardian_id != entry.guardian_id]
        case OrderEffect.RIGHTS_HOLDER_ONLY:
            return []


def _record(desk: Desk, file: StudentFile, entry: OrderEntry, *, by: str) -> None:
    named = entry.guardian_id if entry.effect is not OrderEffect.RIGHTS_HOLDER_ONLY else None
    order = CourtOrder(
        order_id=OrderId(desk.services.ids.new()),
        student_id=file.student.student_id,
        effect=entry.effect,
        guardian_id=named,
        uses=entry.uses,
        audience=entry.audience,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        review_on=entry.review_on,
        reference=entry.reference,
        recorded_by=by,
        recorded_at=desk.services.clock.now(),
    )
    desk.work.register.terms.record_order(order)
    desk.work.audit.write(
        Event.ORDER_RECORDED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        order=order.order_id,
        effect=order.effect.value,
    )
    withdraw_now(desk, file.student.student_id, Trigger.ORDER)


def _payload(entry: OrderEntry) -> dict[str, str]:
    return {
        "effect": entry.effect.value,
        "guardian": entry.guardian_id or "",
        "uses": ";".join(use.value for use in entry.uses),
        "audience": entry.audience.value if entry.audience is not None else "",
        "starts_on": entry.starts_on.isoformat(),
        "ends_on": entry.ends_on.isoformat() if entry.ends_on is not None else "",
        "review_on": entry.review_on.isoformat() if entry.review_on is not None else "",
        "reference": entry.reference,
    }


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
