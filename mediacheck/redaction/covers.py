"""Paints over heads, in three styles, and over writing; no pixel of what was there is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from PIL import Image, ImageDraw, ImageStat

from mediacheck.model.post import Box, Cover, CoverStyle, Picture

#: How far a cover reaches beyond the box of a face, in parts of its width and height. Detectors
#: frame brow to chin and ear to ear; hair, and with it much of what a parent knows a child by, is
#: above and beside that.
_BESIDE, _ABOVE, _BELOW = 0.40, 0.60, 0.35

#: How far a cover reaches beyond the box of writing, in parts of its shorter side. The box is the
#: reader's, which is wider than the letters already; the line beside it is somebody else's.
_ROUND_WRITING = 0.12

#: The soft style has this many flat fields each way: too few to tell anything, were they of a face.
_FIELDS = 4
#: Width of the frame round the cover that gives the soft style its colours, in parts of the cover.
_FRAME = 0.15

_SOLID = (45, 52, 64)
_DISC = (255, 209, 71)
_STAR = (255, 245, 214)
_UNKNOWN_SURROUNDINGS = (128, 128, 128)
_STAR_POINTS = 5
#: Inner radius of a regular five-pointed star, in parts of the outer one.
_STAR_WAIST = 0.382

Colour = tuple[int, int, int]


def cover_regions(picture: Picture, covers: Sequence[Cover]) -> Picture:
    """The picture with every region covered, in the order given.

    Raises:
        ValueError: a box has no pixel in the picture.
    """
    for cover in covers:
        if cover.is_writing:
            picture = cover_writing(picture, cover.box)
        else:
            picture = cover_region(picture, cover.box, cover.style)
    return picture


def cover_region(picture: Picture, box: Box, style: CoverStyle) -> Picture:
    """The picture with the whole head round ``box`` covered. The pixels beneath are gone.

    Raises:
        ValueError: ``box`` has no pixel in the picture.
    """
    image, head = _image_round(picture, box), head_box(box)
    match style:
        case CoverStyle.SOLID:
            _paint_solid(image, head)
        case CoverStyle.BLUR:
            _paint_fields(image, head)
        case CoverStyle.FRIENDLY:
            _paint_star(image, head)
        case _:
            assert_never(style)
    return replace(picture, rgb=image.tobytes())


def cover_writing(picture: Picture, box: Box) -> Picture:
    """The picture with the writing in ``box`` painted over, solidly.

    Raises:
        ValueError: ``box`` has no pixel in the picture.
    """
    image = _image_round(picture, box)
    _paint_solid(image, writing_box(box))
    return replace(picture, rgb=image.tobytes())


def painted_box(cover: Cover) -> Box:
    """What a cover may change of a picture."""
    return writing_box(cover.box) if cover.is_writing else head_box(cover.box)


def writing_box(box: Box) -> Box:
    """What is painted over for writing in ``box``; it may reach out of the picture."""
    margin = math.ceil(min(box.width, box.height) * _ROUND_WRITING)
    return Box(
        left=box.left - margin,
        top=box.top - margin,
        width=box.width + 2 * margin,
        height=box.height + 2 * margin,
    )


def _image_round(picture: Picture, box: Box) -> Image.Image:
    """A copy of the picture to paint on, when ``box`` lies in it at all."""
    whole = Box(left=0, top=0, width=picture.width_px, height=picture.height_px)
    if not box.shared_area(whole):
        raise ValueError("nothing to cover: the box lies outside the picture")
    return Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)


def head_box(face: Box) -> Box:
    """The box of the head that belongs to the box of a face; it may reach out of the picture."""
    left = math.floor(face.left - face.width * _BESIDE)
    top = math.floor(face.top - face.height * _ABOVE)
    right = math.ceil(face.right + face.width * _BESIDE)
    bottom = math.ceil(face.bottom + face.height * _BELOW)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _paint_solid(image: Image.Image, head: Box) -> None:
    ImageDraw.Draw(image).rectangle(_corners(head), fill=_SOLID)


def _paint_star(image: Image.Image, head: Box) -> None:
    """A star on a disc that is as wide and high as the longer side of the head.

    The corners of a face's box lie at most 0.85 radii from its centre, whatever the box's shape:
    the disc hides the head without reaching the faces beside it.
    """
    centre_x, centre_y = head.left + head.width / 2, head.top + head.height / 2
    radius = max(head.width, head.height) / 2
    draw = ImageDraw.Draw(image)
    draw.ellipse(
        (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius), fill=_DISC
    )
    draw.polygon(tuple(_star(centre_x, centre_y, radius * 0.8)), fill=_STAR)


def _star(centre_x: float, centre_y: float, radius: float) -> Iterator[tuple[float, float]]:
    for point in range(2 * _STAR_POINTS):
        reach = radius if point % 2 == 0 else radius * _STAR_WAIST
        angle = math.pi * (point / _STAR_POINTS - 0.5)
        yield centre_x + reach * math.cos(angle), centre_y + reach * math.sin(angle)


def _paint_fields(image: Image.Image, head: Box) -> None:
    """Flat fields in the colours of what surrounds the head, and of nothing within it."""
    left, top, right, bottom = _surroundings(image, head)
    draw = ImageDraw.Draw(image)
    for row in range(_FIELDS):
        for column in range(_FIELDS):
            across, down = (column + 0.5) / _FIELDS, (row + 0.5) / _FIELDS
            colour = _mean(
                ((left, 1 - across), (right, across), (top, 1 - down), (bottom, down)),
            )
            draw.rectangle(_corners(_field(head, row, column)), fill=colour)


def _field(head: Box, row: int, column: int) -> Box:
    left = head.left + head.width * column // _FIELDS
    top = head.top + head.height * row // _FIELDS
    right = head.left + head.width * (column + 1) // _FIELDS
    bottom = head.top + head.height * (row + 1) // _FIELDS
    return Box(left=left, top=top, width=max(1, right - left), height=max(1, bottom - top))


def _surroundings(image: Image.Image, head: Box) -> tuple[Colour | None, ...]:
    """Mean colour left, above, right and below of the head; None where the picture ends."""
    beside = max(1, round(head.width * _FRAME))
    beyond = max(1, round(head.height * _FRAME))
    return (
        _mean_colour(image, (head.left - beside, head.top, head.left, head.bottom)),
        _mean_colour(image, (head.left, head.top - beyond, head.right, head.top)),
        _mean_colour(image, (head.right, head.top, head.right + beside, head.bottom)),
        _mean_colour(image, (head.left, head.bottom, head.right, head.bottom + beyond)),
    )


def _mean_colour(image: Image.Image, corners: tuple[int, int, int, int]) -> Colour | None:
    left, top = max(0, corners[0]), max(0, corners[1])
    right, bottom = min(image.width, corners[2]), min(image.height, corners[3])
    if left >= right or top >= bottom:
        return None
    red, green, blue = ImageStat.Stat(image.crop((left, top, right, bottom))).mean
    return round(red), round(green), round(blue)


def _mean(weighted: Sequence[tuple[Colour | None, float]]) -> Colour:
    known = [(colour, weight) for colour, weight in weighted if colour is not None]
    total = sum(weight for _, weight in known)
    if not total:
        return _UNKNOWN_SURROUNDINGS
    red, green, blue = (
        round(sum(colour[band] * weight for colour, weight in known) / total) for band in range(3)
    )
    return red, green, blue


def _corners(box: Box) -> tuple[int, int, int, int]:
    """Pillow paints the last column and row too."""
    return box.left, box.top, box.right - 1, box.bottom - 1
