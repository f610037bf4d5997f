"""Where this process keeps its data, and the few switches the environment may set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Recognition(StrEnum):
    """How far face search may go. ``OFF``: nothing is embedded at all."""

    OFF = "off"
    SUGGEST = "suggest"
    IDENTIFY = "identify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The folders and the database of one installation."""

    data_folder: Path
    database_url: str

    @property
    def keys_folder(self) -> Path:
        """Where the secret keys lie; readable by this user only."""
        return self.data_folder / "keys"

    @property
    def pictures_folder(self) -> Path:
        """Root of the content-addressed picture store."""
        return self.data_folder / "pictures"

    @property
    def uploads_folder(self) -> Path:
        """Uploads that wait to be decoded; removed as soon as they are."""
        return self.data_folder / "uploads"

    @property
    def models_folder(self) -> Path:
        """Models that were converted once from the installed weights."""
        return self.data_folder / "models"

    @property
    def jobs_file(self) -> Path:
        """The embedded job queue."""
        return self.data_folder / "jobs.sqlite3"


def settings_from(environment: Mapping[str, str] | None = None, db: str | None = None) -> Settings:
    """The settings of this process.

    ``MEDIACHECK_DATA`` names the data folder (default: ``mediacheck-data`` here);
    ``MEDIACHECK_DB``, or ``db``, a SQLAlchemy URL (default: an SQLite file in the data folder).
    """
    env = os.environ if environment is None else environment
    folder = Path(env.get("MEDIACHECK_DATA") or "mediacheck-data").expanduser().absolute()
    url = db or env.get("MEDIACHECK_DB") or f"sqlite:///{folder / 'mediacheck.sqlite3'}"
    return Settings(data_folder=folder, database_url=url)
