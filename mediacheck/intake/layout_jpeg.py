"""The markers of a JPEG (ITU-T T.81, annex B), walked without decoding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.layout import Carrier, CarrierKind, Layout

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP1, _APP2, _APP13 = 0xE1, 0xE2, 0xED
#: Markers that stand alone, without a length: TEM, RST0 to RST7 and a repeated SOI.
_BARE = frozenset({0x01, _SOI, *range(0xD0, 0xD8)})
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

#: Within a scan only a marker other than RSTn, a stuffed zero or a fill byte ends the data.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_PROFILE = b"ICC_PROFILE\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_GUID_LENGTH = 32
#: A segment's length counts its own two bytes.
_LENGTH_BYTES = 2


@dataclass(slots=True)
class _Walk:
    """What has been seen so far."""

    scans: int = 0
    size_px: tuple[int, int] | None = None
    profile_bytes: int = 0
    carriers: list[Carrier] = field(default_factory=list)
    photoshop: bytearray = field(default_factory=bytearray)
    more_xmp: dict[bytes, bytearray] = field(default_factory=dict)


def read_jpeg(data: bytes) -> Layout:
    """The layout of a JPEG, up to its first end-of-image marker."""
    walk = _Walk()
    end = _walk_to_the_end(data, walk)
    return Layout(
        format=PictureFormat.JPEG,
        is_whole=end is not None and walk.scans > 0,
        has_more=end is not None and bool(data[end:].strip(b"\0")),
        size_px=walk.size_px,
        scans=walk.scans,
        profile_bytes=walk.profile_bytes,
        carriers=_carriers(walk),
    )


def _walk_to_the_end(data: bytes, walk: _Walk) -> int | None:
    """The offset behind the end-of-image marker, or None when the data runs out before it."""
    at = 2
    while (mark := _next_marker(data, at)) is not None:
        marker, at = mark
        if marker == _EOI:
            return at
        if marker in _BARE:
            continue
        length = int.from_bytes(data[at : at + 2])
        body = data[at + _LENGTH_BYTES : at + length]
        if length < _LENGTH_BYTES or len(body) != length - _LENGTH_BYTES:
            return None
        _note_segment(walk, marker, body)
        at += length
        if marker == _SOS:
            scan_end = _END_OF_SCAN.search(data, at)
            at = scan_end.start() if scan_end else len(data)
    return None


def _next_marker(data: bytes, at: int) -> tuple[int, int] | None:
    """The next marker and the offset behind it; stray bytes before it are passed over."""
    found = _END_OF_SCAN.search(data, at)
    return None if found is None else (data[found.end() - 1], found.end())


def _note_segment(walk: _Walk, marker: int, body: bytes) -> None:
    if marker == _SOS:
        walk.scans += 1
    elif marker in _FRAME_HEADERS and walk.size_px is None:
        walk.size_px = (int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
    elif marker == _COM:
        walk.carriers.append(Carrier(kind=CarrierKind.JPEG_COMMENT, data=body))
    elif marker == _APP1:
        _note_app1(walk, body)
    elif marker == _APP2 and body.startswith(_PROFILE):
        walk.profile_bytes += len(body)
    elif marker == _APP13 and body.startswith(_PHOTOSHOP):
        walk.photoshop += body[len(_PHOTOSHOP) :]


def _note_app1(walk: _Walk, body: bytes) -> None:
    if body.startswith(_EXIF):
        walk.carriers.append(Carrier(kind=CarrierKind.EXIF, data=body[len(_EXIF) :]))
    elif body.startswith(_XMP):
        walk.carriers.append(Carrier(kind=CarrierKind.XMP, data=body[len(_XMP) :]))
    elif body.startswith(_MORE_XMP):
        rest = body[len(_MORE_XMP) :]
        # The GUID is followed by the full length and this part's offset, four bytes each. Every
        # writer stores the parts in order, so joining them as they come gives the whole.
        guid, part = rest[:_GUID_LENGTH], rest[_GUID_LENGTH + 8 :]
        walk.more_xmp.setdefault(guid, bytearray()).extend(part)


def _carriers(walk: _Walk) -> tuple[Carrier, ...]:
    joined = [Carrier(kind=CarrierKind.XMP, data=bytes(part)) for part in walk.more_xmp.values()]
    if walk.photoshop:
        joined.append(Carrier(kind=CarrierKind.IPTC, data=bytes(walk.photoshop)))
    return (*walk.carriers, *joined)
