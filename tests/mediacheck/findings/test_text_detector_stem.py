"""The detector with rewritten first layers answers as the one in RapidOCR's wheel does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import rapidocr

from mediacheck.findings.onnx_weights import without_denormals
from mediacheck.findings.text_detector_stem import leaner_detector

MODELS = Path(rapidocr.__file__).parent / "models"
DETECTOR = (MODELS / "PP-OCRv6_det_small.onnx").read_bytes()


def answer(model: bytes, picture: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    (found,) = onnxruntime.InferenceSession(model, options).run(None, {"x": picture})
    return np.asarray(found)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(32, 32), (96, 160), (736, 992)])
def test_its_answers_are_the_same_to_one_in_a_million(size: tuple[int, int]) -> None:
    plain = without_denormals(DETECTOR)
    picture = np.random.default_rng(4).standard_normal((1, 3, *size)).astype(np.float32)

    apart = np.abs(answer(plain, picture) - answer(leaner_detector(DETECTOR), picture))

    assert apart.max() < 2e-6


def test_the_detector_of_the_installed_wheel_is_the_known_one() -> None:
    assert leaner_detector(DETECTOR) != DETECTOR


def test_another_model_stays_as_it_is() -> None:
    other = (MODELS / "PP-OCRv6_rec_small.onnx").read_bytes()

    assert leaner_detector(other) == other


@pytest.mark.slow
def test_nothing_is_joined_at_half_the_size_of_the_picture(tmp_path: Path) -> None:
    """Copies from one order of channels to the other show as nodes of onnxruntime's own."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(leaner_detector(DETECTOR), options)
    import onnx

    kinds = [node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node]

    assert kinds[:6] == ["Conv", "MaxPool", "Conv", "Conv", "Conv", "Conv"]
