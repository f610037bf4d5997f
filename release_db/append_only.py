"""Rows that the database itself refuses to change or remove.

The one exception is erasure: once a student's row is a tombstone, the columns named ``personal``
may be emptied. The proof (who was asked what, when, and the answer) stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from release_db.words import ERASED


def guard_statements(
    dialect: str, *, table: str, fixed: Sequence[str], personal: Sequence[str] = ()
) -> tuple[str, ...]:
    """The SQL that guards a table; for the schema and for the migrations.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
        table: The table; with personal columns it needs a ``student_id``.
        fixed: Columns that can never be changed.
        personal: Columns that become ``ERASED`` when the student is erased.

    Raises:
        KeyError: there are no triggers for that dialect, so it cannot be used.
    """
    makers = {"sqlite": _sqlite_guard, "postgresql": _postgresql_guard}
    return makers[dialect](table, fixed, personal)


#: What guarded the tables of the first version: each personal column has a trigger of its own.
_FIRST_PERSONAL = ("decided_by", "revoked_by", "kind")


def unguard_statements(dialect: str, *, table: str) -> tuple[str, ...]:
    """The SQL that takes the first version's guard away, so that a wider one can be put up.

    Raises:
        KeyError: there are no triggers for that dialect.
    """
    return {"sqlite": _sqlite_unguard, "postgresql": _postgresql_unguard}[dialect](table)


def _sqlite_unguard(table: str) -> tuple[str, ...]:
    names = ("no_delete", "no_update", *(f"keep_{column}" for column in _FIRST_PERSONAL))
    return tuple(f"DROP TRIGGER IF EXISTS {table}_{name}" for name in names)


def _postgresql_unguard(table: str) -> tuple[str, ...]:
    return (
        f"DROP TRIGGER {table}_no_delete ON {table}",
        f"DROP TRIGGER {table}_no_update ON {table}",
        f"DROP FUNCTION {table}_refuse()",
        f"DROP FUNCTION {table}_refuse_change()",
    )


def _not_erasing(column: str) -> str:
    # Table and column names come from our own schema and migrations, never from a person.
    return (
        f"NEW.{column} <> '{ERASED}' OR NOT EXISTS (SELECT 1 FROM student "  # noqa: S608
        "WHERE student.student_id = OLD.student_id AND student.erased_at IS NOT NULL)"
    )


def _sqlite_guard(table: str, fixed: Sequence[str], personal: Sequence[str]) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return (
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {', '.join(fixed)} ON {table} {refuse}",
        *(
            f"CREATE TRIGGER {table}_keep_{column} BEFORE UPDATE OF {column} ON {table} "
            f"WHEN {_not_erasing(column)} {refuse}"
            for column in personal
        ),
    )


def _postgresql_guard(table: str, fixed: Sequence[str], personal: Sequence[str]) -> tuple[str, ...]:
    refuse = f"RAISE EXCEPTION '{table} is append-only'"
    changes = [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in fixed]
    loosens = [
        f"(NEW.{column} IS DISTINCT FROM OLD.{column} AND ({_not_erasing(column)}))"
        for column in personal
    ]
    return (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {refuse}; END $$",
        f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {' OR '.join([*changes, *loosens])} THEN {refuse}; END IF; "
        "RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse_change()",
    )
