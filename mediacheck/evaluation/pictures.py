"""Reads evaluation pictures: trusted ones, so without a cage, but with intake's own conversion."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from mediacheck.errors import MediacheckError
from mediacheck.intake.picture import decode_small, readings_of
from mediacheck.model.post import Picture

_EXIF_ORIENTATION = 0x0112


class BadPicture(MediacheckError):
    """An evaluation picture cannot be read."""

    message = "One of the evaluation pictures is missing or cannot be read."


def read_picture(path: Path) -> Picture:
    """The picture as it would be published.

    Raises:
        BadPicture: there is no such file, or it is no picture.
    """
    try:
        with Image.open(path) as image:
            orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
            return canonical_picture(image, orientation, decode_small(image))
    except (OSError, UnidentifiedImageError) as error:
        raise BadPicture from error


def canonical_picture(
    image: Image.Image, orientation: int = 1, source_size_px: tuple[int, int] | None = None
) -> Picture:
    """An opened image as it would be published; ``orientation`` is the EXIF value."""
    readings = readings_of(image, orientation, source_size_px)
    return Picture(
        width_px=readings.published.width,
        height_px=readings.published.height,
        rgb=readings.published.tobytes(),
        source_width_px=readings.source_width_px,
        source_height_px=readings.source_height_px,
    )
