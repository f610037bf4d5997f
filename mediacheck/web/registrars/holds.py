"""Placing a hold, which counts at once, and asking for its end, which a second person confirms."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import may_see_holds, require_student
from mediacheck.flow.registrars_holds import (
    place_hold,
    propose_lifting,
    proposed_liftings,
    record_review,
)
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars.desk import date_or_none, open_desk
from mediacheck.web.registrars.standing import holds_of
from mediacheck.web.registrars.student import PAGE, page_of
from mediacheck.web.registrars.words import HOLD_KINDS, channel_names
from release_db.policy import HOLDS_VISIBLE_KEY
from release_db.records import Hold, StudentFile
from release_db.words import Audience, ChannelKey, HoldId

_NO_END = "Enter a day that has not passed, or leave this empty: no end is known."
_NO_REVIEW = "Enter a day that has not passed, or leave this empty: nobody is reminded."


@open_to(Role.REGISTRAR)
def place(student_id: str) -> ResponseReturnValue:
    """Places a hold. It stops every post with the student from its first day on."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        today = today_of(desk.services.clock, desk.work.register)
        errors = {
            field: message
            for field, message in (("ends_on", _NO_END), ("review_on", _NO_REVIEW))
            if not _is_fit(line_of(field), today)
        }
        if errors:
            return form_again(PAGE, errors=errors, sent=request.form, **page_of(desk, file))
        place_hold(desk, _hold_of_form(desk, file, today))
    flash("The hold is in force.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def holds() -> ResponseReturnValue:
    """Every hold that can still be lifted, those first that are to be looked at again."""
    with open_desk() as desk:
        _require_viewer(desk)
        register = desk.work.register
        today = today_of(desk.services.clock, register)
        names = channel_names(register.channels())
        students = register.terms.students_with_holds()
        reviews = register.terms.reviews_of(students)
        found = register.student_files(students).values()
        items = [
            (file.student, shown, shown.hold.hold_id in proposed_liftings(desk, file))
            for file in found
            if desk.staff.works_at(file.student.school)
            for shown in holds_of(file, today, names, reviews)
            if shown.is_open
        ]
        items.sort(key=lambda item: (not item[1].is_due, item[0].family_name.casefold()))
        opens_files = desk.staff.role is Role.REGISTRAR
        return render_template("registrars/holds.html", items=items, opens_files=opens_files)


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def lift(student_id: str, hold_id: str) -> ResponseReturnValue:
    """Asks for the end of a hold: it stays in force until a second person agrees."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        _require_viewer(desk)
        propose_lifting(desk, file, hold_id)
    flash("A second person has to agree. Until then the hold is in force.")
    return redirect(url_for("registrars.holds"))


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def review(student_id: str, subject: str) -> ResponseReturnValue:
    """A hold or an order was looked at and stays; it is listed again on the day that is given."""
    next_on = line_of("next_on")
    with open_desk() as desk:
        file = require_student(desk, student_id)
        today = today_of(desk.services.clock, desk.work.register)
        if not _is_fit(next_on, today + timedelta(days=1)):
            flash("Nothing was kept: enter a day after today, or none.")
        else:
            record_review(desk, file, subject, next_on=date_or_none(next_on))
            flash("Looked at, and it stays.")
    if desk.staff.role is Role.REGISTRAR:
        return redirect(url_for("registrars.student", student_id=student_id))
    return redirect(url_for("registrars.holds"))


@open_to(Role.ADMINISTRATOR)
def set_viewers() -> ResponseReturnValue:
    """Sets which roles see holds. A teacher never does."""
    value = line_of("holds_visible_to")
    with open_desk() as desk:
        at, by = desk.services.clock.now(), desk.staff.staff_id
        desk.work.register.set_policy(HOLDS_VISIBLE_KEY, value, school=None, by=by, at=at)
        desk.work.audit.write(Event.POLICY_SET, actor=by, subject=HOLDS_VISIBLE_KEY, value=value)
    flash("The setting is kept.")
    return redirect(url_for("administrators.settings"))


def _require_viewer(desk: Desk) -> None:
    """Raises ``NotFound`` for whoever may not see that there are holds."""
    if not may_see_holds(desk.work.register, desk.staff):
        raise NotFound


def _is_fit(text: str, today: date) -> bool:
    day = date_or_none(text)
    return not text or (day is not None and day >= today)


def _hold_of_form(desk: Desk, file: StudentFile, today: date) -> Hold:
    """The hold that the form asks for.

    Raises:
        BadRequest: a kind or a place that the form never offered.
    """
    kind = line_of("kind")
    if kind not in HOLD_KINDS:
        raise BadRequest
    channel, audience = _where_of_form(desk)
    return Hold(
        hold_id=HoldId(desk.services.ids.new()),
        student_id=file.student.student_id,
        starts_on=today,
        ends_on=date_or_none(line_of("ends_on")),
        kind=kind,
        audience=audience,
        channel=channel,
        review_on=date_or_none(line_of("review_on")),
        reference=line_of("reference"),
        placed_by=desk.staff.staff_id,
    )


def _where_of_form(desk: Desk) -> tuple[ChannelKey | None, Audience | None]:
    """What the hold is about: one channel, one audience, or everything."""
    kind, _, key = line_of("where").partition(":")
    if kind == "":
        return None, None
    if kind == "audience" and key in set(Audience):
        return None, Audience(key)
    if kind == "channel" and desk.work.register.channel_or_none(ChannelKey(key)) is not None:
        return ChannelKey(key), None
    raise BadRequest
