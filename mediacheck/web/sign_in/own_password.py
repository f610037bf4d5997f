"""Somebody changes their own password."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import PasswordRefused, SignInRefused
from mediacheck.accounts.passwords import hash_password, require_acceptable_password
from mediacheck.accounts.sign_in import change_password
from mediacheck.model.people import Role, StaffMember
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import secret_of
from mediacheck.web.sign_in.credentials import let_in, prove
from mediacheck.web.sign_in.district import ways_of_staff

_TEMPLATE = "sign_in/own_password.html"


@open_to(*Role)
def own_password() -> ResponseReturnValue:
    """The form, and the change. Every other session of this person ends with it."""
    if request.method == "GET":
        return render_template(_TEMPLATE, errors={}, ways=ways_of_staff())
    staff = current_staff()
    try:
        token = _change_password(staff)
    except SignInRefused:
        message = "This is not your present password. Check it and try again."
        return form_again(_TEMPLATE, errors={"present": message}, ways=ways_of_staff())
    except PasswordRefused as refusal:
        return form_again(_TEMPLATE, errors={"password": refusal.message}, ways=ways_of_staff())
    response = let_in(staff.email, token, url_for("home.home"))
    flash("Your password is changed, and every other session of yours has ended.")
    return response


def _change_password(staff: StaffMember) -> str:
    """Keeps the new password; returns the token of a new session."""
    held = services()
    password = secret_of("password")
    require_acceptable_password(password, staff.email, staff.name)
    attempt = prove(staff.email, secret_of("present"))
    password_hash = hash_password(password)
    with held.transaction() as work:
        return change_password(work, attempt, password_hash, held.clock, held.ids)
