"""Where this process keeps its data, and the few switches the environment may set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

DEFAULT_URL = "http://localhost:8000"


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
    base_url: str = DEFAULT_URL
    """Where families reach this installation. Links and passkeys are made for it alone."""
    smtp_url: str = field(repr=False, default="")
    mail_from: str = ""
    allows_loopback_accounts: bool = False
    """Of tests and demonstrations only: accounts may be on this very machine, without TLS."""

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
    def papers_folder(self) -> Path:
        """Scans of signed forms: the evidence of what was answered on paper."""
        return self.data_folder / "papers"

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
    ``MEDIACHECK_URL``: where families reach the tool; ``MEDIACHECK_SMTP`` and
    ``MEDIACHECK_MAIL_FROM``: the server their mails go through, and whom they come from.
    ``MEDIACHECK_LOOPBACK_ACCOUNTS=yes``: accounts on this machine may be connected; for tests.
    """
    env = os.environ if environment is None else environment
    folder = Path(env.get("MEDIACHECK_DATA") or "mediacheck-data").expanduser().absolute()
    url = db or env.get("MEDIACHECK_DB") or f"sqlite:///{folder / 'mediacheck.sqlite3'}"
    return Settings(
        data_folder=folder,
        database_url=url,
        base_url=(env.get("MEDIACHECK_URL") or DEFAULT_URL).rstrip("/"),
        smtp_url=env.get("MEDIACHECK_SMTP") or "",
        mail_from=env.get("MEDIACHECK_MAIL_FROM") or "",
        allows_loopback_accounts=env.get("MEDIACHECK_LOOPBACK_ACCOUNTS") == "yes",
    )
