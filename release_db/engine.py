"""Opens the database with the settings that the register relies on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

#: Execution option of a connection that only reads; see ``read_only``.
_READS_ONLY = "release_db_reads_only"

#: How long a writer waits for another before it fails, in milliseconds.
_BUSY_TIMEOUT_MS = 5_000

#: PostgreSQL's lock of our own: any number, as long as nothing else in the database locks it.
_WRITE_LOCK = 6_311_870_125
_HOLDS_LOCK = "release_db_holds_lock"

# A commit survives a power cut (FULL); what is deleted is overwritten (secure_delete), since an
# erased template must not be left in a free page of the file; and SQL hidden in a schema that
# somebody else has written cannot call functions (trusted_schema).
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_TIMEOUT_MS}",
    "trusted_schema = OFF",
    "secure_delete = ON",
)


def open_engine(url: str) -> Engine:
    """An engine whose transactions are safe to decide in.

    A transaction takes the write lock when it begins, so that what it read is still true when it
    commits, and waits for it some seconds. PostgreSQL has no such lock: a lock of our own stands
    for it, and the transaction is serializable besides. The folder of an SQLite file is made with
    mode 0700, and the file with 0600. An error quotes no value of a query: it may be somebody's
    name, and errors are logged.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True
        )
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", partial(_end_postgresql, engine.dialect.loaded_dbapi.Error))
        return engine
    if parsed.database in {None, "", ":memory:"}:
        engine = create_engine(
            parsed,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
    else:
        _make_private_file(Path(parsed.database or ""))
        engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def read_only(engine: Engine) -> Engine:
    """The same engine and pool, for transactions that only read: they wait for no writer.

    SQLite and PostgreSQL refuse a write in one.
    """
    return engine.execution_options(**{_READS_ONLY: True, "postgresql_readonly": True})


def _make_private_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _set_up_sqlite(connection: SqliteConnection, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, and late; they are begun below instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = bool(connection.get_execution_options().get(_READS_ONLY))
    # Only where it changes: SQLite prepares every statement anew after such a pragma.
    if connection.info.get(_READS_ONLY) is not reads_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
        connection.info[_READS_ONLY] = reads_only
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    """Waits for the write lock before the transaction sees anything: a later wait would be in vain.

    A serializable transaction sees the database as it was at its first statement, so that a lock
    taken by one of its own would only tell it that it came too late.
    """
    driver = connection.connection.dbapi_connection
    if driver is None or connection.get_execution_options().get(_READS_ONLY):
        return
    lock = f"SELECT pg_advisory_lock({_WRITE_LOCK})"
    try:
        _outside_a_transaction(driver, f"SET lock_timeout = {_BUSY_TIMEOUT_MS}", lock)
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError(lock, None, error, hide_parameters=True) from error
    connection.info[_HOLDS_LOCK] = True


def _end_postgresql(
    failure: type[Exception], driver: DBAPIConnection | None, record: ConnectionPoolEntry
) -> None:
    # The transaction has ended by now. A connection that was lost has given its lock back.
    if not record.info.pop(_HOLDS_LOCK, False) or driver is None:
        return
    try:
        _outside_a_transaction(driver, "SELECT pg_advisory_unlock_all()")
    except failure:
        # What was committed stays so: only the connection is given up, and its lock with it.
        record.invalidate()


def _outside_a_transaction(driver: DBAPIConnection, *statements: str) -> None:
    driver.autocommit = True
    try:
        cursor = driver.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
    finally:
        driver.autocommit = False
