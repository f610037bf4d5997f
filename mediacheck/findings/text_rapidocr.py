"""Reads writing in pixels with RapidOCR and the PP-OCRv6 models inside its wheel."""

from __future__ import annotations

import hashlib
import logging
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from mediacheck.errors import EngineFault
from mediacheck.findings.letter_odds import LetterAlphabet
from mediacheck.findings.onnx_session import FrugalSession, open_session
from mediacheck.findings.onnx_weights import without_denormals
from mediacheck.findings.text_detector_stem import KNOWN_SHA256, leaner_detector
from mediacheck.model.post import Box, Picture
from mediacheck.ports.engines import TextLine

if TYPE_CHECKING:
    from rapidocr import RapidOCR
    from rapidocr.ch_ppocr_det import TextDetector
    from rapidocr.ch_ppocr_det.utils import DetPreProcess
    from rapidocr.ch_ppocr_rec import TextRecognizer

#: The detector's bar for a box: lower ones only bring boxes on foliage.
_BOX_BAR = 0.4
#: The detector enlarges a picture until its shorter side has so many pixels.
_LEAST_SIDE_PX = 736
_LEAST_SIDE_SECOND_PX = 480
#: So many times as long as wide is the longest picture that the detector is given.
_MOST_ELONGATED = 3
_GREY = 127

#: The second look: longer side of the picture (px), and how far contrast is stretched (the clip
#: limit of CLAHE: Zuiderveld, Contrast Limited Adaptive Histogram Equalization, 1994).
_SECOND_SIDE_PX = 800
_SECOND_CONTRAST = 3.0
#: The second look leaves out a box that a line so well read covers by so much.
_WELL_READ = 0.9
_COVERED = 0.5

#: A reading so sure (the reader's score), of so many letters, is not also read turned round: of
#: 245 lines read upside down none reached it.
_BEYOND_DOUBT = 0.97
_LEAST_LETTERS = 2

#: The columns of a crop turned round, and its rows.
_AS_IN_MIRROR = (slice(None), slice(None, None, -1))
_AS_IN_WATER = (slice(None, None, -1),)

#: The recogniser's own: each crop is padded to so many times its height at least.
_LEAST_SHAPE = 320 / 48

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
#: A damaged network may load and read nothing, and nothing read would be nothing to ask.
_MEASURED = {
    _DETECTOR: KNOWN_SHA256,
    _RECOGNISER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]
Tensor = NDArray[np.float32]


class Read(NamedTuple):
    """A crop as it was read, and the odds of its letters (empty where they are not wanted)."""

    text: str
    score: float
    odds: bytes = b""


_UNREAD = Read("", 0.0)


