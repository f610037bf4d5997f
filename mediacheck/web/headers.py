"""The headers that go out with every response, whatever it is."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

#: No inline script, no inline style, nothing from elsewhere. ``blob:`` shows a picture before it
#: has been uploaded.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers would then send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HIDDEN = "no-referrer"
_TWO_YEARS_S = 2 * 365 * 24 * 3600


def harden(app: Flask) -> None:
    """Adds the headers to every response of the app."""
    app.after_request(_add_headers)


def forget_pages(response: Response) -> None:
    """Has the browser drop what it still holds of our pages, on a machine that others use too."""
    response.headers["Clear-Site-Data"] = '"cache"'


def hide_address(response: Response) -> Response:
    """Has the browser tell nobody the address of this response, which holds a secret."""
    response.headers["Referrer-Policy"] = _HIDDEN
    return response


def _add_headers(response: Response) -> Response:
    hides_address = response.headers.get("Referrer-Policy") == _HIDDEN
    response.headers.update(_ALWAYS)
    if hides_address:
        response.headers["Referrer-Policy"] = _HIDDEN
    if request.endpoint == "static":
        # Asked for again each time, answered with "not modified": an update shows at once.
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS_S}"
    return response
