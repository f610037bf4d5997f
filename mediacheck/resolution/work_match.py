"""Which of the works that are known a picture looks like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mediacheck.model.post import MediaId
from mediacheck.model.works import KnownWork
from mediacheck.resolution.thresholds import SAME_WORK_BITS


class WorkIndex:
    """The known works, ready to be searched with the prints of one picture after another."""

    def __init__(self, known: Sequence[KnownWork]) -> None:
        """Takes the works as they are now."""
        self._ids = [work.media_id for work in known]
        self._prints = _numbers(one for work in known for one in work.prints)
        self._owners = np.repeat(np.arange(len(known)), [len(work.prints) for work in known])

    def like(self, prints: Sequence[str]) -> tuple[MediaId, ...]:
        """The works that a picture looks like, the closest first, then by id."""
        if not prints or not self._ids:
            return ()
        apart = np.bitwise_count(self._prints[:, None] ^ _numbers(prints)[None, :]).min(axis=1)
        closest = np.full(len(self._ids), np.iinfo(np.uint8).max, dtype=np.uint8)
        np.minimum.at(closest, self._owners, apart)
        near = np.flatnonzero(closest <= SAME_WORK_BITS)
        found = sorted((int(closest[index]), self._ids[index]) for index in near)
        return tuple(media_id for _, media_id in found)


def _numbers(prints: Iterable[str]) -> NDArray[np.uint64]:
    return np.array([int(one, 16) for one in prints], dtype=np.uint64)
