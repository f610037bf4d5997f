"""A recogniser of the district's own is the file that was set up, or none."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mediacheck.errors import EngineFault
from mediacheck.findings.onnx_graph import Convolution, Graph
from mediacheck.findings.onnx_weights import without_denormals
from mediacheck.findings.templates import open_extractor
from mediacheck.findings.templates_own import OwnExtractor, OwnNetwork, known_model
from mediacheck.findings.templates_own_setup import (
    RECOGNISER_FILE,
    OwnBars,
    OwnRecogniser,
    forget_recogniser,
    keep_recogniser,
    recogniser_or_none,
    sha256_of,
)
from mediacheck.model.post import Box, Picture

pytestmark = pytest.mark.slow

SIDE = 32
ASTRONAUT = Box(left=178, top=78, width=88, height=114)
BARS = OwnBars(
    max_distance=0.3,
    candidate_distance=0.35,
    margin=0.05,
    fmr=1e-3,
    decade=0.03,
    impostor_pairs=3_000,
    population="adults",
)


def a_model(
    path: Path, *, at_once: int = 0, out: int = 8, spoilt: bool = False, scale: float = 1.0
) -> Path:
    """A small network: what it answers depends on where light and dark lie in a face."""
    weights = np.random.default_rng(3).standard_normal((out, 3, 8, 8)).astype(np.float32)
    weights *= np.float32(scale)
    if spoilt:
        weights[:] = np.nan
    layer = Convolution(weights=weights, biases=np.zeros(out, np.float32))
    graph = Graph()
    flow = graph.convolution("face", layer, stride=8, padding=0)
    graph.node("Flatten", [flow], output="template")
    path.write_bytes(
        graph.model(
            "a small recogniser",
            ("face", (at_once, 3, SIDE, SIDE)),
            [("template", (at_once, out * 16))],
        )
    )
    return path


def an_own(path: Path, **changes: object) -> OwnRecogniser:
    own = OwnRecogniser(
        path=str(path), sha256=sha256_of(path), licence="made for this test", side_px=SIDE
    )
    return replace(own, **changes)  # type: ignore[arg-type]


def astronaut() -> Picture:
    import skimage.data

    pixels = skimage.data.astronaut()
    return Picture(
        width_px=512, height_px=512, rgb=pixels.tobytes(), source_width_px=512, source_height_px=512
    )


@pytest.fixture
def own(tmp_path: Path) -> OwnRecogniser:
    return an_own(a_model(tmp_path / "small.onnx"))


def test_once_set_up_it_makes_the_templates(own: OwnRecogniser, tmp_path: Path) -> None:
    keep_recogniser(tmp_path / "models", own)

    extractor = open_extractor(tmp_path / "models")
    tiny, face = extractor.extract(astronaut(), [replace(ASTRONAUT, width=20), ASTRONAUT])

    assert extractor.model == own.model
    assert tiny is None
    assert face is not None
    numbers = np.frombuffer(face, "<f4")
    assert numbers.shape == (128,)
    assert np.linalg.norm(numbers) == pytest.approx(1, abs=1e-5)


def test_what_was_set_up_is_read_back_until_it_is_forgotten(
    own: OwnRecogniser, tmp_path: Path
) -> None:
    measured = replace(own, bars=BARS, is_blue_first=True)
    keep_recogniser(tmp_path, measured)

    assert recogniser_or_none(tmp_path) == measured
    forget_recogniser(tmp_path)
    assert recogniser_or_none(tmp_path) is None
    assert open_extractor(tmp_path).model == "dlib-resnet-v1/m6"


def test_another_file_in_its_place_is_refused(own: OwnRecogniser) -> None:
    path = Path(own.path)
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(EngineFault, match="not the one that was set up"):
        OwnExtractor(own)


def test_weights_that_only_cost_time_are_left_out(tmp_path: Path) -> None:
    own = an_own(a_model(tmp_path / "slow.onnx", scale=1e-40))

    model = known_model(own)

    assert model != Path(own.path).read_bytes()
    assert model == without_denormals(Path(own.path).read_bytes())


def test_a_missing_file_is_refused(own: OwnRecogniser) -> None:
    Path(own.path).unlink()

    with pytest.raises(EngineFault, match="cannot be read"):
        OwnExtractor(own)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.onnx").write_bytes(b"no network")

    with pytest.raises(EngineFault, match="loaded"):
        OwnExtractor(an_own(tmp_path / "no.onnx"))


@pytest.mark.parametrize(
    ("model", "changes", "why"),
    [
        ({}, {"side_px": 40}, "failed"),
        ({"out": 0}, {}, "loaded|failed|no templates"),
        ({"spoilt": True}, {}, "no templates"),
    ],
    ids=["another size", "nothing out", "no numbers"],
)
def test_a_network_that_does_not_work_as_described_is_refused(
    tmp_path: Path, model: dict[str, object], changes: dict[str, object], why: str
) -> None:
    path = a_model(tmp_path / "odd.onnx", **model)  # type: ignore[arg-type]

    with pytest.raises(EngineFault, match=why):
        OwnExtractor(an_own(path, **changes))


def test_a_network_for_one_face_at_a_time_answers_for_several(tmp_path: Path) -> None:
    chips = list(np.random.default_rng(1).integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8))

    single = OwnNetwork(an_own(a_model(tmp_path / "one.onnx", at_once=1))).run(chips)
    several = OwnNetwork(an_own(a_model(tmp_path / "many.onnx"))).run(chips)

    assert np.allclose(single, several, atol=1e-5)


def test_the_colours_are_shown_as_the_convention_says(own: OwnRecogniser) -> None:
    chip = np.random.default_rng(2).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)

    red_first = OwnNetwork(own).run([chip])
    blue_first = OwnNetwork(replace(own, is_blue_first=True)).run([chip[..., ::-1]])
    doubled = OwnNetwork(replace(own, mean=0.0, scale=1.0)).run([chip])
    halved = OwnNetwork(replace(own, mean=0.0, scale=2.0)).run([chip])

    assert np.array_equal(red_first, blue_first)
    assert np.allclose(doubled, 2 * halved)


def test_each_file_and_each_way_to_show_faces_has_templates_of_its_own(
    own: OwnRecogniser, tmp_path: Path
) -> None:
    other = an_own(a_model(tmp_path / "other.onnx", out=9))

    models = {own.model, other.model, replace(own, padding=0.4).model, replace(own, mean=0).model}

    assert len(models) == 4
    assert replace(own, bars=BARS, licence="another").model == own.model


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"bars": null}', '{"bars": 7, "path": "x"}'])
def test_a_setup_that_cannot_be_understood_lets_no_recogniser_run(
    tmp_path: Path, said: str
) -> None:
    (tmp_path / RECOGNISER_FILE).write_text(said)

    with pytest.raises(EngineFault, match="recogniser forget"):
        open_extractor(tmp_path)


def test_it_needs_onnxruntime_and_says_so(
    own: OwnRecogniser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_recogniser(tmp_path, own)
    monkeypatch.setitem(sys.modules, "mediacheck.findings.templates_own", None)

    with pytest.raises(EngineFault, match="onnxruntime"):
        open_extractor(tmp_path)
