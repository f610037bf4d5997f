"""Templates by a recogniser of the district's own: an ONNX file that it has the right to use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from mediacheck.errors import EngineFault
from mediacheck.findings.face_alignment_dlib import FaceAligner
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.onnx_graph import Floats
from mediacheck.findings.onnx_session import open_session
from mediacheck.findings.onnx_weights import without_denormals
from mediacheck.findings.templates_mean import MeanTemplates
from mediacheck.findings.templates_own_setup import OwnRecogniser, bytes_of

#: Fewer numbers tell nobody apart: it is another kind of network.
_FEWEST_NUMBERS = 16


class OwnExtractor(MeanTemplates):
    """The ``TemplateExtractor`` of a district's own recogniser."""

    def __init__(self, recogniser: OwnRecogniser) -> None:
        """Loads it, and shows it one grey face to see what it answers.

        Raises:
            EngineFault: the file is missing, is another one, or does not work as it was described.
        """
        self.model = recogniser.model
        network = OwnNetwork(recogniser)
        side = recogniser.side_px
        network.run([np.full((side, side, 3), 128, np.uint8)] * 2)
        super().__init__(FaceAligner(side_px=side), network, (recogniser.padding,))


class OwnNetwork:
    """The district's own file in onnxruntime."""

    def __init__(self, recogniser: OwnRecogniser) -> None:
        """Loads the file.

        Raises:
            EngineFault: it is missing, is another one, or is no network.
        """
        self._recogniser = recogniser
        self._session = open_session(known_model(recogniser), "the district's recogniser")
        first = self._session.get_inputs()[0]
        self._input = first.name
        # Some files take one face at a time.
        self._at_once = 1 if first.shape[:1] == [1] else None

    def run(self, chips: Sequence[Pixels]) -> Floats:
        """A row of numbers for each chip.

        Raises:
            EngineFault: the network failed, or answers something that is no template.
        """
        shown = np.stack(chips).astype(np.float32)
        if self._recogniser.is_blue_first:
            shown = shown[..., ::-1]
        shown = (shown - np.float32(self._recogniser.mean)) / np.float32(self._recogniser.scale)
        faces = np.ascontiguousarray(shown.transpose(0, 3, 1, 2))
        step = self._at_once or len(faces)
        try:
            answers = [
                np.asarray(self._session.run(None, {self._input: faces[start : start + step]})[0])
                for start in range(0, len(faces), step)
            ]
        except Exception as error:  # onnxruntime's own exceptions have no public common class.
            raise EngineFault("the district's recogniser failed") from error
        numbers = np.concatenate(answers).reshape(len(faces), -1).astype(np.float32)
        if numbers.shape[1] < _FEWEST_NUMBERS or not np.isfinite(numbers).all():
            raise EngineFault("the district's recogniser gives no templates")
        return numbers


def known_model(recogniser: OwnRecogniser) -> bytes:
    """The file that was set up, with the weights that only cost time taken out of it.

    Raises:
        EngineFault: it is missing, or another one.
    """
    model = bytes_of(Path(recogniser.path))
    # What was hashed is what is loaded: the file may be swapped between two readings of it.
    if hashlib.sha256(model).hexdigest() != recogniser.sha256:
        raise EngineFault(
            "the file of the district's recogniser is not the one that was set up: put it back, "
            "or set it up again with mediacheck recogniser use"
        )
    # What is no network at all is left to onnxruntime to refuse.
    with suppress(ValueError):
        model = without_denormals(model)
    return model
