"""Which template extractor this machine can run."""

from __future__ import annotations

import warnings
from pathlib import Path

from mediacheck.errors import EngineFault
from mediacheck.findings.templates_face_recognition import (
    FaceRecognitionExtractor,
    SlowTemplatesWarning,
)
from mediacheck.findings.templates_own_setup import OwnRecogniser, recogniser_or_none
from mediacheck.ports.engines import TemplateExtractor


def open_extractor(folder: Path) -> TemplateExtractor:
    """The extractor of this machine; ``folder`` keeps what it has to prepare.

    A recogniser of the district's own comes first.

    Without onnxruntime dlib itself runs the network: slower, under a tag of its own, and with a
    ``SlowTemplatesWarning``.

    Raises:
        EngineFault: the weights are missing or not the known ones.
    """
    own = recogniser_or_none(folder)
    if own is not None:
        return _own_extractor(own)
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


def _own_extractor(recogniser: OwnRecogniser) -> TemplateExtractor:
    try:
        from mediacheck.findings.templates_own import OwnExtractor
    except ImportError as error:
        raise EngineFault("the district's recogniser needs onnxruntime: install it") from error
    return OwnExtractor(recogniser)
