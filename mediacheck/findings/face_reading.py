"""One way of looking at a picture for faces: how large, which way up, in which tones.

A reading turns the canonical pixels into what a detector is shown, in tiles where it is large, and
turns what the detector saw back into pixels of the canonical picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Pixels = npt.NDArray[np.uint8]

#: Larger working pictures are cut: libfacedetection needs half the time a pixel up to this side.
TILE_SIDE_PX = 768
#: What is seen of a face that is cut by an edge ends about there, and hardly ever on the pixel: the
#: detector would be as sure of two thirds of a face as of all of it.
CUT_WITHIN_PX = 8
#: Tiles share this strip, so that every face up to 96 px is whole in at least one of them.
TILE_OVERLAP_PX = 96 + 2 * CUT_WITHIN_PX
#: Larger sightings in a tile are mostly parts of faces that other readings see whole.
TILED_FACE_PX = 2 * TILE_OVERLAP_PX
#: A strip (a panorama) lost its detail to the limit on the longest side; it may be enlarged. A face
#: of 7 px, of the 41 px that it had, is found with a score of 51 to 68 at twice the size, as the
#: tiles happen to lie, and with 85 at three times.
STRIP_ASPECT = 3.0
STRIP_ENLARGEMENT = 3.0
_EIGHTH_DEGREES = 45
#: Pictures are not halved below this side.
SMALLEST_HALF_PX = 320


class Tone(StrEnum):
    """How the light and dark of a picture are shown to a detector."""

    PLAIN = "plain"
    EQUALISED = "equalised"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at a picture.

    ``area_px`` is the size of the working picture in pixels (it is never enlarged by more than
    ``enlargement``); ``quarter_turns`` are counter-clockwise, and half a one more with
    ``is_diagonal``. ``averaged_px`` is a longest side that the picture is averaged down to first,
    so that the blocks of a mosaic become pixels.

    ``is_spare``: it adds nothing to a clear portrait, and is left out there.

    On the detector's own scale a sighting of at least ``bar`` stands alone; one of at least
    ``support`` counts if another reading agrees; one of at least ``sure`` is beyond doubt.
    """

    area_px: int
    bar: float
    support: float
    sure: float
    quarter_turns: int = 0
    is_diagonal: bool = False
    tone: Tone = Tone.PLAIN
    averaged_px: int | None = None
    enlargement: float = 1.0
    is_spare: bool = False

    @property
    def turn(self) -> tuple[int, bool]:
        """Which way up the picture is shown."""
        return (self.quarter_turns, self.is_diagonal)

    @property
    def is_turned(self) -> bool:
        """Whether the picture is shown another way up than it is."""
        return self.turn != (0, False)

    @property
    def manner(self) -> tuple[tuple[int, bool], Tone, int | None]:
        """How the picture is shown, whatever its size."""
        return (self.turn, self.tone, self.averaged_px)

    @property
    def is_plain(self) -> bool:
        """Whether the picture is shown as it is."""
        return self.manner == ((0, False), Tone.PLAIN, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A rectangle with sub-pixel edges."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A part of the working picture, and where it lies in it."""

    pixels: Pixels
    left: int
    top: int
    working_width: int
    working_height: int

    def holds(self, region: Region) -> bool:
        """Whether the region (in this tile's pixels) is a whole face.

        One that comes near an inner edge may be cut: a neighbour has all of it. One as large as
        ``TILED_FACE_PX`` is not what tiles are for: a smaller working picture has all of it.
        """
        height, width = self.pixels.shape[:2]
        if (width, height) == (self.working_width, self.working_height):
            return True
        right, bottom = region.left + region.width, region.top + region.height
        is_cut = (
            (self.left > 0 and region.left <= CUT_WITHIN_PX)
            or (self.top > 0 and region.top <= CUT_WITHIN_PX)
            or (self.left + width < self.working_width and right >= width - CUT_WITHIN_PX)
            or (self.top + height < self.working_height and bottom >= height - CUT_WITHIN_PX)
        )
        return not is_cut and max(region.width, region.height) <= TILED_FACE_PX


def working_factor(width_px: int, height_px: int, reading: Reading) -> float:
    """Factor from the canonical picture to the working picture of ``reading``."""
    most = reading.enlargement
    if max(width_px, height_px) >= STRIP_ASPECT * min(width_px, height_px):
        most = max(most, STRIP_ENLARGEMENT)
    return min(most, math.sqrt(reading.area_px / (width_px * height_px)))


class Halvings:
    """A picture, its halvings down to ``SMALLEST_HALF_PX``, and the sizes it was brought to.

    Bringing a large picture to a small size once for every reading would take longer than looking.
    """

    def __init__(self, whole: Image.Image) -> None:
        """Halves it as often as is of use."""
        self.whole = whole
        self._halves = [whole]
        self._sized: dict[tuple[int, int], Image.Image] = {}
        self._leaning: dict[tuple[int, int], Image.Image] = {}
        while min(self._halves[-1].size) >= 2 * SMALLEST_HALF_PX:
            self._halves.append(self._halves[-1].reduce(2))

    def sized(self, size: tuple[int, int]) -> Image.Image:
        """The picture in that size, made once; not to be changed."""
        if size not in self._sized:
            base = min(
                (half for half in self._halves if half.width >= size[0]),
                key=lambda half: half.width,
                default=self.whole,
            )
            is_that_size = size == base.size
            self._sized[size] = (
                base if is_that_size else base.resize(size, Image.Resampling.BILINEAR)
            )
        return self._sized[size]

    def leaning(self, size: tuple[int, int]) -> Image.Image:
        """The picture in that size, turned by an eighth; made once, not to be changed."""
        if size not in self._leaning:
            self._leaning[size] = _leaning(self.sized(size))
        return self._leaning[size]


def working_picture(halves: Halvings, reading: Reading) -> Pixels:
    """What a detector is shown of a picture: sized, toned and turned; height x width x 3."""
    whole = halves.whole
    factor = working_factor(whole.width, whole.height, reading)
    size = (max(1, round(whole.width * factor)), max(1, round(whole.height * factor)))
    shown = halves.leaning(size) if reading.is_diagonal else halves.sized(size)
    if reading.averaged_px is not None:
        shown = _averaged(shown, reading.averaged_px)
    shown = _TONES[reading.tone](shown)
    pixels = np.asarray(shown if shown.mode == "RGB" else shown.convert("RGB"))
    return np.ascontiguousarray(np.rot90(pixels, reading.quarter_turns))


def tiles_of(pixels: Pixels) -> Iterator[Tile]:
    """The working picture in overlapping tiles, at most ``TILE_SIDE_PX`` wide and high."""
    height, width = pixels.shape[:2]
    for top, bottom in _cuts(height):
        for left, right in _cuts(width):
            yield Tile(
                pixels=np.ascontiguousarray(pixels[top:bottom, left:right]),
                left=left,
                top=top,
                working_width=width,
                working_height=height,
            )


def straight_region(
    region: Region, before: tuple[float, float], after: tuple[float, float]
) -> Region:
    """What holds the region before a picture was turned by an eighth; the sizes are the picture's.

    A face lies across there, so that it takes a square.
    """
    across = region.left + region.width / 2 - after[0] / 2
    down = region.top + region.height / 2 - after[1] / 2
    half = math.sqrt(0.5)
    side = (region.width + region.height) * half
    return Region(
        left=before[0] / 2 + (across - down) * half - side / 2,
        top=before[1] / 2 + (across + down) * half - side / 2,
        width=side,
        height=side,
    )


def upright_region(region: Region, quarter_turns: int, width: int, height: int) -> Region:
    """The region before a picture was turned; ``width`` and ``height`` are those after turning."""
    right, bottom = region.left + region.width, region.top + region.height
    match quarter_turns % 4:
        case 1:
            left, top = height - bottom, region.left
        case 2:
            left, top = width - right, height - bottom
        case 3:
            left, top = region.top, width - right
        case _:
            left, top = region.left, region.top
    lies = quarter_turns % 2 == 1
    return Region(
        left=left,
        top=top,
        width=region.height if lies else region.width,
        height=region.width if lies else region.height,
    )


def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    """Equal spans that cover ``length`` and share ``TILE_OVERLAP_PX`` with their neighbours."""
    if length <= TILE_SIDE_PX:
        return ((0, length),)
    count = math.ceil((length - TILE_OVERLAP_PX) / (TILE_SIDE_PX - TILE_OVERLAP_PX))
    side = math.ceil((length + (count - 1) * TILE_OVERLAP_PX) / count)
    starts = [round(index * (length - side) / (count - 1)) for index in range(count)]
    return tuple((start, start + side) for start in starts)


def _leaning(image: Image.Image) -> Image.Image:
    return image.rotate(
        _EIGHTH_DEGREES, Image.Resampling.BILINEAR, expand=True, fillcolor=_corner(image)
    )


def _corner(image: Image.Image) -> int | tuple[int, int, int]:
    """A middle grey, for the corners beside a picture that lies across."""
    return 128 if image.mode == "L" else (128, 128, 128)


def _equalised(image: Image.Image) -> Image.Image:
    return ImageOps.equalize(image.convert("L"))


def _negative(image: Image.Image) -> Image.Image:
    return ImageOps.invert(image)


def _averaged(image: Image.Image, side_px: int) -> Image.Image:
    """Averages a mosaic's blocks into pixels, then draws them out softly."""
    factor = min(1.0, side_px / max(image.size))
    small = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC)


_TONES: Mapping[Tone, Callable[[Image.Image], Image.Image]] = {
    Tone.PLAIN: lambda image: image,
    Tone.EQUALISED: _equalised,
    Tone.NEGATIVE: _negative,
}
