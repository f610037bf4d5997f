"""Where this process keeps its data, and the few switches the environment may set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from uuid import UUID

DEFAULT_URL = "http://localhost:8000"


class Recognition(StrEnum):
    """How far face search may go. ``OFF``: nothing is embedded at all."""

    OFF = "off"
    SUGGEST = "suggest"
    IDENTIFY = "identify"


class ProviderKind(StrEnum):
    """Whose sign-in a district may use."""

    GOOGLE = "google"
    ENTRA = "entra"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """A sign-in that the district uses, as it is set up there for this installation.

    ``homes`` are the only domains (Google Workspace) or the only tenant (Microsoft Entra) whose
    people are let in; the issuer is the provider's own address.
    """

    kind: ProviderKind
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    homes: frozenset[str]


class SettingsRefused(ValueError):
    """Switches of the environment that do not go together. The words say which is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppKeys:
    """The district's own app at a platform: its public key and its secret."""

    key: str
    secret: str = field(repr=False)
    is_oauth1: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The folders and the database of one installation."""

    data_folder: Path
    database_url: str
    base_url: str = DEFAULT_URL
    """Where families reach this installation. Links and passkeys are made for it alone."""
    jobs_url: str = field(repr=False, default="")
    """The server that queues background work; empty: see ``jobs_address``."""
    smtp_url: str = field(repr=False, default="")
    mail_from: str = ""
    allows_loopback_accounts: bool = False
    """Of tests and demonstrations only: accounts may be on this very machine, without TLS."""
    handle_directory: str = "https://plc.directory"
    """Where the AT protocol keeps who an account is."""
    handle_server: str = ""
    """Asked for the account of a handle; empty: the handle's own domain is asked."""
    has_bluesky_views: bool = True
    """Whether the network of Bluesky shows the accounts; not so of servers that are apart."""
    providers: tuple[ProviderSettings, ...] = ()
    """Where the district's staff sign in; none: with a password of mediacheck's own."""
    x_app: AppKeys | None = None
    meta_app: AppKeys | None = None
    """The app through which Facebook Pages and Instagram accounts are connected."""

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
    def portraits_folder(self) -> Path:
        """Portraits that wait to be enrolled; removed once that is settled."""
        return self.data_folder / "portraits"

    @property
    def old_pictures_folder(self) -> Path:
        """Files of an archive that wait to be judged; removed once they are."""
        return self.data_folder / "old-pictures"

    @property
    def models_folder(self) -> Path:
        """Models that were converted once from the installed weights."""
        return self.data_folder / "models"

    @property
    def shelf_folder(self) -> Path:
        """Cleared pictures that a platform fetches itself, for minutes."""
        return self.data_folder / "shelf"

    @property
    def jobs_address(self) -> str:
        """Where background work is queued: beside the database, unless a server was named."""
        if self.jobs_url:
            return self.jobs_url
        if self.database_url.startswith("postgresql"):
            return self.database_url
        return f"sqlite:///{self.data_folder / 'jobs.sqlite3'}"


