"""Plain RapidOCR, kept only to be measured against: nothing of it takes part in a check.

``RapidOCR()(image)``, as its README has it, with the models of its wheel and on one thread.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from mediacheck.model.post import Box, Picture
from mediacheck.ports.engines import TextLine

if TYPE_CHECKING:
    from rapidocr.utils.output import RapidOCROutput


class PlainRapidOcr:
    """A ``TextReader`` with no setting but the number of threads."""

    def __init__(self) -> None:
        """Loads the models (some 0.3 s)."""
        import rapidocr

        self.name = f"RapidOCR {version('rapidocr')}"
        self._engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        """What it reads, in its own order."""
        rgb = np.frombuffer(picture.rgb, dtype=np.uint8)
        rows = rgb.reshape(picture.height_px, picture.width_px, 3)
        read = cast("RapidOCROutput", self._engine(np.ascontiguousarray(rows[:, :, ::-1])))
        if read.boxes is None or read.txts is None or read.scores is None:
            return ()
        return tuple(
            TextLine(text=str(text), box=_box_of(np.asarray(corners), picture), score=float(score))
            for text, corners, score in zip(read.txts, read.boxes, read.scores, strict=True)
        )


def _box_of(corners: NDArray[np.float32], picture: Picture) -> Box:
    left, top = (int(value) for value in corners.min(axis=0))
    right, bottom = (int(value) for value in corners.max(axis=0))
    box = Box(left=left, top=top, width=right - left, height=bottom - top)
    return box.clipped(picture.width_px, picture.height_px)
