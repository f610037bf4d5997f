"""The chunks of a WebP (RFC 9649), walked without decoding."""

from __future__ import annotations

from collections.abc import Iterator

from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.layout import Carrier, CarrierKind, Layout

_ANIMATION = frozenset({b"ANIM", b"ANMF"})
_ANIMATION_FLAG = 0x02
#: The chunks that tell a size, and how many bytes of each are needed to read it.
_HEADER_BYTES = {b"VP8X": 10, b"VP8L": 5, b"VP8 ": 10}
_CARRIERS = {b"EXIF": CarrierKind.EXIF, b"XMP ": CarrierKind.XMP}


def read_webp(data: bytes) -> Layout:
    """The layout of a WebP.

    The size is the largest that any header claims: the decoder takes memory for the canvas at
    once, so a small inner frame must not hide a large one.
    """
    end = 8 + int.from_bytes(data[4:8], "little")
    chunks = tuple(_chunks(data[: min(end, len(data))]))
    sizes = [size for kind, body in chunks if (size := _size_or_none(kind, body))]
    return Layout(
        format=PictureFormat.WEBP,
        is_whole=end <= len(data),
        is_sound=bool(sizes),
        is_moving=any(_is_animation(kind, body) for kind, body in chunks),
        has_more=bool(data[end:].strip(b"\0")),
        size_px=max(sizes, key=lambda size: size[0] * size[1]) if sizes else None,
        profile_bytes=sum(len(body) for kind, body in chunks if kind == b"ICCP"),
        carriers=tuple(
            Carrier(kind=_CARRIERS[kind], data=body) for kind, body in chunks if kind in _CARRIERS
        ),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _is_animation(kind: bytes, body: bytes) -> bool:
    return kind in _ANIMATION or (
        kind == b"VP8X" and bool(body[:1]) and bool(body[0] & _ANIMATION_FLAG)
    )


def _size_or_none(kind: bytes, body: bytes) -> tuple[int, int] | None:
    if len(body) < _HEADER_BYTES.get(kind, len(body) + 1):
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
    return width & 0x3FFF, height & 0x3FFF
