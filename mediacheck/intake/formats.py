"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
from enum import StrEnum

from mediacheck.intake.errors import OtherKind, TypeNotTaken


class PictureFormat(StrEnum):
    """The formats that are taken. The values are Pillow's names for its readers."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"
    AVIF = "AVIF"


_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)

#: First bytes of what else is dropped into a box for photos (offset 0), in the order tried.
_OTHER_SIGNATURES: tuple[tuple[bytes, OtherKind], ...] = (
    (b"GIF8", OtherKind.GIF),
    (b"II*\0", OtherKind.TIFF),
    (b"MM\0*", OtherKind.TIFF),
    (b"II+\0", OtherKind.TIFF),
    (b"MM\0+", OtherKind.TIFF),
    (b"IIRO", OtherKind.TIFF),
    (b"FUJIFILM", OtherKind.TIFF),
    (b"BM", OtherKind.BMP),
    (b"\0\0\1\0", OtherKind.ICON),
    (b"\0\0\2\0", OtherKind.ICON),
    (b"8BPS", OtherKind.PHOTOSHOP),
    (b"\0\0\0\x0cjP  ", OtherKind.JPEG_2000),
    (b"\xff\x4f\xff\x51", OtherKind.JPEG_2000),
    (b"\xff\x0a", OtherKind.JPEG_XL),
    (b"\0\0\0\x0cJXL ", OtherKind.JPEG_XL),
    (b"%PDF", OtherKind.PDF),
    (b"%!PS", OtherKind.POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", OtherKind.POSTSCRIPT),
    (b"PK\3\4", OtherKind.ARCHIVE),
    (b"PK\5\6", OtherKind.ARCHIVE),
    (b"Rar!", OtherKind.ARCHIVE),
    (b"7z\xbc\xaf", OtherKind.ARCHIVE),
    (b"\x1f\x8b", OtherKind.ARCHIVE),
    (b"\x1aE\xdf\xa3", OtherKind.FILM),
    (b"\0\0\1\xba", OtherKind.FILM),
    (b"MZ", OtherKind.PROGRAM),
    (b"\x7fELF", OtherKind.PROGRAM),
)

_DRAWING = re.compile(rb"\s*(?:<\?xml.{0,500}?)?(?:<!--.{0,500}?-->\s*)?<(?:!DOCTYPE )?svg", re.S)
_SVG_ANYWHERE = re.compile(rb"<svg[\s>]")
#: What photo programs write beside photos: XMP (ISO 16684-1), Apple's AAE (a property list, as
#: XML or packed), and the JSON of a Google Takeout.
_SIDECAR = re.compile(
    rb"\s*(?:<\?xpacket|<x:xmpmeta|<\?xml.{0,500}?<(?:x:xmpmeta|!DOCTYPE plist|plist)|bplist0"
    rb'|\{.{0,3000}?"(?:photoTakenTime|googlePhotosOrigin|geoDataExif)")',
    re.S,
)
_PAGE = re.compile(rb"\s*<(?:!doctype html|html|head|body|script)", re.I)


def format_of(data: bytes) -> PictureFormat:
    """The format that ``data`` begins like.

    Raises:
        TypeNotTaken: it begins like none that is taken.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureFormat.PNG
    if data.startswith(b"RIFF"):
        return _riff_format(data)
    if data[4:8] == b"ftyp":
        return _boxed_format(data)
    raise TypeNotTaken(_other_kind(data))


def _riff_format(data: bytes) -> PictureFormat:
    if data[8:12] == b"WEBP":
        return PictureFormat.WEBP
    raise TypeNotTaken(OtherKind.FILM if data[8:12] == b"AVI " else OtherKind.UNKNOWN)


def _boxed_format(data: bytes) -> PictureFormat:
    """HEIF, AVIF and films share one container; the brands in its first box tell them apart."""
    brands = boxed_brands(data)
    if _AVIF_BRANDS.intersection(brands):
        return PictureFormat.AVIF
    if _HEIF_BRANDS.intersection(brands):
        return PictureFormat.HEIF
    raise TypeNotTaken(OtherKind.FILM)


def boxed_brands(data: bytes) -> tuple[bytes, ...]:
    """The major brand of an ISO 14496-12 file, then those it is compatible with."""
    end = min(int.from_bytes(data[:4]), len(data), 512)
    compatible = tuple(data[at : at + 4] for at in range(16, end - 3, 4))
    return (data[8:12], *compatible)


def _other_kind(data: bytes) -> OtherKind:
    for signature, kind in _OTHER_SIGNATURES:
        if data.startswith(signature):
            return kind
    head = data[:4096]
    if _DRAWING.match(head) or (head.lstrip().startswith(b"<?xml") and _SVG_ANYWHERE.search(head)):
        return OtherKind.SVG
    if _SIDECAR.match(head):
        return OtherKind.SIDECAR
    if _PAGE.match(head):
        return OtherKind.WEB_PAGE
    return OtherKind.UNKNOWN