def settings_from(environment: Mapping[str, str] | None = None, db: str | None = None) -> Settings:
    """The settings of this process.

    ``MEDIACHECK_DATA`` names the data folder (default: ``mediacheck-data`` here);
    ``MEDIACHECK_DB``, or ``db``, a SQLAlchemy URL (default: an SQLite file in the data folder).
    ``MEDIACHECK_JOBS``: a Redis server, or another PostgreSQL database, for background work.
    ``MEDIACHECK_URL``: where families reach the tool; ``MEDIACHECK_SMTP`` and
    ``MEDIACHECK_MAIL_FROM``: the server their mails go through, and whom they come from.
    ``MEDIACHECK_LOOPBACK_ACCOUNTS=yes``: accounts on this machine may be connected; for tests.
    ``MEDIACHECK_HANDLE_DIRECTORY`` and ``MEDIACHECK_HANDLE_SERVER``: where accounts of the AT
    protocol are looked up; ``MEDIACHECK_BLUESKY_VIEWS=no``: Bluesky's network does not show them.
    ``MEDIACHECK_X_APP`` (client id and secret), ``MEDIACHECK_X_CONSUMER`` (OAuth 1.0a) and
    ``MEDIACHECK_META_APP``: the district's own apps, each as ``key:secret``.
    ``MEDIACHECK_GOOGLE_CLIENT_ID``, ``_CLIENT_SECRET`` and ``_DOMAIN`` (several with commas), or
    ``MEDIACHECK_ENTRA_CLIENT_ID``, ``_CLIENT_SECRET`` and ``_TENANT``: the district's sign-in.

    Raises:
        SettingsRefused: a sign-in or an app is set up in part.
    """
    env = os.environ if environment is None else environment
    folder = Path(env.get("MEDIACHECK_DATA") or "mediacheck-data").expanduser().absolute()
    url = db or env.get("MEDIACHECK_DB") or f"sqlite:///{folder / 'mediacheck.sqlite3'}"
    return Settings(
        data_folder=folder,
        database_url=url,
        base_url=(env.get("MEDIACHECK_URL") or DEFAULT_URL).rstrip("/"),
        jobs_url=env.get("MEDIACHECK_JOBS") or "",
        smtp_url=env.get("MEDIACHECK_SMTP") or "",
        mail_from=env.get("MEDIACHECK_MAIL_FROM") or "",
        allows_loopback_accounts=env.get("MEDIACHECK_LOOPBACK_ACCOUNTS") == "yes",
        handle_directory=env.get("MEDIACHECK_HANDLE_DIRECTORY") or "https://plc.directory",
        handle_server=env.get("MEDIACHECK_HANDLE_SERVER") or "",
        has_bluesky_views=env.get("MEDIACHECK_BLUESKY_VIEWS") != "no",
        x_app=_app_in(env.get("MEDIACHECK_X_APP"))
        or _app_in(env.get("MEDIACHECK_X_CONSUMER"), is_oauth1=True),
        meta_app=_app_in(env.get("MEDIACHECK_META_APP")),
        providers=tuple(one for one in (_google_in(env), _entra_in(env)) if one is not None),
    )


def _google_in(env: Mapping[str, str]) -> ProviderSettings | None:
    parts = _all_or_none(env, "MEDIACHECK_GOOGLE", ("CLIENT_ID", "CLIENT_SECRET", "DOMAIN"))
    if parts is None:
        return None
    client_id, secret, domains = parts
    return ProviderSettings(
        kind=ProviderKind.GOOGLE,
        # Another issuer is a server of the tests; the wire lets it be on this machine only.
        issuer=env.get("MEDIACHECK_GOOGLE_ISSUER") or "https://accounts.google.com",
        client_id=client_id,
        client_secret=secret,
        homes=frozenset(one.strip().casefold() for one in domains.split(",") if one.strip()),
    )


def _entra_in(env: Mapping[str, str]) -> ProviderSettings | None:
    parts = _all_or_none(env, "MEDIACHECK_ENTRA", ("CLIENT_ID", "CLIENT_SECRET", "TENANT"))
    if parts is None:
        return None
    client_id, secret, tenant = parts
    try:
        tenant = str(UUID(tenant))
    except ValueError:
        raise SettingsRefused(
            "MEDIACHECK_ENTRA_TENANT is the directory's id, such as "
            "72f988bf-86f1-41af-91ab-2d7cd011db47: a name, or common, would let in anybody's staff."
        ) from None
    issuer = env.get("MEDIACHECK_ENTRA_ISSUER")
    return ProviderSettings(
        kind=ProviderKind.ENTRA,
        issuer=issuer or f"https://login.microsoftonline.com/{tenant}/v2.0",
        client_id=client_id,
        client_secret=secret,
        homes=frozenset({tenant}),
    )


def _all_or_none(
    env: Mapping[str, str], prefix: str, names: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The values under these names, once all of them are set; None when none is."""
    values = {f"{prefix}_{name}": (env.get(f"{prefix}_{name}") or "").strip() for name in names}
    missing = [name for name, value in values.items() if not value]
    if len(missing) == len(names):
        return None
    if missing:
        raise SettingsRefused(f"The district's sign-in is set up in part: {missing[0]} is missing.")
    return tuple(values.values())


def _app_in(text: str | None, *, is_oauth1: bool = False) -> AppKeys | None:
    if not text or not text.strip():
        return None
    key, _, secret = text.strip().partition(":")
    if not key or not secret:
        raise SettingsRefused("An app at a platform is written as its key, a colon, its secret.")
    return AppKeys(key=key, secret=secret, is_oauth1=is_oauth1)
