"""The settings of the database that deciding relies on."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, OperationalError

from release_db.engine import open_engine, read_only

#: The server's list is of every database on it.
_LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND datname = current_database()
"""


@pytest.fixture
def file_engine(tmp_path: Path) -> Engine:
    """An engine on a fresh file, with one table."""
    engine = open_engine(f"sqlite:///{tmp_path / 'new' / 'folder' / 'register.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    return engine


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("trusted_schema", 0),
        ("secure_delete", 1),
    ],
)
def test_sqlite_is_set_to_be_safe(file_engine: Engine, pragma: str, value: object) -> None:
    with file_engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_the_file_and_its_folder_are_private(file_engine: Engine) -> None:
    path = Path(file_engine.url.database or "")

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_error_quotes_no_value(empty_engine: Engine) -> None:
    with (
        empty_engine.connect() as connection,
        pytest.raises(DBAPIError, match="nowhere") as raised,
    ):
        connection.execute(text("SELECT name FROM nowhere WHERE name = :name"), {"name": "Maya"})

    assert "Maya" not in str(raised.value)


def test_a_transaction_holds_the_write_lock_from_its_beginning(file_engine: Engine) -> None:
    other = open_engine(str(file_engine.url))
    with other.connect() as impatient:
        impatient.exec_driver_sql("PRAGMA busy_timeout = 1")
        impatient.rollback()

        with file_engine.begin(), pytest.raises(OperationalError, match="locked"):
            impatient.execute(text("SELECT 1"))
    other.dispose()


def test_one_who_only_reads_waits_for_no_writer(file_engine: Engine) -> None:
    with file_engine.begin() as writer, read_only(file_engine).connect() as reader:
        writer.execute(text("INSERT INTO t VALUES (1)"))

        assert reader.scalar(text("SELECT count(*) FROM t")) == 0


def test_one_who_only_reads_cannot_write(file_engine: Engine) -> None:
    with read_only(file_engine).connect() as reader, pytest.raises(OperationalError):
        reader.execute(text("INSERT INTO t VALUES (1)"))

    with file_engine.begin() as writer:
        writer.execute(text("INSERT INTO t VALUES (2)"))


def test_a_connection_that_has_read_writes_again_and_the_other_way_round(
    file_engine: Engine,
) -> None:
    for _ in range(2):
        with file_engine.begin() as writer:
            writer.execute(text("INSERT INTO t VALUES (1)"))
        with read_only(file_engine).connect() as reader, pytest.raises(OperationalError):
            reader.execute(text("INSERT INTO t VALUES (1)"))


def test_a_pragma_that_changes_nothing_is_not_sent(file_engine: Engine) -> None:
    sent: list[str] = []
    listen(file_engine, "before_cursor_execute", lambda *said: sent.append(said[2]))

    for _ in range(3):
        with file_engine.connect() as connection:
            connection.scalar(text("SELECT count(*) FROM t"))

    assert not [statement for statement in sent if "query_only" in statement]


def test_a_transaction_that_raises_is_rolled_back(file_engine: Engine) -> None:
    def fail() -> None:
        with file_engine.begin() as connection:
            connection.execute(text("INSERT INTO t VALUES (1)"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with file_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM t")) == 0


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_one_for_all_connections(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM t")) == 0


def test_postgresql_is_serializable_and_guards_reading(postgresql: str) -> None:
    engine = open_engine(postgresql)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "serializable"

    with read_only(engine).connect() as reader, pytest.raises(DBAPIError):
        reader.execute(text("CREATE TABLE t (n INTEGER)"))
    engine.dispose()


def test_writers_side_by_side_wait_for_each_other_on_postgresql(postgresql: str) -> None:
    engine = open_engine(postgresql)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (n INTEGER PRIMARY KEY)"))

    def count() -> None:
        for _ in range(20):
            with engine.begin() as connection:
                newest = connection.scalar(text("SELECT coalesce(max(n), 0) FROM counted"))
                connection.execute(text("INSERT INTO counted VALUES (:n)"), {"n": newest + 1})

    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(count) for _ in range(4)]:
            done.result()
    with read_only(engine).connect() as reader:
        assert reader.scalar(text("SELECT max(n) FROM counted")) == 80
        assert reader.scalar(text(_LOCKS)) == 0
    engine.dispose()


def test_a_writer_waits_for_seconds_and_not_for_ever_on_postgresql(postgresql: str) -> None:
    engine = open_engine(postgresql)

    with engine.begin(), pytest.raises(OperationalError, match="lock timeout"), engine.begin():
        pass

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_connection_lost_after_its_commit_takes_neither_the_commit_nor_the_lock(
    postgresql: str,
) -> None:
    engine = open_engine(postgresql)
    with engine.connect() as connection, read_only(engine).connect() as other:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.commit()
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": process})

    with engine.begin() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
