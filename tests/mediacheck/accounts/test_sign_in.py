"""Signing in: the right password opens, and everything else gets one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.accounts.errors import SignInRefused, Throttled
from mediacheck.accounts.passwords import hash_password
from mediacheck.accounts.sessions import staff_of_session_or_none
from mediacheck.accounts.sign_in import (
    Attempt,
    begin_attempt,
    change_password,
    complete_attempt,
    is_right_password,
    refuse_attempt,
)
from mediacheck.accounts.throttle import Origin
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.ports.services import Work
from tests.fakes import CountingIds, FixedClock

KEY = b"s" * 32
PASSWORD = "tangle violin harbor mops"  # noqa: S105 - of a made-up account.
HASH = hash_password(PASSWORD)
ORIGIN = Origin(address="203.0.113.9")


@pytest.fixture
def ready(work: Work, teacher: StaffMember) -> StaffMember:
    work.accounts.set_password_hash(teacher.staff_id, HASH)
    return teacher


def attempt_for(work: Work, clock: FixedClock, email: str) -> Attempt:
    return begin_attempt(work, email, ORIGIN, clock, KEY)


def test_the_right_password_opens_a_session(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    attempt = attempt_for(work, clock, "t.tran@DISTRICT.example")
    assert is_right_password(attempt, PASSWORD)

    token = complete_attempt(work, attempt, clock, ids, replaces=None)

    assert staff_of_session_or_none(work.accounts, token, clock) == ready
    assert [entry.event for entry in work.audit.entries()] == [Event.SIGNED_IN]


def test_a_wrong_password_is_not_right(work: Work, clock: FixedClock, ready: StaffMember) -> None:
    assert not is_right_password(attempt_for(work, clock, ready.email), PASSWORD.upper())


def test_an_unknown_address_is_never_right(
    work: Work, clock: FixedClock, ready: StaffMember
) -> None:
    attempt = attempt_for(work, clock, "nobody@district.example")

    assert not is_right_password(attempt, PASSWORD)


def test_a_closed_account_is_never_right(work: Work, clock: FixedClock, ready: StaffMember) -> None:
    work.accounts.save_staff(replace(ready, is_active=False))

    assert not is_right_password(attempt_for(work, clock, ready.email), PASSWORD)


def test_an_account_without_a_password_is_never_right(
    work: Work, clock: FixedClock, teacher: StaffMember
) -> None:
    assert not is_right_password(attempt_for(work, clock, teacher.email), "")


def test_many_attempts_at_once_do_not_pass_the_limit_together(
    work: Work, clock: FixedClock, ready: StaffMember
) -> None:
    for _ in range(5):
        attempt_for(work, clock, ready.email)

    with pytest.raises(Throttled):
        attempt_for(work, clock, ready.email)


def test_an_unknown_address_is_slowed_down_like_a_known_one(work: Work, clock: FixedClock) -> None:
    for _ in range(5):
        attempt_for(work, clock, "nobody@district.example")

    with pytest.raises(Throttled):
        attempt_for(work, clock, "nobody@district.example")


def test_a_good_sign_in_forgets_the_failures(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    for _ in range(4):
        refuse_attempt(work, attempt_for(work, clock, ready.email), clock)
    complete_attempt(work, attempt_for(work, clock, ready.email), clock, ids, replaces=None)

    for _ in range(5):
        attempt_for(work, clock, ready.email)


def test_good_sign_ins_never_slow_down_their_address(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    for _ in range(60):
        complete_attempt(work, attempt_for(work, clock, ready.email), clock, ids, replaces=None)


def test_a_failure_is_recorded_without_the_address_that_was_typed(
    work: Work, clock: FixedClock, ready: StaffMember
) -> None:
    refuse_attempt(work, attempt_for(work, clock, "nobody@district.example"), clock)
    refuse_attempt(work, attempt_for(work, clock, ready.email), clock)

    unknown, known = work.audit.entries()
    assert (unknown.event, unknown.actor, unknown.subject) == (Event.SIGN_IN_FAILED, "unknown", "")
    assert known.subject == ready.staff_id


def test_an_account_that_is_closed_meanwhile_opens_nothing(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    attempt = attempt_for(work, clock, ready.email)
    work.accounts.save_staff(replace(ready, is_active=False))

    with pytest.raises(SignInRefused):
        complete_attempt(work, attempt, clock, ids, replaces=None)


def test_a_password_that_is_changed_meanwhile_opens_nothing(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    attempt = attempt_for(work, clock, ready.email)
    work.accounts.set_password_hash(ready.staff_id, "other")

    with pytest.raises(SignInRefused):
        complete_attempt(work, attempt, clock, ids, replaces=None)


def test_nobody_is_completed_without_an_account(
    work: Work, clock: FixedClock, ids: CountingIds
) -> None:
    with pytest.raises(SignInRefused):
        complete_attempt(work, attempt_for(work, clock, "x@y.example"), clock, ids, replaces=None)


def test_a_new_password_ends_the_old_sessions_and_opens_one(
    work: Work, clock: FixedClock, ids: CountingIds, ready: StaffMember
) -> None:
    attempt = attempt_for(work, clock, ready.email)
    old = complete_attempt(work, attempt, clock, ids, replaces=None)

    new = change_password(work, attempt, "new hash", clock, ids)

    assert staff_of_session_or_none(work.accounts, old, clock) is None
    assert staff_of_session_or_none(work.accounts, new, clock) == ready
    assert work.accounts.password_hash_or_none(ready.staff_id) == "new hash"
