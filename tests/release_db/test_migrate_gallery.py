"""The fifth migration on a gallery that was filled before it."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from release_db import migrate, store
from release_db.recognition import recognition_at
from release_db.words import SchoolKey

LINCOLN = SchoolKey("lincoln")
_FILL = (
    "INSERT INTO school (key, name) VALUES ('lincoln', 'Lincoln')",
    "INSERT INTO student (student_id, given_name, middle_name, family_name, suffix,"
    " preferred_name, other_names, grade, school, status, fingerprint, birth_on) VALUES"
    " ('S1', 'Maya', '', 'Lopez', '', '', '[]', '', 'lincoln', 'active', 'f', '2020-01-01'),"
    " ('S2', 'Ben', '', 'Adler', '', '', '[]', '', 'lincoln', 'active', 'f', '2010-01-01')",
)
_TEMPLATES = (
    "INSERT INTO gallery_template (student_id, model, reference_sha256, vector_bytes, sealed,"
    " enrolled_at, expires_on) VALUES"
    " ('S1', 'm', 'a', 4, x'00', '2026-09-01 08:00:00.000000', NULL),"
    " ('S2', 'm', 'a', 4, x'00', '2026-09-01 08:00:00.000000', NULL)",
)


def upgraded(*statements: str) -> Engine:
    """Filled by the version before, then brought to this one."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0004")
        for statement in (*_FILL, *statements):
            connection.execute(text(statement))
    migrate.upgrade(engine)
    return engine


def expiries(engine: Engine) -> list[date]:
    query = "SELECT expires_on FROM gallery_template ORDER BY student_id"
    with engine.connect() as connection:
        return [date.fromisoformat(day) for day in connection.scalars(text(query))]


def test_old_templates_get_a_last_day_the_younger_the_sooner() -> None:
    assert expiries(upgraded(*_TEMPLATES)) == [date(2027, 3, 1), date(2028, 9, 1)]


def test_the_policy_sets_the_last_day_of_old_templates() -> None:
    months = (
        "INSERT INTO policy_value (key, value, set_by, set_at)"
        " VALUES ('template_months', '1', 'admin', '2026-08-01 08:00:00.000000')"
    )

    assert expiries(upgraded(*_TEMPLATES, months)) == [date(2026, 10, 1), date(2026, 10, 1)]


@pytest.mark.parametrize(("held", "after"), [(_TEMPLATES, "suggest"), ((), "off")])
def test_only_where_templates_are_held_recognition_stays_on(
    held: tuple[str, ...], after: str
) -> None:
    with Session(upgraded(*held)) as session:
        assert recognition_at(session, LINCOLN) == after


def test_what_was_set_before_stays_set() -> None:
    identify = (
        "INSERT INTO policy_value (key, value, set_by, set_at)"
        " VALUES ('recognition', 'identify', 'admin', '2026-08-01 08:00:00.000000')"
    )

    with Session(upgraded(*_TEMPLATES, identify)) as session:
        assert store.policy_or_none(session, "recognition", LINCOLN) == "identify"
