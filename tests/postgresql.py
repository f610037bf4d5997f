"""Databases on the PostgreSQL server that ``MEDIACHECK_TEST_POSTGRES`` names, one for each test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

POSTGRES = os.environ.get("MEDIACHECK_TEST_POSTGRES", "")

#: Of a test that opens the file itself.
reads_sqlite = pytest.mark.skipif(bool(POSTGRES), reason="it opens the SQLite file itself")


def make_database(like: str = "") -> str:
    """The address of a new database; ``like``: of one that it begins as a copy of."""
    url = make_url(POSTGRES).set(database=f"mediacheck_{uuid4().hex}")
    if not like:
        _do(f"CREATE DATABASE {url.database}")
    else:
        source = make_url(like).database
        # A database can be copied while nobody is connected to it.
        cut_off = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        _do(f"{cut_off} WHERE datname = :name", name=source)
        _do(f"CREATE DATABASE {url.database} TEMPLATE {source}")
    return url.render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Whoever is still connected is cut off."""
    _do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _do(statement: str, **values: str | None) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


@contextmanager
def running_postgresql() -> Iterator[str | None]:
    """A server of this block's own, at that address; None: none is installed here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    if not found:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        data = Path(folder) / "data"
        # It refuses to be run by root.
        us = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        us = us if os.geteuid() == 0 else []
        if us:
            shutil.chown(folder, "postgres", "postgres")
        run = [*us, str(found[-1] / "pg_ctl"), "-D", str(data), "-s", "-w"]
        init = [*us, str(found[-1] / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres"]
        subprocess.run(init, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        # What is lost in a power cut is the test's own.
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(Path(folder) / "log")
        subprocess.run([*run, "-o", options, "-l", log, "start"], check=True, cwd=folder)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*run, "-m", "immediate", "stop"], check=False, cwd=folder)
