"""The evaluation runs where no evaluation pictures are, on the made-up district's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.mediacheck.cli.conftest import Command

pytestmark = [pytest.mark.slow, pytest.mark.lane]


def test_faces_are_evaluated_anywhere_with_the_curve_as_picture_and_numbers(
    run: Command, tmp_path: Path
) -> None:
    done = run("evaluate", "faces", "--det", tmp_path / "det.png", "--json")

    assert done.code == 0
    report = json.loads(done.out)
    assert report["scenes"]["found"] == report["scenes"]["marked"] > 0
    assert report["scenes"]["cpu_ms_per_picture"] > 0
    assert "made-up templates" in report["population"]
    curve = report["det"]
    assert [point["threshold"] for point in curve] == sorted(p["threshold"] for p in curve)
    assert {row["gallery"] for row in report["identification"]} == {30, 60}
    with Image.open(tmp_path / "det.png") as drawn:
        assert drawn.format == "PNG"
