"""Draws a detection error trade-off as a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from mediacheck.model.det_curve import FMR_DECADES, FNMR_DECADES, DetPoint, placed

#: The inside of the axes, and the room round it for their words (left, top, right, bottom), in px.
_SIZE_PX = (720, 360)
_ROOM_PX = (90, 60, 30, 70)
_PAPER, _INK, _GRID, _CURVE = "white", "#1c2733", "#d5d2c8", "#17506b"


def draw_det(points: Sequence[DetPoint], title: str, path: Path) -> None:
    """Writes the picture: false match rate to the right, false non-match rate upwards.

    Raises:
        OSError: the file cannot be written.
    """
    left, top, right, bottom = _ROOM_PX
    width, height = _SIZE_PX
    image = Image.new("RGB", (left + width + right, top + height + bottom), _PAPER)
    drawing = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=16)
    drawing.text((left, top - 40), title, fill=_INK, font=font)
    for step in range(FMR_DECADES + 1):
        x = left + width * step / FMR_DECADES
        drawing.line((x, top, x, top + height), fill=_GRID)
        words = f"1e{step - FMR_DECADES}"
        drawing.text((x, top + height + 10), words, fill=_INK, font=font, anchor="ma")
    for step in range(FNMR_DECADES + 1):
        y = top + height * step / FNMR_DECADES
        drawing.line((left, y, left + width, y), fill=_GRID)
        drawing.text((left - 10, y), f"1e{-step}", fill=_INK, font=font, anchor="rm")
    words = "false match rate; upwards: false non-match rate"
    middle = left + width / 2
    drawing.text((middle, top + height + 40), words, fill=_INK, font=font, anchor="ma")
    curve = [(left + x, top + y) for x, y in placed(points, width, height)]
    drawing.line(curve, fill=_CURVE, width=3, joint="curve")
    image.save(path, "PNG")
