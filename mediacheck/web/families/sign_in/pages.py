"""The routes by which a family is let in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import Throttled
from mediacheck.accounts.families_errors import FamilySignInRefused
from mediacheck.accounts.families_sessions import close_family_session
from mediacheck.accounts.families_sign_in import (
    begin_family_attempt,
    complete_family_attempt,
    proven_step_or_none,
    refuse_family_attempt,
)
from mediacheck.web import session_cookie
from mediacheck.web.access import FamilySignedOut, open_to_everyone, services
from mediacheck.web.errors import form_again, refused_to_script, shown_as, wants_json
from mediacheck.web.families.language import _
from mediacheck.web.families.sign_in import links, passkeys
from mediacheck.web.families.sign_in import set_up as set_up_pages
from mediacheck.web.families.sign_in.credentials import let_family_in, origin_of_family
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import forget_pages

blueprint = Blueprint("family_sign_in", __name__, url_prefix="/family")

_PAGE = "families/sign_in.html"
_BOTH = ("GET", "POST")

for _rule, _endpoint, _view, _methods in (
    ("/invitation/<token>", "invitation", set_up_pages.arrive, ("GET",)),
    ("/set-up", "set_up", set_up_pages.set_up, _BOTH),
    ("/set-up/code", "send_code", set_up_pages.send_code, ("POST",)),
    ("/set-up/sign-in", "ways", set_up_pages.ways, _BOTH),
    ("/set-up/square.svg", "square", set_up_pages.square, ("GET",)),
    ("/set-up/passkey/options", "offer_registration", passkeys.offer_registration, ("POST",)),
    ("/set-up/passkey", "register", passkeys.register, ("POST",)),
    ("/sign-in/passkey/options", "offer_sign_in", passkeys.offer_sign_in, ("POST",)),
    ("/sign-in/passkey", "passkey", passkeys.sign_in, ("POST",)),
    ("/send-link", "send_link", links.send_link, _BOTH),
    ("/link/<token>", "link", links.arrive, ("GET",)),
    ("/restrict", "restrict", links.restrict, _BOTH),
):
    blueprint.add_url_rule(_rule, endpoint=_endpoint, view_func=_view, methods=_methods)


@blueprint.context_processor
def show_demo() -> dict[str, object]:
    """Of a made-up district: how to sign in as a family."""
    return {"demo_families": services().demo_families()}


@blueprint.errorhandler(Throttled)
def wait(error: Throttled) -> ResponseReturnValue:
    """Too many attempts, in the family's language."""
    if wants_json():
        return refused_to_script(error, _("Too many attempts. Wait a while, then try again."))
    return shown_as(error, "families/wait.html", minutes=-(-error.wait_s // 60))


@blueprint.app_errorhandler(FamilySignedOut)
def signed_out(error: FamilySignedOut) -> ResponseReturnValue:
    """A form that came too late, in the family's language."""
    if wants_json():
        return refused_to_script(error, _("You are signed out. This was not recorded."))
    return shown_as(error, "families/signed_out.html")


@blueprint.get("/sign-in")
@open_to_everyone()
def sign_in() -> ResponseReturnValue:
    """The form: a passkey, or password and the app's code."""
    return render_template(_PAGE, errors={}, email="")


@blueprint.post("/sign-in")
@open_to_everyone()
def open_session() -> ResponseReturnValue:
    """Lets the owner of an account in."""
    email = line_of("email")
    try:
        return let_family_in(_opened(email), email)
    except FamilySignInRefused:
        words = _("These do not go together. Check the address, the password and the code.")
        return form_again(_PAGE, errors={"email": words}, email=email)


@blueprint.post("/sign-out")
@open_to_everyone()
def sign_out() -> ResponseReturnValue:
    """Ends the session on the server and takes its token from the browser."""
    token = session_cookie.family_token_or_none()
    if token is not None:
        with services().transaction() as work:
            close_family_session(work, token)
    session.clear()
    response = redirect(url_for("family_sign_in.sign_in"))
    session_cookie.drop_family_token(response)
    forget_pages(response)
    return response


def _opened(email: str) -> str:
    """The token of a new session.

    Raises:
        FamilySignInRefused: something of it is wrong, or the code was used before.
    """
    held = services()
    with held.transaction() as work:
        attempt = begin_family_attempt(work, held, email, origin_of_family())
    step = proven_step_or_none(attempt, secret_of("password"), line_of("code"), held.clock)
    if step is None:
        with held.transaction() as work:
            refuse_family_attempt(work, attempt, held.clock)
        raise FamilySignInRefused
    replaces = session_cookie.family_token_or_none()
    with held.transaction() as work:
        return complete_family_attempt(work, held, attempt, step, replaces=replaces)