class RapidOcrReader:
    """A ``TextReader`` on one core. Needs no network: the models lie in the installed wheel.

    A crop is read upright and, unless that is beyond doubt, turned by 180 degrees, and both
    readings are kept: the wheel's own classifier of angles turns short words upside down. What is
    still in doubt is read in a mirror. A second
    look at a small copy with stretched contrast finds large, faint and bent writing that the first
    one misses.
    """

    def __init__(self) -> None:
        """Loads the models (some 0.3 s and 150 MB).

        Raises:
            EngineFault: RapidOCR or one of its models is missing, damaged or another one.
        """
        self._lock = threading.Lock()
        with _as_fault():
            # Without the weights that only take time, a third of the detector's time is left.
            detector = _session(without_denormals(leaner_detector(_measured_model(_DETECTOR))))
            self._engine = _load_engine(detector, _LEAST_SIDE_PX)
            self._second = _load_engine(detector, _LEAST_SIDE_SECOND_PX)
            self._recogniser = _load_recogniser(self._engine)
            self._alphabet = LetterAlphabet(self._recogniser.postprocess_op.character)

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        """Every piece of writing that was seen, top to bottom, then left to right.

        A line whose text is empty was seen and could not be read at all. What both looks saw and
        the first could not read well is there twice.

        Raises:
            EngineFault: the reader failed. Never a partial list.
        """
        pixels = _as_bgr(picture)
        with _as_fault(), self._lock:
            first = self._look(self._engine, pixels, picture, read_well=())
            well = [line.box for line in first if line.score >= _WELL_READ]
            second = self._look(self._second, _stretched(pixels), picture, read_well=well)
        return tuple(sorted((*first, *second), key=lambda line: (line.box.top, line.box.left)))

    def _look(
        self, engine: RapidOCR, pixels: Pixels, picture: Picture, *, read_well: Sequence[Box]
    ) -> list[TextLine]:
        scale = picture.width_px / pixels.shape[1]
        found = getattr(engine(_widened(pixels)), "boxes", None)
        corners = [np.asarray(box, dtype=np.float32) for box in (() if found is None else found)]
        boxes = [_upright_box(box * scale, picture) for box in corners]
        kept = [place for place, box in enumerate(boxes) if not _is_covered(box, read_well)]
        readings = self._read_both_ways(_crops_of(pixels, [corners[place] for place in kept]))
        return [_line_of(boxes[place], *pair) for place, pair in zip(kept, readings, strict=True)]

    def _read_both_ways(self, crops: Sequence[Pixels]) -> list[tuple[Read, Read]]:
        """Each crop read upright and, where that is not beyond doubt, turned by 180 degrees.

        What is not read well so is read mirrored, too, as a selfie shows a shirt and a pond a sign;
        that counts where it is beyond doubt, for noise has chances enough to look like words.
        """
        upright = self._read(crops)
        doubtful = [place for place, read in enumerate(upright) if not _is_beyond_doubt(read)]
        turned = self._read([np.ascontiguousarray(crops[at][::-1, ::-1]) for at in doubtful])
        others = dict(zip(doubtful, turned, strict=True))
        pairs = [(read, others.get(place, _UNREAD)) for place, read in enumerate(upright)]
        for mirror in (_AS_IN_MIRROR, _AS_IN_WATER):
            doubtful = [at for at in doubtful if max(one.score for one in pairs[at]) < _WELL_READ]
            mirrored = self._read([np.ascontiguousarray(crops[at][mirror]) for at in doubtful])
            for place, read in zip(doubtful, mirrored, strict=True):
                if _is_beyond_doubt(read):
                    pairs[place] = (read, max(pairs[place], key=lambda one: one.score))
        return pairs

    def _read(self, crops: Sequence[Pixels]) -> list[Read]:
        """Each crop read as it stands, and alone: together they take a tenth longer.

        What is read together is padded to the widest, too, so that a line would be read otherwise
        beside another.
        """
        return [self._read_one(crop) for crop in crops]

    def _read_one(self, crop: Pixels) -> Read:
        shape = max(crop.shape[1] / crop.shape[0], _LEAST_SHAPE)
        odds = self._recogniser.session(self._recogniser.resize_norm_img(crop, shape)[np.newaxis])
        [(text, score)], _ = self._recogniser.postprocess_op(odds)
        read = Read(str(text), float(score))
        return read if _is_beyond_doubt(read) else read._replace(odds=self._alphabet.odds_of(*odds))


def _models() -> Path:
    import rapidocr

    return Path(rapidocr.__file__).parent / "models"


def _measured_model(name: str) -> bytes:
    """A model of the wheel.

    Raises:
        EngineFault: it is not the one that this version was measured with.
    """
    model = (_models() / name).read_bytes()
    if hashlib.sha256(model).hexdigest() != _MEASURED[name]:
        raise EngineFault(
            f"{name} is not the network that this version was measured with: install rapidocr again"
        )
    return model


def _session(model: bytes) -> FrugalSession:
    return open_session(model, "the reader of writing")


