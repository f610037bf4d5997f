"""The cookies of ours: the session's token, and the mark of a browser that has signed in before.

``SameSite=Lax``: a link in a mail opens the page it names, while no other site's form carries the
cookie. Over https the names bear ``__Host-``, so no sister site can set them.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

_SESSION = "mediacheck"
_FAMILY = "mediacheck-family"
_BROWSER = "mediacheck-browser"
_FAMILY_BROWSER = "mediacheck-family-browser"
_WAY = "mediacheck-way"
_BROWSER_LIFE = timedelta(days=180)
_WAY_LIFE = timedelta(minutes=10)


class SchemeSessionInterface(SecureCookieSessionInterface):
    """Flask's own signed cookie, which holds the CSRF secret: ``Secure`` whenever https is used."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether this request came over https."""
        del app
        return request.is_secure


def token_or_none() -> str | None:
    """The session token that the browser sent."""
    return request.cookies.get(_name(_SESSION))


def family_token_or_none() -> str | None:
    """The token of a family's session that the browser sent."""
    return request.cookies.get(_name(_FAMILY))


def family_browser_mark_or_none() -> str | None:
    """The mark of a family's earlier sign-in that the browser sent."""
    return request.cookies.get(_name(_FAMILY_BROWSER))


def keep_family_browser_mark(response: Response, mark: str) -> None:
    """Gives the browser a family's mark for half a year."""
    _set(response, _FAMILY_BROWSER, mark, life=_BROWSER_LIFE)


def keep_family_token(response: Response, token: str) -> None:
    """Gives the browser the token of a family's session until it closes."""
    _set(response, _FAMILY, token, life=None)


def drop_family_token(response: Response) -> None:
    """Takes the token of a family's session from the browser."""
    response.delete_cookie(_name(_FAMILY), httponly=True, samesite="Lax", secure=request.is_secure)


def browser_mark_or_none() -> str | None:
    """The mark of an earlier sign-in that the browser sent."""
    return request.cookies.get(_name(_BROWSER))


def way_mark_or_none() -> str | None:
    """The mark of a browser that is on its way to the district's sign-in and back."""
    return request.cookies.get(_name(_WAY))


def keep_way_mark(response: Response, mark: str) -> None:
    """Gives the browser the mark for as long as the way may take."""
    _set(response, _WAY, mark, life=_WAY_LIFE)


def drop_way_mark(response: Response) -> None:
    """Takes the mark from the browser: its way is over."""
    response.delete_cookie(_name(_WAY), httponly=True, samesite="Lax", secure=request.is_secure)


def keep_token(response: Response, token: str) -> None:
    """Gives the browser the token until it closes; the server decides when the session ends."""
    _set(response, _SESSION, token, life=None)


def keep_browser_mark(response: Response, mark: str) -> None:
    """Gives the browser the mark for half a year."""
    _set(response, _BROWSER, mark, life=_BROWSER_LIFE)


def drop_token(response: Response) -> None:
    """Takes the token from the browser."""
    response.delete_cookie(_name(_SESSION), httponly=True, samesite="Lax", secure=request.is_secure)


def _set(response: Response, name: str, value: str, *, life: timedelta | None) -> None:
    response.set_cookie(
        _name(name),
        value,
        max_age=life,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )


def _name(name: str) -> str:
    return f"__Host-{name}" if request.is_secure else name
