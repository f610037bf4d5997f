"""``mediacheck gallery``: what is held, new keys, and the proofs of destruction."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest

from mediacheck.cli.common import services_for
from mediacheck.demo import district
from mediacheck.resolution.thresholds import DLIB_RESNET_V1_M6
from release_db.records import Template
from release_db.words import SchoolKey, StudentId
from tests.mediacheck.cli.conftest import Command

ROSTER = Path(district.__file__).with_name("roster.csv")
RELEASES = """student_id,use,channel,name_form,answer,decided_by,method,given_on,ends_on,notice
S1001,biometric,,,allow,office,paper,2026-09-01,2090-06-30,b1
S1002,biometric,,,allow,office,paper,2026-09-01,2090-06-30,b1
"""


@pytest.fixture
def filled(run: Command, tmp_path: Path) -> Command:
    """Two students are enrolled, one from a weak portrait."""
    releases = tmp_path / "releases.csv"
    releases.write_text(RELEASES, encoding="utf-8")
    run("import", "roster", ROSTER, "--apply")
    run("import", "releases", releases, "--apply")
    assert run("settings", "set", "recognition", "suggest").code == 0
    services = services_for(None)
    with services.transaction() as work:
        for student, quality in (("S1001", 0.9), ("S1002", 0.1)):
            template = Template(
                student_id=StudentId(student),
                model="m",
                vector=struct.pack("<f", 1),
                quality=quality,
            )
            work.gallery.enroll(
                template, reference_sha256="a", portrait=b"jpeg", at=services.clock.now()
            )
    return run


def let_all_expire(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data" / "mediacheck.sqlite3")) as database:
        database.execute("UPDATE gallery_template SET expires_on = '2020-01-01'")
        database.commit()


def test_the_status_names_weak_portraits(filled: Command) -> None:
    told = filled("gallery", "status").out

    assert "m: 2 template(s) of 2 student(s)" in told
    assert "A better portrait would help: S1002" in told
    (model,) = json.loads(filled("gallery", "status", "--json").out)["models"]
    assert model["weak"] == ["S1002"]


def enrol_alike(*students: str) -> None:
    """Enrols the same portrait for every one of them, with the model that is in use."""
    services = services_for(None)
    vector = struct.pack("<128f", 1, *[0] * 127)
    with services.transaction() as work:
        for student in students:
            template = Template(
                student_id=StudentId(student), model=DLIB_RESNET_V1_M6.model, vector=vector
            )
            work.gallery.enroll(
                template, reference_sha256="b", portrait=b"jpeg", at=services.clock.now()
            )


@pytest.mark.lane
def test_the_check_names_whose_portraits_may_be_of_somebody_else(filled: Command) -> None:
    enrol_alike("S1001")
    assert filled("gallery", "check", "--school", "lincoln").code == 0

    enrol_alike("S1002")
    told = filled("gallery", "check", "--school", "lincoln")

    assert told.code == 1
    assert "S1001: a portrait looks like another student's" in told.out
    assert "2 student(s) whose portraits somebody should look at" in told.out


def test_a_sweep_destroys_what_is_overdue_and_the_doctor_asks_for_it(
    filled: Command, tmp_path: Path
) -> None:
    let_all_expire(tmp_path)
    assert "mediacheck gallery sweep" in filled("doctor").out

    assert "2 certificate(s)" in filled("gallery", "sweep").out

    assert "should have been destroyed" not in filled("doctor").out
    report = json.loads(filled("gallery", "certificates", "--json").out)
    assert [one["student"] for one in report["certificates"]] == ["S1001", "S1002"]
    assert {one["why"] for one in report["certificates"]} == {"the template has expired"}
    assert all(one["is_unaltered"] for one in report["certificates"])


def test_switching_off_says_how_much_it_destroys(filled: Command) -> None:
    told = filled("settings", "set", "recognition", "off").out

    assert "The templates of 2 student(s) were destroyed." in told
    assert "By: Somebody at the command line" in filled("gallery", "certificates").out


def test_a_new_key_and_the_end_of_the_old_one(filled: Command) -> None:
    assert "2 student key(s) are wrapped" in filled("gallery", "rekey").out
    assert "mediacheck gallery rekey --finish" in filled("doctor").out

    finished = filled("gallery", "rekey", "--finish")

    assert finished.code == 0
    assert "Destroyed the old gallery key" in finished.out
    assert "old gallery key" not in filled("doctor").out
    assert "There is no old gallery key" in filled("gallery", "rekey", "--finish").out


def test_new_york_is_set_by_a_command_and_keeps_recognition_off(filled: Command) -> None:
    assert filled("settings", "set", "jurisdiction", "NY").code == 0

    refused = filled("settings", "set", "recognition", "suggest")

    assert refused.code == 2
    assert "New York" in refused.err
    assert filled("settings", "set", "jurisdiction", "Atlantis").code == 2


def test_evidence_is_measured_and_identify_refused_until_it_is_enough(filled: Command) -> None:
    told = filled("gallery", "evidence", "--school", "lincoln")

    assert told.code == 0
    assert told.out.startswith("Population: students of this district")
    assert "Not enough to identify: The whole school: 0 students are too few" in told.out
    report = json.loads(filled("gallery", "evidence", "--json").out)
    assert {"bands", "det", "threshold", "supported_threshold", "students"} <= report.keys()
    refused = filled("settings", "set", "recognition", "identify", "--school", "lincoln")
    assert refused.code == 2
    assert "Identify cannot be switched on here yet" in refused.err
    assert filled("settings", "set", "recognition", "identify").code == 2
    assert filled("gallery", "evidence", "--school", "nowhere").code == 2


def test_the_doctor_says_where_identify_is_not_backed_any_more(filled: Command) -> None:
    services = services_for(None)
    with services.transaction() as work:
        work.register.set_policy(
            "recognition",
            "identify",
            school=SchoolKey("lincoln"),
            by="boss",
            at=services.clock.now(),
        )

    assert "set to identify at lincoln, and only suggests" in filled("doctor").out
