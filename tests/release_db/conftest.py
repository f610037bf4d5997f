"""Databases for the tests of the register: in memory, in a file, on PostgreSQL if it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.engine import open_engine
from release_db.records import Channel, ClassGroup, Guardian, School, Student
from release_db.register import ReleaseRegister
from release_db.words import Audience, ChannelKey, ClassKey, GuardianId, SchoolKey, StudentId
from tests.postgresql import POSTGRES, drop_database, make_database

#: The moment at which everything the fixtures keep began to be known.
NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

#: On SQLite everywhere; where there is a PostgreSQL server, on that instead.
KINDS = ["postgresql"] if POSTGRES else ["memory", "file"]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def empty_engine(kind: str, tmp_path: Path) -> Iterator[Engine]:
    """A database of one's own, without tables."""
    with new_engine(kind, tmp_path) as engine:
        yield engine


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A database of one's own with the register's tables, for tests that commit."""
    migrate.upgrade(empty_engine)
    return empty_engine


@pytest.fixture(scope="session")
def shared_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """Databases with the register's tables, for tests that roll back what they do."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("shared")
        kinds = {"memory", *KINDS}
        engines = {kind: stack.enter_context(new_engine(kind, folder)) for kind in kinds}
        for engine in engines.values():
            migrate.upgrade(engine)
        yield engines


@pytest.fixture
def session(kind: str, shared_engines: dict[str, Engine]) -> Iterator[Session]:
    """A transaction that is rolled back at the end."""
    with Session(shared_engines[kind]) as session:
        yield session
        session.rollback()


@contextmanager
def new_engine(kind: str, folder: Path) -> Iterator[Engine]:
    """An engine on a database without tables, which is gone after the block."""
    urls = {"memory": "sqlite://", "file": f"sqlite:///{folder / 'data' / 'register.sqlite'}"}
    url = urls.get(kind) or make_database()
    engine = open_engine(url)
    yield engine
    engine.dispose()
    if kind not in urls:
        drop_database(url)


@pytest.fixture
def register(session: Session) -> ReleaseRegister:
    """A register of two schools: Maya and Ben of one class at Lincoln, Cleo at Roosevelt."""
    register = ReleaseRegister(session, lambda: NOW)
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
