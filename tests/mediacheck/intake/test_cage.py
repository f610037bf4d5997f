"""Uploads through the real cage: what a teacher drops, and what comes out."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image, ImageDraw

from mediacheck.intake import errors
from mediacheck.intake.cage import CagedDecoder
from mediacheck.intake.encoding import picture_from_jpeg
from mediacheck.model.post import Intake

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")


@pytest.fixture(scope="module", autouse=True)
def _heif_can_be_written() -> None:
    pillow_heif.register_heif_opener()


def an_image(size: tuple[int, int] = (240, 160), mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", size, (90, 140, 200))
    ImageDraw.Draw(image).ellipse((20, 20, 90, 90), fill=(230, 180, 150))
    return image.convert(mode)


def saved(image: Image.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def decoded(decoder: CagedDecoder, data: bytes, name: str = "photo") -> Intake:
    return decoder.decode(data, name)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_that_is_taken_becomes_the_same_picture(
    decoder: CagedDecoder, name: str
) -> None:
    data = saved(an_image(), name)

    intake = decoded(decoder, data)

    assert intake.format == name
    assert intake.sha256 == hashlib.sha256(data).hexdigest()
    assert (intake.picture.width_px, intake.picture.height_px) == (240, 160)
    assert (intake.also_check, intake.notices) == ((), ())
    middle = (160 // 3 * 240 + 50) * 3
    assert intake.picture.rgb[middle : middle + 3] == pytest.approx((230, 180, 150), abs=12)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_checked_is_exactly_what_the_published_bytes_decode_to(
    decoder: CagedDecoder, name: str
) -> None:
    intake = decoded(decoder, saved(Image.effect_noise((300, 200), 90), name))

    read_back = picture_from_jpeg(intake.jpeg, source_width_px=300, source_height_px=200)

    assert read_back == intake.picture


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(
    decoder: CagedDecoder, name: str, orientation: int
) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = an_image()
    stored = upright.transpose(turns[orientation]) if orientation in turns else upright
    exif = Image.Exif()
    exif[0x0112] = orientation

    intake = decoded(decoder, saved(stored, name, exif=exif.tobytes()))

    assert (intake.picture.source_width_px, intake.picture.source_height_px) == (240, 160)
    published = Image.frombytes("RGB", (240, 160), intake.picture.rgb)
    for place, colour in (((50, 50), (230, 180, 150)), ((200, 120), (90, 140, 200))):
        assert published.getpixel(place) == pytest.approx(colour, abs=12)


def test_a_large_photo_is_published_smaller_and_remembers_its_size(decoder: CagedDecoder) -> None:
    picture = decoded(decoder, saved(an_image((4_032, 3_024)), "JPEG")).picture

    assert (picture.width_px, picture.height_px) == (2_016, 1_512)
    assert (picture.source_width_px, picture.source_height_px) == (4_032, 3_024)


def test_a_photo_of_50_megapixels_is_read_within_the_limits(decoder: CagedDecoder) -> None:
    image = Image.new("L", (8_000, 6_250), 90)

    picture = decoded(decoder, saved(image, "JPEG", quality=60)).picture

    assert (picture.source_width_px, picture.source_height_px) == (8_000, 6_250)


@pytest.mark.lane
def test_transparent_pictures_of_50_megapixels_are_read_within_the_limits(
    decoder: CagedDecoder,
) -> None:
    image = Image.new("RGBA", (8_000, 6_250), (200, 10, 10, 90))

    assert len(decoded(decoder, saved(image, "PNG", compress_level=1)).also_check) == 2


def test_transparency_is_published_over_white_and_also_checked_otherwise(
    decoder: CagedDecoder,
) -> None:
    intake = decoded(decoder, saved(Image.new("RGBA", (64, 64), (200, 10, 10, 0)), "PNG"))

    assert intake.picture.rgb[:3] == b"\xff\xff\xff"
    assert [reading.rgb[:3] for reading in intake.also_check] == [b"\0\0\0", b"\xc8\x0a\x0a"]


def test_further_pictures_are_left_out_and_told(decoder: CagedDecoder) -> None:
    more = [an_image((120, 80)), an_image((90, 70))]

    mpo = decoded(decoder, saved(an_image(), "MPO", save_all=True, append_images=more[:1]))
    heic = decoded(decoder, saved(an_image(), "HEIF", save_all=True, append_images=more))

    assert mpo.notices == ("This file held 1 more picture, which is left out.",)
    assert heic.notices == ("This file held 2 more pictures, which are left out.",)
    assert (heic.picture.width_px, heic.picture.height_px) == (240, 160)


def test_the_picture_that_a_heic_calls_its_main_one_is_taken(decoder: CagedDecoder) -> None:
    pictures = pillow_heif.from_pillow(an_image((120, 80)))
    pictures.add_from_pillow(an_image())
    out = io.BytesIO()
    pictures.save(out, primary_index=1)

    assert decoded(decoder, out.getvalue()).picture.width_px == 240


def test_a_film_behind_the_picture_is_left_out_and_told(decoder: CagedDecoder) -> None:
    intake = decoded(decoder, saved(an_image(), "JPEG") + b"\0\0\0\x18ftypmp42" + b"film" * 99)

    assert intake.notices == ("This file held more than the picture. Only the picture is used.",)
    assert b"film" not in intake.jpeg


@pytest.mark.parametrize("name", ["GIF", "TIFF", "BMP", "PDF", "EPS", "ICO"])
def test_other_kinds_are_refused_whatever_they_are_called(decoder: CagedDecoder, name: str) -> None:
    with pytest.raises(errors.TypeNotTaken):
        decoded(decoder, saved(an_image(), name), "photo.jpg")


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF"])
def test_pictures_that_move_are_refused(decoder: CagedDecoder, name: str) -> None:
    frames = [an_image(), an_image().rotate(180)]
    data = saved(frames[0], name, save_all=True, append_images=frames[1:])

    with pytest.raises(errors.MovingPicture):
        decoded(decoder, data)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_half_a_picture_is_never_taken(decoder: CagedDecoder, name: str, share: float) -> None:
    data = saved(Image.effect_noise((200, 200), 60).convert("RGB"), name)

    with pytest.raises((errors.IncompletePicture, errors.UnreadablePicture)):
        decoded(decoder, data[: int(len(data) * share)])


def test_a_png_that_ends_properly_with_rows_missing_is_refused(decoder: CagedDecoder) -> None:
    header = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(301 * 50))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )

    with pytest.raises(errors.IncompletePicture):
        decoded(decoder, png)


def test_a_colour_profile_of_megabytes_is_refused(decoder: CagedDecoder) -> None:
    with pytest.raises(errors.ProfileTooLarge):
        decoded(decoder, saved(an_image(), "JPEG", icc_profile=bytes(2_000_000)))


def test_a_heic_profile_of_megabytes_is_refused(decoder: CagedDecoder) -> None:
    with pytest.raises(errors.ProfileTooLarge):
        decoded(decoder, saved(an_image(), "HEIF", icc_profile=bytes(2_000_000)))


@pytest.mark.parametrize(
    ("size", "refusal"),
    [
        ((63, 100), errors.SideTooShort),
        ((16_100, 70), errors.SideTooLong),
        ((7_100, 7_100), errors.TooManyPixels),
    ],
)
def test_sizes_outside_the_limits_are_refused(
    decoder: CagedDecoder, size: tuple[int, int], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        decoded(decoder, saved(Image.new("L", size), "PNG"))


def test_a_webp_of_34_bytes_that_claims_the_largest_size_costs_nothing(
    decoder: CagedDecoder,
) -> None:
    body = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f\xfe\xff\xff\x0f" + bytes(9)

    with pytest.raises(errors.TooManyPixels):
        decoded(decoder, b"RIFF" + struct.pack("<I", len(body)) + body)


def test_the_cage_is_complete_on_this_linux(decoder: CagedDecoder) -> None:
    posture = decoder.posture()

    if posture.system != "linux":
        pytest.skip("the full cage needs Linux")
    assert posture.missing == ()
