"""Signing in through the district: to the provider's page, and back."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from mediacheck.accounts.errors import SignInRefused
from mediacheck.accounts.sign_in import confirm_attempt
from mediacheck.flow import sign_on
from mediacheck.flow.sign_on import NAMES, CameBack, SignOnStopped
from mediacheck.model.people import Role
from mediacheck.settings import ProviderKind
from mediacheck.web import session_cookie
from mediacheck.web.access import current_staff, open_to, open_to_everyone, services, staff_or_none
from mediacheck.web.errors import form_again
from mediacheck.web.forms import secret_of
from mediacheck.web.headers import hide_address
from mediacheck.web.sign_in.credentials import let_in, prove
from mediacheck.web.sign_in.destination import destination_for

_SIGN_IN, _PASSWORD, _GO = (
    "sign_in/sign_in.html",
    "sign_in/own_password.html",
    "sign_in/go_there.html",
)


def ways_in() -> list[tuple[str, str]]:
    """The sign-ins that the district has set up: the key and the name of each."""
    return [(kind.value, NAMES[kind]) for kind in services().sign_on]


def ways_of_staff() -> list[tuple[str, str, bool]]:
    """The same, and whether each opens the account of who is signed in."""
    with services().transaction() as work:
        tied = work.sign_on.kinds_of(current_staff().staff_id)
    return [(kind.value, NAMES[kind], kind in tied) for kind in services().sign_on]


def sign_in_page(
    errors: dict[str, str], *, email: str = "", wanted: str = ""
) -> ResponseReturnValue:
    """The form of the front door, with every way in."""
    shown = {
        "errors": errors,
        "email": email,
        "next": wanted,
        "ways": ways_in(),
        "demo_sign_ins": services().demo_sign_ins,
    }
    return form_again(_SIGN_IN, **shown) if errors else render_template(_SIGN_IN, **shown)


@open_to_everyone()
def go_there(kind: str) -> ResponseReturnValue:
    """Sends the browser to the provider's page."""
    wanted = request.args.get("next", "")
    try:
        begun = sign_on.begin(services(), kind, wanted=wanted)
    except SignOnStopped as stopped:
        return sign_in_page({"email": stopped.message}, wanted=wanted)
    response = redirect(begun.address)
    session_cookie.keep_way_mark(response, begun.browser)
    return hide_address(response)


@open_to_everyone()
def come_back(kind: str) -> ResponseReturnValue:
    """Lets in whoever the provider says it is, or says why not."""
    back = CameBack(
        answer={key: request.args[key] for key in request.args},
        browser=session_cookie.way_mark_or_none() or "",
    )
    signed_in = staff_or_none()
    token = session_cookie.token_or_none()
    try:
        there = sign_on.finish(services(), kind, back, signed_in=signed_in, replaces=token)
    except SignOnStopped as stopped:
        return _leave(_not_let_in(stopped, kind, is_signed_in=signed_in is not None))
    if there.token is None:
        flash(f"From now on you can sign in with {NAMES[ProviderKind(kind)]}.")
        return _leave(redirect(url_for("sign_in.own_password")))
    return _leave(let_in(there.member.email, there.token, destination_for(there.wanted)))


@open_to(*Role)
def tie(kind: str) -> ResponseReturnValue:
    """Shows the way to the provider's page to whoever knows the account's password, too."""
    staff, held, field = current_staff(), services(), f"present-{kind}"
    try:
        attempt = prove(staff.email, secret_of(field))
        with held.transaction() as work:
            confirm_attempt(work, attempt)
        begun = sign_on.begin(held, kind, staff_id=staff.staff_id)
    except SignInRefused:
        message = "This is not your present password. Check it and try again."
        return form_again(_PASSWORD, errors={field: message}, ways=ways_of_staff())
    except SignOnStopped as stopped:
        return form_again(_PASSWORD, errors={field: stopped.message}, ways=ways_of_staff())
    page = render_template(_GO, name=NAMES[ProviderKind(kind)], address=begun.address)
    response = Response(page, mimetype="text/html")
    session_cookie.keep_way_mark(response, begun.browser)
    return hide_address(response)


def _not_let_in(stopped: SignOnStopped, kind: str, *, is_signed_in: bool) -> Response:
    """The page that the attempt began on, with the reason."""
    page = (
        form_again(_PASSWORD, errors={f"present-{kind}": stopped.message}, ways=ways_of_staff())
        if is_signed_in
        else sign_in_page({"email": stopped.message})
    )
    return make_response(page)


def _leave(response: Response) -> Response:
    session_cookie.drop_way_mark(response)
    return hide_address(response)
