"""A cover hides the whole head for good, and the picture before it stays as it was."""

from __future__ import annotations

import math
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from mediacheck.model.people import StaffId
from mediacheck.model.post import Box, Cover, CoverStyle, Picture
from mediacheck.redaction.covers import (
    cover_region,
    cover_regions,
    cover_writing,
    head_box,
    painted_box,
    writing_box,
)

FACE = Box(left=100, top=80, width=40, height=52)
STYLES = list(CoverStyle)


def a_picture(width: int = 260, height: int = 220) -> Picture:
    return Picture(
        width_px=width,
        height_px=height,
        rgb=os.urandom(width * height * 3),
        source_width_px=width,
        source_height_px=height,
    )


def an_image(picture: Picture) -> Image.Image:
    return Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)


def other_pixels_inside(picture: Picture, box: Box) -> Picture:
    """The same picture with a wholly different face."""
    image = an_image(picture)
    noise = Image.frombytes("RGB", (box.width, box.height), os.urandom(box.area * 3))
    image.paste(noise, (box.left, box.top))
    return replace(picture, rgb=image.tobytes())


@pytest.mark.parametrize("style", STYLES)
def test_nothing_of_the_face_has_any_part_in_the_result(style: CoverStyle) -> None:
    picture = a_picture()
    other_face = other_pixels_inside(picture, FACE)

    covered, other_covered = (cover_region(each, FACE, style) for each in (picture, other_face))

    assert other_covered == covered


@pytest.mark.parametrize("style", [CoverStyle.SOLID, CoverStyle.BLUR])
def test_nothing_of_the_whole_head_has_any_part_in_the_result(style: CoverStyle) -> None:
    picture = a_picture()
    other_head = other_pixels_inside(picture, head_box(FACE))

    covered, other_covered = (cover_region(each, FACE, style) for each in (picture, other_head))

    assert other_covered == covered


@pytest.mark.parametrize("style", STYLES)
def test_the_picture_that_was_given_stays_as_it_was(style: CoverStyle) -> None:
    picture = a_picture()
    before = picture.pixels_sha256

    covered = cover_region(picture, FACE, style)

    assert picture.pixels_sha256 == before
    assert covered.pixels_sha256 != before
    assert (covered.width_px, covered.height_px) == (picture.width_px, picture.height_px)


@pytest.mark.parametrize("style", STYLES)
def test_nothing_far_from_the_head_changes(style: CoverStyle) -> None:
    picture = a_picture()

    changed = ImageChops.difference(
        an_image(picture), an_image(cover_region(picture, FACE, style))
    ).getbbox()

    assert changed is not None
    assert changed[0] > FACE.left - FACE.width
    assert changed[2] < FACE.right + FACE.width
    assert changed[3] < FACE.bottom + FACE.height


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "box",
    [
        Box(left=-20, top=-20, width=40, height=40),
        Box(left=240, top=200, width=60, height=60),
        Box(left=-500, top=-500, width=2_000, height=2_000),
        Box(left=259, top=219, width=1, height=1),
        Box(left=0, top=0, width=1, height=1),
    ],
)
def test_a_face_at_the_edge_is_covered_as_far_as_it_is_there(style: CoverStyle, box: Box) -> None:
    picture = a_picture()
    inside = box.clipped(260, 220)

    covered = cover_region(picture, box, style)
    other = cover_region(other_pixels_inside(picture, inside), box, style)

    assert other == covered


@pytest.mark.parametrize("style", STYLES)
def test_a_box_outside_the_picture_is_an_error_and_never_silence(style: CoverStyle) -> None:
    with pytest.raises(ValueError, match="outside"):
        cover_region(a_picture(), Box(left=300, top=10, width=20, height=20), style)


def test_a_soft_cover_is_at_most_sixteen_flat_fields() -> None:
    picture = a_picture()
    head = head_box(FACE)

    crop = an_image(cover_region(picture, FACE, CoverStyle.BLUR)).crop(
        (head.left, head.top, head.right, head.bottom)
    )

    colours = crop.getcolors(1 << 16)
    assert colours is not None
    assert len(colours) <= 16


def test_every_region_is_covered_in_one_go() -> None:
    picture = a_picture()
    second = Box(left=20, top=150, width=20, height=26)
    covers = [Cover(box=box, style=CoverStyle.SOLID, by=StaffId("t-1")) for box in (FACE, second)]

    covered = cover_regions(picture, covers)

    one_by_one = cover_region(
        cover_region(picture, FACE, CoverStyle.SOLID), second, CoverStyle.SOLID
    )
    assert covered == one_by_one
    assert cover_regions(picture, ()) == picture


@given(
    st.builds(
        Box,
        left=st.integers(0, 200),
        top=st.integers(0, 180),
        width=st.integers(2, 60),
        height=st.integers(2, 60),
    )
)
def test_the_disc_reaches_over_every_corner_of_the_face(box: Box) -> None:
    head = head_box(box)
    centre = (head.left + head.width / 2, head.top + head.height / 2)
    radius = max(head.width, head.height) / 2

    for corner in ((box.left, box.top), (box.right, box.bottom)):
        assert math.dist(centre, corner) < radius


WRITING = Box(left=40, top=90, width=180, height=30)


def a_cover(style: CoverStyle, *, is_writing: bool) -> Cover:
    return Cover(box=WRITING, style=style, by=StaffId("t-1"), is_writing=is_writing)


@pytest.mark.parametrize("style", STYLES)
def test_writing_is_covered_solidly_whatever_the_style(style: CoverStyle) -> None:
    image = an_image(cover_regions(a_picture(), [a_cover(style, is_writing=True)]))

    colours = image.crop((40, 90, 220, 120)).getcolors()
    assert colours is not None
    assert len(colours) == 1


def test_the_line_below_covered_writing_stays_as_it_was() -> None:
    picture = a_picture()

    changed = ImageChops.difference(
        an_image(picture), an_image(cover_writing(picture, WRITING))
    ).getbbox()

    box = writing_box(WRITING)
    assert changed == (box.left, box.top, box.right, box.bottom)
    assert box.bottom - WRITING.bottom <= 4


def test_what_is_painted_is_told_for_either_cover() -> None:
    assert painted_box(a_cover(CoverStyle.SOLID, is_writing=True)) == writing_box(WRITING)
    assert painted_box(a_cover(CoverStyle.SOLID, is_writing=False)) == head_box(WRITING)


def test_writing_outside_the_picture_cannot_be_covered() -> None:
    with pytest.raises(ValueError, match="outside"):
        cover_writing(a_picture(), Box(left=900, top=900, width=10, height=10))
