"""Brings a face upright and to one size, by dlib's five landmarks."""

from __future__ import annotations

from collections.abc import Sequence

import dlib
import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.face_marks import SMALLEST_FACE_PX
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.faces_dlib import FACE_RISE, FACE_WIDTH
from mediacheck.findings.templates_dlib_weights import (
    LANDMARKS_FILE,
    LANDMARKS_SHA256,
    model_file,
)
from mediacheck.model.post import Box, Picture

CHIP_SIDE_PX = 150
#: Between the eyes lies this share of a face's width (89 public faces: 0.35 to 0.50).
_EYES_APART = (0.3, 0.65)
#: A chip reaches less than this far beyond the face, in sizes of its box.
_REACH = 1.5


class FaceAligner:
    """Cuts faces out of pictures as dlib's network was trained to see them.

    ``side_px``: the side of a chip; another network may want another one.
    """

    def __init__(self, *, side_px: int = CHIP_SIDE_PX) -> None:
        """Loads the landmark predictor (``face_recognition_models``).

        Raises:
            EngineFault: its file is missing or not the one we know.
        """
        self._side_px = side_px
        self._predictor = dlib.shape_predictor(str(model_file(LANDMARKS_FILE, LANDMARKS_SHA256)))

    def chips(
        self, picture: Picture, box: Box, paddings: Sequence[float]
    ) -> tuple[Pixels, ...] | None:
        """The face in ``box``, upright, side x side x 3, once for each padding (share of its size).

        None where the face is too small or its landmarks make no face: a failure to acquire.

        Raises:
            EngineFault: dlib failed.
        """
        if box.width < SMALLEST_FACE_PX:
            return None
        near, pixels = _neighbourhood(picture, box)
        try:
            landmarks = self._predictor(pixels, _square_of(near))
            if not _is_plausible(landmarks, near):
                return None
            return tuple(
                dlib.get_face_chip(pixels, landmarks, size=self._side_px, padding=padding)
                for padding in paddings
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineFault("dlib could not align a face") from error


def pixels_of(picture: Picture) -> Pixels:
    """The picture's bytes as height x width x 3."""
    return np.frombuffer(picture.rgb, np.uint8).reshape(picture.height_px, picture.width_px, 3)


def _neighbourhood(picture: Picture, box: Box) -> tuple[Box, Pixels]:
    """The pixels that a chip of this face can be made of, and the box among them.

    dlib copies what it is given, so a group photo would be copied twice for every face in it.
    """
    margin = round(_REACH * max(box.width, box.height))
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    pixels = pixels_of(picture)[top : box.bottom + margin, left : box.right + margin]
    near = Box(left=box.left - left, top=box.top - top, width=box.width, height=box.height)
    return near, np.ascontiguousarray(pixels)


def _square_of(box: Box) -> dlib.rectangle:
    """The square that dlib's own detector would have drawn round the face in a tight box."""
    side = box.width / FACE_WIDTH
    centre_x = box.left + box.width / 2
    centre_y = box.top + box.height / 2 + side * FACE_RISE
    left, top = round(centre_x - side / 2), round(centre_y - side / 2)
    return dlib.rectangle(left, top, left + round(side), top + round(side))


def _is_plausible(landmarks: dlib.full_object_detection, box: Box) -> bool:
    """Whether both eyes and the nose lie where a face has them: nose below, eyes apart."""
    points = np.array([(point.x, point.y) for point in landmarks.parts()], dtype=np.float64)
    one_eye, other_eye, nose = points[:2].mean(axis=0), points[2:4].mean(axis=0), points[4]
    across = one_eye - other_eye
    apart = float(np.linalg.norm(across)) / box.width
    down = nose - other_eye
    below = across[0] * down[1] - across[1] * down[0]
    return _EYES_APART[0] <= apart <= _EYES_APART[1] and bool(below > 0)
