"""How a family signs in: what there is, what may be added or removed, and signing out."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.errors import PasswordRefused
from mediacheck.accounts.families_account import (
    LastWayIn,
    SignInAgain,
    WaysIn,
    app_secret,
    change_password,
    drop_passkey,
    drop_password,
    is_fresh,
    keep_passkey,
    sign_out_everywhere,
    ways_in,
    ways_to_change,
)
from mediacheck.accounts.families_errors import AuthenticatorRefused, PasskeyRefused
from mediacheck.accounts.families_passkeys import registration_options, verified_passkey
from mediacheck.accounts.passwords import hash_password, require_acceptable_password
from mediacheck.model.families import FamilyAccount
from mediacheck.ports.services import Work
from mediacheck.web import session_cookie
from mediacheck.web.access import current_family, open_to_families, services
from mediacheck.web.errors import form_again, refused_to_script, shown_as
from mediacheck.web.families import words
from mediacheck.web.families.language import _
from mediacheck.web.families.sign_in.authenticator import app_shown, square_of
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import forget_pages

_LONGEST_ID = 1400
_PASSWORD = "families/account_password.html"  # noqa: S105 - a page's name.


@open_to_families()
def account() -> ResponseReturnValue:
    """The ways in, and what may be done about them."""
    held, visitor = services(), current_family()
    with held.transaction() as work:
        ways = ways_in(work, visitor)
        may_change = is_fresh(work, held, visitor)
    passkeys = [
        {
            "id": one.credential_id,
            "added": words.day_words(one.added_at.date()),
            "used": words.day_words(one.used_at.date()) if one.used_at is not None else "",
        }
        for one in ways.passkeys
    ]
    return render_template(
        "families/account.html", ways=ways, passkeys=passkeys, may_change=may_change
    )


@open_to_families()
def offer_passkey() -> ResponseReturnValue:
    """What a browser needs to make one more passkey."""
    held = services()
    with held.transaction() as work:
        ways = ways_to_change(work, held, current_family())
        options = registration_options(work, held, ways.account)
    return Response(options, mimetype="application/json")


@open_to_families()
def add_passkey() -> ResponseReturnValue:
    """Takes one more passkey."""
    held, visitor = services(), current_family()
    try:
        with held.transaction() as work:
            ways = ways_to_change(work, held, visitor)
            answer = request.get_data(as_text=True)
            passkey = verified_passkey(work, held, ways.account.account_id, answer)
            keep_passkey(work, held, visitor, passkey)
    except PasskeyRefused as error:
        return refused_to_script(error, _("This passkey could not be used. Try again."))
    flash(_("The passkey is added."))
    return jsonify(next=url_for("families.account"))


@open_to_families()
def remove_passkey() -> ResponseReturnValue:
    """Removes a passkey, unless nothing else is left."""
    credential_id = line_of("passkey", longest=_LONGEST_ID)
    return _changed(
        lambda work: drop_passkey(work, services(), current_family(), credential_id),
        _("The passkey is removed."),
    )


@open_to_families()
def remove_password() -> ResponseReturnValue:
    """Removes password and app, unless nothing else is left."""
    return _changed(
        lambda work: drop_password(work, services(), current_family()),
        _("The password is removed."),
    )


@open_to_families()
def password() -> ResponseReturnValue:
    """The form for a new password with a new app, and taking it."""
    try:
        ways, secret = _app_being_set_up()
    except SignInAgain as again:
        return shown_as(again, "families/sign_in_again.html")
    shown = {"has_password": ways.has_password, **app_shown(ways.account, secret)}
    if request.method == "GET":
        return render_template(_PASSWORD, errors={}, **shown)
    try:
        _set_password(ways.account)
    except PasswordRefused:
        told = _("Use at least 15 characters that are hard to guess: four or five words.")
        return form_again(_PASSWORD, errors={"password": told}, **shown)
    except AuthenticatorRefused:
        told = _("This is not the code that the app shows now. Wait for the next one.")
        return form_again(_PASSWORD, errors={"code": told}, **shown)
    flash(_("The new password counts from now on."))
    return redirect(url_for("families.account"))


@open_to_families()
def password_square() -> ResponseReturnValue:
    """The square code of the app that is being set up."""
    ways, secret = _app_being_set_up()
    return square_of(ways.account, secret)


@open_to_families()
def leave_everywhere() -> ResponseReturnValue:
    """Ends every session of the account, this one too."""
    held = services()
    with held.transaction() as work:
        sign_out_everywhere(work, held, current_family())
    session.clear()
    response = redirect(url_for("family_sign_in.sign_in"))
    session_cookie.drop_family_token(response)
    forget_pages(response)
    return response


def _changed(change: Callable[[Work], None], done: str) -> ResponseReturnValue:
    """Makes a change, and says so or why not."""
    try:
        with services().transaction() as work:
            change(work)
    except SignInAgain as again:
        return shown_as(again, "families/sign_in_again.html")
    except LastWayIn as last:
        return shown_as(last, "families/last_way_in.html")
    flash(done)
    return redirect(url_for("families.account"))


def _app_being_set_up() -> tuple[WaysIn, str]:
    held = services()
    with held.transaction() as work:
        ways = ways_to_change(work, held, current_family())
        return ways, app_secret(work, held, ways.account.account_id)


def _set_password(owner: FamilyAccount) -> None:
    held = services()
    chosen = secret_of("password")
    require_acceptable_password(chosen, owner.email, owner.name)
    hashed = hash_password(chosen)
    with held.transaction() as work:
        change_password(work, held, current_family(), hashed, line_of("code"))
