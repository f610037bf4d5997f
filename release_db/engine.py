"""Opens the database with the settings that the register relies on."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

#: Execution option of a connection that only reads; see ``read_only``.
_READS_ONLY = "release_db_reads_only"

#: How long a writer waits for another before it fails, in milliseconds.
_BUSY_TIMEOUT_MS = 5_000

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

    On SQLite a transaction takes the write lock when it begins, so that what it read is still true
    when it commits; on PostgreSQL it is serializable, and a clash raises. The folder of an SQLite
    file is made with mode 0700, and the file with 0600. An error quotes no value of a query: it may
    be somebody's name, and errors are logged.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True
        )
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
