"""From an invitation to a way in: first the one-time code, then a passkey or a password."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import PasswordRefused
from mediacheck.accounts.families_errors import AuthenticatorRefused, LinkVoid
from mediacheck.accounts.families_links import account_of_link
from mediacheck.accounts.families_set_up import (
    CodeDelivery,
    begin_set_up,
    code_delivery,
    complete_with_password,
    mail_code,
    require_set_up,
)
from mediacheck.accounts.passwords import hash_password, require_acceptable_password
from mediacheck.model.families import FamilyAccount, LinkPurpose
from mediacheck.web import session_cookie
from mediacheck.web.access import open_to_everyone, services
from mediacheck.web.errors import form_again, shown_as
from mediacheck.web.families.language import _
from mediacheck.web.families.sign_in.authenticator import app_shown, square_of
from mediacheck.web.families.sign_in.credentials import (
    let_family_in,
    origin_of_family,
    with_session,
)
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import hide_address

_PENDING = "invitation"
_CODE_PAGE = "families/set_up_code.html"
_WAYS_PAGE = "families/set_up.html"


@open_to_everyone()
def arrive(token: str) -> ResponseReturnValue:
    """Takes the secret out of the address; the next page speaks the family's language."""
    held = services()
    try:
        with held.transaction() as work:
            account = account_of_link(work, token, LinkPurpose.INVITATION, held.clock)
    except LinkVoid as error:
        return hide_address(void(error))
    session[_PENDING] = token
    session.setdefault("language", account.language.split("-", maxsplit=1)[0])
    return hide_address(redirect(url_for("family_sign_in.set_up")))


@open_to_everyone()
def set_up() -> ResponseReturnValue:
    """Asks for the one-time code that goes with the invitation, and takes it."""
    held = services()
    token = session.get(_PENDING, "")
    try:
        with held.transaction() as work:
            account_of_link(work, token, LinkPurpose.INVITATION, held.clock)
            is_mailed = code_delivery(work) is CodeDelivery.ADDRESS
            if request.method == "GET":
                return render_template(_CODE_PAGE, errors={}, is_mailed=is_mailed)
            opened = begin_set_up(work, held, token, line_of("code"), origin_of_family())
    except LinkVoid as error:
        return void(error)
    if opened is None:
        words = _("This code does not work. Check it, or ask the school for a new one.")
        return form_again(_CODE_PAGE, errors={"code": words}, is_mailed=is_mailed)
    return with_session(redirect(url_for("family_sign_in.ways")), opened)


@open_to_everyone()
def send_code() -> ResponseReturnValue:
    """Mails the code to the address that the school has on file."""
    held = services()
    try:
        with held.transaction() as work:
            mail_code(work, held, session.get(_PENDING, ""))
    except LinkVoid as error:
        return void(error)
    flash(_("The code is on its way to the address that the school has for you."))
    return redirect(url_for("family_sign_in.set_up"))


@open_to_everyone()
def ways() -> ResponseReturnValue:
    """The two ways to sign in from now on; takes the password with the app's code."""
    try:
        account, secret = account_in_set_up()
    except LinkVoid as error:
        return void(error)
    if request.method == "GET":
        return render_template(_WAYS_PAGE, **_shown(account, secret, {}))
    try:
        return let_family_in(_with_password(account), account.email)
    except LinkVoid as error:
        return void(error)
    except PasswordRefused:
        words = _("Use at least 15 characters that are hard to guess: four or five words.")
        return form_again(_WAYS_PAGE, **_shown(account, secret, {"password": words}))
    except AuthenticatorRefused:
        words = _("This is not the code that the app shows now. Wait for the next one.")
        return form_again(_WAYS_PAGE, **_shown(account, secret, {"code": words}))


@open_to_everyone()
def square() -> ResponseReturnValue:
    """The square code that an authenticator app reads."""
    try:
        account, secret = account_in_set_up()
    except LinkVoid as error:
        return void(error)
    return square_of(account, secret)


def account_in_set_up() -> tuple[FamilyAccount, str]:
    """Whose set-up this browser is at, and the secret that their app is shown.

    Raises:
        LinkVoid: none is under way.
    """
    held = services()
    with held.transaction() as work:
        account = require_set_up(work, held, session_cookie.family_token_or_none() or "")
        return account, work.families.pending_totp_or_none(account.account_id) or ""


def void(error: LinkVoid) -> Response:
    """The page for an invitation that does not work."""
    return shown_as(error, "families/link_void.html", is_invitation=True)


def _with_password(account: FamilyAccount) -> str:
    held = services()
    password = secret_of("password")
    require_acceptable_password(password, account.email, account.name)
    hashed = hash_password(password)
    token = session_cookie.family_token_or_none() or ""
    with held.transaction() as work:
        return complete_with_password(work, held, token, hashed, line_of("code"))


def _shown(account: FamilyAccount, secret: str, errors: dict[str, str]) -> dict[str, object]:
    return {**app_shown(account, secret), "errors": errors}
