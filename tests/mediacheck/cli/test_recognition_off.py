"""Off means off: nothing held, nothing loaded, and the doctor measures it. Real engines."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mediacheck.cli.common import services_for
from mediacheck.demo import district
from mediacheck.demo.district import PICTURES
from mediacheck.flow.recognition_proof import recognition_code_in
from mediacheck.model.audit import Event
from tests.mediacheck.cli.conftest import Command

pytestmark = pytest.mark.slow

ROSTER = Path(district.__file__).with_name("roster.csv")
ROOT = Path(district.__file__).parents[2]
RELEASES = """student_id,use,channel,name_form,answer,decided_by,method,given_on,ends_on,notice
S1001,biometric,,,allow,office,paper,2026-09-01,2030-06-30,b1
"""
CHECK = """
import json, sys
from mediacheck.cli.main import main
main(["check", sys.argv[1], "--channel", "page", "--class", "lincoln/room-12", "--caption", "Hi"])
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def filled(run: Command, tmp_path: Path) -> Command:
    """A district in which one family has consented to a template, and nothing is set."""
    releases = tmp_path / "releases.csv"
    releases.write_text(RELEASES, encoding="utf-8")
    run("import", "roster", ROSTER, "--apply")
    run("channels", "add", "page", "--audience", "social", "--school", "lincoln")
    assert run("import", "releases", releases, "--apply").code == 0
    return run


@pytest.fixture
def portraits(tmp_path: Path) -> Path:
    folder = tmp_path / "portraits"
    (folder / "S1001").mkdir(parents=True)
    shutil.copy(PICTURES / "portrait-s1001.jpg", folder / "S1001" / "a.jpg")
    return folder


def modules_after_a_check() -> tuple[str, ...]:
    """The recognition code that a process of its own has loaded after checking a face."""
    picture = PICTURES / "portrait-s1001.jpg"
    command = [sys.executable, "-c", CHECK, str(picture)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "portrait-s1001.jpg: " in ran.stdout
    return recognition_code_in(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.lane
def test_a_whole_check_loads_no_recognition_code(filled: Command) -> None:
    filled("settings", "set", "recognition", "off")

    assert modules_after_a_check() == ()


@pytest.mark.lane
def test_where_nothing_is_set_recognition_is_off(filled: Command) -> None:
    assert modules_after_a_check() == ()
    assert "recognition off: 0 templates, recognition code not loaded" in filled("doctor").out


@pytest.mark.lane
def test_enrolling_writes_down_that_faces_are_compared(filled: Command, portraits: Path) -> None:
    enrolled = filled("enroll", portraits)

    assert enrolled.code == 0
    assert "it is set to suggest" in enrolled.out
    with services_for(None).transaction() as work:
        assert work.register.policy_or_none("recognition") == "suggest"
        events = [entry.event for entry in work.audit.entries()]
    assert events[-2:] == [Event.POLICY_SET, Event.STUDENT_ENROLLED]
    assert "mediacheck.findings.templates" in modules_after_a_check()


@pytest.mark.lane
def test_switching_off_destroys_what_was_enrolled(filled: Command, portraits: Path) -> None:
    filled("enroll", portraits)

    filled("settings", "set", "recognition", "off")

    assert "recognition off: 0 templates" in filled("doctor").out
    refused = filled("enroll", portraits)
    assert refused.code == 2
    assert "mediacheck settings set recognition suggest" in refused.err


@pytest.mark.lane
def test_without_a_consent_enrolling_switches_nothing_on(filled: Command, portraits: Path) -> None:
    (portraits / "S1001").rename(portraits / "S1002")

    assert "0 portraits enrolled" in filled("enroll", portraits).out

    with services_for(None).transaction() as work:
        assert work.register.policy_or_none("recognition") is None


@pytest.mark.lane
def test_the_doctor_finds_a_template_that_should_not_be_there(
    filled: Command, portraits: Path, tmp_path: Path
) -> None:
    filled("enroll", portraits)
    set_off_behind_the_tools_back(tmp_path / "data" / "mediacheck.sqlite3")

    examined = filled("doctor")

    assert examined.code == 1
    assert "1 template(s) are held" in examined.out
    assert "recognition off: 0" not in examined.out


def set_off_behind_the_tools_back(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "INSERT INTO policy_value (key, value, set_by, set_at)"
            " VALUES ('recognition', 'off', 'somebody', '2026-11-24 08:00:00.000000')"
        )
        database.commit()
