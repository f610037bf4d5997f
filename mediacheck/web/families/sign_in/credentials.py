"""Hands a family's browser its session, and reads where a request comes from."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from mediacheck.accounts.families_sign_in import family_key
from mediacheck.accounts.throttle import Origin, new_browser_mark
from mediacheck.web import session_cookie
from mediacheck.web.access import FAMILY_HOME, services

_KEPT = ("language",)


def origin_of_family() -> Origin:
    """The address that this request came from, and the mark of its browser."""
    return Origin(
        address=request.remote_addr or "",
        browser_mark=session_cookie.family_browser_mark_or_none(),
    )


def let_family_in(token: str, email: str | None = None, path: str = FAMILY_HOME) -> Response:
    """Sends the browser on with its new session; ``email``: remember that it signed in here."""
    return with_session(redirect(path), token, email)


def with_session(response: Response, token: str, email: str | None = None) -> Response:
    """Puts a new session on a response, and forgets the form secrets the browser had."""
    kept = {key: session[key] for key in _KEPT if key in session}
    session.clear()
    session.update(kept)
    session_cookie.keep_family_token(response, token)
    if email is not None:
        held = services()
        mark = new_browser_mark(family_key(email), held.ids, held.secret_key)
        session_cookie.keep_family_browser_mark(response, mark)
    return response
