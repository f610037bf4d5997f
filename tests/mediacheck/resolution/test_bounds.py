"""The bound of an error rate is exact, and as wide as few trials make it."""

from __future__ import annotations

import pytest

from mediacheck.resolution.bounds import fewest_trials, rounded_up, upper_bound


def test_no_error_in_n_trials_bounds_the_rate_at_three_over_n() -> None:
    assert upper_bound(0, 1000) == pytest.approx(3 / 1000, rel=0.01)


@pytest.mark.parametrize(
    ("errors", "trials", "bound"), [(1, 100, 0.0466), (5, 100, 0.1023), (10, 20, 0.698)]
)
def test_the_bound_is_that_of_clopper_and_pearson(errors: int, trials: int, bound: float) -> None:
    assert upper_bound(errors, trials) == pytest.approx(bound, abs=5e-4)


@pytest.mark.parametrize(("errors", "trials"), [(0, 0), (7, 7)])
def test_nothing_but_errors_bounds_nothing(errors: int, trials: int) -> None:
    assert upper_bound(errors, trials) == 1


@pytest.mark.parametrize(("bound", "trials"), [(0.01, 299), (0.03, 99), (0.5, 5)])
def test_the_fewest_trials_are_just_enough(bound: float, trials: int) -> None:
    assert fewest_trials(bound) == trials
    assert upper_bound(0, trials) <= bound < upper_bound(0, trials - 1)


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        (upper_bound(0, 98), "0.031"),
        (0.0301, "0.031"),
        (0.03, "0.03"),
        (0.07, "0.07"),
        (9.41e-6, "9.5e-06"),
        (0.999, "1"),
        (1.0, "1"),
        (0.0, "0"),
    ],
)
def test_a_bound_is_printed_as_one(bound: float, words: str) -> None:
    assert f"{rounded_up(bound):.2g}" == words
