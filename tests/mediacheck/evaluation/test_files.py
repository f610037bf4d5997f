"""The report on hostile files counts what happened, with a decoder and a finder of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mediacheck.evaluation.files import BadManifest, FilesReport, evaluate_files
from mediacheck.intake.cage import CagedDecoder
from mediacheck.intake.errors import CageFault, OtherKind, ReaderCrashed, TypeNotTaken
from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.post import Box, Intake, MediaId, MetadataText, Picture
from mediacheck.wiring.engines import make_face_finder

ROOT = Path(__file__).resolve().parents[3]
FILES = ROOT / "../shared/eval/files"
README = ROOT / "README.md"


def a_picture(level: int) -> Picture:
    return Picture(
        width_px=2, height_px=1, rgb=bytes([level] * 6), source_width_px=2, source_height_px=1
    )


class FakeDecoder:
    """Does what the first word of a file says."""

    def decode(self, data: bytes, file_name: str) -> Intake:
        match data.split()[0]:
            case b"gif":
                raise TypeNotTaken(OtherKind.GIF)
            case b"crash":
                raise ReaderCrashed
            case b"fault":
                raise CageFault
        also = (a_picture(255),) if b"beneath" in data else ()
        return Intake(
            picture=a_picture(255 if b"face" in data else 0),
            jpeg=b"",
            also_check=also,
            sha256="",
            format="JPEG",
            metadata=(MetadataText(tag="t", text="Maya"),),
        )


class FakeFinder:
    """Sees one face in every white picture."""

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        if not any(picture.rgb):
            return ()
        box = Box(left=0, top=0, width=1, height=1)
        return (
            FaceFinding(finding_id=FindingId("f"), media_id=media_id, box=box, detectors=("fake",)),
        )


def evaluated(tmp_path: Path, *files: tuple[str, str, bool, str]) -> FilesReport:
    """The report on files of (name, content, hidden face, expectation)."""
    rows = []
    for name, content, hidden, expect in files:
        (tmp_path / name).write_text(content)
        rows.append(json.dumps({"file": name, "hidden_face": hidden, "expect": expect}))
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("\n".join(rows) + "\n")
    return evaluate_files(manifest, FakeDecoder(), FakeFinder())


def test_each_file_is_told_with_what_happened(tmp_path: Path) -> None:
    report = evaluated(
        tmp_path,
        ("a.jpg", "face", True, "decode; 1 face"),
        ("b.gif", "gif", False, "refused: type"),
        ("c.jpg", "plain", False, "decode; no face"),
    )

    assert [(o.file, o.what, o.code, o.faces, o.texts) for o in report.outcomes] == [
        ("a.jpg", "decoded", "", 1, 1),
        ("b.gif", "refused", "type", 0, 0),
        ("c.jpg", "decoded", "", 0, 1),
    ]


def test_a_reader_that_died_and_a_fault_are_crashes(tmp_path: Path) -> None:
    report = evaluated(
        tmp_path, ("a.jpg", "crash", False, "refused"), ("b.jpg", "fault", False, "refused")
    )

    assert report.crashed == ("a.jpg", "b.jpg")
    assert report.as_json()["crashed"] == 2


def test_a_hidden_face_that_nobody_finds_is_missed(tmp_path: Path) -> None:
    report = evaluated(
        tmp_path,
        ("missed.jpg", "plain", True, "decode; 1 face"),
        ("other-reading.png", "beneath", True, "as alpha0"),
        ("refused.gif", "gif", True, "refused: type"),
        ("thumbnail.jpg", "plain", True, "decode; thumbnail gone"),
    )

    assert report.missed_faces == ("missed.jpg",)
    summary = report.as_json()
    assert (summary["missed_faces"], summary["hidden_faces_found"]) == (1, 1)
    assert (summary["hidden_faces_refused"], summary["hidden_faces_left_out"]) == (1, 1)


def test_the_report_is_plain_json(tmp_path: Path) -> None:
    report = evaluated(tmp_path, ("a.jpg", "face", True, "decode"))

    summary = json.loads(json.dumps(report.as_json()))

    assert (summary["decoded"], summary["refused"], summary["hung"]) == (1, {}, 0)
    assert summary["files"][0]["file"] == "a.jpg"


@pytest.mark.parametrize("lines", ["nonsense", "[]", '{"name": 1}', '{"file": "absent.jpg"}'])
def test_a_manifest_that_cannot_be_read_is_an_error(tmp_path: Path, lines: str) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(lines)

    with pytest.raises(BadManifest):
        evaluate_files(manifest, FakeDecoder(), FakeFinder())


def test_without_a_manifest_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(BadManifest):
        evaluate_files(tmp_path / "absent.jsonl", FakeDecoder(), FakeFinder())


@pytest.mark.lane
@pytest.mark.evaluation
@pytest.mark.skipif(not FILES.exists(), reason="the evaluation files are not beside this")
def test_of_the_public_corpus_nothing_crashes_and_nothing_hangs() -> None:
    with CagedDecoder() as decoder:
        report = evaluate_files(FILES / "manifest.jsonl", decoder, None)

    assert len(report.outcomes) == 1_194
    assert report.crashed == ()
    assert report.hung == ()


@pytest.mark.lane
@pytest.mark.evaluation
@pytest.mark.skipif(not FILES.exists(), reason="the evaluation files are not beside this")
def test_the_readme_names_every_hidden_face_that_is_missed(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (FILES / "manifest.jsonl").read_text().splitlines()]
    hidden = [row | {"file": str(FILES / row["file"])} for row in rows if row["hidden_face"]]
    manifest = tmp_path / "hidden.jsonl"
    manifest.write_text("\n".join(map(json.dumps, hidden)) + "\n")
    with CagedDecoder() as decoder:
        report = evaluate_files(manifest, decoder, make_face_finder())
    told = README.read_text(encoding="utf-8").partition("Missed of the hidden faces, by name:")[2]
    told = told.partition("\n\n")[0]

    missed = {Path(file).name for file in report.missed_faces}

    assert missed == set(re.findall(r"[\w]+\.(?:jpg|png)", told))
    assert f"of {len(hidden)} hidden faces" in README.read_text(encoding="utf-8")
