"""Accounts and audit on a real database in memory, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from mediacheck.audit.chain import AuditChain
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.storage.accounts import SqlAccounts
from mediacheck.storage.audit_log import SqlAuditLog
from mediacheck.storage.base import Base
from release_db.words import SchoolKey
from tests.fakes import CountingIds, FixedClock


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsWork:
    """The part of a transaction that the accounts use."""

    accounts: SqlAccounts
    audit: SqlAuditLog


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture
def work(clock: FixedClock) -> Iterator[AccountsWork]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        chain = AuditChain(key=b"k" * 32)
        yield AccountsWork(
            accounts=SqlAccounts(session, clock), audit=SqlAuditLog(session, chain, clock)
        )
    engine.dispose()


@pytest.fixture
def administrator(work: AccountsWork) -> StaffMember:
    member = StaffMember(
        staff_id=StaffId("admin"),
        email="admin@district.example",
        name="Ada Admin",
        role=Role.ADMINISTRATOR,
    )
    work.accounts.save_staff(member)
    return member


@pytest.fixture
def teacher(work: AccountsWork) -> StaffMember:
    member = StaffMember(
        staff_id=StaffId("teacher"),
        email="T.Tran@district.example",
        name="Thu Tran",
        role=Role.TEACHER,
        schools=(SchoolKey("lincoln"),),
    )
    work.accounts.save_staff(member)
    return member
