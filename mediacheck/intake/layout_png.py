"""The chunks of a PNG (W3C PNG, third edition), walked without decoding."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from mediacheck.intake.errors import TooMuchText
from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.layout import Carrier, CarrierKind, Layout
from mediacheck.intake.limits import MAX_PIXELS, MAX_PROFILE_BYTES, MAX_UNPACKED_TEXT_BYTES

_SIGNATURE_LENGTH = 8
_HEADER_LENGTH = 13
#: Chunks of an animation: none is taken, not even with a single frame.
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
#: Samples a pixel by colour type: grey, RGB, palette, grey and alpha, RGB and alpha.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: First column and row, step across and down of each pass (one pass, and Adam7's seven).
_ONE_PASS = ((0, 0, 1, 1),)
_SEVEN_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_PIECE_BYTES = 1 << 20
_XMP_KEY = "XML:com.adobe.xmp"


class _Damaged(Exception):
    """A chunk runs past the end of the file (``is_whole`` false) or fails its checksum."""

    def __init__(self, *, is_whole: bool) -> None:
        super().__init__()
        self.is_whole = is_whole


def read_png(data: bytes) -> Layout:
    """The layout of a PNG, up to its IEND chunk.

    Raises:
        TooMuchText: a compressed text unpacks to more than is read.
    """
    try:
        chunks = tuple(_chunks(data))
    except _Damaged as damage:
        return Layout(format=PictureFormat.PNG, is_whole=damage.is_whole, is_sound=False)
    kinds = [kind for kind, _, _ in chunks]
    header = chunks[0][1]
    return Layout(
        format=PictureFormat.PNG,
        is_whole=_has_every_row(header, (body for kind, body, _ in chunks if kind == b"IDAT")),
        is_sound=kinds[0] == b"IHDR"
        and kinds.count(b"IHDR") == 1
        and len(header) == _HEADER_LENGTH,
        is_moving=not _ANIMATION.isdisjoint(kinds),
        has_more=chunks[-1][2] < len(data),
        size_px=(int.from_bytes(header[:4]), int.from_bytes(header[4:8])),
        profile_bytes=sum(_profile_bytes(body) for kind, body, _ in chunks if kind == b"iCCP"),
        carriers=tuple(c for kind, body, _ in chunks if (c := _carrier_or_none(kind, body))),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Kind, body and end offset of each chunk, the last one IEND."""
    at, kind = _SIGNATURE_LENGTH, b""
    while kind != b"IEND":
        length = int.from_bytes(data[at : at + 4])
        end = at + 12 + length
        if end > len(data):
            raise _Damaged(is_whole=False)
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if zlib.crc32(body, zlib.crc32(kind)) != int.from_bytes(data[end - 4 : end]):
            raise _Damaged(is_whole=True)
        yield kind, body, end
        at = end


def _has_every_row(header: bytes, parts: Iterable[bytes]) -> bool:
    """Whether the packed data holds all the rows that the header claims.

    A decoder leaves missing rows black without a word, so they are counted here. What is refused
    for its size anyway is not unpacked.
    """
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    if len(header) != _HEADER_LENGTH or width * height > MAX_PIXELS:
        return True
    missing = _unpacked_bytes(width, height, header)
    unpacker = zlib.decompressobj()
    try:
        for part in parts:
            rest = part
            while missing > 0 and rest:
                missing -= len(unpacker.decompress(rest, _PIECE_BYTES))
                rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return missing <= 0


def _unpacked_bytes(width: int, height: int, header: bytes) -> int:
    """Bytes of all rows, each with its filter byte (W3C PNG, clauses 8 and 9)."""
    pixel_bits = header[8] * _SAMPLES.get(header[9], 1)
    total = 0
    for left, top, across, down in _SEVEN_PASSES if header[12] else _ONE_PASS:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * pixel_bits // 8))
    return total


def _profile_bytes(body: bytes) -> int:
    """Unpacked size of a colour profile; counting stops just above the limit."""
    packed = body.partition(b"\0")[2][1:]
    try:
        return len(zlib.decompressobj().decompress(packed, MAX_PROFILE_BYTES + 1))
    except zlib.error:
        return 0


def _carrier_or_none(kind: bytes, body: bytes) -> Carrier | None:
    if kind == b"eXIf":
        return Carrier(kind=CarrierKind.EXIF, data=body)
    if kind == b"tEXt":
        key, _, text = body.partition(b"\0")
        return _text(key, text.decode("latin-1").encode())
    if kind == b"zTXt":
        key, _, packed = body.partition(b"\0")
        return _text(key, _unpacked(packed[1:]).decode("latin-1").encode())
    if kind == b"iTXt":
        return _international_text(body)
    return None


def _international_text(body: bytes) -> Carrier:
    key, _, rest = body.partition(b"\0")
    is_packed, rest = rest[:1] == b"\1", rest[2:]
    _language, _, rest = rest.partition(b"\0")
    translated_key, _, text = rest.partition(b"\0")
    words = _unpacked(text) if is_packed else text
    if key.decode("latin-1") == _XMP_KEY:
        return Carrier(kind=CarrierKind.XMP, data=words)
    # A translated label is free text too, so it travels with the words.
    return _text(key, b" ".join(filter(None, (translated_key, words))))


def _text(key: bytes, words: bytes) -> Carrier:
    return Carrier(kind=CarrierKind.PNG_TEXT, data=words, key=key.decode("latin-1"))


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        words = unpacker.decompress(packed, MAX_UNPACKED_TEXT_BYTES + 1)
    except zlib.error:
        return b""
    if len(words) > MAX_UNPACKED_TEXT_BYTES:
        raise TooMuchText
    return words
