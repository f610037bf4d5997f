"""Which template extractor this machine can run."""

from __future__ import annotations

import warnings
from pathlib import Path

from mediacheck.findings.templates_face_recognition import (
    FaceRecognitionExtractor,
    SlowTemplatesWarning,
)
from mediacheck.ports.engines import TemplateExtractor


def open_extractor(folder: Path) -> TemplateExtractor:
    """The extractor of this machine; ``folder`` keeps what it has to prepare.

    Without onnxruntime dlib itself runs the network: slower, under a tag of its own, and with a
    ``SlowTemplatesWarning``.

    Raises:
        EngineFault: the weights are missing or not the known ones.
    """
    try:
        from mediacheck.findings.templates_dlib_onnx import DlibOnnxExtractor
    except ImportError:
        warnings.warn(
            "onnxruntime is not installed: faces are compared by dlib itself, which is slower, "
            "and everybody has to be enrolled again when it is",
            SlowTemplatesWarning,
            stacklevel=2,
        )
        return FaceRecognitionExtractor()
    return DlibOnnxExtractor(folder)
