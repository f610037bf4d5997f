"""A detection error trade-off: the two error rates of each threshold, and where a picture has them.

The axes are logarithmic, as in ISO/IEC 19795-1; a rate of 0 has no place on them and stands at the
edge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: The decades that the axes show: false match rate from 1e-6, false non-match rate from 1e-3.
FMR_DECADES = 6
FNMR_DECADES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DetPoint:
    """Both rates at one threshold (a distance)."""

    threshold: float
    fmr: float
    fnmr: float


def placed(
    points: Sequence[DetPoint], width_px: float, height_px: float
) -> tuple[tuple[float, float], ...]:
    """Where each point lies, in pixels from the left and from the top."""
    return tuple(
        (
            width_px * (1 - _depth(point.fmr, FMR_DECADES)),
            height_px * _depth(point.fnmr, FNMR_DECADES),
        )
        for point in points
    )


def _depth(rate: float, decades: int) -> float:
    """0 for a rate of 1, 1 for the smallest that is shown or less."""
    if rate <= 0:
        return 1.0
    return min(1.0, max(0.0, -math.log10(rate) / decades))
