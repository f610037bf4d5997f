"""Templates as face_recognition makes them, by dlib itself: the reference, and the slow way.

For machines without onnxruntime, and for the contract test that holds the fast way to this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import dlib
import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.face_alignment_dlib import FaceAligner
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.onnx_graph import Floats
from mediacheck.findings.templates_dlib_weights import (
    NETWORK_FILE,
    NETWORK_SHA256,
    model_file,
)
from mediacheck.findings.templates_mean import MeanTemplates

#: face_recognition's own padding. A pass takes dlib some 70 ms, so there are two and not six.
_PADDINGS = (0.25,)


class SlowTemplatesWarning(UserWarning):
    """onnxruntime is missing: templates take several times as long, and are of another model."""


class FaceRecognitionExtractor(MeanTemplates):
    """The ``TemplateExtractor`` for machines without onnxruntime."""

    model = "dlib-resnet-v1/m2"

    def __init__(self) -> None:
        """Loads dlib's network.

        Raises:
            EngineFault: its file is missing or not the one we know.
        """
        super().__init__(FaceAligner(), DlibReferenceNetwork(), _PADDINGS)


class DlibReferenceNetwork:
    """dlib's own run of its network."""

    def __init__(self) -> None:
        """Loads the network.

        Raises:
            EngineFault: its file is missing or not the one we know.
        """
        path = model_file(NETWORK_FILE, NETWORK_SHA256)
        self._network = dlib.face_recognition_model_v1(str(path))

    def run(self, chips: Sequence[Pixels]) -> Floats:
        """The 128 numbers of dlib for each chip (150 x 150 x 3), not normalised.

        Raises:
            EngineFault: dlib failed.
        """
        try:
            answers = [
                self._network.compute_face_descriptor(np.ascontiguousarray(chip)) for chip in chips
            ]
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineFault("dlib's face network failed") from error
        return np.array(answers, dtype=np.float32)
