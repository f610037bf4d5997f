"""Seals what identifies a face, so that a stolen or swapped row tells nothing.

AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce each time; what a ciphertext belongs to is
bound to it as associated data, so that it opens nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class Unsealable(Exception):
    """The bytes were not sealed with this key for this purpose."""


class Seal:
    """A key that seals and unseals. Its representation shows nothing of it."""

    def __init__(self, key: bytes) -> None:
        """Takes 32 bytes; raises ``ValueError`` for any other number."""
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"mediacheck gallery key id:" + key).hexdigest()[:16]

    def seal(self, plain: bytes, *belongs_to: str) -> bytes:
        """Nonce and ciphertext, bound to ``belongs_to``."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _bound(belongs_to))

    def unseal(self, sealed: bytes, *belongs_to: str) -> bytes:
        """What was sealed.

        Raises:
            Unsealable: another key, another purpose, or altered bytes.
        """
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, _bound(belongs_to))
        except (InvalidTag, ValueError) as error:
            raise Unsealable from error


class KeyRing(Protocol):
    """The gallery's keys: the one that wraps from now on, and the old ones that still unwrap."""

    def current(self) -> Seal:
        """The key that wraps."""
        ...

    def seal_or_none(self, key_id: str) -> Seal | None:
        """The key with that id, old ones too; None: there is none any more."""
        ...


class OneKey:
    """A ring of one key."""

    def __init__(self, key: bytes) -> None:
        """Takes 32 bytes; raises ``ValueError`` for any other number."""
        self._seal = Seal(key)

    def current(self) -> Seal:
        """That key."""
        return self._seal

    def seal_or_none(self, key_id: str) -> Seal | None:
        """That key, when the id is its own."""
        return self._seal if key_id == self._seal.key_id else None


def new_key() -> bytes:
    """A fresh key from the operating system's random source."""
    return AESGCM.generate_key(bit_length=KEY_BYTES * 8)


def _bound(belongs_to: tuple[str, ...]) -> bytes:
    # A list in JSON keeps ("ab", "c") and ("a", "bc") apart.
    return json.dumps(belongs_to).encode()
