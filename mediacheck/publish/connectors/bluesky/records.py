"""The names that the AT protocol gives to things: by their bytes, or by a clock."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

COLLECTION = "app.bsky.feed.post"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_CLOCK_BITS = 10
#: CID version 1, raw bytes, SHA-256 of 32 bytes.
_CID_HEAD = bytes([0x01, 0x55, 0x12, 0x20])
_MARKER = 0xFF
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def cid_of(data: bytes) -> str:
    """The name of those very bytes: no other bytes have it."""
    digest = hashlib.sha256(data).digest()
    return "b" + base64.b32encode(_CID_HEAD + digest).decode().rstrip("=").lower()


def tid_of(moment_s: float, clock: int) -> str:
    """A key of a record: the microseconds, and a number that tells two of one moment apart."""
    value = int(moment_s * 1_000_000) << _CLOCK_BITS | clock % (1 << _CLOCK_BITS)
    return "".join(_DIGITS[value >> 5 * place & 31] for place in range(_LENGTH - 1, -1, -1))


def moment_of(tid: str) -> datetime:
    """The moment in a record's key."""
    value = 0
    for sign in tid:
        value = value << 5 | _DIGITS.index(sign)
    return datetime.fromtimestamp((value >> _CLOCK_BITS) / 1_000_000, tz=UTC)


def is_tid(text: str) -> bool:
    """Whether it is a key of a record."""
    return len(text) == _LENGTH and set(text) <= set(_DIGITS)


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG, from its frame's header; None: it has none."""
    at = 2
    while at + 9 < len(jpeg) and jpeg[at] == _MARKER:
        marker = jpeg[at + 1]
        if marker in _FRAMES:
            height = int.from_bytes(jpeg[at + 5 : at + 7])
            return int.from_bytes(jpeg[at + 7 : at + 9]), height
        at += 2
        if marker not in _MARKERS_WITHOUT_LENGTH:
            at += int.from_bytes(jpeg[at : at + 2])
    return None
