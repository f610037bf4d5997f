"""Guessing gets slower and slower, and nobody is ever locked out for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.accounts.errors import Throttled
from mediacheck.accounts.throttle import (
    ACCOUNT_LIMIT,
    ADDRESS_LIMIT,
    Origin,
    counts_for,
    new_browser_mark,
    require_no_wait,
)
from mediacheck.ports.services import Work
from tests.fakes import CountingIds, FixedClock

KEY = b"s" * 32
EMAIL = "t.tran@district.example"
STRANGER = Origin(address="203.0.113.9")


def fail(work: Work, clock: FixedClock, origin: Origin, times: int, email: str = EMAIL) -> None:
    for _ in range(times):
        for count in counts_for(email, origin, KEY):
            work.accounts.count_failure(count.key, clock.now())


def require(work: Work, clock: FixedClock, origin: Origin, email: str = EMAIL) -> None:
    require_no_wait(work.accounts, counts_for(email, origin, KEY), clock.now())


def test_a_few_failures_cost_nothing(work: Work, clock: FixedClock) -> None:
    fail(work, clock, STRANGER, 4)

    require(work, clock, STRANGER)


def test_the_fifth_failure_makes_the_next_attempt_wait(work: Work, clock: FixedClock) -> None:
    fail(work, clock, STRANGER, 5)

    with pytest.raises(Throttled, match="Wait 10 seconds"):
        require(work, clock, STRANGER)
    clock.move(timedelta(seconds=10))
    require(work, clock, STRANGER)


def test_the_wait_doubles_and_never_passes_twenty_minutes() -> None:
    waits = [ACCOUNT_LIMIT.wait_after(failures).total_seconds() for failures in range(4, 14)]

    assert waits == [0, 10, 20, 40, 80, 160, 320, 640, 1200, 1200]
    assert ACCOUNT_LIMIT.wait_after(10**9) == timedelta(minutes=20)


def test_a_patient_guesser_gets_fewer_than_a_hundred_guesses_a_day(
    work: Work, clock: FixedClock
) -> None:
    end = clock.now() + timedelta(days=1)
    guesses = 0
    while clock.now() < end:
        try:
            require(work, clock, STRANGER)
        except Throttled as throttled:
            clock.move(timedelta(seconds=throttled.wait_s))
        else:
            fail(work, clock, STRANGER, 1)
            guesses += 1

    assert guesses == 82


def test_case_makes_no_other_account(work: Work, clock: FixedClock) -> None:
    fail(work, clock, STRANGER, 5, email=EMAIL.upper())

    with pytest.raises(Throttled):
        require(work, clock, Origin(address="198.51.100.4"))


def test_one_address_cannot_try_many_accounts(work: Work, clock: FixedClock) -> None:
    for number in range(ADDRESS_LIMIT.free):
        fail(work, clock, STRANGER, 1, email=f"somebody{number}@district.example")

    with pytest.raises(Throttled):
        require(work, clock, STRANGER, email="untried@district.example")


def test_a_stranger_cannot_keep_a_known_browser_out(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    known = Origin(address="192.0.2.1", browser_mark=new_browser_mark(EMAIL, ids, KEY))
    fail(work, clock, STRANGER, 40)

    require(work, clock, known)


def test_a_known_browser_has_a_limit_of_its_own(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    known = Origin(address="192.0.2.1", browser_mark=new_browser_mark(EMAIL, ids, KEY))
    fail(work, clock, known, 5)

    with pytest.raises(Throttled):
        require(work, clock, known)


@pytest.mark.parametrize("forged", ["", "x", "nonce.mac", "nonce.", ".é"])
def test_a_forged_mark_counts_for_nothing(work: Work, clock: FixedClock, forged: str) -> None:
    fail(work, clock, STRANGER, 5)

    with pytest.raises(Throttled):
        require(work, clock, Origin(address="192.0.2.1", browser_mark=forged))


def test_the_mark_of_another_account_counts_for_nothing(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    fail(work, clock, STRANGER, 5)
    mark = new_browser_mark("other@district.example", ids, KEY)

    with pytest.raises(Throttled):
        require(work, clock, Origin(address="192.0.2.1", browser_mark=mark))


def test_the_count_tells_nobodys_address() -> None:
    for count in counts_for(EMAIL, STRANGER, KEY):
        assert EMAIL not in count.key
        assert STRANGER.address not in count.key
