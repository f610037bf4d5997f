"""Seals an account's token for the publishing process alone.

Whoever connects an account needs the public key only; the private one is read by the process that
publishes, and by no other. Each token gets a key of its own: X25519 (RFC 7748) with a fresh key of
the sender, HKDF-SHA256 (RFC 5869), then AES-256-GCM bound to the channel and the account.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from release_db.sealing import KEY_BYTES, Seal, Unsealable

_PURPOSE = b"mediacheck account token"


def public_key_of(private: bytes) -> bytes:
    """The public half of a private key of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


class PublicSealer:
    """Implements the ``TokenSealer`` port: seals, and opens nothing."""

    def __init__(self, public: bytes) -> None:
        """Takes the publishing process's public key."""
        self._public = public

    def seal(self, secret: bytes, *belongs_to: str) -> bytes:
        """The sender's public key, and the sealed secret."""
        sender = X25519PrivateKey.generate()
        mine = sender.public_key().public_bytes_raw()
        shared = sender.exchange(X25519PublicKey.from_public_bytes(self._public))
        return mine + _seal_of(shared, mine + self._public).seal(secret, *belongs_to)


class PrivateOpener:
    """Opens what was sealed for the publishing process. Its representation shows nothing."""

    def __init__(self, private: bytes) -> None:
        """Takes the private key."""
        self._private = X25519PrivateKey.from_private_bytes(private)
        self._public = public_key_of(private)

    def open(self, sealed: bytes, *belongs_to: str) -> bytes:
        """What was sealed.

        Raises:
            Unsealable: another key, another account, or altered or destroyed bytes.
        """
        sender, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(sender))
        except ValueError as error:
            raise Unsealable from error
        return _seal_of(shared, sender + self._public).unseal(rest, *belongs_to)


def _seal_of(shared: bytes, keys: bytes) -> Seal:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=keys, info=_PURPOSE)
    return Seal(derived.derive(shared))
