"""A smaller evaluation of names on a made-up district, which any checkout can run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.evaluation.name_pictures import PicturesReport, PicturesTask
from mediacheck.evaluation.names import NamesReport, evaluate_names
from mediacheck.ports.engines import TextReader
from tests.mediacheck.findings.made_names import (
    FORMS,
    cases_file,
    made_captions,
    made_roster,
    roster_file,
)
from tests.mediacheck.findings.made_pictures import KINDS, made_pictures

ROSTER = made_roster(400, seed=7)
#: Seeds of rosters and captions that nothing was tuned on.
UNSEEN = ((7, 11), (2026, 1128), (31_337, 4))


@pytest.fixture(scope="module", params=UNSEEN, ids=str)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NamesReport:
    roster_seed, captions_seed = request.param
    folder = tmp_path_factory.mktemp("made")
    roster = made_roster(400, seed=roster_seed)
    cases = cases_file(folder, made_captions(roster, 760, seed=captions_seed))
    return evaluate_names(roster_file(folder, roster), cases)


def test_the_same_seed_makes_the_same_district() -> None:
    assert made_roster(50, seed=3) == made_roster(50, seed=3) != made_roster(50, seed=4)
    assert [*made_captions(ROSTER, 20, seed=3)] == [*made_captions(ROSTER, 20, seed=3)]


def test_names_of_a_made_up_district_are_found(report: NamesReport) -> None:
    assert report.recall >= 0.99
    assert report.precision >= 0.985
    assert report.by_form.keys() == FORMS.keys()


def test_clean_captions_of_a_made_up_district_go_through(report: NamesReport) -> None:
    assert report.clean_interrupted <= 0.02
    assert report.clean_blocked == 0.0


@pytest.fixture(scope="module")
def reader() -> TextReader:
    from mediacheck.findings.text_rapidocr import RapidOcrReader

    return RapidOcrReader()


def measured(folder: Path, reader: TextReader, count: int, seed: int) -> PicturesReport:
    report = evaluate_names(
        roster_file(folder, ROSTER),
        cases_file(folder, made_captions(ROSTER, 2)),
        pictures=PicturesTask(
            manifest=made_pictures(folder, ROSTER, count, seed=seed), reader=reader
        ),
    ).pictures
    assert report is not None
    return report


@pytest.mark.slow
def test_names_in_one_made_up_picture_of_each_kind_are_found(
    tmp_path: Path, reader: TextReader
) -> None:
    report = measured(tmp_path, reader, count=1, seed=5)

    assert report.by_kind.keys() == KINDS.keys()
    assert report.all.found + report.all.flagged == report.all.planted == 9
    assert report.all.false_alerts == 0


@pytest.mark.slow
@pytest.mark.lane
def test_names_in_made_up_pictures_are_found(tmp_path: Path, reader: TextReader) -> None:
    counts = measured(tmp_path, reader, count=8, seed=6).all

    assert counts.found >= 0.97 * counts.planted
    assert counts.found + counts.flagged >= 0.99 * counts.planted
    assert counts.false_alerts == 0
