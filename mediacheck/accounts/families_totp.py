"""The codes of an authenticator app (RFC 6238). Each is used once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

import pyotp

from mediacheck.accounts.tokens import new_token
from mediacheck.ports.engines import Ids

_STEP_S = 30
_SECRET_BYTES = 20
_ISSUER = "mediacheck"

#: A clock may be off by one step either way (RFC 6238, 5.2).
_DRIFT = (0, -1, 1)


def new_totp_secret(ids: Ids) -> str:
    """A fresh secret of 160 bits, as apps read it."""
    digest = hashlib.sha256(new_token(ids).encode()).digest()
    return base64.b32encode(digest[:_SECRET_BYTES]).decode()


def step_of_code_or_none(secret: str, code: str, at: datetime) -> int | None:
    """The time step that a code belongs to; None when it is not one of now."""
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // _STEP_S
    for drift in _DRIFT:
        expected = totp.generate_otp(now + drift)
        if hmac.compare_digest(expected.encode(), typed.encode()):
            return now + drift
    return None


def totp_uri(secret: str, email: str) -> str:
    """What the square code says to an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
