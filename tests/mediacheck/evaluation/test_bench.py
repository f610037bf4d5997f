"""The bench compares like with like, and runs without its development packages too."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.errors import EngineFault
from mediacheck.evaluation import bench
from mediacheck.evaluation.bench import BenchPlan, crowd_of, run_bench
from mediacheck.evaluation.bench_gallery import bench_gallery
from mediacheck.evaluation.bench_pictures import MarkedFile, bench_pictures, enlarged
from mediacheck.evaluation.pictures import canonical_picture
from mediacheck.findings.face_recipe import open_recipe

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def one_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench, "_ROUNDS", 1)
    monkeypatch.setenv("MEDIACHECK_DATA", str(tmp_path))


SMALL = BenchPlan(large=0, gallery_sizes=(30, 600))


@pytest.mark.lane
def test_the_bench_finds_at_least_what_the_recipe_finds() -> None:
    report = run_bench(SMALL)

    assert report.portraits == 2
    assert report.detection.mediacheck_found == report.detection.planted
    assert report.detection.mediacheck_found >= report.detection.recipe_found
    assert json.loads(json.dumps(report.as_json()))["recipe"].startswith("face_recognition")
    assert "times as fast" in report.as_text()
    (crowd,) = report.pictures
    assert crowd.marked == crowd.mediacheck_found == report.detection.planted
    assert crowd.mediacheck_found >= crowd.recipe_found
    assert crowd.ratio > 1
    assert crowd.cores_ratio > 0
    assert "times as fast as on one core" in crowd.as_text()
    assert 0 < crowd.mediacheck_peak_mib < 700
    assert report.templates.glances_ratio > report.templates.enrolled_ratio > 1
    assert report.templates.searched_ratio >= 10
    assert all(row.is_found for row in report.gallery)


@pytest.mark.lane
def test_without_portraits_only_times_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_PORTRAITS", (("no_such_package", Path(), (0, 0, 1), (0, 0)),))
    monkeypatch.setattr(bench, "_CROWD_SIZE_PX", (900, 700))

    report = run_bench(SMALL)

    assert (report.portraits, report.detection.planted) == (0, 0)
    assert "times only" in report.as_text()


@pytest.mark.lane
def test_without_face_recognition_dlib_runs_the_same_recipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = canonical_picture(crowd_of(list(bench._installed_portraits())).image)
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

    crowd = crowd_of([(square, (0.5, 0.5))] * 2)

    assert len(crowd.marks) == len(set(crowd.marks)) == 2 * len(bench._PORTRAIT_SIDES_PX)
    assert all(0 < x < crowd.image.width and 0 < y < crowd.image.height for x, y in crowd.marks)


def test_a_search_finds_the_enrolled_in_a_gallery_of_any_size() -> None:
    small, large = bench_gallery("dlib-resnet-v1/m6", (30, 3_000))

    assert small.is_found
    assert large.is_found
    assert (large.students, large.templates) == (3_000, 9_000)
    assert "3,000 students x 3" in large.as_text()


def test_a_picture_is_enlarged_with_its_marks(tmp_path: Path) -> None:
    Image.new("RGB", (400, 300)).save(tmp_path / "small.jpg")
    file = MarkedFile(path=tmp_path / "small.jpg", marks=((100, 60),))

    with enlarged([file], pixels=480_000) as (large,):
        with Image.open(large.path) as image:
            assert image.size == (800, 600)
        assert large.marks == ((200, 120),)

    assert not large.path.exists()


@pytest.mark.lane
def test_a_process_that_fails_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no picture")

    with pytest.raises(EngineFault, match="bench"):
        bench_pictures("x", [MarkedFile(path=tmp_path / "broken.jpg", marks=())], tmp_path)
