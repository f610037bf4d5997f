"""The bars of a district's own recogniser lie below every pair of different people."""

from __future__ import annotations

import numpy as np
import pytest

from mediacheck.evaluation.own_bars import FEWEST_PAIRS, TooFewPeople, bars_from
from release_db.words import StudentId


def people(count: int, each: int = 2, spread: float = 0.1) -> dict[StudentId, list[bytes]]:
    chance = np.random.default_rng(4)
    known: dict[StudentId, list[bytes]] = {}
    for number in range(count):
        middle = chance.standard_normal(32)
        known[StudentId(f"s{number}")] = []
        for _ in range(each):
            vector = middle + spread * chance.standard_normal(32)
            template = (vector / np.linalg.norm(vector)).astype("<f4").tobytes()
            known[StudentId(f"s{number}")].append(template)
    return known


def test_no_two_people_match_within_the_bar() -> None:
    known = people(60)

    bars = bars_from(known, "made up")

    vectors = {who: np.frombuffer(templates[0], "<f4") for who, templates in known.items()}
    nearest = min(
        float(np.linalg.norm(one - other))
        for who, one in vectors.items()
        for whom, other in vectors.items()
        if who != whom
    )
    assert 0 < bars.max_distance < nearest
    assert bars.max_distance < bars.candidate_distance
    assert bars.margin > 0
    assert bars.decade > 0
    assert bars.impostor_pairs == 60 * 59 // 2 * 4
    assert bars.fmr >= 3 / bars.impostor_pairs
    assert bars.population == "made up"


def test_too_few_people_set_no_bar() -> None:
    few = people(39)
    assert FEWEST_PAIRS > 39 * 38 // 2 * 4

    with pytest.raises(TooFewPeople, match="more people"):
        bars_from(few, "made up")
