"""A smaller evaluation of names on a made-up district, which any checkout can run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediacheck.evaluation.names import NamesReport, evaluate_names
from tests.mediacheck.findings.made_names import (
    FORMS,
    cases_file,
    made_captions,
    made_pictures,
    made_roster,
    roster_file,
)

ROSTER = made_roster(400, seed=7)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> NamesReport:
    folder = tmp_path_factory.mktemp("made")
    cases = cases_file(folder, made_captions(ROSTER, 1_000, seed=11))
    return evaluate_names(roster_file(folder, ROSTER), cases)


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


@pytest.mark.slow
@pytest.mark.lane
def test_names_on_made_up_cards_are_found(tmp_path: Path) -> None:
    from mediacheck.findings.text_rapidocr import RapidOcrReader

    pictures = evaluate_names(
        roster_file(tmp_path, ROSTER),
        cases_file(tmp_path, made_captions(ROSTER, 2)),
        pictures=made_pictures(tmp_path, ROSTER, 12, seed=5),
        reader=RapidOcrReader(),
    ).pictures

    assert pictures is not None
    assert pictures.found >= 0.97 * pictures.planted
    assert pictures.false_alerts == 0
