"""Canonical pixels: upright, sRGB, 8 bits, flattened, at most the published size."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from mediacheck.intake.picture import Readings, decode_small, readings_of

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255,) * 3, (0,) * 3


def corners() -> Image.Image:
    """Red, green and blue marks at three corners of a wide white picture."""
    image = Image.new("RGB", (90, 70), WHITE)
    image.paste(RED, (0, 0, 20, 20))
    image.paste(GREEN, (70, 0, 90, 20))
    image.paste(BLUE, (0, 50, 20, 70))
    return image


#: How each EXIF orientation stores an upright picture: the inverse of turning it upright.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    turn = STORED[orientation]
    stored = corners() if turn is None else corners().transpose(turn)

    readings = readings_of(stored, orientation)

    assert ImageChops.difference(readings.published, corners()).getbbox() is None
    assert (readings.source_width_px, readings.source_height_px) == (90, 70)


def opened_jpeg(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return Image.open(io.BytesIO(out.getvalue()))


def a_photo(width: int, height: int) -> Image.Image:
    import skimage.data

    return Image.fromarray(skimage.data.astronaut()).resize((width, height))


@pytest.mark.parametrize(
    ("size", "decoded"),
    [
        ((4_032, 3_024), (2_016, 1_512)),
        ((3_024, 4_032), (1_512, 2_016)),
        ((3_800, 2_850), (3_800, 2_850)),
        ((8_064, 756), (2_016, 189)),
        ((1_600, 1_200), (1_600, 1_200)),
    ],
)
def test_a_large_jpeg_is_decoded_at_a_fraction_that_is_still_large_enough(
    size: tuple[int, int], decoded: tuple[int, int]
) -> None:
    image = opened_jpeg(Image.new("RGB", size))

    assert decode_small(image) == size
    image.load()
    assert image.size == decoded


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_large_jpeg_keeps_its_kind_of_colours(mode: str) -> None:
    image = opened_jpeg(Image.new(mode, (4_000, 400)))

    decode_small(image)

    assert (image.mode, image.size) == (mode, (2_000, 200))


def test_other_formats_are_decoded_whole() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4_000, 400)).save(out, "PNG")
    image = Image.open(io.BytesIO(out.getvalue()))

    decode_small(image)

    assert image.size == (4_000, 400)


def test_what_is_decoded_small_shows_what_the_whole_file_shows() -> None:
    whole = opened_jpeg(a_photo(4_000, 3_000))
    small = opened_jpeg(a_photo(4_000, 3_000))
    size = decode_small(small)

    seen = readings_of(small, 6, size)
    known = readings_of(whole, 6)

    assert (seen.source_width_px, seen.source_height_px) == (3_000, 4_000)
    assert (known.source_width_px, known.source_height_px) == (3_000, 4_000)
    apart = ImageChops.difference(
        seen.published, known.published.resize(seen.published.size, Image.Resampling.LANCZOS)
    )
    assert max(ImageStat.Stat(apart).mean) < 1.5


def test_an_orientation_that_does_not_exist_changes_nothing() -> None:
    readings = readings_of(corners(), 99)

    assert ImageChops.difference(readings.published, corners()).getbbox() is None


@pytest.mark.parametrize(
    ("size", "published"),
    [((4_096, 1_024), (2_048, 512)), ((600, 3_000), (410, 2_048)), ((2_048, 2_048),) * 2],
)
def test_the_longer_side_is_brought_to_2048(
    size: tuple[int, int], published: tuple[int, int]
) -> None:
    readings = readings_of(Image.new("RGB", size), 1)

    assert readings.published.size == published
    assert (readings.source_width_px, readings.source_height_px) == size


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    image = Image.new("I;16", (64, 64), 0x4000)

    assert readings_of(image, 1).published.getpixel((0, 0)) == (64, 64, 64)


def test_one_bit_and_grey_become_rgb() -> None:
    for mode in ("1", "L"):
        assert readings_of(Image.new(mode, (64, 64), 255), 1).published.getpixel((9, 9)) == WHITE


def test_a_palette_becomes_its_colours() -> None:
    image = corners().convert("P", palette=Image.Palette.ADAPTIVE)

    assert readings_of(image, 1).published.getpixel((5, 5)) == RED


def test_cmyk_becomes_rgb_and_is_also_read_inverted() -> None:
    image = Image.new("CMYK", (64, 64), (0, 255, 255, 0))

    readings = readings_of(image, 1)

    assert readings.published.getpixel((0, 0)) == RED
    assert [other.getpixel((0, 0)) for other in readings.others] == [BLACK]


def colours_of(readings: Readings) -> list[object]:
    return [image.getpixel((32, 32)) for image in (readings.published, *readings.others)]


def test_transparency_is_published_over_white_and_checked_over_black_and_beneath() -> None:
    readings = readings_of(Image.new("RGBA", (64, 64), (200, 10, 10, 0)), 1)

    assert colours_of(readings) == [WHITE, BLACK, (200, 10, 10)]


def test_an_alpha_band_that_hides_nothing_adds_no_reading() -> None:
    assert colours_of(readings_of(Image.new("RGBA", (64, 64), (*RED, 255)), 1)) == [RED]


def test_readings_that_look_the_same_are_kept_once() -> None:
    white_beneath = Image.new("RGBA", (64, 64), (255, 255, 255, 0))

    assert colours_of(readings_of(white_beneath, 1)) == [WHITE, BLACK]


def test_a_transparent_colour_of_a_palette_is_transparency_too() -> None:
    image = Image.new("P", (64, 64), 0)
    image.putpalette([200, 10, 10])
    image.info["transparency"] = 0

    assert colours_of(readings_of(image, 1)) == [WHITE, BLACK, (200, 10, 10)]


def a_profile(space: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


def a_gamma_one_profile() -> bytes:
    """The profile of sRGB with its curves made straight, which brightens dark pixels."""
    data = bytearray(a_profile("sRGB"))
    at = data.index(b"para")
    # A parametric curve of type 0 with exponent 1.0 (ICC.1, 10.18).
    data[at + 8 : at + 16] = b"\0\0\0\0" + (1 << 16).to_bytes(4)
    return bytes(data)


def test_a_colour_profile_is_applied_and_not_passed_on() -> None:
    image = Image.new("RGB", (64, 64), (20, 20, 20))
    image.info["icc_profile"] = a_gamma_one_profile()

    published = readings_of(image, 1).published

    level = published.getpixel((0, 0))
    assert isinstance(level, tuple)
    assert min(level) > 60
    assert Image.open(io.BytesIO(_saved(published))).info.get("icc_profile") is None


def _saved(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", icc_profile=None)
    return out.getvalue()


# A profile holds the second in which it was made: no id of a test for two processes to agree on.
@pytest.mark.parametrize("profile", [b"no profile", a_profile("LAB")], ids=["none", "LAB"])
def test_a_profile_that_does_not_fit_is_passed_over(profile: bytes) -> None:
    image = Image.new("RGB", (64, 64), RED)
    image.info["icc_profile"] = profile

    assert readings_of(image, 1).published.getpixel((0, 0)) == RED


def test_a_grey_picture_with_an_rgb_profile_is_converted() -> None:
    image = Image.new("L", (64, 64), 128)
    image.info["icc_profile"] = a_profile("sRGB")

    assert readings_of(image, 1).published.getpixel((0, 0)) == (128, 128, 128)
