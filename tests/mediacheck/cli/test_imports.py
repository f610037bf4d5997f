"""Importing from the command line: a dry run first, all or nothing, twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.demo import district
from tests.mediacheck.cli.conftest import Command
from tests.release_db.bundles import a_bundle

ROSTER = Path(district.__file__).with_name("roster.csv")
RELEASES_HEADER = (
    "student_id,use,channel,name_form,answer,decided_by,method,given_on,ends_on,notice"
)


def roster_without(folder: Path, dropped: int) -> Path:
    lines = ROSTER.read_text(encoding="utf-8").splitlines()
    path = folder / "smaller.csv"
    path.write_text("\n".join(lines[: len(lines) - dropped]) + "\n", encoding="utf-8")
    return path


def releases(folder: Path, *rows: str) -> Path:
    path = folder / "releases.csv"
    path.write_text("\n".join((RELEASES_HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def deny(number: int, answer: str = "deny", given: str = "2026-09-01") -> str:
    return f"S{number},image,,,{answer},parent{number}@families.example,paper,{given},,n1"


def test_a_dry_run_shows_the_difference_and_changes_nothing(run: Command) -> None:
    first = run("import", "roster", ROSTER)
    second = run("import", "roster", ROSTER)

    assert first.code == 0
    assert "60 students added" in first.out
    assert "New school: lincoln" in first.out
    assert "--apply" in first.out
    assert second.out == first.out


def test_the_same_file_twice_changes_nothing(run: Command) -> None:
    assert "Imported." in run("import", "roster", ROSTER, "--apply").out

    assert run("import", "roster", ROSTER, "--apply").out.endswith("Nothing changes.\n")


def test_a_shrinking_roster_needs_a_confirmation(run: Command, tmp_path: Path) -> None:
    run("import", "roster", ROSTER, "--apply")
    smaller = roster_without(tmp_path, 10)

    refused = run("import", "roster", smaller, "--apply")
    assert refused.code == 2
    assert "--confirm-shrink" in refused.err
    assert "10 gone" in run("import", "roster", smaller).out

    assert run("import", "roster", smaller, "--apply", "--confirm-shrink").code == 0
    assert "50 students added" not in run("import", "roster", ROSTER).out


def test_a_wrong_file_names_row_column_and_remedy(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(
        ROSTER.read_text(encoding="utf-8").replace("2018-06-05", "06/05/2018"), encoding="utf-8"
    )

    refused = run("import", "roster", path, "--apply")

    assert refused.code == 2
    assert "row 2, birth_date" in refused.err
    assert "Nothing was imported" in refused.err
    assert "60 students added" in run("import", "roster", ROSTER).out


def test_loosening_many_refusals_needs_a_confirmation(run: Command, tmp_path: Path) -> None:
    run("import", "roster", ROSTER, "--apply")
    run("import", "releases", releases(tmp_path, deny(1003), deny(1004)), "--apply")
    looser = releases(tmp_path, deny(1003, "allow", "2026-10-01"))

    assert "1 looser" in run("import", "releases", looser).out
    refused = run("import", "releases", looser, "--apply")
    assert refused.code == 2
    assert "--confirm-shrink" in refused.err
    assert run("import", "releases", looser, "--apply", "--confirm-shrink").code == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("S9999,image,,,allow,office,paper,2026-09-01,,n1", "row 2, student_id"),
        ("S1003,image,nowhere,,allow,office,paper,2026-09-01,,n1", "row 2, channel"),
        ("S1003,image,,,allow,stranger@x.example,paper,2026-09-01,,n1", "row 2, decided_by"),
    ],
)
def test_a_release_that_cannot_be_meant_is_refused(
    run: Command, tmp_path: Path, row: str, words: str
) -> None:
    run("import", "roster", ROSTER, "--apply")

    refused = run("import", "releases", releases(tmp_path, row), "--apply")

    assert refused.code == 2
    assert words in refused.err


def test_every_import_is_in_the_audit(run: Command, tmp_path: Path) -> None:
    run("import", "roster", ROSTER, "--apply")
    run("import", "releases", releases(tmp_path, "S9999,image,,,allow,office,paper,,,"), "--apply")

    verified = run("audit", "verify")

    assert verified.code == 0
    assert "2 entries, unbroken" in verified.out


def test_a_bundle_is_imported_like_a_roster_and_twice_is_once(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "oneroster.zip"
    path.write_bytes(a_bundle(30))

    assert "30 students added" in run("import", "roster", path, "--apply").out
    assert run("import", "roster", path, "--apply").out.endswith("Nothing changes.\n")


def test_a_systems_export_is_imported_once_its_codes_are_explained(
    run: Command, tmp_path: Path
) -> None:
    run("import", "roster", ROSTER, "--apply")
    export, codes = tmp_path / "export.csv", tmp_path / "codes.csv"
    export.write_text("Student ID,Code,Status,Status Date\nS1003,NP,Y,9/1/2026\n")
    codes.write_text("code,status,use,channel,name_form,answer\nNP,Y,image,,,deny\n")

    assert "the code NP" in run("import", "releases", export, "--apply").err
    assert "NP with status Y: image on every channel: deny" in run("import", "codes", codes).out
    assert "Imported." in run("import", "codes", codes, "--apply").out
    shown = run("import", "releases", export).out
    assert "1 stricter" in shown
    assert "New: S1003 image on every channel: deny" in shown
    assert "Imported." in run("import", "releases", export, "--apply").out
    assert run("import", "releases", export, "--apply").out.endswith("Nothing changes.\n")


def test_an_id_that_was_given_to_somebody_else_is_told_with_the_remedy(
    run: Command, tmp_path: Path
) -> None:
    run("import", "roster", ROSTER, "--apply")
    lines = ROSTER.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[1], cells[3], cells[7] = "Zoe", "Quinn", "2017-09-09"
    path = tmp_path / "given_again.csv"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:], ""]), encoding="utf-8")

    shown = run("import", "roster", path, "--apply").out

    assert f"Another person under a known id, set aside: {cells[0]}" in shown
    assert "an id of their own" in shown
    assert "Imported." in shown
    assert run("import", "roster", path, "--apply").out.endswith("Nothing changes.\n")


def test_the_proof_of_a_notice_is_imported_once(run: Command, tmp_path: Path) -> None:
    run("import", "roster", ROSTER, "--apply")
    sent = tmp_path / "sent.csv"
    sent.write_text(
        "student_id,notice,language,address,sent_on,window_ends_on,arrived\n"
        "S1001,made-up@1,en,12 Elm Street,2026-08-20,2026-09-20,\n"
    )

    refused = run("import", "deliveries", sent, "--apply")

    assert refused.code == 2
    assert "published release notice" in refused.err


def test_teachers_are_imported_after_a_dry_run(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "teachers.csv"
    path.write_text(
        "teacher_id,name,email,schools,status\nt1,Pat Doe,pat@d.org,lincoln,\n", encoding="utf-8"
    )

    dry, applied = run("import", "teachers", path), run("import", "teachers", path, "--apply")

    assert "1 teachers added" in dry.out
    assert "--apply" in dry.out
    assert "Teacher added: t1" in applied.out
    assert "Doe" not in dry.out + applied.out
    assert "Nothing changes." in run("import", "teachers", path, "--apply").out
