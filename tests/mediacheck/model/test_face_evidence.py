"""Grades fall into bands, however a roster writes them; a curve stays within its picture."""

from __future__ import annotations

import pytest

from mediacheck.model.det_curve import DetPoint, placed
from mediacheck.model.face_evidence import Band, band_of


@pytest.mark.parametrize(
    ("grade", "band"),
    [
        ("KG", Band.EARLY),
        ("pre-k", Band.EARLY),
        ("02", Band.EARLY),
        ("3", Band.MIDDLE),
        ("5th", Band.MIDDLE),
        ("Grade 7", Band.UPPER),
        ("12", Band.HIGH),
        ("", Band.UNKNOWN),
        ("Other", Band.UNKNOWN),
        ("99", Band.UNKNOWN),
    ],
)
def test_a_grade_falls_into_its_band(grade: str, band: Band) -> None:
    assert band_of(grade) is band


def test_a_rate_of_one_is_at_the_right_or_top_and_none_at_the_edge() -> None:
    points = [
        DetPoint(threshold=0.1, fmr=0.0, fnmr=1.0),
        DetPoint(threshold=0.2, fmr=1e-3, fnmr=10**-1.5),
        DetPoint(threshold=0.3, fmr=1.0, fnmr=0.0),
    ]

    first, middle, last = placed(points, 600, 300)

    assert first == (0, 0)
    assert middle == pytest.approx((300, 150))
    assert last == (600, 300)
