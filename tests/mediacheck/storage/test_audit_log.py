"""The log in the database: chained, append-only, and never forked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mediacheck.audit.chain import AuditChain, UnfitDetail
from mediacheck.model.audit import Event
from mediacheck.storage.audit_head import AuditHeadFile
from mediacheck.storage.audit_log import SqlAuditLog
from mediacheck.storage.base import Base
from tests.factories import NOW
from tests.fakes import FixedClock

CHAIN = AuditChain(key=b"k" * 32)
CHANGES = (
    "UPDATE audit_entries SET actor = 'x' WHERE number = 2",
    "UPDATE OR REPLACE audit_entries SET number = 1 WHERE number = 2",
    "DELETE FROM audit_entries WHERE number = 2",
    "DELETE FROM audit_entries",
    "INSERT OR REPLACE INTO audit_entries SELECT 2, at, event, 'x', subject, details,"
    " previous_mac, mac FROM audit_entries WHERE number = 1",
    "INSERT INTO audit_entries SELECT 9, at, event, actor, subject, details,"
    " previous_mac, mac FROM audit_entries WHERE number = 1",
)


def log_on(session: Session) -> SqlAuditLog:
    return SqlAuditLog(session, CHAIN, FixedClock())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'audit.sqlite3'}")

    @event.listens_for(engine, "connect")
    def by_hand(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def at_once(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def write(engine: Engine, times: int) -> None:
    for number in range(times):
        with Session(engine) as session, session.begin():
            log_on(session).write(Event.POST_CHECKED, actor="staff1", subject="p1", step=number)


def test_entries_come_back_as_they_were_written(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        log_on(session).write(Event.MEDIA_REFUSED, actor="a", subject="m1", code="type", size=7)

    with Session(engine) as session:
        (entry,) = log_on(session).entries()
    assert (entry.number, entry.at, entry.event) == (1, NOW, "media:refused")
    assert entry.details == '{"code":"type","size":7}'


def test_several_entries_of_one_transaction_chain(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        log = log_on(session)
        for _ in range(3):
            log.write(Event.POST_CHECKED, actor="a")
        assert log.verify().is_sound
        assert log.verify().entries == 3


def test_an_entry_of_a_failed_transaction_is_not_there(engine: Engine) -> None:
    write(engine, 1)
    with Session(engine) as session:
        log_on(session).write(Event.POST_CHECKED, actor="a")
        session.rollback()

    with Session(engine) as session:
        assert log_on(session).verify().entries == 1


def test_the_log_is_read_in_pages(engine: Engine) -> None:
    write(engine, 5)
    with Session(engine) as session:
        log = log_on(session)
        assert [entry.number for entry in log.entries(after=2, limit=2)] == [3, 4]
        head = log.head()
    assert head is not None
    assert head.number == 5


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_a_change(engine: Engine, change: str) -> None:
    write(engine, 3)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        Session(engine) as session,
        session.begin(),
    ):
        session.execute(text(change))
    with Session(engine) as session:
        assert log_on(session).verify().is_sound


@pytest.mark.parametrize("change", CHANGES[:3])
def test_a_change_behind_the_databases_back_is_found(engine: Engine, change: str) -> None:
    write(engine, 3)
    with Session(engine) as session, session.begin():
        for trigger in ("no_update", "no_delete", "in_order"):
            session.execute(text(f"DROP TRIGGER audit_entries_{trigger}"))
        session.execute(text(change))

    with Session(engine) as session:
        assert not log_on(session).verify().is_sound


def test_writers_side_by_side_make_one_chain(engine: Engine) -> None:
    writers = [threading.Thread(target=write, args=(engine, 10)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with Session(engine) as session:
        report = log_on(session).verify()
    assert report.is_sound
    assert report.entries == 40


def test_an_unfit_detail_stops_the_act(engine: Engine) -> None:
    with pytest.raises(UnfitDetail), Session(engine) as session, session.begin():
        log_on(session).write(Event.POST_CHECKED, actor="a", words="one\ntwo")


def test_a_recorded_head_shows_a_cut_end(engine: Engine, tmp_path: Path) -> None:
    file = AuditHeadFile(path=tmp_path / "audit.heads")
    assert file.latest_or_none() is None
    write(engine, 3)
    with Session(engine) as session, session.begin():
        head = log_on(session).head()
        assert head is not None
        file.record(head)
        assert log_on(session).verify(file.latest_or_none()).is_sound
        session.execute(text("DROP TRIGGER audit_entries_no_delete"))
        session.execute(text("DELETE FROM audit_entries WHERE number = 3"))

        assert log_on(session).verify().is_sound
        assert not log_on(session).verify(file.latest_or_none()).is_sound


def test_the_highest_recorded_head_counts_and_a_torn_line_does_not(tmp_path: Path) -> None:
    path = tmp_path / "audit.heads"
    path.write_text(f"12 {'b' * 64}\n9 {'a' * 64}\n13 {'c' * 20}", "ascii")

    assert AuditHeadFile(path=path).latest_or_none() == "b" * 64
