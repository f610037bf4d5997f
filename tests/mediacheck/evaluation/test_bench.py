"""The bench compares like with like, and runs without its development packages too."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.evaluation import bench
from mediacheck.evaluation.bench import a_crowd, run_bench
from mediacheck.findings.face_recipe import open_recipe

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def one_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "_ROUNDS", 1)
    monkeypatch.setenv("MEDIACHECK_DATA", str(tmp_path))


def test_the_bench_finds_at_least_what_the_recipe_finds() -> None:
    report = run_bench()

    assert report.portraits == 2
    assert report.detection.mediacheck_found == report.detection.planted
    assert report.detection.mediacheck_found >= report.detection.recipe_found
    assert json.loads(json.dumps(report.as_json()))["recipe"].startswith("face_recognition")
    assert "times as fast" in report.as_text()


def test_without_portraits_only_times_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_PORTRAITS", (("no_such_package", Path(), (0, 0, 1), (0, 0)),))
    monkeypatch.setattr(bench, "_CROWD_SIZE_PX", (900, 700))

    report = run_bench()

    assert (report.portraits, report.detection.planted) == (0, 0)
    assert "times only" in report.as_text()


def test_without_face_recognition_dlib_runs_the_same_recipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture, _ = a_crowd(list(bench._installed_portraits()))
    packaged = open_recipe()
    monkeypatch.setitem(sys.modules, "face_recognition", None)

    bare = open_recipe()

    assert bare.name.startswith("dlib")
    found = bare.find(picture)
    assert found
    assert len(packaged.find(picture)) == len(found)
    assert bare.templates(picture, found[:2]) == packaged.templates(picture, found[:2]) == 2


def test_no_portrait_of_the_crowd_covers_another() -> None:
    square = Image.new("RGB", (10, 10), "red")

    picture, marks = a_crowd([(square, (0.5, 0.5))] * 2)

    assert len(marks) == len(set(marks)) == 2 * len(bench._PORTRAIT_SIDES_PX)
    assert all(0 < x < picture.width_px and 0 < y < picture.height_px for x, y in marks)
