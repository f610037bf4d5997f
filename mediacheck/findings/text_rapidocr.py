"""Reads writing in pixels with RapidOCR and the PP-OCRv6 models inside its wheel."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mediacheck.errors import EngineFault
from mediacheck.model.post import Box, Picture
from mediacheck.ports import TextLine

if TYPE_CHECKING:
    from rapidocr import RapidOCR

#: The detector's bar for a box. Lower bars only bring
#: boxes on foliage; measured on 291 rendered pictures and the ICDAR 2015 test photos.
_BOX_BAR = 0.4

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"

Pixels = NDArray[np.uint8]


class RapidOcrReader:
    """A ``TextReader`` on one core. Needs no network: the models lie in the installed wheel.

    Every crop is read upright and turned by 180 degrees and both readings are kept, because the
    wheel's own classifier of angles turns short upright words upside down.
    """

    def __init__(self) -> None:
        """Loads both models (some 150 ms and 120 MB).

        Raises:
            EngineFault: RapidOCR or one of its models is missing or damaged.
        """
        self._lock = threading.Lock()
        with _as_fault():
            self._engine = _load_engine()

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        """Every piece of writing that was seen, top to bottom, then left to right.

        A line whose text is empty was seen and could not be read at all.

        Raises:
            EngineFault: the reader failed. Never a partial list.
        """
        bgr = _as_bgr(picture)
        with _as_fault(), self._lock:
            corners = self._find_boxes(bgr)
            if not corners:
                return ()
            readings = self._read_both_ways(_crops_of(bgr, corners))
        boxes = [_upright_box(box, picture) for box in corners]
        return tuple(_line_of(box, pair) for box, pair in zip(boxes, readings, strict=True))

    def _find_boxes(self, bgr: Pixels) -> list[NDArray[np.float32]]:
        found = self._engine(bgr)
        boxes = getattr(found, "boxes", None)
        return [] if boxes is None else [np.asarray(box, dtype=np.float32) for box in boxes]

    def _read_both_ways(
        self, crops: Sequence[Pixels]
    ) -> list[tuple[tuple[str, float], tuple[str, float]]]:
        turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        result = self._engine.recognize_txt([*crops, *turned])
        texts, scores = result.txts or (), result.scores or ()
        read = [(str(text), float(score)) for text, score in zip(texts, scores, strict=True)]
        if len(read) != 2 * len(crops):
            raise EngineFault
        return list(zip(read[: len(crops)], read[len(crops) :], strict=True))


def _load_engine() -> RapidOCR:
    import rapidocr

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    models = Path(rapidocr.__file__).parent / "models"
    # Naming the files keeps RapidOCR from resolving, and perhaps downloading, a model of its own.
    parameters = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_rec": False,
        "Det.model_path": str(models / _DETECTOR),
        "Det.box_thresh": _BOX_BAR,
        "Rec.model_path": str(models / _RECOGNISER),
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }
    engine = rapidocr.RapidOCR(params=parameters)
    blank = np.full((64, 64, 3), 255, dtype=np.uint8)
    engine(blank)
    engine.recognize_txt([blank])
    return engine


@contextmanager
def _as_fault() -> Iterator[None]:
    try:
        yield
    except EngineFault:
        raise
    except Exception as error:
        # RapidOCR has no root error of its own: it raises what OpenCV, ONNX and its parts raise.
        raise EngineFault from error


def _as_bgr(picture: Picture) -> Pixels:
    rgb = np.frombuffer(picture.rgb, dtype=np.uint8)
    rows = rgb.reshape(picture.height_px, picture.width_px, 3)
    return np.ascontiguousarray(rows[:, :, ::-1])


def _crops_of(bgr: Pixels, corners: Sequence[NDArray[np.float32]]) -> list[Pixels]:
    from rapidocr.utils.process_img import get_rotate_crop_image

    return [np.asarray(get_rotate_crop_image(bgr, box.copy()), dtype=np.uint8) for box in corners]


def _upright_box(corners: NDArray[np.float32], picture: Picture) -> Box:
    left, top = (math.floor(value) for value in corners.min(axis=0))
    right, bottom = (math.ceil(value) for value in corners.max(axis=0))
    box = Box(left=left, top=top, width=right - left, height=bottom - top)
    return box.clipped(picture.width_px, picture.height_px)


def _line_of(box: Box, readings: tuple[tuple[str, float], tuple[str, float]]) -> TextLine:
    upright, turned = readings
    best, other = (turned, upright) if turned[1] > upright[1] else (upright, turned)
    others = (other[0],) if other[0].strip() and other[0] != best[0] else ()
    return TextLine(text=best[0], box=box, score=best[1], readings=others)
