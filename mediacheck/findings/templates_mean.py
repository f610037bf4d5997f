"""One template from several readings of the same face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.onnx_graph import Floats
from mediacheck.model.post import Box, Picture

#: So many chips pass a network together. More take more memory and are no faster.
_BATCH = 12


class ChipCutter(Protocol):
    """Cuts faces out of pictures."""

    def chips(
        self, picture: Picture, box: Box, paddings: Sequence[float]
    ) -> tuple[Pixels, ...] | None:
        """The face, once for each padding; None is a failure to acquire."""
        ...


class ChipNetwork(Protocol):
    """Turns chips into numbers."""

    def run(self, chips: Sequence[Pixels]) -> Floats:
        """A row of numbers for each chip, not normalised."""
        ...


class MeanTemplates:
    """Makes templates of several readings, or glances of one.

    ``paddings`` are those of a template; each chip is read with its mirror image. A glance is one
    chip at the middle padding.
    """

    def __init__(self, cutter: ChipCutter, network: ChipNetwork, paddings: Sequence[float]) -> None:
        """Keeps what cuts and what reads."""
        self._cutter = cutter
        self._network = network
        self._paddings = tuple(paddings)

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        """One template a box, or None: see ``TemplateExtractor``."""
        cut = [self._cutter.chips(picture, box, self._paddings) for box in boxes]
        return self._templates([None if chips is None else with_mirrors(chips) for chips in cut])

    def glance(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        """One quick reading a box, or None: see ``TemplateExtractor``."""
        middle = self._paddings[len(self._paddings) // 2 : len(self._paddings) // 2 + 1]
        return self._templates([self._cutter.chips(picture, box, middle) for box in boxes])

    def _templates(self, faces: Sequence[Sequence[Pixels] | None]) -> tuple[bytes | None, ...]:
        """The faces of a picture pass the network together, a batch at a time."""
        chips = [chip for face in faces if face is not None for chip in face]
        batches = [
            self._network.run(chips[start : start + _BATCH])
            for start in range(0, len(chips), _BATCH)
        ]
        readings = iter(np.concatenate(batches) if batches else ())
        return tuple(
            None if face is None else template_of(np.stack([next(readings) for _ in face]))
            for face in faces
        )


def with_mirrors(chips: Sequence[Pixels]) -> list[Pixels]:
    """Each chip, and each chip's mirror image."""
    return [*chips, *(chip[:, ::-1] for chip in chips)]


def template_of(readings: Floats) -> bytes:
    """The mean of several readings of one face, brought to length 1: little-endian float32.

    Raises:
        EngineFault: the mean has no direction, or is not a number.
    """
    mean = readings.astype(np.float64).mean(axis=0)
    length = float(np.linalg.norm(mean))
    if not np.isfinite(length) or length == 0:
        raise EngineFault("the face network gave no usable template")
    template: bytes = (mean / length).astype("<f4").tobytes()
    return template
