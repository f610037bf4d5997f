"""Which known works a picture looks like."""

from __future__ import annotations

from mediacheck.model.post import MediaId
from mediacheck.model.works import KnownWork
from mediacheck.resolution.thresholds import SAME_WORK_BITS
from mediacheck.resolution.work_match import WorkIndex

MINE = 0x0123456789ABCDEF


def apart(bits: int) -> str:
    """A print that differs in so many bits."""
    return f"{MINE ^ ((1 << bits) - 1):016x}"


def known(media_id: str, *bits: int) -> KnownWork:
    return KnownWork(media_id=MediaId(media_id), prints=tuple(map(apart, bits)))


def test_the_closest_parts_of_two_pictures_count_up_to_the_bar() -> None:
    works = [known("far", SAME_WORK_BITS + 1), known("near", 30, SAME_WORK_BITS)]

    assert WorkIndex(works).like([apart(64), apart(0)]) == ("near",)


def test_the_closest_work_comes_first_and_equals_by_id() -> None:
    works = [known("c", 3), known("b", 3), known("a", 7), known("d", 0)]

    assert WorkIndex(works).like([apart(0)]) == ("d", "b", "c", "a")


def test_a_blank_picture_looks_like_nothing() -> None:
    assert WorkIndex([known("a", 0)]).like([]) == ()
    assert WorkIndex([]).like([apart(0)]) == ()
