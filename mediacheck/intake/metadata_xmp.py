"""Words in XMP (ISO 16684-1): every text and attribute that a person may have written.

The packet is parsed without a document type and without entities of its own: where it declares
any, or is no well-formed XML, its words are taken from between the tags as they stand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from mediacheck.model.post import Box, MetadataText

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
_AREA = "http://ns.adobe.com/xmp/sType/Area#"
_WINDOWS = "http://ns.microsoft.com/photo/1.2/t/Region#"

#: Prefixes as ExifTool prints them; the last part of an unknown namespace stands for itself.
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "adobe:ns:meta/": "x",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "iptcExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "iptcCore",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://ns.iview-multimedia.com/mediapro/1.0/": "mediapro",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.2/": "MP",
    _WINDOWS: "MPReg",
    _MWG: "mwg-rs",
    _AREA: "stArea",
}
_PEOPLE = frozenset(
    {
        "iptcExt:PersonInImage", "iptcExt:PersonName", "iptcExt:PersonHeard", "mwg-rs:Name",
        "MPReg:PersonDisplayName", "mediapro:People", "prism:person", "xmp:Nickname",
    }
)  # fmt: skip
_TREES = frozenset(
    {
        "digiKam:TagsList", "lr:hierarchicalSubject", "MicrosoftPhoto:LastKeywordXMP",
        "mediapro:CatalogSets",
    }
)  # fmt: skip
_PEOPLE_BRANCH = re.compile(r"(?:people|persons?)[|/]", re.I)

#: Namespaces in which programs talk to themselves, and the few words of people among them.
_OF_THE_MACHINE = frozenset(
    {"x", "rdf", "xmpMM", "stEvt", "stRef", "stArea", "crs", "exif", "tiff", "aux", "exifEX"}
)
_WORDS_EVEN_THERE = frozenset(
    {
        "xmpMM:PreservedFileName", "crs:RawFileName", "exif:UserComment", "tiff:ImageDescription",
        "tiff:Artist", "tiff:Copyright", "aux:OwnerName", "exifEX:CameraOwnerName",
        "exifEX:OwnerName", "exifEX:Photographer", "exifEX:ImageEditor", "exifEX:ImageTitle",
        "exif:ImageTitle", "tiff:HostComputer",
    }
)  # fmt: skip
_NO_WORDS = frozenset(
    {
        "photoshop:DocumentAncestors", "photoshop:DateCreated", "photoshop:ICCProfile",
        "photoshop:LegacyIPTCDigest", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate",
        "xmp:CreatorTool", "dc:format", "mwg-rs:Type", "MPReg:Rectangle", "xmpRights:Marked",
    }
)  # fmt: skip

_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.I)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_LOOSE_WORDS = re.compile(r">([^<>]+)<|=\s*\"([^\"<>]*)\"|=\s*'([^'<>]*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The canonical picture, and how the stored one was turned to give it."""

    width_px: int
    height_px: int
    orientation: int

    def box(self, left: float, top: float, width: float, height: float) -> Box | None:
        """The canonical box of a region in fractions of the stored picture."""
        if not (0 < width <= 1 and 0 < height <= 1 and -1 < left < 1 and -1 < top < 1):
            return None
        x, y, across, down = _turned(left, top, width, height, orientation=self.orientation)
        box = Box(
            left=round(x * self.width_px),
            top=round(y * self.height_px),
            width=max(1, round(across * self.width_px)),
            height=max(1, round(down * self.height_px)),
        )
        return box.clipped(self.width_px, self.height_px)


def _turned(
    left: float, top: float, width: float, height: float, *, orientation: int
) -> tuple[float, float, float, float]:
    """The same region after the picture is turned upright, in fractions of the upright one."""
    right, bottom = 1 - left - width, 1 - top - height
    return {
        2: (right, top, width, height),
        3: (right, bottom, width, height),
        4: (left, bottom, width, height),
        5: (top, left, height, width),
        6: (bottom, left, height, width),
        7: (bottom, right, height, width),
        8: (top, right, height, width),
    }.get(orientation, (left, top, width, height))


