"""Brings a picture that is dark or faint as a whole to ordinary light, before anybody looks at it.

A room before the projector, a scan of a pale print: somebody who wants to see it turns it up, and
then it shows its faces. Pixels that are nearly all alike show nothing for certain.
"""

from __future__ import annotations

from PIL import Image

from mediacheck.model.post import Box

#: Levels (of 256) between the darkest and the lightest of a picture, but for this share at either
#: end: below that it is dark or faint. 27 public scenes measure 170 and more.
_FAINT_BELOW = 110
_LEFT_OUT = 0.002
#: With fewer levels than this nobody can answer for what a picture shows. A page of one colour has
#: none, and shows nothing.
_HARDLY_ANY = 12
#: Where the darkest and the lightest are brought to.
_DARK, _LIGHT = 8, 247


def well_lit(image: Image.Image) -> Image.Image:
    """The picture (RGB); turned up where it is dark or faint as a whole."""
    low, high = _levels(image)
    if not 0 < high - low < _FAINT_BELOW:
        return image
    gain = (_LIGHT - _DARK) / (high - low)
    shown = [min(255, max(0, round(_DARK + (level - low) * gain))) for level in range(256)]
    return image.point(shown * len(image.getbands()))


def unlit_or_none(image: Image.Image) -> Box | None:
    """The whole picture, where its pixels are so much alike that a face in it may be missed."""
    low, high = _levels(image)
    if not 0 < high - low < _HARDLY_ANY:
        return None
    return Box(left=0, top=0, width=image.width, height=image.height)


def _levels(image: Image.Image) -> tuple[int, int]:
    """The darkest and the lightest of a picture, but for a few pixels at either end."""
    histogram = image.convert("L").histogram()
    few = _LEFT_OUT * image.width * image.height
    return _first_beyond(histogram, few), 255 - _first_beyond(histogram[::-1], few)


def _first_beyond(histogram: list[int], few: float) -> int:
    passed = 0
    for level, count in enumerate(histogram):
        passed += count
        if passed > few:
            return level
    return 255
