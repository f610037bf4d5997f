"""The rules against the oracle, over many random histories of one student."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.release_db.histories import compare

#: Every answer but the one for a student nobody knows.
ANSWERS = 13


def test_the_oracle_agrees_over_a_few_thousand_histories() -> None:
    seen = compare(1, 3_000)

    assert len(seen) == ANSWERS
    assert min(seen.values()) > 3_000 * 0.04


@pytest.mark.lane
def test_the_oracle_agrees_over_a_hundred_thousand_histories() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        seen = sum(pool.map(compare, range(2, 12), [10_000] * 10), Counter[str]())

    print(f"{seen.total():,} histories: {dict(seen.most_common())}")
    assert seen.total() == 100_000
    assert min(seen.values()) > 100_000 * 0.04