def xmp_texts(packet: bytes, frame: Frame) -> Iterator[MetadataText]:
    """Every word of a packet, named people first marked, with their regions where they are told."""
    text = _decoded(packet).strip("\0\ufeff \r\n\t")
    root = _root_or_none(text)
    if root is None:
        yield from _loose_words(text)
        return
    yield from _walk(root, "", frame)


def _decoded(packet: bytes) -> str:
    """A packet may be UTF-8, UTF-16 or UTF-32; its zero bytes tell which."""
    head = packet[:4]
    if head.startswith((b"\xff\xfe\0\0", b"<\0\0\0")):
        return packet.decode("utf-32-le", "replace")
    if head.startswith((b"\0\0\xfe\xff", b"\0\0\0<")):
        return packet.decode("utf-32-be", "replace")
    if head.startswith((b"\xff\xfe", b"<\0")):
        return packet.decode("utf-16-le", "replace")
    if head.startswith((b"\xfe\xff", b"\0<")):
        return packet.decode("utf-16-be", "replace")
    try:
        return packet.decode()
    except UnicodeDecodeError:
        return packet.decode("latin-1")


def _root_or_none(text: str) -> ET.Element | None:
    if _DECLARATION.search(text):
        return None
    try:
        return ET.fromstring(_PROLOGUE.sub("", text))  # noqa: S314 - no declaration is left
    except (ET.ParseError, ValueError, RecursionError):
        return None


def _loose_words(text: str) -> Iterator[MetadataText]:
    for match in _LOOSE_WORDS.finditer(text):
        words = html.unescape(next(filter(None, match.groups()), ""))
        if words.strip() and "://" not in words:
            yield MetadataText(tag="XMP", text=words)


def _walk(element: ET.Element, inherited: str, frame: Frame) -> Iterator[MetadataText]:
    """Depth first; ``inherited`` is the property whose list or alternatives we are in."""
    own = _name_of(element.tag)
    tag = inherited if own.startswith("rdf:") and own != "rdf:RDF" else own
    region = _region_or_none(element, frame)
    for key, value in element.attrib.items():
        if not key.startswith((f"{{{_RDF}}}", f"{{{_XML}}}")):
            yield from _text(_name_of(key), value, region)
    yield from _text(tag, element.text or "", None)
    for child in element:
        if region is not None and _name_of(child.tag) in _PEOPLE and not len(child):
            yield from _text(_name_of(child.tag), child.text or "", region)
        else:
            yield from _walk(child, tag, frame)
        yield from _text(tag, child.tail or "", None)


def _text(tag: str, value: str, box: Box | None) -> Iterator[MetadataText]:
    words = value.strip()
    prefix = tag.partition(":")[0]
    if not words or tag in _NO_WORDS:
        return
    if prefix in _OF_THE_MACHINE and tag not in _WORDS_EVEN_THERE:
        return
    is_person = tag in _PEOPLE or (tag in _TREES and bool(_PEOPLE_BRANCH.match(words)))
    yield MetadataText(
        tag=f"XMP-{tag}", text=words, is_person=is_person, box=box if is_person else None
    )


def _name_of(qualified: str) -> str:
    namespace, _, local = qualified.removeprefix("{").rpartition("}")
    if namespace == _RDF:
        return f"rdf:{local}"
    last = re.split(r"[/#]", namespace.rstrip("/#"))[-1]
    return f"{_PREFIXES.get(namespace, last)}:{local}"


def _region_or_none(element: ET.Element, frame: Frame) -> Box | None:
    """The face region that an element describes: MWG's area or Windows' rectangle."""
    facts = _facts(element)
    rectangle = facts.get(f"{{{_WINDOWS}}}Rectangle")
    try:
        if rectangle is not None:
            left, top, width, height = (float(part) for part in rectangle.split(","))
            return frame.box(left, top, width, height)
        x, y, width, height = (float(facts[f"{{{_AREA}}}{side}"]) for side in "xywh")
    except (KeyError, ValueError):
        return None
    return frame.box(x - width / 2, y - height / 2, width, height)


def _facts(element: ET.Element) -> Mapping[str, str]:
    """Simple properties of a structure, and those of the area within it."""
    facts = dict(element.attrib)
    for child in element:
        facts[child.tag] = (child.text or "").strip()
        if child.tag in (f"{{{_MWG}}}Area", f"{{{_RDF}}}Description"):
            facts |= _facts(child)
    return facts
