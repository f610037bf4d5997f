"""Which of the works that are known a picture looks like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mediacheck.model.post import MediaId
from mediacheck.model.works import KnownWork
from mediacheck.resolution.thresholds import SAME_WORK_BITS


def works_like(prints: Sequence[str], known: Sequence[KnownWork]) -> tuple[MediaId, ...]:
    """The known works that the picture looks like, the closest first, then by id."""
    if not prints or not known:
        return ()
    mine = _numbers(prints)
    rows = _numbers(one for work in known for one in work.prints)
    owners = np.repeat(np.arange(len(known)), [len(work.prints) for work in known])
    apart = np.bitwise_count(rows[:, None] ^ mine[None, :]).min(axis=1)
    closest = np.full(len(known), np.iinfo(np.uint8).max, dtype=np.uint8)
    np.minimum.at(closest, owners, apart)
    found = [index for index, bits in enumerate(closest) if bits <= SAME_WORK_BITS]
    found.sort(key=lambda index: (closest[index], known[index].media_id))
    return tuple(known[index].media_id for index in found)


def _numbers(prints: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([int(one, 16) for one in prints], dtype=np.uint64)
