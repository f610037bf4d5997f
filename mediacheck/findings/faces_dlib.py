"""Faces by dlib's frontal detector: gradient histograms and a linear classifier.

N. Dalal and B. Triggs, "Histograms of Oriented Gradients for Human Detection" (2005), as dlib's
``get_frontal_face_detector``. It looks for faces of 80 px and more in the pixels it is shown, and
hardly ever sees one where there is none.
"""

from __future__ import annotations

import dlib

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels, Reading, Region
from mediacheck.findings.face_sighting import RawSighting

#: The lowest score worth reporting; dlib's own bar is 0.
_LOWEST_SCORE = -0.2
#: Measured against libfacedetection on 74 faces seen by both: dlib's square box is this much
#: wider than the face, and its centre lies this much (of its height) below the face's.
FACE_WIDTH, FACE_HEIGHT, FACE_RISE = 0.87, 1.13, 0.066

#: dlib's scores start at 0 and reach about 3. Brought to 1 and upwards in these steps, no score of
#: it outranks a sure one of libfacedetection, whose boxes fit faces better.
_SCORE_STEP = 0.1
#: Half a point above dlib's own bar nothing but faces was seen.
_SURE = 1.05
_BESIDE = (
    Reading(area_px=480 * 360, bar=1.0, support=0.98, sure=_SURE, enlargement=2.0, is_spare=True),
)
#: Without libfacedetection this detector must find the small and the turned faces too.
_ALONE = (
    Reading(area_px=1600 * 1200, bar=1.0, support=0.98, sure=_SURE, enlargement=2.0),
    Reading(area_px=640 * 480, bar=1.0, support=0.98, sure=_SURE, enlargement=2.0),
    *(
        Reading(
            area_px=640 * 480,
            bar=1.03,
            support=0.99,
            sure=_SURE,
            enlargement=2.0,
            quarter_turns=turns,
        )
        for turns in (1, 2, 3)
    ),
)


class DlibDetector:
    """dlib's HOG detector. ``alone``: no other detector runs beside it."""

    name = "dlib-hog"

    def __init__(self, *, alone: bool = False) -> None:
        """Loads the detector (its weights are part of dlib)."""
        self.readings = _ALONE if alone else _BESIDE
        self._detector = dlib.get_frontal_face_detector()

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        """Every frontal face; boxes are brought to brow and chin, and dlib's own bar to 1.

        Raises:
            EngineFault: dlib failed.
        """
        try:
            boxes, scores, _ = self._detector.run(pixels, 0, _LOWEST_SCORE)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineFault("dlib's face detector failed") from error
        return tuple(
            RawSighting(region=_tight(box), score=1.0 + _SCORE_STEP * score)
            for box, score in zip(boxes, scores, strict=True)
        )


def _tight(box: dlib.rectangle) -> Region:
    """The face inside dlib's square box."""
    width, height = box.width() * FACE_WIDTH, box.height() * FACE_HEIGHT
    centre_x = box.left() + box.width() / 2
    centre_y = box.top() + box.height() * (0.5 - FACE_RISE)
    return Region(left=centre_x - width / 2, top=centre_y - height / 2, width=width, height=height)
