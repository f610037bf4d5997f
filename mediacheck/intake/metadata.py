"""The words that an upload carries, from every place that holds some."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator

from mediacheck.intake.errors import TooMuchText
from mediacheck.intake.layout import Carrier, CarrierKind
from mediacheck.intake.limits import MAX_TEXT_CHARACTERS, MAX_TEXTS
from mediacheck.intake.metadata_exif import exif_texts, read_exif
from mediacheck.intake.metadata_iptc import dataset_texts, iptc_texts
from mediacheck.intake.metadata_xmp import Frame, xmp_texts
from mediacheck.model.post import MetadataText

#: ImageMagick and ExifTool keep whole blocks in a PNG as hexadecimal text under such labels.
_RAW_PROFILE = re.compile(r"Raw profile type (\w+)")
#: Pictures, depth maps and films that phones and editors embed as base64.
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/=]{60,}\s+)*[A-Za-z0-9+/=]{60,}\s*[A-Za-z0-9+/=]*")
_SHORTEST_BASE64 = 1000
#: Fewer letters than this are a unit, a compass point or a version, not a name.
_FEWEST_LETTERS = 2
_UNSEEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]+")


def read_texts(carriers: Iterable[Carrier], frame: Frame) -> tuple[MetadataText, ...]:
    """Every text that holds words, once, in the order of the file.

    Raises:
        TooMuchText: there are more or longer texts than are read.
    """
    kept: dict[MetadataText, None] = {}
    for text in (text for carrier in carriers for text in _texts_of(carrier, frame)):
        words = _UNSEEN.sub(" ", text.text).strip()
        if sum(map(str.isalpha, words)) < _FEWEST_LETTERS or _is_embedded_file(words):
            continue
        if len(words) > MAX_TEXT_CHARACTERS:
            raise TooMuchText
        kept[_with_words(text, words)] = None
        if len(kept) > MAX_TEXTS:
            raise TooMuchText
    return tuple(kept)


def _is_embedded_file(words: str) -> bool:
    return len(words) >= _SHORTEST_BASE64 and _BASE64.fullmatch(words) is not None


def _with_words(text: MetadataText, words: str) -> MetadataText:
    # A lone surrogate cannot be written as UTF-8 and stands for no letter.
    clean = words.encode("utf-8", "replace").decode()
    return MetadataText(tag=text.tag, text=clean, is_person=text.is_person, box=text.box)


def _texts_of(carrier: Carrier, frame: Frame) -> Iterator[MetadataText]:
    match carrier.kind:
        case CarrierKind.EXIF:
            exif = read_exif(carrier.data)
            yield from exif_texts(exif) if exif is not None else ()
        case CarrierKind.XMP:
            yield from xmp_texts(carrier.data, frame)
        case CarrierKind.IPTC:
            yield from iptc_texts(carrier.data)
        case CarrierKind.JPEG_COMMENT:
            yield MetadataText(tag="JPEG:Comment", text=_utf8_or_latin(carrier.data))
        case CarrierKind.PNG_TEXT:
            yield from _png_texts(carrier, frame)


def _png_texts(carrier: Carrier, frame: Frame) -> Iterator[MetadataText]:
    raw = _RAW_PROFILE.fullmatch(carrier.key)
    if raw is None:
        yield MetadataText(tag=f"PNG:{carrier.key}", text=_utf8_or_latin(carrier.data))
        return
    block = _raw_profile(carrier.data)
    match raw[1].lower():
        case "xmp":
            yield from xmp_texts(block, frame)
        case "iptc":
            yield from iptc_texts(block) if block.startswith(b"8BIM") else dataset_texts(block)
        case _ if block.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield from xmp_texts(block.partition(b"\0")[2], frame)
        case _:
            exif = read_exif(block)
            yield from exif_texts(exif) if exif is not None else ()


def _raw_profile(text: bytes) -> bytes:
    """The block: a line with its name, one with its length, then hexadecimal digits."""
    _, _, digits = text.strip().partition(b"\n")
    _, _, digits = digits.lstrip().partition(b"\n")
    try:
        return binascii.unhexlify(b"".join(digits.split()))
    except binascii.Error:
        return b""


def _utf8_or_latin(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
