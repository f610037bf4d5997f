"""Words in IPTC-IIM 4.2, as Photoshop stores them in its resource blocks."""

from __future__ import annotations

from collections.abc import Iterator

from mediacheck.model.post import MetadataText

_IPTC_RESOURCE = 0x0404
_DATASET_MARK = 0x1C
_ENVELOPE, _APPLICATION = 1, 2
_CODED_CHARACTER_SET = 90
_UTF8_ESCAPE = b"\x1b%G"

#: Application record datasets by IIM number. Numbers that are not here still count as words.
_NAMES = {
    5: "ObjectName", 7: "EditStatus", 15: "Category", 20: "SupplementalCategories", 25: "Keywords",
    40: "SpecialInstructions", 80: "By-line", 85: "By-lineTitle", 90: "City", 92: "Sub-location",
    95: "Province-State", 101: "Country", 103: "OriginalTransmissionReference", 105: "Headline",
    110: "Credit", 115: "Source", 116: "CopyrightNotice", 118: "Contact", 120: "Caption-Abstract",
    121: "LocalCaption", 122: "Writer-Editor",
}  # fmt: skip
#: Binary or coded datasets: versions, urgency, dates and times, previews.
_NO_WORDS = frozenset({0, 3, 10, 30, 35, 37, 38, 55, 60, 62, 63, 75, 130, 131, 150, 200, 201, 202})


def iptc_texts(resources: bytes) -> Iterator[MetadataText]:
    """Every text dataset of every IPTC block among Photoshop's resources."""
    for number, body in _resources(resources):
        if number == _IPTC_RESOURCE:
            yield from dataset_texts(body)


def dataset_texts(block: bytes) -> Iterator[MetadataText]:
    """Every text dataset of a bare IPTC block."""
    encoding = "latin-1"
    for record, number, value in _datasets(block):
        if record == _ENVELOPE and number == _CODED_CHARACTER_SET and value == _UTF8_ESCAPE:
            encoding = "utf-8"
        if record == _APPLICATION and number not in _NO_WORDS:
            tag = f"IPTC:{_NAMES.get(number, number)}"
            yield MetadataText(tag=tag, text=_decoded(value, encoding))


def _decoded(value: bytes, encoding: str) -> str:
    """Many programs write UTF-8 without announcing it, so that is tried first."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode(encoding, "replace")


def _resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and body of each Photoshop resource; names and bodies are padded to even lengths."""
    at = 0
    while data[at : at + 4] == b"8BIM" and at + 7 <= len(data):
        number = int.from_bytes(data[at + 4 : at + 6])
        at += 6
        at += (data[at] + 2) // 2 * 2
        length = int.from_bytes(data[at : at + 4])
        yield number, data[at + 4 : at + 4 + length]
        at += 4 + (length + 1) // 2 * 2


def _datasets(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, number and value; a length of over 32,767 is told in as many bytes as it says."""
    at = 0
    while at + 5 <= len(block) and block[at] == _DATASET_MARK:
        record, number, length = (
            block[at + 1],
            block[at + 2],
            int.from_bytes(block[at + 3 : at + 5]),
        )
        at += 5
        if length & 0x8000:
            size_bytes = length & 0x7FFF
            length = int.from_bytes(block[at : at + size_bytes])
            at += size_bytes
        yield record, number, block[at : at + length]
        at += length
