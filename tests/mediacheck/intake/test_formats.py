"""Kinds of files are told by their bytes, whatever they are called."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from mediacheck.intake.errors import OtherKind, TypeNotTaken
from mediacheck.intake.formats import PictureFormat, format_of


def bytes_of(name: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, name)
    return out.getvalue()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_known_by_its_content(name: str) -> None:
    assert format_of(bytes_of(name)) is PictureFormat(name)


def test_a_heic_is_known_by_its_brands() -> None:
    assert format_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") is PictureFormat.HEIF
    assert format_of(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif") is PictureFormat.AVIF


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"GIF89a", OtherKind.GIF),
        (b"II*\0\x08\0\0\0", OtherKind.TIFF),
        (b"MM\0*\0\0\0\x08", OtherKind.TIFF),
        (b"BM\x36\0", OtherKind.BMP),
        (b"\0\0\1\0\1\0", OtherKind.ICON),
        (b"8BPS\0\1", OtherKind.PHOTOSHOP),
        (b"\0\0\0\x0cjP  \r\n", OtherKind.JPEG_2000),
        (b"\xff\x0a\0", OtherKind.JPEG_XL),
        (b"%PDF-1.7", OtherKind.PDF),
        (b"%!PS-Adobe-3.0 EPSF-3.0", OtherKind.POSTSCRIPT),
        (b"\0\0\0\x18ftypqt  \0\0\0\0", OtherKind.FILM),
        (b"RIFF\0\0\0\0AVI LIST", OtherKind.FILM),
        (b"\x1aE\xdf\xa3", OtherKind.FILM),
        (b"PK\3\4", OtherKind.ARCHIVE),
        (b'<?xml version="1.0"?>\n<svg xmlns="x">', OtherKind.SVG),
        (b"<svg onload=alert(1)>", OtherKind.SVG),
        (b"<!DOCTYPE html><html>", OtherKind.WEB_PAGE),
        (b'<?xpacket begin="" id="W5M0"?><x:xmpmeta>', OtherKind.SIDECAR),
        (b'<x:xmpmeta xmlns:x="adobe:ns:meta/">', OtherKind.SIDECAR),
        (b'<?xml version="1.0"?>\n<x:xmpmeta>', OtherKind.SIDECAR),
        (b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC>\n<plist>', OtherKind.SIDECAR),
        (b"bplist00\xd4", OtherKind.SIDECAR),
        (b'{\n "title": "a.jpg",\n "photoTakenTime": {', OtherKind.SIDECAR),
        (b'{"title": "a.jpg"}', OtherKind.UNKNOWN),
        (b"MZ\x90\0", OtherKind.PROGRAM),
        (b"\x7fELF", OtherKind.PROGRAM),
        (b"Maya was here", OtherKind.UNKNOWN),
        (b"RIFF\0\0\0\0WAVE", OtherKind.UNKNOWN),
        (b"\xff", OtherKind.UNKNOWN),
    ],
)
def test_any_other_kind_is_refused_by_name(data: bytes, kind: OtherKind) -> None:
    with pytest.raises(TypeNotTaken) as refusal:
        format_of(data)

    assert refusal.value.kind is kind
