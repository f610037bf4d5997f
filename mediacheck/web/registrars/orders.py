"""Courts' orders and guardians' verification, each on a page of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import require_student
from mediacheck.flow.registrars_guardians import (
    VerifiedHow,
    propose_rights_back,
    require_guardian,
    verify,
    withdraw_verification,
)
from mediacheck.flow.registrars_orders import (
    OrderEntry,
    UnfitOrder,
    propose_end,
    record_order,
    require_order,
)
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars import standing, words
from mediacheck.web.registrars.desk import date_or_none, open_desk
from mediacheck.web.registrars.student import shown_guardians, shown_order
from release_db.records import StudentFile
from release_db.words import Audience, GuardianId, OrderEffect, RightsBasis, Use

_NEW_PAGE, _END_PAGE = "registrars/new_order.html", "registrars/order.html"
_GUARDIAN_PAGE = "registrars/guardian.html"
_NO_DAY = "Enter the day as it stands in the order, such as 2026-11-24."

_WordT = TypeVar("_WordT", bound=StrEnum)


@open_to(Role.REGISTRAR)
def new_order(student_id: str) -> ResponseReturnValue:
    """The form for an order."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        return render_template(_NEW_PAGE, errors={}, sent={}, **_form(desk, file))


@open_to(Role.REGISTRAR)
def record(student_id: str) -> ResponseReturnValue:
    """Records an order at once, or has it wait where it would take away somebody's no."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        try:
            waits = record_order(desk, file, _entry_of_form())
        except UnfitOrder as unfit:
            errors = {unfit.field: unfit.message}
            return form_again(_NEW_PAGE, errors=errors, sent=request.form, **_form(desk, file))
    if waits is None:
        flash("The order is in force from its first day on.")
    else:
        flash("The order would take away a no, so a second person has to confirm it.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR)
def order(student_id: str, order_id: str) -> ResponseReturnValue:
    """One order, with the form that asks for its end."""
    with open_desk() as desk:
        return _order_page(desk, student_id, order_id, {})


@open_to(Role.REGISTRAR)
def end(student_id: str, order_id: str) -> ResponseReturnValue:
    """Asks for an order's end: it stays in force until a second person agrees."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        ends_on = date_or_none(line_of("ends_on"))
        if ends_on is None:
            return _order_page(desk, student_id, order_id, {"ends_on": _NO_DAY})
        try:
            propose_end(desk, file, order_id, ends_on=ends_on, reference=line_of("reference"))
        except UnfitOrder as unfit:
            return _order_page(desk, student_id, order_id, {unfit.field: unfit.message})
    flash("A second person has to agree. Until then the order is in force.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR)
def guardian(student_id: str, guardian_id: str) -> ResponseReturnValue:
    """One guardian, with how the rights were found out, and what the office may do."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        wanted = require_guardian(file, guardian_id)
        shown = [one for one in shown_guardians(desk, file) if one.guardian == wanted]
        return render_template(
            _GUARDIAN_PAGE, file=file, shown=shown[0], hows=words.VERIFIED_HOW, bases=words.BASES
        )


@open_to(Role.REGISTRAR)
def verify_guardian(student_id: str, guardian_id: str) -> ResponseReturnValue:
    """The office has found out who this is: the guardian's yes counts."""
    how, basis = _word(VerifiedHow, line_of("how")), _word(RightsBasis, line_of("basis"))
    with open_desk() as desk:
        file = require_student(desk, student_id)
        verify(desk, file, require_guardian(file, guardian_id), how=how, basis=basis)
    flash("Verified.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR)
def give_rights_back(student_id: str, guardian_id: str) -> ResponseReturnValue:
    """A court gave removed rights back: a second person has to agree."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        propose_rights_back(desk, file, require_guardian(file, guardian_id), line_of("reference"))
    flash("A second person has to agree. Until then nothing changes.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR)
def withdraw_guardian(student_id: str, guardian_id: str) -> ResponseReturnValue:
    """The office is not sure any more: the guardian may only say no."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        withdraw_verification(desk, file, require_guardian(file, guardian_id))
    flash("From now on this person may only say no.")
    return redirect(url_for("registrars.student", student_id=student_id))


def _order_page(
    desk: Desk, student_id: str, order_id: str, errors: dict[str, str]
) -> ResponseReturnValue:
    file = require_student(desk, student_id)
    today = today_of(desk.services.clock, desk.work.register)
    reviews = desk.work.register.terms.reviews_of([file.student.student_id])
    shown = shown_order(file, require_order(file, order_id, today), today, reviews)
    context = {"file": file, "shown": shown, "today": today}
    if errors:
        return form_again(_END_PAGE, errors=errors, **context)
    return render_template(_END_PAGE, errors={}, **context)


def _entry_of_form() -> OrderEntry:
    """The order that the form tells of.

    Raises:
        UnfitOrder: a day that is none.
        BadRequest: a choice that the form never offered.
    """
    for field in ("starts_on", "ends_on", "review_on"):
        text = line_of(field)
        if date_or_none(text) is None and (text or field == "starts_on"):
            raise UnfitOrder(field, _NO_DAY)
    starts_on = date_or_none(line_of("starts_on"))
    if starts_on is None:
        raise BadRequest
    use, audience, guardian_id = line_of("use"), line_of("audience"), line_of("guardian")
    return OrderEntry(
        effect=_word(OrderEffect, line_of("effect")),
        guardian_id=GuardianId(guardian_id) if guardian_id else None,
        uses=(_word(Use, use),) if use else (),
        audience=_word(Audience, audience) if audience else None,
        starts_on=starts_on,
        ends_on=date_or_none(line_of("ends_on")),
        review_on=date_or_none(line_of("review_on")),
        reference=line_of("reference"),
    )


def _form(desk: Desk, file: StudentFile) -> dict[str, object]:
    return {
        "file": file,
        "guardians": [(one.guardian_id, words.name_of(one)) for one in file.guardians],
        "effects": words.ORDER_EFFECTS,
        "uses": standing.USES,
        "audiences": words.AUDIENCES,
        "today": today_of(desk.services.clock, desk.work.register),
    }


def _word(kind: type[_WordT], text: str) -> _WordT:
    """One of the closed choices.

    Raises:
        BadRequest: it is none of them.
    """
    try:
        return kind(text)
    except ValueError:
        raise BadRequest from None
