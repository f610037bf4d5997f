"""The network that is written is dlib's, number for number, and no other is ever run."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import dlib
import numpy as np
import pytest

from mediacheck.errors import EngineFault
from mediacheck.findings import templates_dlib_weights
from mediacheck.findings.face_alignment_dlib import FaceAligner
from mediacheck.findings.face_reading import Pixels
from mediacheck.findings.onnx_graph import Floats
from mediacheck.findings.templates import open_extractor
from mediacheck.findings.templates_dlib_onnx import (
    MODEL_FILE,
    DlibNetwork,
    DlibOnnxExtractor,
    prepared_model,
)
from mediacheck.findings.templates_dlib_weights import (
    BLOCKS,
    NETWORK_FILE,
    model_file,
    read_weights,
)
from mediacheck.findings.templates_face_recognition import (
    DlibReferenceNetwork,
    FaceRecognitionExtractor,
    SlowTemplatesWarning,
)
from mediacheck.findings.templates_mean import MeanTemplates, template_of, with_mirrors
from mediacheck.model.post import Box, Picture
from mediacheck.ports.engines import TemplateExtractor
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6

pytestmark = pytest.mark.slow

#: A tight box round the astronaut's face, and one round Grace Hopper's.
ASTRONAUT = Box(left=178, top=78, width=88, height=114)
HOPPER = Box(left=168, top=130, width=176, height=232)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def network(folder: Path) -> DlibNetwork:
    return DlibNetwork(prepared_model(folder))


@pytest.fixture(scope="module", params=["onnx", "reference"])
def extractor(request: pytest.FixtureRequest, folder: Path) -> TemplateExtractor:
    if request.param == "onnx":
        return DlibOnnxExtractor(folder)
    return FaceRecognitionExtractor()


def picture_of(pixels: Pixels) -> Picture:
    height, width = pixels.shape[:2]
    return Picture(
        width_px=width,
        height_px=height,
        rgb=pixels.tobytes(),
        source_width_px=width,
        source_height_px=height,
    )


def astronaut() -> Picture:
    import skimage.data

    return picture_of(skimage.data.astronaut())


def hopper() -> Picture:
    from matplotlib import cbook
    from PIL import Image

    with cbook.get_sample_data("grace_hopper.jpg") as file:
        return picture_of(np.asarray(Image.open(file).convert("RGB")))


def mirrored(picture: Picture) -> Picture:
    pixels = np.frombuffer(picture.rgb, np.uint8)
    rows = pixels.reshape(picture.height_px, picture.width_px, 3)
    return picture_of(np.ascontiguousarray(rows[:, ::-1]))


def distance(one: bytes | None, other: bytes | None) -> float:
    assert one is not None
    assert other is not None
    return float(np.linalg.norm(np.frombuffer(one, "<f4") - np.frombuffer(other, "<f4")))


def test_one_pass_gives_dlibs_own_numbers(network: DlibNetwork) -> None:
    chips = FaceAligner().chips(astronaut(), ASTRONAUT, (0.20, 0.25, 0.30))
    assert chips is not None

    difference = np.abs(network.run(chips) - DlibReferenceNetwork().run(chips)).max()

    assert difference < 1e-5


def test_noise_gives_dlibs_own_numbers_too(network: DlibNetwork) -> None:
    chance = np.random.default_rng(7)
    chips = [chance.integers(0, 256, (150, 150, 3), dtype=np.uint8) for _ in range(3)]

    difference = np.abs(network.run(chips) - DlibReferenceNetwork().run(chips)).max()

    assert difference < 1e-5


def test_a_template_has_length_one_and_the_models_size(extractor: TemplateExtractor) -> None:
    (template,) = extractor.extract(astronaut(), [ASTRONAUT])

    assert template is not None
    numbers = np.frombuffer(template, "<f4")
    assert numbers.shape == (128,)
    assert np.linalg.norm(numbers) == pytest.approx(1, abs=1e-5)


def test_each_box_gets_its_own_template_in_order(extractor: TemplateExtractor) -> None:
    tiny = Box(left=10, top=10, width=20, height=26)

    templates = extractor.extract(astronaut(), [tiny, ASTRONAUT, tiny])

    assert [template is None for template in templates] == [True, False, True]


def test_no_box_gives_no_template(extractor: TemplateExtractor) -> None:
    assert extractor.extract(astronaut(), []) == ()


def test_the_same_face_is_near_and_another_far(extractor: TemplateExtractor) -> None:
    mirror_box = Box(
        left=512 - ASTRONAUT.right,
        top=ASTRONAUT.top,
        width=ASTRONAUT.width,
        height=ASTRONAUT.height,
    )

    (one,) = extractor.extract(astronaut(), [ASTRONAUT])
    (same,) = extractor.extract(mirrored(astronaut()), [mirror_box])
    (other,) = extractor.extract(hopper(), [HOPPER])

    assert distance(one, same) < 0.2
    assert distance(one, other) > DLIB_RESNET_V1_M6.candidate_distance


def test_the_two_ways_carry_different_tags(folder: Path) -> None:
    assert DlibOnnxExtractor(folder).model != FaceRecognitionExtractor().model


def test_the_written_file_is_taken_again(folder: Path) -> None:
    prepared_model(folder)
    written_at = (folder / MODEL_FILE).stat().st_mtime_ns

    prepared_model(folder)

    assert (folder / MODEL_FILE).stat().st_mtime_ns == written_at
    assert [path.name for path in folder.iterdir()] == [MODEL_FILE]


def test_where_nothing_can_be_written_the_network_is_made_each_time(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")

    assert prepared_model(tmp_path / "models") == prepared_model(folder)


def test_a_file_that_somebody_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    changed = bytearray(prepared_model(folder))
    changed[-1] ^= 1
    (tmp_path / MODEL_FILE).write_bytes(changed)

    with pytest.raises(EngineFault, match="delete it"):
        prepared_model(tmp_path)


def test_weights_that_are_not_the_known_ones_are_refused() -> None:
    with pytest.raises(EngineFault, match="not the file"):
        model_file(NETWORK_FILE, "0" * 64)


def test_missing_weights_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = templates_dlib_weights.importlib.util
    monkeypatch.setattr(finder, "find_spec", lambda _: None)

    with pytest.raises(EngineFault, match="not installed"):
        read_weights()


def test_bytes_that_are_no_network_are_a_fault() -> None:
    with pytest.raises(EngineFault, match="loaded"):
        DlibNetwork(b"no network")


def test_every_convolution_is_read() -> None:
    weights = read_weights()

    assert len(weights.convolutions) == 1 + 2 * len(BLOCKS) == 29
    assert weights.matrix.shape == (256, 128)


def test_opening_the_extractor_imports_nothing_that_warns(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert open_extractor(folder).model == "dlib-resnet-v1/m6"


def test_without_onnxruntime_dlib_is_used_and_it_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mediacheck.findings.templates_dlib_onnx", None)

    with pytest.warns(SlowTemplatesWarning, match="enrolled again"):
        extractor = open_extractor(folder)

    assert extractor.model == "dlib-resnet-v1/m2"


@pytest.mark.parametrize(
    "points",
    [
        [(60, 40), (55, 40), (45, 40), (40, 40), (50, 60)],
        [(90, 40), (80, 40), (20, 40), (10, 40), (50, 10)],
    ],
    ids=["eyes too close", "nose above the eyes"],
)
def test_landmarks_that_make_no_face_are_a_failure_to_acquire(
    points: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    aligner = FaceAligner()
    found = dlib.full_object_detection(
        dlib.rectangle(0, 0, 100, 100), [dlib.point(x, y) for x, y in points]
    )
    monkeypatch.setattr(aligner, "_predictor", lambda *_: found)

    assert aligner.chips(astronaut(), ASTRONAUT, (0.25,)) is None


def test_readings_without_a_direction_are_a_fault() -> None:
    with pytest.raises(EngineFault, match="usable"):
        template_of(np.zeros((2, 128), dtype=np.float32))
    with pytest.raises(EngineFault, match="usable"):
        template_of(np.full((2, 128), np.nan, dtype=np.float32))


def test_a_chips_mirror_is_read_with_it() -> None:
    chip = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)

    plain, mirror = with_mirrors([chip])

    assert np.array_equal(plain[:, ::-1], mirror)


def test_a_glance_lies_near_the_template_of_the_same_face(extractor: TemplateExtractor) -> None:
    tiny = Box(left=10, top=10, width=20, height=26)

    (none, glance) = extractor.glance(astronaut(), [tiny, ASTRONAUT])
    (template,) = extractor.extract(astronaut(), [ASTRONAUT])

    assert none is None
    assert 0 < distance(glance, template) < 0.2


def test_faces_read_together_get_the_templates_they_get_alone(folder: Path) -> None:
    extractor = DlibOnnxExtractor(folder)
    moved = Box(left=ASTRONAUT.left + 4, top=ASTRONAUT.top + 4, width=88, height=114)
    boxes = [ASTRONAUT, moved, ASTRONAUT]

    together = extractor.extract(astronaut(), boxes)

    for box, template in zip(boxes, together, strict=True):
        (alone,) = extractor.extract(astronaut(), [box])
        assert distance(alone, template) < 1e-5


def test_a_network_that_dies_after_some_faces_gives_none_of_them(
    network: DlibNetwork,
) -> None:
    class DyingNetwork:
        """Reads one batch, and no second."""

        def __init__(self) -> None:
            self.calls = 0

        def run(self, chips: Sequence[Pixels]) -> Floats:
            self.calls += 1
            if self.calls > 1:
                raise EngineFault("the face network failed")
            return network.run(chips)

    extractor = MeanTemplates(FaceAligner(), DyingNetwork(), (0.25,))

    with pytest.raises(EngineFault, match="failed"):
        extractor.extract(astronaut(), [ASTRONAUT] * 10)
