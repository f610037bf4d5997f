"""Sessions end: by hand, by idleness, by age, and with the standing they were opened on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.accounts.sessions import close_session, open_session, staff_of_session_or_none
from mediacheck.accounts.tokens import token_sha256
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.ports.accounts import Accounts
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.services import Work
from release_db.words import SchoolKey
from tests.fakes import CountingIds, FixedClock


@pytest.fixture
def token(work: Work, clock: Clock, ids: Ids, teacher: StaffMember) -> str:
    return open_session(work.accounts, teacher.staff_id, clock, ids, replaces=None)


def test_a_token_opens_its_owners_session(
    work: Work, clock: FixedClock, token: str, teacher: StaffMember
) -> None:
    assert staff_of_session_or_none(work.accounts, token, clock) == teacher


def test_a_token_is_kept_nowhere_but_as_a_hash(work: Work, token: str) -> None:
    assert work.accounts.session_or_none(token) is None
    assert work.accounts.session_or_none(token_sha256(token)) is not None


def test_an_unknown_token_opens_nothing(work: Work, clock: FixedClock, token: str) -> None:
    assert staff_of_session_or_none(work.accounts, token + "0", clock) is None


def test_a_session_ends_after_thirty_idle_minutes(
    work: Work, clock: FixedClock, token: str
) -> None:
    clock.move(timedelta(minutes=29))
    assert staff_of_session_or_none(work.accounts, token, clock) is not None
    clock.move(timedelta(minutes=29))
    assert staff_of_session_or_none(work.accounts, token, clock) is not None

    clock.move(timedelta(minutes=30))
    assert staff_of_session_or_none(work.accounts, token, clock) is None


def test_a_session_in_use_ends_after_twelve_hours(
    work: Work, clock: FixedClock, token: str
) -> None:
    for _ in range(36):
        assert staff_of_session_or_none(work.accounts, token, clock) is not None
        clock.move(timedelta(minutes=20))

    assert staff_of_session_or_none(work.accounts, token, clock) is None


def test_signing_in_ends_the_session_that_the_browser_held(
    work: Work, clock: FixedClock, ids: CountingIds, token: str, teacher: StaffMember
) -> None:
    fresh = open_session(work.accounts, teacher.staff_id, clock, ids, replaces=token)

    assert fresh != token
    assert staff_of_session_or_none(work.accounts, token, clock) is None
    assert staff_of_session_or_none(work.accounts, fresh, clock) == teacher


def test_signing_out_ends_the_session_and_is_recorded(
    work: Work, clock: FixedClock, token: str, teacher: StaffMember
) -> None:
    close_session(work, token, teacher.staff_id)

    assert staff_of_session_or_none(work.accounts, token, clock) is None
    assert [entry.event for entry in work.audit.entries()] == [Event.SIGNED_OUT]


@pytest.mark.parametrize(
    "change",
    [{"role": Role.COMMUNICATIONS}, {"schools": (SchoolKey("hoover"),)}, {"is_active": False}],
)
def test_a_changed_standing_ends_every_session(
    work: Work, clock: FixedClock, token: str, teacher: StaffMember, change: dict[str, object]
) -> None:
    work.accounts.save_staff(replace(teacher, **change))

    assert staff_of_session_or_none(work.accounts, token, clock) is None


def test_a_changed_name_ends_no_session(
    work: Work, clock: FixedClock, token: str, teacher: StaffMember
) -> None:
    work.accounts.save_staff(replace(teacher, name="Thu Tran-Lee"))

    assert staff_of_session_or_none(work.accounts, token, clock) is not None


def test_a_new_password_ends_every_session(
    work: Work, clock: FixedClock, token: str, teacher: StaffMember
) -> None:
    work.accounts.set_password_hash(teacher.staff_id, "hash")

    assert staff_of_session_or_none(work.accounts, token, clock) is None


def test_a_session_in_use_is_written_once_a_minute_at_most(
    work: Work, clock: FixedClock, token: str
) -> None:
    accounts: Accounts = work.accounts
    opened_at = clock.now()
    clock.move(timedelta(seconds=59))
    staff_of_session_or_none(accounts, token, clock)
    session = accounts.session_or_none(token_sha256(token))

    assert session is not None
    assert session.used_at == opened_at
