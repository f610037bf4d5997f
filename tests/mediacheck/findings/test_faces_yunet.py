"""The network that is written is libfacedetection's, and no other is taken for it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image

from mediacheck.errors import EngineFault
from mediacheck.findings import faces_yunet_onnx, faces_yunet_weights
from mediacheck.findings.face_sighting import RawSighting
from mediacheck.findings.face_union import installed_detectors
from mediacheck.findings.faces_libfacedetection import LibfacedetectionDetector
from mediacheck.findings.faces_yunet_graph import onnx_model
from mediacheck.findings.faces_yunet_onnx import MODEL_SHA256, YunetDetector
from mediacheck.findings.faces_yunet_weights import NoWeights, read_weights

pytestmark = pytest.mark.slow

#: Every reading's bars lie above: weaker sightings never count.
COUNTS = 45


@pytest.fixture(scope="module")
def network() -> YunetDetector:
    return YunetDetector()


@pytest.fixture(scope="module")
def library() -> LibfacedetectionDetector:
    return LibfacedetectionDetector()


def a_scene() -> Image.Image:
    import skimage.data
    from matplotlib import cbook

    scene = Image.new("RGB", (900, 620), "grey")
    scene.paste(Image.fromarray(skimage.data.astronaut()), (0, 50))
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        hopper = Image.open(file).convert("RGB")
    for place, side in enumerate((300, 160, 80, 48)):
        scene.paste(hopper.resize((side, side)), (540, 20 + (0, 310, 480, 565)[place]))
    return scene


def numbers_of(sightings: tuple[RawSighting, ...]) -> list[tuple[float, ...]]:
    """Those that count, from left to right."""
    return sorted(
        (seen.region.left, seen.region.top, seen.region.width, seen.region.height, seen.score)
        for seen in sightings
        if seen.score >= COUNTS + 1
    )


@pytest.mark.parametrize("size", [(900, 620), (640, 441), (333, 229), (768, 768), (321, 240)])
def test_it_sees_what_the_library_sees_at_the_same_place_and_as_surely(
    network: YunetDetector, library: LibfacedetectionDetector, size: tuple[int, int]
) -> None:
    pixels = np.asarray(a_scene().resize(size))

    ours, theirs = (numbers_of(detector.see(pixels)) for detector in (network, library))

    assert len(ours) == len(theirs) >= 2
    # The library cuts its numbers off to whole ones.
    assert np.abs(np.array(ours) - np.array(theirs)).max() <= 1.01


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_and_dark_pixels_make_no_difference_to_that(
    network: YunetDetector, library: LibfacedetectionDetector, turns: int
) -> None:
    pixels = np.ascontiguousarray(np.rot90(np.asarray(a_scene()) // turns, turns))

    ours, theirs = (numbers_of(detector.see(pixels)) for detector in (network, library))

    assert len(ours) == len(theirs)
    assert not ours or np.abs(np.array(ours) - np.array(theirs)).max() <= 1.01


def test_more_faces_than_the_library_would_report_are_all_seen(network: YunetDetector) -> None:
    face = a_scene().crop((160, 90, 290, 260)).resize((40, 52))
    crowd = Image.new("RGB", (760, 760), "grey")
    for place in range(180):
        crowd.paste(face, (place % 15 * 50, place // 15 * 62))

    assert len(numbers_of(network.see(np.asarray(crowd)))) == 180


def test_the_product_uses_it() -> None:
    assert isinstance(installed_detectors()[0], YunetDetector)


def test_other_weights_are_not_taken_for_the_measured_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert hashlib.sha256(onnx_model(read_weights())).hexdigest() == MODEL_SHA256
    monkeypatch.setattr(faces_yunet_onnx, "MODEL_SHA256", "0" * 64)

    with pytest.raises(NoWeights):
        YunetDetector()
    assert isinstance(installed_detectors()[0], LibfacedetectionDetector)


@pytest.mark.parametrize("file", ["no_such_library.so", "__init__.py"])
def test_where_the_weights_cannot_be_read_the_library_itself_looks(
    monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(faces_yunet_weights, "LIBRARY_FILE", file)

    assert isinstance(installed_detectors()[0], LibfacedetectionDetector)


def test_a_library_that_exports_nothing_of_that_kind_gives_no_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import onnxruntime.capi.onnxruntime_pybind11_state as other

    monkeypatch.setattr(faces_yunet_weights, "LIBRARY_FILE", other.__file__)

    with pytest.raises(NoWeights, match="export"):
        read_weights()


def test_a_network_that_fails_is_a_fault(
    network: YunetDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces_yunet_onnx, "INPUT_NAME", "no such input")

    with pytest.raises(EngineFault, match="failed"):
        network.see(np.zeros((64, 64, 3), np.uint8))


def test_an_answer_that_is_no_number_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    read = faces_yunet_weights.read_weights

    def spoilt() -> faces_yunet_weights.YunetWeights:
        weights = read()
        weights.heads[0].channels.biases[:] = np.nan
        return weights

    monkeypatch.setattr(faces_yunet_onnx, "read_weights", spoilt)
    model = hashlib.sha256(onnx_model(spoilt())).hexdigest()
    monkeypatch.setattr(faces_yunet_onnx, "MODEL_SHA256", model)

    with pytest.raises(EngineFault, match="not a number"):
        YunetDetector().see(np.zeros((64, 64, 3), np.uint8))
