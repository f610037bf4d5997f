"""Secrets that a browser holds. We keep their SHA-256 only, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib

from mediacheck.ports.engines import Ids


def new_token(ids: Ids) -> str:
    """A fresh secret of at least 256 random bits, safe in a cookie."""
    return ids.new() + ids.new()


def token_sha256(token: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits.

    A plain hash is enough, because what is hashed cannot be guessed.
    """
    return hashlib.sha256(token.encode()).hexdigest()
