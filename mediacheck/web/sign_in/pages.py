"""The routes of signing in."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import SignInRefused
from mediacheck.accounts.sessions import close_session
from mediacheck.accounts.sign_in import complete_attempt
from mediacheck.model.people import Role
from mediacheck.web import session_cookie
from mediacheck.web.access import current_staff, open_to, open_to_everyone, services
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import forget_pages
from mediacheck.web.sign_in import district
from mediacheck.web.sign_in import own_password as own_password_page
from mediacheck.web.sign_in import set_up as set_up_page
from mediacheck.web.sign_in.credentials import let_in, prove
from mediacheck.web.sign_in.destination import destination_for

blueprint = Blueprint("sign_in", __name__)
blueprint.add_url_rule("/set-up", view_func=set_up_page.set_up, methods=["GET", "POST"])
blueprint.add_url_rule(
    "/account/password", view_func=own_password_page.own_password, methods=["GET", "POST"]
)
blueprint.add_url_rule("/sign-in/with/<kind>", view_func=district.go_there)
blueprint.add_url_rule("/sign-in/return/<kind>", view_func=district.come_back)
blueprint.add_url_rule("/account/sign-on/<kind>", view_func=district.tie, methods=["POST"])


@blueprint.get("/sign-in")
@open_to_everyone()
def sign_in() -> ResponseReturnValue:
    """The form."""
    return district.sign_in_page({}, wanted=request.args.get("next", ""))


@blueprint.post("/sign-in")
@open_to_everyone()
def open_session() -> ResponseReturnValue:
    """Lets the owner of an account in."""
    held = services()
    email, wanted = line_of("email"), request.form.get("next", "")
    try:
        attempt = prove(email, secret_of("password"))
        with held.transaction() as work:
            token = complete_attempt(
                work, attempt, held.clock, held.ids, replaces=session_cookie.token_or_none()
            )
    except SignInRefused as refusal:
        return district.sign_in_page({"email": refusal.message}, email=email, wanted=wanted)
    return let_in(email, token, destination_for(wanted))


@blueprint.post("/sign-out")
@open_to(*Role)
def sign_out() -> ResponseReturnValue:
    """Ends the session on the server and takes its token from the browser."""
    token = session_cookie.token_or_none()
    if token is not None:
        with services().transaction() as work:
            close_session(work, token, current_staff().staff_id)
    session.clear()
    response = redirect(url_for("sign_in.sign_in"))
    session_cookie.drop_token(response)
    forget_pages(response)
    return response
