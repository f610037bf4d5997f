"""How good a reference portrait is: kept with its template, so that weak ones can be replaced."""

from __future__ import annotations

from PIL import Image

from mediacheck.findings.face_marks import sharpness
from mediacheck.model.post import Box, Picture

#: The networks look at faces of this width; a narrower one has been enlarged.
_FULL_WIDTH_PX = 150
#: The sharpness of the middle one of 24 public portraits, by ``face_marks.sharpness``.
_FULL_SHARPNESS = 0.25


def quality_of(picture: Picture, face: Box) -> float:
    """From 0 to 1: the share of the width times the share of the sharpness that a face can have.

    It says nothing of the pose: a portrait that is turned away is not enrolled at all.
    """
    image = Image.frombytes("RGB", (picture.width_px, picture.height_px), picture.rgb)
    # Beyond its edge a picture reads as black, and the edge as sharp.
    face = face.clipped(picture.width_px, picture.height_px)
    width = min(1.0, face.width * picture.source_scale / _FULL_WIDTH_PX)
    sharp = min(1.0, sharpness(image, face) / _FULL_SHARPNESS)
    return round(width * sharp, 3)
