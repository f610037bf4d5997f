"""A rendition shows less than what was checked and never more, and is as its channel wants it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.intake.errors import DoesNotFit
from mediacheck.intake.rendition import Fitted, fit_picture
from mediacheck.model.post import ANY_PICTURE, Picture, PictureNeeds

INSTAGRAM = PictureNeeds(side_px=1440, size_bytes=8_000_000, narrowest=0.8, widest=1.91)


def checked(width: int, height: int, *, noise: int = 8) -> tuple[bytes, Picture]:
    """A checked picture: a slope of colours with some grain, as a camera gives it."""
    rng = np.random.default_rng(1)
    slope = np.linspace(40, 215, width)[None, :, None] * np.ones((height, 1, 3))
    grain = rng.normal(0, noise, (height, width, 3))
    pixels = np.clip(slope + grain, 0, 255).astype(np.uint8)
    raw = Picture(
        width_px=width,
        height_px=height,
        rgb=pixels.tobytes(),
        source_width_px=width,
        source_height_px=height,
    )
    jpeg = encode_jpeg(raw)
    return jpeg, picture_from_jpeg(jpeg, source_width_px=width, source_height_px=height)


def fit(size: tuple[int, int], needs: PictureNeeds, *, noise: int = 8) -> Fitted:
    jpeg, picture = checked(*size, noise=noise)
    return fit_picture(jpeg, picture, needs)


def test_a_picture_that_fits_keeps_every_byte() -> None:
    jpeg, picture = checked(640, 480)

    for needs in (ANY_PICTURE, PictureNeeds(side_px=640), INSTAGRAM):
        fitted = fit_picture(jpeg, picture, needs)
        assert (fitted.jpeg, fitted.picture, fitted.has_bars) == (jpeg, picture, False)


@pytest.mark.parametrize("size", [(2048, 1536), (1536, 2048), (2048, 64)])
def test_the_longest_side_is_never_longer(size: tuple[int, int]) -> None:
    fitted = fit(size, PictureNeeds(side_px=1200))

    assert max(fitted.picture.width_px, fitted.picture.height_px) == 1200
    assert not fitted.has_bars
    assert fitted.picture.width_px / fitted.picture.height_px == pytest.approx(
        size[0] / size[1], rel=0.02
    )


def test_the_pixels_are_never_more() -> None:
    fitted = fit((2048, 1536), PictureNeeds(pixels=1_000_000))

    assert 980_000 < fitted.picture.width_px * fitted.picture.height_px <= 1_000_000


@pytest.mark.parametrize(
    ("size", "ratio"), [((2048, 800), 1.91), ((600, 2000), 0.8), ((1000, 1000), 1.0)]
)
def test_what_is_too_wide_or_too_high_stands_whole_between_bars(
    size: tuple[int, int], ratio: float
) -> None:
    fitted = fit(size, INSTAGRAM)
    width, height = fitted.picture.width_px, fitted.picture.height_px

    assert 0.8 <= width / height <= 1.91
    assert width / height == pytest.approx(ratio, rel=0.01)
    assert max(width, height) <= 1440
    assert fitted.has_bars is (ratio != 1.0)
    corner = pixels(fitted)[0, 0]
    assert bool(corner.min() > 250) is fitted.has_bars


def test_nothing_of_a_picture_between_bars_is_cut_off() -> None:
    fitted = fit((2048, 800), INSTAGRAM)
    middle = pixels(fitted)[fitted.picture.height_px // 2]

    # Its first and its last columns are still there: the darkest and the lightest of the slope.
    assert middle[:8].mean() == pytest.approx(41, abs=6)
    assert middle[-8:].mean() == pytest.approx(214, abs=6)


@pytest.mark.parametrize("most", [950_000, 300_000, 120_000])
def test_the_bytes_fit_with_room_for_the_description(most: int) -> None:
    fitted = fit((2048, 1536), PictureNeeds(size_bytes=most), noise=12)

    assert len(fitted.jpeg) <= most - 16 * 1024
    with Image.open(io.BytesIO(fitted.jpeg)) as image:
        assert image.tobytes() == fitted.picture.rgb
        assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_quality_goes_first_and_size_only_after_it() -> None:
    barely = fit((2048, 1536), PictureNeeds(size_bytes=950_000), noise=6)
    tight = fit((2048, 1536), PictureNeeds(size_bytes=200_000), noise=12)

    assert barely.picture.width_px == 2048
    assert 480 <= tight.picture.width_px < 2048


def test_what_cannot_be_made_so_small_says_what_to_do() -> None:
    with pytest.raises(DoesNotFit, match="another channel"):
        fit((1024, 768), PictureNeeds(size_bytes=20_000), noise=60)


def test_a_line_of_single_pixels_is_averaged_and_not_picked() -> None:
    # Every fourth column hides another picture: a scaler that picks pixels would show that one.
    pixels = np.full((1024, 2048, 3), 200, np.uint8)
    pixels[:, ::4] = 0
    raw = Picture(
        width_px=2048,
        height_px=1024,
        rgb=pixels.tobytes(),
        source_width_px=2048,
        source_height_px=1024,
    )

    fitted = fit_picture(encode_jpeg(raw), raw, PictureNeeds(side_px=512))

    grey = np.frombuffer(fitted.picture.rgb, np.uint8)
    assert grey.min() > 130
    assert grey.max() < 170


def test_the_same_picture_and_needs_give_the_same_bytes() -> None:
    needs = PictureNeeds(side_px=800, size_bytes=90_000)

    assert fit((1200, 900), needs).jpeg == fit((1200, 900), needs).jpeg


def pixels(fitted: Fitted) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = fitted.picture
    flat = np.frombuffer(picture.rgb, np.uint8)
    return flat.reshape(picture.height_px, picture.width_px, 3)
