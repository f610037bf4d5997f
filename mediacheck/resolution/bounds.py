"""How large an error rate may be, after so many trials with so few errors."""

from __future__ import annotations

import math

_CONFIDENCE = 0.95


def upper_bound(errors: int, trials: int) -> float:
    """The largest error rate that ``errors`` in ``trials`` do not rule out (one-sided, 95 %).

    Exact, by C. J. Clopper and E. S. Pearson, Biometrika 26 (1934); with no error it is the "rule
    of three", about 3 / trials (ISO/IEC 19795-1, B.1). The trials are taken to be independent.
    """
    if errors >= trials:
        return 1.0
    if errors == 0:
        return float(1 - (1 - _CONFIDENCE) ** (1 / trials))
    low, high = errors / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _chance_of_at_most(errors, trials, middle) > 1 - _CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def fewest_trials(bound: float) -> int:
    """So many trials without an error bound the rate at ``bound``, which lies in 0 to 1."""
    return math.ceil(math.log(1 - _CONFIDENCE) / math.log1p(-bound))


def rounded_up(bound: float) -> float:
    """A bound in two figures, to be printed with as many: rounded down it would be none."""
    if bound <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(bound)) - 1)
    # What is a step too much by the arithmetic alone is not taken for more.
    return min(1.0, math.ceil(round(bound / step, 6)) * step)


def _chance_of_at_most(errors: int, trials: int, rate: float) -> float:
    """The binomial distribution, summed in logarithms. ``rate`` lies between 0 and 1."""
    whole = math.lgamma(trials + 1)
    return sum(
        math.exp(
            whole
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(rate)
            + (trials - count) * math.log1p(-rate)
        )
        for count in range(errors + 1)
    )
