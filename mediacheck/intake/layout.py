"""How a file is built, read from its headers before any pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mediacheck.intake.formats import PictureFormat


class CarrierKind(StrEnum):
    """The places of a file that hold words."""

    EXIF = "EXIF"
    XMP = "XMP"
    IPTC = "IPTC"
    JPEG_COMMENT = "JPEG:Comment"
    PNG_TEXT = "PNG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One place that holds words, as it stands in the file. ``key`` is a PNG text's own label."""

    kind: CarrierKind
    data: bytes
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the headers say.

    ``is_whole``: the file ends where its structure says it should, or later. ``is_sound``: its
    checksums and order are right. ``has_more``: there are bytes behind the picture, such as the
    short film of a phone. ``size_px`` is the width and height as stored, where a header gives it.
    """

    format: PictureFormat
    is_whole: bool
    is_sound: bool = True
    is_moving: bool = False
    has_more: bool = False
    size_px: tuple[int, int] | None = None
    scans: int = 1
    profile_bytes: int = 0
    carriers: tuple[Carrier, ...] = ()
