"""What is dark or faint is turned up, and what shows hardly anything is a person's to look at."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mediacheck.findings.face_light import unlit_or_none, well_lit
from mediacheck.model.post import Box


def a_scene(lowest: int, highest: int) -> Image.Image:
    """A slope from dark to light, with a lamp of a few pixels in it."""
    levels = np.linspace(lowest, highest, 200).round().astype(np.uint8)
    pixels = np.repeat(np.tile(levels, (100, 1))[..., None], 3, axis=2)
    pixels[0, :20] = 255  # A thousandth.
    return Image.fromarray(pixels)


@pytest.mark.parametrize(("lowest", "highest"), [(0, 8), (0, 60), (190, 230), (100, 108)])
def test_a_dark_or_faint_picture_is_turned_up(lowest: int, highest: int) -> None:
    lit = np.asarray(well_lit(a_scene(lowest, highest)))

    assert lit[50].min() <= 10
    assert lit[50].max() >= 240


def test_a_picture_in_ordinary_light_is_left_as_it_is() -> None:
    scene = a_scene(20, 200)

    assert well_lit(scene) is scene


def test_a_page_of_one_colour_is_left_as_it_is_and_asks_nobody() -> None:
    page = a_scene(100, 100)

    assert well_lit(page) is page
    assert unlit_or_none(page) is None


def test_a_picture_of_a_few_levels_is_a_persons_to_look_at() -> None:
    assert unlit_or_none(a_scene(0, 7)) == Box(left=0, top=0, width=200, height=100)
    assert unlit_or_none(a_scene(0, 30)) is None


def test_even_one_pixel_has_its_light() -> None:
    assert well_lit(Image.new("RGB", (1, 1), "grey")).size == (1, 1)
