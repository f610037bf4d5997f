"""Words in EXIF (CIPA DC-008): every text of every directory, but what only a camera writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import ExifTags, Image

from mediacheck.model.post import MetadataText

_DIRECTORIES = (None, ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1)
_ORIENTATION = 0x0112
_ORIENTATIONS = range(1, 9)
_MAKER_NOTE = 0x927C
_USER_COMMENT = 0x9286
_XP_TAGS = range(0x9C9B, 0x9CA0)

#: Texts of the machine: makes, programs, dates, units, versions. No person stands in them.
_OF_THE_MACHINE = frozenset(
    {
        0x010F, 0x0110, 0x0131, 0x0132, 0x9000, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9101,
        0x9290, 0x9291, 0x9292, 0xA000, 0xA300, 0xA301, 0xA302, 0xA433, 0xA434, 0xC4A5, 0xEA1C,
        _MAKER_NOTE,
    }
)  # fmt: skip
#: XMP and Photoshop blocks inside EXIF are structures of their own; Pillow reads them elsewhere.
_BLOCKS = frozenset({0x02BC, 0x83BB, 0x8649, 0x8773})

#: The first eight bytes of a user comment say how the rest is written.
_COMMENT_ENCODINGS = {
    b"ASCII\0\0\0": "latin-1",
    b"UNICODE\0": "utf-16",
    b"JIS\0\0\0\0\0": "shift_jis",
}
_EXIF_FAULTS = (SyntaxError, ValueError, TypeError, LookupError, struct.error, OSError, EOFError)


def read_exif(data: bytes) -> Image.Exif | None:
    """The directories of an EXIF block, or None where it is not one."""
    exif = Image.Exif()
    try:
        exif.load(data)
    except _EXIF_FAULTS:
        return None
    return exif


def orientation_in(exif: Image.Exif | None) -> int:
    """The orientation, 1 to 8; 1 when there is none."""
    value = exif.get(_ORIENTATION) if exif is not None else None
    return value if isinstance(value, int) and value in _ORIENTATIONS else 1


def exif_texts(exif: Image.Exif) -> Iterator[MetadataText]:
    """Every text of the block that a person may have written."""
    for directory in _DIRECTORIES:
        gps = directory is ExifTags.IFD.GPSInfo
        for tag, value in _entries(exif, directory).items():
            if tag in _OF_THE_MACHINE or tag in _BLOCKS:
                continue
            text = _text_or_none(tag, value)
            if text:
                yield MetadataText(tag=f"EXIF:{_name_of(tag, gps)}", text=text)


def _entries(exif: Image.Exif, directory: ExifTags.IFD | None) -> dict[int, object]:
    try:
        return dict(exif if directory is None else exif.get_ifd(directory))
    except _EXIF_FAULTS:
        return {}


def _name_of(tag: int, gps: bool) -> str:
    names = ExifTags.GPSTAGS if gps else ExifTags.TAGS
    return names.get(tag, f"0x{tag:04X}")


def _text_or_none(tag: int, value: object) -> str | None:
    if isinstance(value, tuple) and value and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    if isinstance(value, str):
        # Pillow reads texts as Latin-1; many programs write UTF-8.
        return _utf8_or_latin(value.encode("latin-1", "replace"))
    if not isinstance(value, bytes):
        return None
    if tag in _XP_TAGS:
        return value.decode("utf-16-le", "replace")
    return _comment(value) if tag == _USER_COMMENT or value[:8] in _COMMENT_ENCODINGS else None


def _comment(value: bytes) -> str:
    encoding = _COMMENT_ENCODINGS.get(value[:8])
    if encoding is None:
        return _utf8_or_latin(value.removeprefix(b"\0" * 8))
    if encoding != "utf-16" or value[8:10] in (b"\xff\xfe", b"\xfe\xff"):
        return value[8:].decode(encoding, "replace")
    # No byte order is written: the one that puts the zero bytes of Latin letters in place.
    is_little = value[9::2].count(0) >= value[8::2].count(0)
    return value[8:].decode("utf-16-le" if is_little else "utf-16-be", "replace")


def _utf8_or_latin(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
