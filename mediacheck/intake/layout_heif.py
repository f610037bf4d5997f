"""The outer boxes of HEIF and AVIF files (ISO 14496-12), walked without decoding.

Size, colour profile and words lie in nested boxes; those are taken from the decoder, which reads
them without decoding pixels.
"""

from __future__ import annotations

from collections.abc import Iterator

from mediacheck.intake.formats import PictureFormat, boxed_brands
from mediacheck.intake.layout import Layout

#: Major brands of image sequences; ``moov`` is the box that holds a film's timing.
_SEQUENCE_BRANDS = frozenset({b"avis", b"msf1", b"hevc", b"hevx", b"hevm", b"hevs"})
#: A length and a kind, four bytes each; a longer length and a user type follow where needed.
_HEADER_BYTES = 8
_KNOWN = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid", b"idat"})


def read_boxes(data: bytes, picture_format: PictureFormat) -> Layout:
    """The layout of a HEIF or AVIF file."""
    boxes = tuple(_boxes(data))
    kinds = [kind for kind, _ in boxes]
    last_known = max((end for kind, end in boxes if kind in _KNOWN), default=0)
    return Layout(
        format=picture_format,
        is_whole=b"meta" in kinds and last_known <= len(data),
        is_moving=boxed_brands(data)[0] in _SEQUENCE_BRANDS or b"moov" in kinds,
        has_more=any(kind not in _KNOWN for kind in kinds) or last_known < len(data),
    )


def _boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Kind and end offset of each outer box; what is no box ends the walk."""
    at = 0
    while at + _HEADER_BYTES <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16])
        elif length == 0:
            length = len(data) - at
        if length < _HEADER_BYTES:
            return
        yield kind, at + length
        at += length
