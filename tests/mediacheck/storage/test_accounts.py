"""Accounts are kept as they are; the rest of their behaviour is shown in the accounts' tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as SqlSession

from mediacheck.errors import NotFound, Outdated
from mediacheck.model.people import Role, Session, StaffId, StaffMember
from mediacheck.storage.accounts import SqlAccounts
from mediacheck.storage.base import Base
from release_db.words import SchoolKey
from tests.factories import NOW
from tests.fakes import FixedClock

MEMBER = StaffMember(
    staff_id=StaffId("s1"),
    email="Kim.Ng@district.example",
    name="Kim Ng",
    role=Role.TEACHER,
    schools=(SchoolKey("hoover"), SchoolKey("lincoln")),
)


@pytest.fixture
def session() -> Iterator[SqlSession]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with SqlSession(engine) as session, session.begin():
        yield session
    engine.dispose()


@pytest.fixture
def accounts(session: SqlSession) -> SqlAccounts:
    kept = SqlAccounts(session, FixedClock())
    kept.save_staff(MEMBER)
    return kept


def test_a_member_comes_back_as_kept(accounts: SqlAccounts) -> None:
    assert accounts.staff_or_none(MEMBER.staff_id) == MEMBER
    assert accounts.staff() == (MEMBER,)


def test_a_member_is_found_by_address_whatever_its_case(accounts: SqlAccounts) -> None:
    assert accounts.staff_by_email_or_none("KIM.NG@DISTRICT.EXAMPLE") == MEMBER
    assert accounts.staff_by_email_or_none("nobody@district.example") is None


def test_a_change_replaces_the_schools(accounts: SqlAccounts) -> None:
    changed = replace(MEMBER, schools=(SchoolKey("grant"),), name="Kim Ng-Ali")
    accounts.save_staff(changed)

    assert accounts.staff_or_none(MEMBER.staff_id) == changed


def test_two_people_cannot_share_an_address(accounts: SqlAccounts, session: SqlSession) -> None:
    twin = replace(MEMBER, staff_id=StaffId("s2"), email=MEMBER.email.upper())

    with pytest.raises(IntegrityError), session.begin_nested():
        accounts.save_staff(twin)


def test_a_password_needs_an_account(accounts: SqlAccounts) -> None:
    with pytest.raises(NotFound):
        accounts.set_password_hash(StaffId("nobody"), "hash")
    assert accounts.password_hash_or_none(StaffId("nobody")) is None


def test_a_session_comes_back_as_kept(accounts: SqlAccounts) -> None:
    session = Session(staff_id=MEMBER.staff_id, opened_at=NOW, used_at=NOW)
    accounts.open_session("t1", session)
    accounts.touch_session("t1", NOW + timedelta(minutes=5))

    assert accounts.session_or_none("t1") == replace(session, used_at=NOW + timedelta(minutes=5))


def test_an_ended_session_keeps_its_end(accounts: SqlAccounts) -> None:
    accounts.open_session("t1", Session(staff_id=MEMBER.staff_id, opened_at=NOW, used_at=NOW))
    accounts.end_session("t1")

    session = accounts.session_or_none("t1")
    assert session is not None
    assert session.ended_at == NOW


def test_old_sessions_are_forgotten(accounts: SqlAccounts) -> None:
    long_ago = NOW - timedelta(days=3)
    old = Session(staff_id=MEMBER.staff_id, opened_at=long_ago, used_at=long_ago)
    accounts.open_session("old", old)
    accounts.open_session("new", Session(staff_id=MEMBER.staff_id, opened_at=NOW, used_at=NOW))

    assert accounts.session_or_none("old") is None
    assert accounts.session_or_none("new") is not None


def test_a_code_can_be_used_up_once(accounts: SqlAccounts) -> None:
    accounts.keep_set_up_code("c1", MEMBER.staff_id, NOW)
    assert accounts.set_up_code_or_none("c1") == (MEMBER.staff_id, NOW)

    accounts.use_set_up_code("c1")

    assert accounts.set_up_code_or_none("c1") is None
    with pytest.raises(Outdated):
        accounts.use_set_up_code("c1")


def test_the_first_administrators_codes_replace_each_other(accounts: SqlAccounts) -> None:
    accounts.keep_set_up_code("c1", None, NOW)
    accounts.keep_set_up_code("other", MEMBER.staff_id, NOW)
    accounts.keep_set_up_code("c2", None, NOW)

    assert accounts.set_up_code_or_none("c1") is None
    assert accounts.set_up_code_or_none("c2") == (None, NOW)
    assert accounts.set_up_code_or_none("other") == (MEMBER.staff_id, NOW)


def test_failures_are_counted_by_key_and_moment(accounts: SqlAccounts) -> None:
    for minutes in (90, 30, 10):
        accounts.count_failure("k", NOW - timedelta(minutes=minutes))
    accounts.count_failure("other", NOW)

    assert accounts.failures_since("k", NOW - timedelta(hours=1)) == 2
    assert accounts.latest_failure_or_none("k") == NOW - timedelta(minutes=10)
    accounts.forget_failures("k")
    assert accounts.failures_since("k", NOW - timedelta(days=1)) == 0
    assert accounts.latest_failure_or_none("k") is None


def test_old_failures_are_forgotten(accounts: SqlAccounts, session: SqlSession) -> None:
    accounts.count_failure("k", NOW - timedelta(days=3))
    accounts.count_failure("k", NOW)

    assert session.scalar(text("SELECT count(*) FROM sign_in_failures")) == 1


def test_moments_come_back_in_utc(accounts: SqlAccounts) -> None:
    accounts.count_failure("k", NOW)
    latest_at = accounts.latest_failure_or_none("k")

    assert latest_at is not None
    assert latest_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(accounts: SqlAccounts, session: SqlSession) -> None:
    with pytest.raises(Exception, match="time zone"), session.begin_nested():
        accounts.count_failure("k", NOW.replace(tzinfo=None))
