"""What the headers say, before a pixel is decoded."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from mediacheck.intake.errors import TooMuchText
from mediacheck.intake.formats import PictureFormat
from mediacheck.intake.layout import CarrierKind, Layout
from mediacheck.intake.layout_heif import read_boxes
from mediacheck.intake.layout_jpeg import read_jpeg
from mediacheck.intake.layout_png import read_png
from mediacheck.intake.layout_webp import read_webp


def bytes_of(name: str, size: tuple[int, int] = (96, 64), **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, name, **options)
    return out.getvalue()


def a_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    return png[:33] + a_chunk(kind, body) + png[33:]


def kinds(layout: Layout) -> list[CarrierKind]:
    return [carrier.kind for carrier in layout.carriers]


def test_a_plain_jpeg_is_whole_and_has_one_scan() -> None:
    layout = read_jpeg(bytes_of("JPEG"))

    assert (layout.is_whole, layout.has_more, layout.scans) == (True, False, 1)
    assert layout.size_px == (96, 64)


def test_a_progressive_jpeg_has_its_scans_counted() -> None:
    assert read_jpeg(bytes_of("JPEG", progressive=True)).scans > 5


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_file_that_breaks_off_is_not_whole(name: str, share: float) -> None:
    whole = bytes_of(name, (200, 200))
    broken = whole[: int(len(whole) * share)]
    read = {
        "JPEG": read_jpeg,
        "PNG": read_png,
        "WEBP": read_webp,
        "AVIF": lambda data: read_boxes(data, PictureFormat.AVIF),
    }[name]

    assert read(whole).is_whole
    assert not read(broken).is_whole


@pytest.mark.parametrize(("name", "read"), [("JPEG", read_jpeg), ("PNG", read_png)])
def test_bytes_behind_the_picture_are_noticed(name: str, read: object) -> None:
    assert callable(read)
    assert not read(bytes_of(name)).has_more
    assert read(bytes_of(name) + b"and a film").has_more


def test_the_words_and_profile_of_a_jpeg_are_set_aside() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = "a class"
    data = bytes_of("JPEG", comment=b"hello", exif=exif, xmp=b"<x/>", icc_profile=profile)

    layout = read_jpeg(data)

    assert sorted(kinds(layout)) == [
        CarrierKind.EXIF,
        CarrierKind.JPEG_COMMENT,
        CarrierKind.XMP,
    ]
    assert layout.profile_bytes > len(profile)


def test_the_parts_of_a_long_xmp_are_joined() -> None:
    plain = bytes_of("JPEG")
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    parts = [head + struct.pack(">II", 8, at) + part for at, part in ((0, b"<one"), (4, b"two>"))]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part for part in parts)

    layout = read_jpeg(plain[:2] + segments + plain[2:])

    assert [carrier.data for carrier in layout.carriers] == [b"<onetwo>"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(96, 64), (65, 67), (1_500, 300)])
def test_a_png_of_any_kind_has_all_its_rows(mode: str, size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")

    assert read_png(out.getvalue()).is_whole


def test_a_png_with_rows_missing_is_not_whole_though_it_ends_properly() -> None:
    header = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    for rows, is_whole in ((99, False), (100, True)):
        data = a_chunk(b"IDAT", zlib.compress(bytes(301 * rows)))
        png = b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", header) + data + a_chunk(b"IEND", b"")
        assert read_png(png).is_whole is is_whole


def test_an_interlaced_png_is_counted_by_its_seven_passes() -> None:
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1)
    # An 8 by 8 picture has passes of 1, 1, 2, 4, 8, 16 and 32 pixels in 15 rows.
    for count, is_whole in ((78, False), (79, True)):
        data = a_chunk(b"IDAT", zlib.compress(bytes(count)))
        png = b"\x89PNG\r\n\x1a\n" + a_chunk(b"IHDR", header) + data + a_chunk(b"IEND", b"")
        assert read_png(png).is_whole is is_whole


def test_a_png_with_a_wrong_checksum_is_not_sound() -> None:
    png = bytearray(bytes_of("PNG"))
    png[-20] ^= 1

    assert not read_png(bytes(png)).is_sound


def test_a_png_with_two_headers_is_not_sound() -> None:
    png = bytes_of("PNG")

    assert not read_png(png[:33] + png[8:33] + png[33:]).is_sound


def test_an_animated_png_is_moving_even_with_one_frame() -> None:
    assert read_png(with_chunk(bytes_of("PNG"), b"acTL", struct.pack(">II", 1, 0))).is_moving


def test_the_three_kinds_of_png_text_are_read() -> None:
    png = bytes_of("PNG")
    png = with_chunk(png, b"tEXt", b"Author\0Maya Lopez")
    png = with_chunk(png, b"zTXt", b"Title\0\0" + zlib.compress("Zoë".encode("latin-1")))
    png = with_chunk(png, b"iTXt", b"Comment\0\1\0es\0clave\0" + zlib.compress("Łukasz".encode()))

    texts = {carrier.key: carrier.data.decode() for carrier in read_png(png).carriers}

    assert texts == {"Author": "Maya Lopez", "Title": "Zoë", "Comment": "clave Łukasz"}


def test_a_png_text_that_unpacks_to_megabytes_is_refused() -> None:
    bomb = with_chunk(bytes_of("PNG"), b"zTXt", b"Title\0\0" + zlib.compress(bytes(2_000_000)))

    with pytest.raises(TooMuchText):
        read_png(bomb)


def test_a_png_profile_that_unpacks_to_megabytes_is_counted_to_the_limit() -> None:
    bomb = with_chunk(bytes_of("PNG"), b"iCCP", b"x\0\0" + zlib.compress(bytes(20_000_000)))

    assert read_png(bomb).profile_bytes == 1024 * 1024 + 1


def test_an_animated_webp_is_moving() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])

    assert read_webp(out.getvalue()).is_moving


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"xmp": b"<x/>"}])
def test_the_size_of_a_webp_is_read_from_every_kind_of_header(options: dict[str, object]) -> None:
    assert read_webp(bytes_of("WEBP", **options)).size_px == (96, 64)


def test_the_largest_size_that_a_webp_claims_counts() -> None:
    small = bytes_of("WEBP")[12:]
    claim = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xfe\x3f\0" * 2
    body = b"WEBP" + claim + small

    layout = read_webp(b"RIFF" + struct.pack("<I", len(body)) + body)

    assert layout.size_px == (16_383, 16_383)


def test_an_image_sequence_is_moving() -> None:
    data = b"\0\0\0\x18ftypavis\0\0\0\0avifmif1\0\0\0\x08meta"

    assert read_boxes(data, PictureFormat.AVIF).is_moving


def test_a_film_stored_behind_a_heic_is_noticed_and_does_not_make_it_moving() -> None:
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08meta\0\0\0\x0cmpvdfilm"

    layout = read_boxes(data, PictureFormat.HEIF)

    assert (layout.is_whole, layout.has_more, layout.is_moving) == (True, True, False)
