"""The later migrations on a database that was filled at the first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.records import Granted
from release_db.register import ReleaseRegister
from release_db.words import ChannelKey, NameForm, ReleaseId, StudentId, Use

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
_FILL = (
    "INSERT INTO school (key, name) VALUES ('lincoln', 'Lincoln')",
    "INSERT INTO channel (key, name, audience, name_form, is_official)"
    " VALUES ('instagram', 'Instagram', 'social', 'full', 0)",
    "INSERT INTO student (student_id, given_name, middle_name, family_name, suffix,"
    " preferred_name, other_names, birth_on, grade, school, status, fingerprint) VALUES ('S1',"
    " 'Maya', '', 'Lopez', '', '', '[]', '2015-03-04', '', 'lincoln', 'active', 'f')",
    "INSERT INTO guardian (guardian_id, student_id, email, email_key, rights)"
    " VALUES ('g1', 'S1', 'ana@home.example', 'ana@home.example', 'full')",
    "INSERT INTO media_release (release_id, student_id, use, answer, capacity, decided_by,"
    " method, notice, given_on, recorded_at) VALUES ('r1', 'S1', 'image', 'allow', 'guardian',"
    " 'ana@home.example', 'paper', '', '2026-09-01', '2026-09-01 08:00:00.000000')",
)


@pytest.fixture
def upgraded() -> Engine:
    """Filled by the first version, then brought to this one."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        for statement in _FILL:
            connection.execute(text(statement))
    migrate.upgrade(engine)
    return engine


def test_what_was_allowed_before_the_upgrade_still_is(upgraded: Engine) -> None:
    with Session(upgraded) as session:
        permission = ReleaseRegister(session, lambda: NOW).permission_for(
            StudentId("S1"), Use.IMAGE, ChannelKey("instagram"), NameForm.NONE, NOW
        )

    assert isinstance(permission, Granted)
    assert permission.releases == (ReleaseId("r1"),)


def test_the_birth_date_was_known_before_the_upgrade(upgraded: Engine) -> None:
    with Session(upgraded) as session:
        register = ReleaseRegister(session, lambda: NOW)
        file = register.file_at_or_none(StudentId("S1"), NOW - timedelta(days=900))

    assert file is not None
    assert file.student.birth_on == date(2015, 3, 4)


@pytest.mark.parametrize(
    "table", ["student_version", "guardian_version", "channel_version", "birth_version"]
)
def test_the_upgrade_keeps_how_things_stood(upgraded: Engine, table: str) -> None:
    with upgraded.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1  # noqa: S608


def test_a_release_from_before_the_upgrade_is_never_changed(upgraded: Engine) -> None:
    with pytest.raises(IntegrityError), upgraded.begin() as connection:
        connection.execute(text("UPDATE media_release SET answer = 'deny'"))
