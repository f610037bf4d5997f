"""``archive sweep`` through the real engines: what comes out, as often as it is asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mediacheck.demo.district import PICTURES
from tests.mediacheck.cli.conftest import Command
from tests.mediacheck.cli.test_check import filled

__all__ = ("filled",)

pytestmark = pytest.mark.slow


@pytest.mark.lane
def test_a_folder_is_gone_through(filled: Command, tmp_path: Path) -> None:
    folder = tmp_path / "old" / "2019"
    folder.mkdir(parents=True)
    shutil.copy(PICTURES / "sample-released.jpg", folder / "a.jpg")
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    sweep = ("archive", "sweep", tmp_path / "old", "--channel", "page", "--json")

    first = filled(*sweep)

    found = json.loads(first.out)
    assert first.code == 11
    assert found["before"] == 0
    by_name = {Path(one["path"]).name: one["triage"] for one in found["pictures"]}
    assert by_name == {"a.jpg": "needs-a-person", "notes.txt": "needs-a-person"}
    again = filled(*sweep)
    assert (again.code, json.loads(again.out)["counts"]) == (11, found["counts"])


def test_a_channel_that_there_is_not_is_said(filled: Command, tmp_path: Path) -> None:
    shutil.copy(PICTURES / "sample-released.jpg", tmp_path / "a.jpg")

    assert filled("archive", "sweep", tmp_path, "--channel", "nowhere").code == 2
