"""One template from several readings of the same face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.onnx_graph import Floats


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
