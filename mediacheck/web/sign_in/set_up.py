"""A one-time code becomes an account with a password: first the code, then the rest."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import PasswordRefused, SetUpCodeVoid
from mediacheck.accounts.members import MemberRefused, require_acceptable_member
from mediacheck.accounts.passwords import hash_password, require_acceptable_password
from mediacheck.accounts.set_up import complete_set_up, set_up_person_or_none
from mediacheck.accounts.throttle import address_count, require_no_wait
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.web.access import open_to_everyone, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.sign_in.credentials import origin_of_request

_CODE_PAGE = "sign_in/set_up_code.html"
_DETAILS_PAGE = "sign_in/set_up.html"


@open_to_everyone()
def set_up() -> ResponseReturnValue:
    """The form for the code; then, for a code that stands, the one for the password."""
    if request.method == "GET":
        return render_template(_CODE_PAGE, errors={})
    code = line_of("code")
    try:
        person = _person_of(code)
        if "password" in request.form:
            return _complete_or_ask_again(code, person)
    except SetUpCodeVoid as refusal:
        return form_again(_CODE_PAGE, errors={"code": refusal.message})
    return render_template(_DETAILS_PAGE, errors={}, code=code, person=person)


def _complete_or_ask_again(code: str, person: StaffMember | None) -> ResponseReturnValue:
    try:
        _complete(code, person)
    except MemberRefused as refusal:
        errors = {refusal.field: refusal.message}
    except PasswordRefused as refusal:
        errors = {"password": refusal.message}
    else:
        flash("Your account is ready. Sign in with your new password.")
        return redirect(url_for("sign_in.sign_in"))
    return form_again(_DETAILS_PAGE, errors=errors, code=code, person=person)


def _person_of(code: str) -> StaffMember | None:
    """Whom the code is for; None: the first administrator. A void code counts as a failure."""
    held = services()
    count = address_count(origin_of_request(), held.secret_key)
    with held.transaction() as work:
        require_no_wait(work.accounts, (count,), held.clock.now())
        try:
            return set_up_person_or_none(work, code, held.clock)
        except SetUpCodeVoid as refusal:
            work.accounts.count_failure(count.key, held.clock.now())
            void = refusal
    raise void


def _complete(code: str, person: StaffMember | None) -> None:
    held = services()
    member = person or _first_administrator()
    password = secret_of("password")
    require_acceptable_password(password, member.email, member.name)
    password_hash = hash_password(password)
    with held.transaction() as work:
        complete_set_up(work, code, member, password_hash, held.clock)


def _first_administrator() -> StaffMember:
    member = StaffMember(
        staff_id=StaffId(services().ids.new()),
        email=line_of("email"),
        name=line_of("name"),
        role=Role.ADMINISTRATOR,
    )
    require_acceptable_member(member)
    return member
