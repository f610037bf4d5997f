"""Proves who somebody is, and hands their browser a session."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from mediacheck.accounts.errors import SignInRefused
from mediacheck.accounts.sign_in import Attempt, begin_attempt, is_right_password, refuse_attempt
from mediacheck.accounts.throttle import Origin, new_browser_mark
from mediacheck.web import session_cookie
from mediacheck.web.access import services


def origin_of_request() -> Origin:
    """The address and the browser that this request came from."""
    return Origin(
        address=request.remote_addr or "", browser_mark=session_cookie.browser_mark_or_none()
    )


def prove(email: str, password: str) -> Attempt:
    """The attempt, once the password has turned out right.

    Raises:
        Throttled: too many failures before.
        SignInRefused: the two do not go together.
    """
    held = services()
    with held.transaction() as work:
        attempt = begin_attempt(work, email, origin_of_request(), held.clock, held.secret_key)
    if not is_right_password(attempt, password):
        with held.transaction() as work:
            refuse_attempt(work, attempt, held.clock)
        raise SignInRefused
    return attempt


def let_in(email: str, token: str, path: str) -> Response:
    """Sends the browser on to ``path`` with its new session, and forgets the form secrets it had.

    A page that was open before signing in cannot be sent any more: its secret may be known to
    whoever used the browser before.
    """
    session.clear()
    response = redirect(path)
    session_cookie.keep_token(response, token)
    held = services()
    mark = new_browser_mark(email, held.ids, held.secret_key)
    session_cookie.keep_browser_mark(response, mark)
    return response
