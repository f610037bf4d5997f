"""Students who turned 18 and decide alone: handing the way in over to them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.coming_of_age import Grown, Handing, UnfitAddress, deciding_alone, invite_grown
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import require_student
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars.desk import open_desk

_LIST, _CODE = "registrars/of_age.html", "registrars/of_age_code.html"

_STATES = {
    Handing.NO_ADDRESS: ("review", "No address of their own"),
    Handing.NOT_INVITED: ("review", "Not invited"),
    Handing.INVITED: ("", "Invited, has not set it up"),
}


@open_to(Role.REGISTRAR)
def of_age() -> ResponseReturnValue:
    """Everybody who decides alone and does not sign in yet."""
    with open_desk() as desk:
        return render_template(_LIST, errors={}, wrong="", items=_items(desk))


@open_to(Role.REGISTRAR)
def hand_over_code(student_id: str) -> ResponseReturnValue:
    """Mails the invitation, and shows the code once where the office hands it over."""
    with open_desk() as desk:
        student = require_student(desk, student_id).student
        try:
            code = invite_grown(desk, student_id, line_of("email"))
        except UnfitAddress as error:
            errors = {f"email-{student_id}": error.message}
            return form_again(_LIST, errors=errors, wrong=student_id, items=_items(desk))
    if code is None:
        flash("The invitation is on its way.")
        return redirect(url_for("registrars.of_age"))
    return render_template(_CODE, student=student, code=code)


def _items(desk: Desk) -> list[tuple[Grown, tuple[str, str]]]:
    return [(one, _STATES[one.handing]) for one in deciding_alone(desk)]
