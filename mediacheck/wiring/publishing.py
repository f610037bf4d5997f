"""The connectors, and the two halves of the key under which accounts' tokens lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Connection, Platform
from mediacheck.ports.publishing import Connector, Linking, PasswordLinking
from mediacheck.ports.services import Services
from mediacheck.publish.connectors.mastodon.connector import open_mastodon
from mediacheck.publish.connectors.mastodon.linking import MastodonLinking
from mediacheck.publish.connectors.wordpress.connector import open_wordpress
from mediacheck.publish.connectors.wordpress.linking import WordPressLinking
from mediacheck.publish.tokens import PrivateOpener, PublicSealer, public_key_of
from mediacheck.settings import Settings
from mediacheck.wiring.keys import read_or_make_key
from release_db.sealing import KEY_BYTES, Unsealable

#: Only the publishing process reads it.
_PRIVATE = "publisher.key"
_PUBLIC = "publisher.pub"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConnectors:
    """Implements the ``Connectors`` port: opens a token, and the connector of its platform."""

    opener: PrivateOpener = field(repr=False)
    services: Services = field(repr=False)

    @property
    def allows_loopback(self) -> bool:
        """Whether accounts may be on this very machine."""
        return self.services.settings.allows_loopback_accounts

    def open(self, connection: Connection, sealed: bytes) -> Connector:
        """The connector of a connection."""
        try:
            secret = self.opener.open(sealed, *connection.belongs_to)
        except Unsealable:
            raise ConnectorError(
                "The account's token cannot be read. Connect the account again.",
                retry=Retry.NEVER,
                code="unreadable-token",
                is_account_trouble=True,
            ) from None
        match connection.platform:
            case Platform.MASTODON:
                return open_mastodon(
                    connection.server,
                    connection.account.account_id,
                    secret,
                    allows_loopback=self.allows_loopback,
                )
            case Platform.WORDPRESS:
                return open_wordpress(
                    connection.server,
                    connection.account.account_id,
                    secret,
                    allows_loopback=self.allows_loopback,
                )


def make_connectors(services: Services) -> PlatformConnectors:
    """For the publishing process alone: it reads the private key."""
    private = read_or_make_key(services.settings.keys_folder, _PRIVATE)
    return PlatformConnectors(opener=PrivateOpener(private), services=services)


def make_linkings(settings: Settings) -> Mapping[Platform, Linking]:
    """How an account of each platform is connected."""
    allows = settings.allows_loopback_accounts
    return {
        Platform.MASTODON: MastodonLinking(allows_loopback=allows),
        Platform.WORDPRESS: WordPressLinking(allows_loopback=allows),
    }


def make_password_linkings(settings: Settings) -> Mapping[Platform, PasswordLinking]:
    """How an account is connected by a password that its platform made for the tool."""
    allows = settings.allows_loopback_accounts
    return {Platform.WORDPRESS: WordPressLinking(allows_loopback=allows)}


def make_token_sealer(settings: Settings) -> PublicSealer:
    """Seals for the publishing process. The private key is only made here, when there is none."""
    path = settings.keys_folder / _PUBLIC
    if not path.is_file():
        _write(path, public_key_of(read_or_make_key(settings.keys_folder, _PRIVATE)))
    public = path.read_bytes()
    if len(public) != KEY_BYTES:
        _write(path, public_key_of(read_or_make_key(settings.keys_folder, _PRIVATE)))
        public = path.read_bytes()
    return PublicSealer(public)


def _write(path: Path, public: bytes) -> None:
    new = path.with_suffix(f".{os.getpid()}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(public)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
