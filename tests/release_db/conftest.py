"""Databases for the tests of the register: in memory, in a file, and PostgreSQL where there is one.

``MEDIACHECK_TEST_POSTGRES`` names a database that the tests may empty.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.engine import open_engine
from release_db.records import (
    Audience,
    Channel,
    ChannelKey,
    ClassGroup,
    ClassKey,
    Guardian,
    GuardianId,
    School,
    SchoolKey,
    Student,
    StudentId,
)
from release_db.register import ReleaseRegister
from release_db.schema import Base

POSTGRES = os.environ.get("MEDIACHECK_TEST_POSTGRES", "")


KINDS = ["memory", "file", *(["postgresql"] if POSTGRES else [])]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def empty_engine(kind: str, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    urls = {"memory": "sqlite://", "file": f"sqlite:///{register_file(tmp_path)}"}
    engine = open_engine(urls.get(kind, POSTGRES))
    if kind == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables as the migrations make them: made once, then copied."""
    path = register_file(tmp_path_factory.mktemp("migrated"))
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(kind: str, empty_engine: Engine, migrated_file: Path, tmp_path: Path) -> Engine:
    """A database with the register's tables; a test of the migrations holds the three equal."""
    if kind == "file":
        shutil.copy(migrated_file, register_file(tmp_path))
    elif kind == "memory":
        Base.metadata.create_all(empty_engine)
    else:
        migrate.upgrade(empty_engine)
    return empty_engine


def register_file(folder: Path) -> Path:
    """Where the register's file is in a folder."""
    return folder / "data" / "register.sqlite"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction that is rolled back at the end."""
    with Session(engine) as session:
        yield session
        session.rollback()


@pytest.fixture
def register(session: Session) -> ReleaseRegister:
    """A register of two schools: Maya and Ben of one class at Lincoln, Cleo at Roosevelt."""
    register = ReleaseRegister(session)
    for key in ("lincoln", "roosevelt"):
        register.save_school(School(key=SchoolKey(key), name=key.title()))
    register.save_class(
        ClassGroup(key=ClassKey("lincoln/room-12"), school=SchoolKey("lincoln"), name="Room 12")
    )
    register.save_students(
        [
            Student(
                student_id=StudentId(student_id),
                given_name=given_name,
                family_name=family_name,
                school=SchoolKey(school),
                birth_on=date(2015, 3, 4),
                classes=(ClassKey("lincoln/room-12"),) if school == "lincoln" else (),
            )
            for student_id, given_name, family_name, school in (
                ("S1", "Maya", "Lopez", "lincoln"),
                ("S2", "Ben", "adler", "lincoln"),
                ("S3", "Cleo", "Marsh", "roosevelt"),
            )
        ]
    )
    register.save_guardians(
        [
            Guardian(
                guardian_id=GuardianId(f"{student_id}-g1"),
                student_id=StudentId(student_id),
                email="Ana@home.example",
            )
            for student_id in ("S1", "S2")
        ]
    )
    register.add_channel(
        Channel(key=ChannelKey("instagram"), name="Instagram", audience=Audience.SOCIAL)
    )
    return register
