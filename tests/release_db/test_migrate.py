"""The migrations make the tables that ``schema`` declares, once."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from release_db import migrate
from release_db.append_only import guard_statements
from release_db.schema import Base


def test_a_new_database_is_empty_then_current(empty_engine: Engine) -> None:
    assert migrate.is_empty(empty_engine)
    assert not migrate.is_current(empty_engine)

    migrate.upgrade(empty_engine)

    assert migrate.is_current(empty_engine)
    assert not migrate.is_empty(empty_engine)


def test_upgrading_twice_changes_nothing(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    before = described(empty_engine)

    migrate.upgrade(empty_engine)

    assert described(empty_engine) == before
    assert migrate.is_current(empty_engine)


def test_the_migrations_give_the_tables_of_the_schema(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)

    with empty_engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrate.VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_give_the_checks_and_triggers_of_the_schema() -> None:
    migrated, created = create_engine("sqlite://"), create_engine("sqlite://")
    migrate.upgrade(migrated)
    Base.metadata.create_all(created)

    assert described(migrated) == described(created)
    assert triggers(migrated) == triggers(created) != []


def test_a_database_of_a_newer_version_is_not_current(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(text("UPDATE release_db_version SET version_num = '9999'"))

    assert not migrate.is_current(empty_engine)


def test_no_trigger_is_made_for_a_database_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        guard_statements("mysql", table="t", fixed=("a",))


def described(engine: Engine) -> dict[str, object]:
    """Columns, keys, checks and indexes of every table but the one of versions."""
    found = inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(str(key) for key in found.get_foreign_keys(table)),
            sorted((str(c["name"]), c["sqltext"]) for c in found.get_check_constraints(table)),
            sorted(str(unique) for unique in found.get_unique_constraints(table)),
            sorted(str(index) for index in found.get_indexes(table)),
        )
        for table in sorted(found.get_table_names())
        if table != migrate.VERSION_TABLE
    }


def triggers(engine: Engine) -> list[str]:
    """The text of every trigger."""
    with engine.connect() as connection:
        query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return [str(sql) for sql in connection.scalars(query)]
