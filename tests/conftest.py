"""The fixtures that many tests share: a real database, the real wiring, engines of the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache, immutabledict

from mediacheck.flow.check import check_media
from mediacheck.flow.desk import Desk
from mediacheck.model.people import StaffMember
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Settings
from mediacheck.wiring.services import open_database, open_services
from release_db.records import ClassGroup, School
from release_db.words import Capacity
from tests.factories import CLASS, NOW, SCHOOL, a_channel, a_student, releases_for
from tests.fakes import (
    CountingIds,
    FakeDecoder,
    FakeExtractor,
    FakeFaceFinder,
    FakeReader,
    FixedClock,
    InlineJobs,
)
from tests.postgresql import POSTGRES, drop_database, make_database

# Machines that run tests are shared: how long an example takes says nothing of the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

_BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Keeps compiled statements over all tests, each of which opens an engine of its own.

    SQLAlchemy keeps them for each engine, and compiling them anew took a third of a test's time.
    """
    kept = immutabledict({"compiled_cache": LRUCache(4_000)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_execution_options", kept)
        # Part of what they are kept by is the dialect: all of one kind write the same SQL.
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__hash__", lambda own: hash(type(own)))
            patch.setattr(dialect, "__eq__", lambda own, other: type(own) is type(other))
        yield


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine: install the Debian package chromium")
    return path


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """One browser for the whole run: a process holds one of the library's loops at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=_BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: a temporary folder, or the one that MEDIACHECK_SCREENS names."""
    folder = os.environ.get("MEDIACHECK_SCREENS")
    if not folder:
        return tmp_path_factory.mktemp("screens")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Services on a real database, with the engines and the clock in the test's hand."""

    services: Services
    clock: FixedClock
    jobs: InlineJobs
    decoder: FakeDecoder
    finder: FakeFaceFinder
    extractor: FakeExtractor
    reader: FakeReader

    def at_desk(self, staff: StaffMember, act: Callable[[Desk], object]) -> object:
        """Does something at a person's desk, in one transaction."""
        with self.services.transaction() as work:
            return act(Desk(services=self.services, work=work, staff=staff))


def settings_in(folder: Path) -> Settings:
    """The settings of a house that keeps everything in a folder."""
    return Settings(data_folder=folder, database_url=f"sqlite:///{folder / 'test.sqlite3'}")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and no row: migrated once, and copied for each test."""
    settings = settings_in(tmp_path_factory.mktemp("migrated") / "data")
    open_database(settings).dispose()
    return settings.data_folder / "test.sqlite3"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Settings]:
    """A house with the school of the tests: filled once, copied for each."""
    settings = settings_in(tmp_path_factory.mktemp("filled") / "data")
    settings.data_folder.mkdir(mode=0o700)
    if POSTGRES:
        settings = replace(settings, database_url=make_database())
        open_database(settings).dispose()
    else:
        shutil.copy(migrated, settings.data_folder)
    with open_services(settings, clock=FixedClock()).transaction() as work:
        fill_register(work)
    yield settings
    if POSTGRES:
        drop_database(settings.database_url)


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of a new database on PostgreSQL, which nobody else knows."""
    if not POSTGRES:
        pytest.skip("MEDIACHECK_TEST_POSTGRES names no database: nothing was tried on PostgreSQL")
    url = make_database()
    yield url
    drop_database(url)


@pytest.fixture
def copied(tmp_path: Path, filled: Settings) -> Iterator[Settings]:
    """A copy of the house's data: on PostgreSQL where there is one, else on SQLite."""
    settings = settings_in(tmp_path / "data")
    shutil.copytree(filled.data_folder, settings.data_folder)
    if not POSTGRES:
        yield settings
        return
    url = make_database(like=filled.database_url)
    yield replace(settings, database_url=url)
    drop_database(url)


@pytest.fixture
def house(copied: Settings) -> House:
    """One school with one class and one channel; Maya is released, Teddy has nothing on file."""
    settings = copied
    clock, jobs = FixedClock(), InlineJobs()
    decoder, finder = FakeDecoder(), FakeFaceFinder()
    extractor, reader = FakeExtractor(), FakeReader()
    services = replace(
        open_services(settings, clock=clock),
        ids=CountingIds(),
        jobs=jobs,
        decoder=lambda: decoder,
        face_finder=lambda: finder,
        template_extractor=lambda: extractor,
        text_reader=lambda: reader,
    )
    jobs.check = lambda media_id: check_media(services, media_id)
    return House(
        services=services,
        clock=clock,
        jobs=jobs,
        decoder=decoder,
        finder=finder,
        extractor=extractor,
        reader=reader,
    )


def fill_register(work: Work) -> None:
    """The school of the tests."""
    register = work.register
    register.save_school(School(key=SCHOOL, name="Lincoln"))
    register.save_class(ClassGroup(key=CLASS, school=SCHOOL, name="Room 12"))
    register.add_channel(a_channel())
    register.save_students([a_student(), a_student("S2", given="Teddy", family="Ramos")])
    by_office = [
        replace(release, capacity=Capacity.OFFICE, decided_by="office")
        for release in releases_for()
    ]
    register.record(by_office)
    register.set_policy("recognition", "suggest", school=None, by="the-boss", at=NOW)
