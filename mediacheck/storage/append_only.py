"""Tables whose rows the database itself refuses to change or remove."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event


def append_only_statements(table: str) -> dict[str, tuple[str, ...]]:
    """The triggers that guard a table, by dialect; for the migrations too."""
    words = f"{table} is append-only"
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for act in ("UPDATE", "DELETE")
        ),
        "postgresql": (
            f"CREATE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$",
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}_change()",
        ),
    }


def guard(table: Table) -> None:
    """Puts the triggers on a table when it is created."""
    for dialect, statements in append_only_statements(table.name).items():
        for statement in statements:
            # SQLAlchemy 2.1 leaves the constructor of DDL without types.
            trigger = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", trigger)