def _load_engine(detector: FrugalSession, least_side_px: int) -> RapidOCR:
    import rapidocr

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    # Naming the files keeps RapidOCR from resolving, and perhaps downloading, a model of its own.
    parameters = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_rec": False,
        "Det.model_path": str(_models() / _DETECTOR),
        "Det.box_thresh": _BOX_BAR,
        "Det.limit_side_len": least_side_px,
        "Rec.model_path": str(_models() / _RECOGNISER),
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    engine = rapidocr.RapidOCR(params=parameters)
    # Models are opened when they are first used: a damaged one has to show now.
    engine(np.full((64, 64, 3), 255, dtype=np.uint8))
    text_detector = cast("TextDetector", engine.text_det)
    text_detector.session.session = detector
    preparation = _looked_up(text_detector.get_preprocess())
    text_detector.get_preprocess = lambda: preparation  # type: ignore[method-assign]
    return engine


def _looked_up(plain: DetPreProcess) -> DetPreProcess:
    """The detector's own preparation, with its numbers looked up instead of worked out.

    RapidOCR works out in 64 bits what becomes of each value of 0 to 255, pixel by pixel: that takes
    a tenth of a second and 140 MB a picture. The numbers are the very same.
    """
    import cv2

    every_value = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(256, 1, 3)
    table = plain.normalize(every_value).astype(np.float32)

    class LookedUp(type(plain)):  # type: ignore[misc]  # The class is known once it is imported.
        def __call__(self, img: Pixels) -> Tensor | None:
            resized = self.resize(img)
            if resized is None:
                return None
            return np.asarray(cv2.dnn.blobFromImage(cv2.LUT(resized, table)), np.float32)

    return LookedUp(plain.limit_side_len, plain.limit_type, plain.mean, plain.std)


def _load_recogniser(engine: RapidOCR) -> TextRecognizer:
    # It is opened when it is first used, too.
    engine.recognize_txt([np.full((48, 320, 3), 255, dtype=np.uint8)])
    recogniser = cast("TextRecognizer", engine.text_rec)
    recogniser.session.session = _session(_measured_model(_RECOGNISER))
    return recogniser


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


def _widened(pixels: Pixels) -> Pixels:
    """A strip with grey beside it: the detector would enlarge a thin one without end."""
    height, width = pixels.shape[:2]
    least = math.ceil(max(height, width) / _MOST_ELONGATED)
    grow = (max(0, least - height), max(0, least - width))
    if not any(grow):
        return pixels
    return np.pad(pixels, ((0, grow[0]), (0, grow[1]), (0, 0)), constant_values=_GREY)


def _stretched(pixels: Pixels) -> Pixels:
    """A small grey copy of the darkest channel, its contrast stretched region by region."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, _SECOND_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).min(axis=2)
    grey = cv2.createCLAHE(clipLimit=_SECOND_CONTRAST, tileGridSize=(8, 8)).apply(small)
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


def _crops_of(pixels: Pixels, corners: Sequence[Corners]) -> list[Pixels]:
    from rapidocr.utils.process_img import get_rotate_crop_image

    return [np.asarray(get_rotate_crop_image(pixels, box.copy())) for box in corners]


def _upright_box(corners: Corners, picture: Picture) -> Box:
    left, top = (math.floor(value) for value in corners.min(axis=0))
    right, bottom = (math.ceil(value) for value in corners.max(axis=0))
    box = Box(left=left, top=top, width=right - left, height=bottom - top)
    return box.clipped(picture.width_px, picture.height_px)


def _is_covered(box: Box, others: Sequence[Box]) -> bool:
    return any(box.shared_area(other) >= _COVERED * box.area for other in others)


def _is_beyond_doubt(read: Read) -> bool:
    letters = sum(char.isalpha() for char in read.text)
    return read.score >= _BEYOND_DOUBT and letters >= _LEAST_LETTERS


def _line_of(box: Box, upright: Read, turned: Read) -> TextLine:
    best, other = (turned, upright) if turned.score > upright.score else (upright, turned)
    others = (other.text,) if other.text.strip() and other.text != best.text else ()
    return TextLine(
        text=best.text,
        box=box,
        score=best.score,
        readings=others,
        odds=tuple(read.odds for read in (best, other) if read.odds),
    )
