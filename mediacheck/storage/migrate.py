"""Brings mediacheck's own tables to this version, by Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_FOLDER = Path(__file__).resolve().parent / "migrations"
#: The register keeps its own; both live in one database.
VERSION_TABLE = "mediacheck_version"


def upgrade(engine: Engine) -> None:
    """Runs every migration that the database has not had. All or nothing."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has had every migration of this version, and none of a newer one."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return set(context.get_current_heads()) == _heads()


@cache
def _heads() -> frozenset[str]:
    """The newest migrations. Reading them all takes a while, and a process has one version."""
    return frozenset(ScriptDirectory.from_config(_scripts()).get_heads())


def _config(connection: Connection) -> Config:
    config = _scripts()
    config.attributes["connection"] = connection
    return config


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
