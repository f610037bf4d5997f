"""The migrations give the tables that the code declares, triggers included."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from mediacheck.storage.migrate import VERSION_TABLE, is_current, upgrade
from mediacheck.storage.tables import all_tables


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        return {row.name for row in rows}


def test_the_migrations_give_the_tables_of_the_code(engine: Engine) -> None:
    upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, all_tables()) == []


def test_the_migrations_give_the_triggers_of_the_code(engine: Engine) -> None:
    declared = create_engine("sqlite://")
    all_tables().create_all(declared)

    upgrade(engine)

    assert triggers(engine) == triggers(declared)


def test_an_upgrade_may_run_twice(engine: Engine) -> None:
    assert not is_current(engine)

    upgrade(engine)
    upgrade(engine)

    assert is_current(engine)


@pytest.mark.parametrize("act", ["UPDATE clearances SET post_id = 'x'", "DELETE FROM clearances"])
def test_the_database_itself_refuses_to_change_a_clearance(engine: Engine, act: str) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO clearances VALUES (1, 'c1', 'p1', '{}')"),
        )

    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(act))
