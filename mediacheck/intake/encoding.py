"""Our own encoding: the only bytes that are ever published.

Everything here works on pixels and files of our own making. Upload bytes never come here.
"""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from PIL import Image
from PIL.Image import Resampling

from mediacheck.intake.limits import PUBLISHED_MAX_SIDE_PX
from mediacheck.model.post import Box, Picture

#: High enough that the second encoding a platform makes is the one that shows.
_QUALITY = 92
_THUMBNAIL_QUALITY = 80
#: Share of the face box that a crop shows around it on each side.
_CROP_MARGIN = 0.35

_START = b"\xff\xd8"
_APP0, _APP1 = b"\xff\xe0", b"\xff\xe1"
_XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_MAX_SEGMENT_BYTES = 65_533

_PLUS = "http://ns.useplus.org/ldf/vocab/"
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def encode_jpeg(picture: Picture) -> bytes:
    """The picture as a baseline JPEG: 4:4:4, quality 92, no metadata."""
    return _jpeg(_image(picture), _QUALITY)


def picture_from_jpeg(jpeg: bytes, *, source_width_px: int, source_height_px: int) -> Picture:
    """The pixels of a JPEG that ``encode_jpeg`` or ``published_jpeg`` made.

    Raises:
        ValueError: it is no such JPEG.
    """
    _require_our_own(jpeg)
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            if image.mode != "RGB" or max(image.size) > PUBLISHED_MAX_SIDE_PX:
                raise ValueError("not a JPEG of our own")
            image.load()
            width, height, rgb = image.width, image.height, image.tobytes()
    except (OSError, SyntaxError) as error:
        raise ValueError("not a JPEG of our own") from error
    return Picture(
        width_px=width,
        height_px=height,
        rgb=rgb,
        source_width_px=source_width_px,
        source_height_px=source_height_px,
    )


def published_jpeg(jpeg: bytes, xmp: bytes) -> bytes:
    """A JPEG of our own with one XMP block added. No byte of the picture changes.

    Raises:
        ValueError: ``jpeg`` is not one that ``encode_jpeg`` made, or ``xmp`` is over 65,504 bytes.
    """
    body = _XMP_HEADER + xmp
    if len(body) > _MAX_SEGMENT_BYTES:
        raise ValueError("an XMP block must fit into one segment")
    _require_our_own(jpeg)
    # JFIF wants its own segment first, so the block goes behind it.
    at = 4 + int.from_bytes(jpeg[4:6])
    if jpeg[at : at + 2] == _APP1:
        raise ValueError("this JPEG has its XMP block already")
    return b"".join((jpeg[:at], _APP1, (len(body) + 2).to_bytes(2), body, jpeg[at:]))


def clean_xmp(*, clearance_id: str, alt_text: str, is_edited: bool) -> bytes:
    """The only metadata that a published picture carries. It names nobody.

    IPTC Photo Metadata 2023.1 and PLUS LDF 2.0.1: the description for screen readers, a limited
    model release under the clearance's own number, no data mining, and whether a person edited it.
    """
    source = "humanEdits" if is_edited else "digitalCapture"
    description = (
        "<Iptc4xmpCore:AltTextAccessibility><rdf:Alt>"
        f'<rdf:li xml:lang="x-default">{escape(alt_text)}</rdf:li>'
        "</rdf:Alt></Iptc4xmpCore:AltTextAccessibility>"
        if alt_text
        else ""
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">'
        f"{description}"
        f"<plus:ModelReleaseStatus>{_PLUS}MR-LMR</plus:ModelReleaseStatus>"
        f"<plus:ModelReleaseID><rdf:Bag><rdf:li>{escape(clearance_id)}</rdf:li></rdf:Bag>"
        "</plus:ModelReleaseID>"
        f"<plus:DataMining>{_PLUS}DMI-PROHIBITED</plus:DataMining>"
        f"<Iptc4xmpExt:DigitalSourceType>{_SOURCE_TYPES}{source}</Iptc4xmpExt:DigitalSourceType>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def thumbnail_jpeg(picture: Picture, side: int) -> bytes:
    """A small JPEG of the whole picture, at most ``side`` pixels wide and high."""
    image = _image(picture)
    image.thumbnail((side, side), Resampling.LANCZOS)
    return _jpeg(image, _THUMBNAIL_QUALITY)


def crop_jpeg(picture: Picture, box: Box, side: int) -> bytes:
    """A square JPEG of ``side`` pixels that shows ``box`` with some of what is round it.

    At the edge of the picture the square moves inward; it is never filled up with made-up pixels,
    so that a box longer than the picture is high gives a crop that is not square.
    """
    reach = round(max(box.width, box.height) * (1 + 2 * _CROP_MARGIN))
    across, down = min(reach, picture.width_px), min(reach, picture.height_px)
    left = min(max(0, box.left + box.width // 2 - across // 2), picture.width_px - across)
    top = min(max(0, box.top + box.height // 2 - down // 2), picture.height_px - down)
    crop = _image(picture).crop((left, top, left + across, top + down))
    scale = side / max(across, down)
    size = (max(1, round(across * scale)), max(1, round(down * scale)))
    return _jpeg(crop.resize(size, Resampling.LANCZOS), _THUMBNAIL_QUALITY)


def cut_out(picture: Picture, region: Box) -> Picture:
    """The part of a picture inside ``region``, at its full size."""
    inside = region.clipped(picture.width_px, picture.height_px)
    part = _image(picture).crop((inside.left, inside.top, inside.right, inside.bottom))
    return Picture(
        width_px=inside.width,
        height_px=inside.height,
        rgb=part.tobytes(),
        source_width_px=max(1, round(inside.width * picture.source_scale)),
        source_height_px=max(1, round(inside.height * picture.source_scale)),
    )


def _require_our_own(jpeg: bytes) -> None:
    """A guard against mix-ups: every JPEG of ours begins like this, and few uploads do."""
    if not jpeg.startswith(_START + _APP0):
        raise ValueError("not a JPEG of our own")


def _image(picture: Picture) -> Image.Image:
    return Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling="4:4:4")
    return out.getvalue()
