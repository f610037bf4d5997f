"""A checked picture as a channel takes it: scaled down, between plain bars, in fewer bytes.

Every pixel of it comes from pixels that were checked, averaged over their neighbours, or is a
plain bar: nothing is enlarged, sharpened or cut off, so that it shows less and never more.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image
from PIL.Image import Resampling

from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.intake.errors import DoesNotFit
from mediacheck.model.post import Picture, PictureNeeds

#: Tried one after the other, until the bytes fit: JPEG's quality, and how fine its colours are.
_QUALITIES = ((88, "4:4:4"), (88, "4:2:0"), (80, "4:2:0"), (72, "4:2:0"))
#: Then the picture is made smaller by so much, and the ladder begins anew.
_SHRINK = 0.85
#: Nothing is made smaller than that for the sake of bytes: nobody would make out what it shows.
_LEAST_SIDE_PX = 480
#: Kept free for our own XMP block: 1,500 characters of description, each as long as it can be.
_ROOM_FOR_XMP = 16 * 1024
_BAR = (255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Our own encoding of a rendition, and exactly the pixels that it decodes to."""

    jpeg: bytes = field(repr=False)
    picture: Picture
    has_bars: bool


def fit_picture(jpeg: bytes, picture: Picture, needs: PictureNeeds) -> Fitted:
    """The picture as these needs have it; ``jpeg`` is its encoding, kept where it fits as it is.

    Raises:
        DoesNotFit: it cannot be made as small as that.
    """
    size = picture.width_px, picture.height_px
    content, canvas = _sizes(size, needs)
    if canvas == size and _fits(jpeg, needs):
        return Fitted(jpeg=jpeg, picture=picture, has_bars=False)
    image = Image.frombytes("RGB", size, picture.rgb)
    for drawn in _smaller_and_smaller(image, content, needs):
        for smaller in _encodings(_picture(drawn, picture)):
            if _fits(smaller, needs):
                return Fitted(
                    jpeg=smaller,
                    picture=picture_from_jpeg(
                        smaller,
                        source_width_px=picture.source_width_px,
                        source_height_px=picture.source_height_px,
                    ),
                    has_bars=content != canvas,
                )
    raise DoesNotFit


def _smaller_and_smaller(
    image: Image.Image, content: tuple[int, int], needs: PictureNeeds
) -> Iterator[Image.Image]:
    width, height = content
    while True:
        yield _drawn(image, (width, height), _with_bars((width, height), needs))
        width, height = round(width * _SHRINK), round(height * _SHRINK)
        if max(width, height) < _LEAST_SIDE_PX:
            return


def _drawn(image: Image.Image, content: tuple[int, int], canvas: tuple[int, int]) -> Image.Image:
    """The whole image in that size, in the middle of a plain canvas."""
    # Lanczos with a window as wide as the scale: every pixel of the original has its part.
    scaled = image if image.size == content else image.resize(content, Resampling.LANCZOS)
    if content == canvas:
        return scaled
    drawn = Image.new("RGB", canvas, _BAR)
    drawn.paste(scaled, ((canvas[0] - content[0]) // 2, (canvas[1] - content[1]) // 2))
    return drawn


def _sizes(size: tuple[int, int], needs: PictureNeeds) -> tuple[tuple[int, int], tuple[int, int]]:
    """What the picture itself is scaled to, and what it is with its bars."""
    width, height = _with_bars(size, needs)
    scale = 1.0
    if needs.side_px is not None:
        scale = min(scale, needs.side_px / max(width, height))
    if needs.pixels is not None:
        scale = min(scale, math.sqrt(needs.pixels / (width * height)))
    content = (max(1, math.floor(size[0] * scale)), max(1, math.floor(size[1] * scale)))
    return content, _with_bars(content, needs)


def _with_bars(size: tuple[int, int], needs: PictureNeeds) -> tuple[int, int]:
    width, height = size
    if needs.narrowest is not None and width < height * needs.narrowest:
        width = math.ceil(height * needs.narrowest)
    if needs.widest is not None and width > height * needs.widest:
        height = math.ceil(width / needs.widest)
    return width, height


def _fits(jpeg: bytes, needs: PictureNeeds) -> bool:
    return needs.size_bytes is None or len(jpeg) <= needs.size_bytes - _ROOM_FOR_XMP


def _encodings(picture: Picture) -> Iterator[bytes]:
    """The best first: the quality of every other picture, then down the ladder."""
    yield encode_jpeg(picture)
    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    for quality, colours in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=colours)
        yield out.getvalue()


def _picture(image: Image.Image, checked: Picture) -> Picture:
    return Picture(
        width_px=image.width,
        height_px=image.height,
        rgb=image.tobytes(),
        source_width_px=checked.source_width_px,
        source_height_px=checked.source_height_px,
    )
