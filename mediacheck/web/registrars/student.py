"""One student's file, and a no that somebody told the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import may_see_holds, require_student
from mediacheck.flow.registrars_holds import is_due, proposed_liftings
from mediacheck.flow.registrars_refusals import Told, record_refusal
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.forms import line_of
from mediacheck.web.registrars import standing, words
from mediacheck.web.registrars.desk import note_look, open_desk, staff_name
from release_db.records import Guardian, StudentFile
from release_db.terms import CourtOrder
from release_db.words import Audience, GuardianId, Rights, Use

PAGE = "registrars/student.html"
#: The value of the field ``use`` for a face template.
_TEMPLATE = "template"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGuardian:
    """A guardian with her rights, and who verified them when; ``verified`` empty: nobody did."""

    guardian: Guardian
    name: str
    rights: str
    basis: str
    verified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOrder:
    """An order in words. ``is_open``: it has not ended; ``is_due``: it is to be looked at again."""

    order: CourtOrder
    effect: str
    whom: str
    scope: str
    review_on: date | None
    is_open: bool
    is_due: bool


@open_to(Role.REGISTRAR)
def student(student_id: str) -> ResponseReturnValue:
    """Everything that a decision about this student would look at."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        note_look(desk, file)
        return render_template(PAGE, errors={}, sent={}, **page_of(desk, file))


@open_to(Role.REGISTRAR)
def refuse(student_id: str) -> ResponseReturnValue:
    """Records a no that was told to the office. It can only restrict."""
    told = _told_in_form()
    with open_desk() as desk:
        record_refusal(desk, require_student(desk, student_id), told)
    flash("The no is in force.")
    return redirect(url_for("registrars.student", student_id=student_id))


def page_of(desk: Desk, file: StudentFile) -> dict[str, object]:
    """What the student's page shows."""
    register = desk.work.register
    today = today_of(desk.services.clock, register)
    channels = register.channels()
    shows_holds = may_see_holds(register, desk.staff)
    names = words.channel_names(channels)
    reviews = register.terms.reviews_of([file.student.student_id])
    return {
        "file": file,
        "today": today,
        "uses": standing.USES,
        "answers": standing.answers_of(file, channels, today, shows_holds=shows_holds),
        "decisions": standing.decisions_of(file, channels),
        "shows_holds": shows_holds,
        "holds": standing.holds_of(file, today, names, reviews) if shows_holds else (),
        "proposed_liftings": proposed_liftings(desk, file),
        "biometric": standing.biometric_of(file, today),
        "hold_kinds": words.HOLD_KINDS,
        "audiences": words.AUDIENCES,
        "channels": channels,
        "guardians": shown_guardians(desk, file),
        "orders": shown_orders(file, today, reviews),
        "school_names": {school.key: school.name for school in register.schools()},
    }


def shown_guardians(desk: Desk, file: StudentFile) -> tuple[ShownGuardian, ...]:
    """The student's guardians in words."""
    return tuple(
        ShownGuardian(
            guardian=guardian,
            name=words.name_of(guardian),
            rights=words.RIGHTS[guardian.rights],
            basis=words.BASES[guardian.basis],
            verified=_verified(desk, guardian),
        )
        for guardian in file.guardians
    )


def _verified(desk: Desk, guardian: Guardian) -> str:
    """How, when and by whom the rights came to stand as they do, where the office said so."""
    if not guardian.verified_how:
        return "By the roster" if guardian.rights is Rights.FULL else ""
    how = words.verified_words(guardian.verified_how)
    for change in desk.work.register.terms.guardian_changes(guardian.student_id):
        if change.guardian_id == guardian.guardian_id and change.recorded_by:
            who = staff_name(desk.work, change.recorded_by)
            return f"{how}: {who}, {change.recorded_at.date().isoformat()}"
    return how


def shown_orders(
    file: StudentFile, today: date, reviews: Mapping[str, date | None]
) -> tuple[ShownOrder, ...]:
    """The student's orders in words, the newest first."""
    newest_first = sorted(file.orders, key=lambda order: order.starts_on, reverse=True)
    return tuple(shown_order(file, order, today, reviews) for order in newest_first)


def shown_order(
    file: StudentFile, order: CourtOrder, today: date, reviews: Mapping[str, date | None]
) -> ShownOrder:
    """An order in words."""
    is_open = order.ends_on is None or order.ends_on >= today
    review_on = reviews.get(order.order_id, order.review_on)
    uses = {use.value: name for use, name in standing.USES.items()}
    return ShownOrder(
        order=order,
        effect=words.ORDER_EFFECTS[order.effect],
        whom=words.guardian_words(file, order.guardian_id),
        scope=words.order_scope_words(order, uses),
        review_on=review_on,
        is_open=is_open,
        is_due=is_open and is_due(review_on, today),
    )


def _told_in_form() -> Told:
    """Who said no to what.

    Raises:
        BadRequest: a use or an audience that the form never offered.
    """
    who, use = line_of("who"), line_of("use")
    by = GuardianId(who) if who else None
    if use == _TEMPLATE:
        return Told(by=by, uses=())
    try:
        uses = (Use(use),) if use else tuple(Use)
        audience = Audience(line_of("audience")) if line_of("audience") else None
    except ValueError:
        raise BadRequest from None
    return Told(by=by, uses=uses, audience=audience)
