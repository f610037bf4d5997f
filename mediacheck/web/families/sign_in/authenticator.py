"""What a page shows of the authenticator app that is being set up."""

from __future__ import annotations

import io

import segno
from flask import Response

from mediacheck.accounts.families_totp import totp_uri
from mediacheck.model.families import FamilyAccount


def app_shown(account: FamilyAccount, secret: str) -> dict[str, object]:
    """The account, the secret in groups of four, and the address that opens the app."""
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return {"account": account, "secret": groups, "uri": totp_uri(secret, account.email)}


def square_of(account: FamilyAccount, secret: str) -> Response:
    """The square code that an authenticator app reads."""
    drawn = io.BytesIO()
    segno.make(totp_uri(secret, account.email), error="m").save(drawn, kind="svg", scale=5)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")
