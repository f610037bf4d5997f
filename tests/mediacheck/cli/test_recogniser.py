"""A district sets up a recogniser of its own, and the doctor knows its state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mediacheck.findings.templates_own_setup import (
    RECOGNISER_FILE,
    keep_recogniser,
    recogniser_or_none,
)
from mediacheck.wiring.engines import make_extractor
from tests.mediacheck.cli.conftest import Command
from tests.mediacheck.findings.test_templates_own import BARS, SIDE, a_model

pytestmark = pytest.mark.slow


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


def set_up(run: Command, path: Path) -> None:
    done = run("recogniser", "use", path, "--licence", "bought in 2026", "--side", SIDE)
    assert done.code == 0
    assert "enrolled again" in done.out


def keep_measured(models: Path) -> None:
    own = recogniser_or_none(models)
    assert own is not None
    keep_recogniser(models, replace(own, bars=BARS))


def test_it_is_set_up_shown_and_forgotten(run: Command, tmp_path: Path, models: Path) -> None:
    path = a_model(tmp_path / "small.onnx")

    assert "mediacheck brings" in run("recogniser", "show").out
    set_up(run, path)
    shown = run("recogniser", "show").out
    assert str(path) in shown
    assert "bought in 2026" in shown
    assert "not measured" in shown
    assert run("recogniser", "forget").code == 0
    assert not (models / RECOGNISER_FILE).exists()
    assert run("recogniser", "forget").code == 2
    assert run("audit", "verify").code == 0


def test_a_file_that_does_not_work_is_not_set_up(
    run: Command, tmp_path: Path, models: Path
) -> None:
    (tmp_path / "no.onnx").write_bytes(b"no network")

    assert run("recogniser", "use", tmp_path / "no.onnx", "--licence", "x").code == 1
    assert not (models / RECOGNISER_FILE).exists()


def test_without_a_licence_it_is_not_set_up(run: Command, tmp_path: Path, models: Path) -> None:
    path = a_model(tmp_path / "small.onnx")

    assert run("recogniser", "use", path).code == 2
    assert run("recogniser", "use", path, "--licence", "  ").code == 2
    assert not (models / RECOGNISER_FILE).exists()


def test_too_few_people_set_no_bars(run: Command, tmp_path: Path) -> None:
    import skimage.data
    from PIL import Image

    (tmp_path / "people" / "eileen").mkdir(parents=True)
    Image.fromarray(skimage.data.astronaut()).save(tmp_path / "people" / "eileen" / "1.png")
    set_up(run, a_model(tmp_path / "small.onnx"))

    done = run("recogniser", "measure", tmp_path / "people", "--population", "adults")

    assert done.code != 0
    assert "more people" in done.err
    assert "not measured" in run("recogniser", "show").out


@pytest.mark.lane
def test_the_doctor_says_what_is_wrong_with_it(run: Command, tmp_path: Path, models: Path) -> None:
    path = a_model(tmp_path / "small.onnx")
    set_up(run, path)
    assert "never measured" in run("doctor").out

    keep_measured(models)
    assert "licence: bought in 2026" in run("doctor").out
    make_extractor.cache_clear()
    assert make_extractor(models).model.startswith("own-")

    path.write_bytes(b"another file")
    assert "does not work" in run("doctor").out
