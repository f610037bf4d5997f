"""What ``evaluate names`` counts, and the figures on the evaluation captions and pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from mediacheck.evaluation.name_pictures import BadCases, PicturesTask
from mediacheck.evaluation.names import evaluate_names
from mediacheck.model.post import Box, Picture
from mediacheck.ports.engines import TextLine

EVALUATION = Path(__file__).resolve().parents[3] / "../shared/eval/names"
HEADER = (
    "student_id,given_name,middle_name,family_name,suffix,preferred_name,other_names,"
    "birth_date,grade,school,classes,guardian_emails,status"
)
ROOM = "lincoln/room-1"


class OneLineReader:
    """Reads the same lines in every picture."""

    def __init__(self, *lines: tuple[str, float], name: str = "one line") -> None:
        self._lines = lines
        self.name = name

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        """The lines, one under the other, far apart."""
        return tuple(
            TextLine(text=text, score=score, box=Box(left=4, top=200 * row, width=180, height=40))
            for row, (text, score) in enumerate(self._lines)
        )


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    rows = [
        f"S1,Maya,,Lopez,,,,,3,lincoln,{ROOM},,active",
        f"S2,Grace,,Oduya,,,,,3,lincoln,{ROOM},,active",
    ]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return path


def cases_file(folder: Path, *cases: tuple[str, list[tuple[list[int], str]]]) -> Path:
    path = folder / "cases.jsonl"
    rows = [
        {
            "text": text,
            "class": ROOM,
            "mentions": [
                {"span": span, "student": student, "form": "full"} for span, student in mentions
            ],
        }
        for text, mentions in cases
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def pictures_file(folder: Path, students: Sequence[str]) -> Path:
    Image.new("RGB", (200, 900), "white").save(folder / "one.png")
    path = folder / "pictures.json"
    truth = [{"student": student, "form": "full"} for student in students]
    path.write_text(json.dumps([{"file": "one.png", "class": ROOM, "truth": truth}]))
    return path


def test_a_mention_counts_when_an_alert_covers_it_with_the_student(
    roster: Path, tmp_path: Path
) -> None:
    cases = cases_file(
        tmp_path,
        ("Maya Lopez won", [([0, 10], "S1")]),
        ("Maya Lopez won", [([0, 10], "S2")]),
        ("The girl in red won", [([0, 8], "S2")]),
    )

    report = evaluate_names(roster, cases)

    assert report.recall == pytest.approx(1 / 3)
    assert report.precision == 1.0
    assert report.by_form["full"]["found"] == 1


def test_a_clean_caption_is_interrupted_by_any_alert_and_blocked_by_a_certain_one(
    roster: Path, tmp_path: Path
) -> None:
    cases = cases_file(
        tmp_path, ("Maya sang", []), ("Maya Lopez sang", []), ("We sang", []), ("Grace period", [])
    )

    report = evaluate_names(roster, cases)

    assert (report.clean_interrupted, report.clean_blocked) == (0.5, 0.25)
    assert report.precision == 0.0


def test_pictures_count_found_flagged_and_false(roster: Path, tmp_path: Path) -> None:
    cases = cases_file(tmp_path, ("We sang", []))
    pictures = pictures_file(tmp_path, ["S1"])
    reader = OneLineReader(("GRACE ODUYA", 0.99), ("Wqrtn Lyb", 0.6))

    report = evaluate_names(roster, cases, pictures=PicturesTask(manifest=pictures, reader=reader))

    assert report.pictures is not None
    assert (report.pictures.all.planted, report.pictures.all.found) == (1, 0)
    assert (report.pictures.all.flagged, report.pictures.all.false_alerts) == (1, 1)


def test_pictures_are_counted_kind_by_kind(roster: Path, tmp_path: Path) -> None:
    cases = cases_file(tmp_path, ("We sang", []))
    manifest = pictures_file(tmp_path, ["S1"])
    (row,) = json.loads(manifest.read_text())
    rows = [row | {"category": "jersey"}, row | {"category": "clean", "truth": []}]
    manifest.write_text(json.dumps(rows))

    report = evaluate_names(
        roster,
        cases,
        pictures=PicturesTask(manifest=manifest, reader=OneLineReader(("MAYA LOPEZ", 0.99))),
    )

    assert report.pictures is not None
    kinds = report.pictures.by_kind
    assert [*kinds] == ["clean", "jersey"]
    assert (kinds["jersey"].found, kinds["jersey"].false_alerts) == (1, 0)
    assert (kinds["clean"].planted, kinds["clean"].false_alerts) == (0, 1)
    assert (report.pictures.all.pictures, report.pictures.all.found) == (2, 1)
    (line,) = [line for line in report.as_text().splitlines() if "jersey" in line]
    assert "1 of 1" in line


def test_a_manifest_that_names_no_picture_is_refused(roster: Path, tmp_path: Path) -> None:
    manifest = pictures_file(tmp_path, ["S1"])
    (tmp_path / "one.png").unlink()

    with pytest.raises(BadCases):
        evaluate_names(
            roster,
            cases_file(tmp_path),
            pictures=PicturesTask(manifest=manifest, reader=OneLineReader()),
        )


def test_the_report_has_the_promised_keys(roster: Path, tmp_path: Path) -> None:
    cases = cases_file(tmp_path, ("Maya Lopez won", [([0, 10], "S1")]))
    reader = OneLineReader(("MAYA LOPEZ", 0.99))

    report = evaluate_names(
        roster,
        cases,
        pictures=PicturesTask(manifest=pictures_file(tmp_path, ["S1"]), reader=reader),
    ).as_json()

    keys = {"recall", "precision", "clean_interrupted", "clean_blocked", "us_per_caption"}
    assert keys | {"by_form", "pictures"} <= report.keys()
    assert json.loads(json.dumps(report)) == report
    assert isinstance(report["pictures"], dict)
    assert report["pictures"].keys() >= {
        "planted",
        "found",
        "flagged",
        "false_alerts",
        "seconds_per_picture",
    }


def test_a_grown_roster_is_timed_beside_the_one_given(roster: Path, tmp_path: Path) -> None:
    cases = cases_file(tmp_path, ("Maya Lopez won", [([0, 10], "S1")]))

    report = evaluate_names(roster, cases, grow_to=40)

    assert report.grown is not None
    assert report.grown.students == 40
    assert report.grown.us_per_caption > 0
    assert report.grown.ratio > 0
    assert "40 students" in report.as_text()
    assert report.us_per_first_caption > 0


def test_no_cases_at_all_give_a_report(roster: Path, tmp_path: Path) -> None:
    report = evaluate_names(roster, cases_file(tmp_path))

    assert (report.recall, report.precision, report.us_per_caption) == (1.0, 1.0, 0.0)
    assert "recall" in report.as_text()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "x"}', '{"text": "", "class": "", "mentions": [{"span": "0"}]}']
)
def test_cases_that_cannot_be_read_are_refused(roster: Path, tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(line)

    with pytest.raises(BadCases):
        evaluate_names(roster, path)


def test_a_roster_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCases):
        evaluate_names(tmp_path / "nothing.csv", cases_file(tmp_path))


def test_another_reader_sees_the_same_pictures_in_the_same_run(
    roster: Path, tmp_path: Path
) -> None:
    task = PicturesTask(
        manifest=pictures_file(tmp_path, ["S1"]),
        reader=OneLineReader(("MAYA LOPEZ", 0.99)),
        recipe=OneLineReader(("WINDY DAY", 0.99), name="Other 1.0"),
    )

    report = evaluate_names(roster, cases_file(tmp_path), pictures=task)

    assert report.pictures is not None
    assert report.pictures.recipe is not None
    assert (report.pictures.all.found, report.pictures.recipe.counts.found) == (1, 0)
    written = report.as_json()["pictures"]
    assert isinstance(written, dict)
    assert written["recipe"]["ratio"] > 0
    assert "plain Other 1.0" in report.as_text()
    assert "0 of 1 found" in report.as_text()


@pytest.mark.lane
@pytest.mark.evaluation
def test_the_evaluation_captions_reach_the_bar() -> None:
    if not EVALUATION.is_dir():
        pytest.skip("the evaluation captions are not beside this checkout")

    report = evaluate_names(EVALUATION / "roster_5000.csv", EVALUATION / "captions.jsonl")

    assert report.recall >= 0.990
    assert report.precision >= 0.985
    assert report.clean_interrupted <= 0.02
    assert report.clean_blocked == 0.0
    assert report.us_per_caption < 1000  # 300 where nothing else runs


@pytest.mark.slow
@pytest.mark.lane
@pytest.mark.evaluation
def test_a_caption_costs_hardly_more_in_a_roster_twenty_times_as_large() -> None:
    if not EVALUATION.is_dir():
        pytest.skip("the evaluation captions are not beside this checkout")

    report = evaluate_names(
        EVALUATION / "roster_5000.csv", EVALUATION / "captions.jsonl", grow_to=100_000
    )

    assert report.grown is not None
    assert report.grown.ratio <= 1.3


@pytest.mark.slow
@pytest.mark.lane
@pytest.mark.evaluation
def test_the_evaluation_pictures_reach_the_bar(tmp_path: Path) -> None:
    if not EVALUATION.is_dir():
        pytest.skip("the evaluation pictures are not beside this checkout")
    from mediacheck.findings.text_rapidocr import RapidOcrReader

    report = evaluate_names(
        EVALUATION / "roster_5000.csv",
        cases_file(tmp_path),
        pictures=PicturesTask(manifest=EVALUATION / "pictures.json", reader=RapidOcrReader()),
    ).pictures

    assert report is not None
    counts = report.all
    assert counts.found >= 0.97 * counts.planted
    assert counts.found + counts.flagged >= 0.99 * counts.planted
    assert counts.false_alerts == 0
