"""What a script asks for when a browser makes or uses a passkey. All of it is JSON."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from mediacheck.accounts.families_errors import LinkVoid, PasskeyRefused
from mediacheck.accounts.families_passkeys import (
    authentication_options,
    owner_of_answer,
    registration_options,
    verified_passkey,
)
from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.accounts.families_set_up import complete_with_passkey
from mediacheck.accounts.throttle import address_count, require_no_wait
from mediacheck.errors import MediacheckError
from mediacheck.model.families import BY_PASSKEY, FamilyAccountId
from mediacheck.web import session_cookie
from mediacheck.web.access import FAMILY_HOME, open_to_everyone, services
from mediacheck.web.errors import refused_to_script
from mediacheck.web.families.language import _
from mediacheck.web.families.sign_in.credentials import origin_of_family, with_session
from mediacheck.web.families.sign_in.set_up import account_in_set_up


@open_to_everyone()
def offer_registration() -> ResponseReturnValue:
    """What a browser needs to make a passkey, in a set-up that is under way."""
    held = services()
    try:
        account, _secret = account_in_set_up()
    except LinkVoid as error:
        return _refused(error)
    with held.transaction() as work:
        return _json(registration_options(work, held, account))


@open_to_everyone()
def register() -> ResponseReturnValue:
    """Takes the new passkey; with it the set-up is complete."""
    held = services()
    token = session_cookie.family_token_or_none() or ""
    try:
        account, _secret = account_in_set_up()
        with held.transaction() as work:
            passkey = verified_passkey(work, held, account.account_id, _answer())
            opened = complete_with_passkey(work, held, token, passkey)
    except (LinkVoid, PasskeyRefused) as error:
        return _refused(error)
    return with_session(jsonify(next=FAMILY_HOME), opened, account.email)


@open_to_everyone()
def offer_sign_in() -> ResponseReturnValue:
    """What a browser needs to offer the passkeys that it holds for us."""
    held = services()
    count = address_count(origin_of_family(), held.secret_key)
    with held.transaction() as work:
        require_no_wait(work.accounts, (count,), held.clock.now())
        return _json(authentication_options(work, held))


@open_to_everyone()
def sign_in() -> ResponseReturnValue:
    """Lets the owner of the passkey in that answered."""
    try:
        return with_session(jsonify(next=FAMILY_HOME), _opened())
    except PasskeyRefused as error:
        held = services()
        count = address_count(origin_of_family(), held.secret_key)
        with held.transaction() as work:
            work.accounts.count_failure(count.key, held.clock.now())
        return _refused(error)


def _opened() -> str:
    held = services()
    with held.transaction() as work:
        owner: FamilyAccountId = owner_of_answer(work, held, _answer())
        return open_family_session(
            work,
            owner,
            held.clock,
            held.ids,
            authenticated=BY_PASSKEY,
            replaces=session_cookie.family_token_or_none(),
        )


def _answer() -> str:
    return request.get_data(as_text=True)


def _json(options: str) -> Response:
    return Response(options, mimetype="application/json")


def _refused(error: MediacheckError) -> ResponseReturnValue:
    return refused_to_script(
        error, _("This passkey could not be used. Try again, or use a password.")
    )
