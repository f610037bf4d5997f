"""Databases on the PostgreSQL server that ``MEDIACHECK_TEST_POSTGRES`` names, one for each test."""

from __future__ import annotations

import os
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

POSTGRES = os.environ.get("MEDIACHECK_TEST_POSTGRES", "")


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
