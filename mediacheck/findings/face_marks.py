"""Why a face that was seen cannot be told apart. A marked face stays a finding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from mediacheck.findings.face_reading import Reading
from mediacheck.findings.face_sighting import SeenFace
from mediacheck.model.finding import FaceMark
from mediacheck.model.post import Box

#: A narrower face (brow-to-chin box) has no template: below it the five landmarks are guesses.
SMALLEST_FACE_PX = 40
#: Side to which a face is brought before its sharpness is measured.
_SHARPNESS_SIDE_PX = 64
#: 151 sharp public faces measure 0.034 and more; blurred by a fortieth of their width, where
#: strangers begin to look alike to the network, all measure less than 0.04 and most less than 0.03.
_BLURRED_BELOW = 0.03
#: A score so much higher than another, on one detector's scale, is no accident.
_CLEARLY_BETTER = 1.05


def marks_of(face: SeenFace, box: Box, image: Image.Image) -> frozenset[FaceMark]:
    """The marks of a face at ``box`` of the canonical picture ``image``."""
    marks: set[FaceMark] = set()
    if box.width < SMALLEST_FACE_PX:
        marks.add(FaceMark.TOO_SMALL)
    if _is_seen_best(face, lambda reading: reading.is_turned):
        marks.add(FaceMark.TURNED)
    if _is_seen_best(face, lambda reading: reading.averaged_px is not None):
        marks.add(FaceMark.BLURRED)
    if sharpness(image, box) < _BLURRED_BELOW:
        marks.add(FaceMark.BLURRED)
    return frozenset(marks)


def sharpness(image: Image.Image, box: Box) -> float:
    """How much of a face's contrast lies in its finest detail, at a common size; 0 is blank.

    The variance of the Laplacian (J. L. Pech-Pacheco et al., 2000) over the variance of the
    pixels, so that a dark face is not taken for a blurred one.
    """
    part = image.crop((box.left, box.top, box.right, box.bottom)).convert("L")
    side = (_SHARPNESS_SIDE_PX, _SHARPNESS_SIDE_PX)
    grey = np.asarray(part.resize(side, Image.Resampling.BILINEAR), dtype=np.float64)
    edges = (
        grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    )
    spread = float(grey.var())
    return float(edges.var()) / spread if spread else 0.0


def _is_seen_best(face: SeenFace, is_special: Callable[[Reading], bool]) -> bool:
    """Whether the face was seen clearly better in special readings than in all others."""
    special = [seen.score for seen in face.sightings if is_special(seen.reading)]
    others = [seen.score for seen in face.sightings if not is_special(seen.reading)]
    return bool(special) and (not others or max(special) > _CLEARLY_BETTER * max(others))
