"""The connectors, and the two halves of the key under which accounts' tokens lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from mediacheck.errors import ConnectorError, Retry
from mediacheck.flow.connections import CLIENT_DOCUMENT_PATH, RETURN_PATH
from mediacheck.model.publishing import Connection, ConnectionState, Platform
from mediacheck.ports.publishing import Connector, Linking, PasswordLinking
from mediacheck.ports.services import Services
from mediacheck.publish.connectors.bluesky.connector import BLUESKY, Views, open_bluesky
from mediacheck.publish.connectors.bluesky.linking import BlueskyLinking, client_document
from mediacheck.publish.connectors.facebook.connector import FacebookConnector
from mediacheck.publish.connectors.facebook.linking import SCOPES as FACEBOOK_SCOPES
from mediacheck.publish.connectors.facebook.linking import FacebookLinking
from mediacheck.publish.connectors.graph.access import open_graph
from mediacheck.publish.connectors.graph.login import Login
from mediacheck.publish.connectors.handoff.connector import HandOffConnector
from mediacheck.publish.connectors.handoff.linking import HandOffLinking
from mediacheck.publish.connectors.instagram.connector import InstagramConnector
from mediacheck.publish.connectors.instagram.linking import SCOPES as INSTAGRAM_SCOPES
from mediacheck.publish.connectors.instagram.linking import InstagramLinking
from mediacheck.publish.connectors.mastodon.connector import open_mastodon
from mediacheck.publish.connectors.mastodon.linking import MastodonLinking
from mediacheck.publish.connectors.wordpress.connector import open_wordpress
from mediacheck.publish.connectors.wordpress.linking import WordPressLinking
from mediacheck.publish.connectors.x.connector import open_x
from mediacheck.publish.connectors.x.linking import XLinking
from mediacheck.publish.tokens import PrivateOpener, PublicSealer, public_key_of
from mediacheck.settings import Settings
from mediacheck.whole_file import write_whole
from mediacheck.wiring.keys import read_or_make_key
from release_db.sealing import KEY_BYTES, Unsealable

#: Only the publishing process reads it.
_PRIVATE = "publisher.key"
_PUBLIC = "publisher.pub"
_CLIENT_KEY = "client.key"
#: How many points the curve P-256 has (SEC 2, section 2.4.2).
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


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
        return self._of_platform(connection, secret)

    def _of_platform(self, connection: Connection, secret: bytes) -> Connector:
        server, account = connection.server, connection.account
        number, allows = account.account_id, self.allows_loopback
        match connection.platform:
            case Platform.MASTODON:
                return open_mastodon(server, number, secret, allows_loopback=allows)
            case Platform.BLUESKY:
                return self._open_bluesky(connection, secret)
            case Platform.HAND_OFF:
                return HandOffConnector(place=account)
            case Platform.WORDPRESS:
                return open_wordpress(server, number, secret, allows_loopback=allows)
            case Platform.X:
                keep = _SecretKeeper(services=self.services, connection=connection)
                return open_x(server, account, secret, allows_loopback=allows, keep=keep)
            case Platform.FACEBOOK:
                graph = open_graph(server, secret, allows_loopback=allows)
                return FacebookConnector(page_id=number, graph=graph)
            case Platform.INSTAGRAM:
                graph = open_graph(server, secret, allows_loopback=allows)
                shelf = self.services.picture_shelf
                return InstagramConnector(account_id=number, graph=graph, shelf=shelf)

    def _open_bluesky(self, connection: Connection, secret: bytes) -> Connector:
        settings = self.services.settings
        return open_bluesky(
            connection.server,
            connection.account.account_id,
            secret,
            views=_views_of(settings),
            keep=_SecretKeeper(services=self.services, connection=connection),
            client_key=_client_key(settings),
            allows_loopback=self.allows_loopback,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SecretKeeper:
    """Seals and keeps what opens an account, after it was renewed."""

    services: Services = field(repr=False)
    connection: Connection

    def __call__(self, secret: bytes) -> None:
        sealed = self.services.token_sealer.seal(secret, *self.connection.belongs_to)
        with self.services.transaction() as work:
            held = work.connections.connection_or_none(self.connection.connection_id)
            if held is not None and held.state is not ConnectionState.ENDED:
                work.connections.keep_secret(held.connection_id, sealed)


def make_connectors(services: Services) -> PlatformConnectors:
    """For the publishing process alone: it reads the private key."""
    private = read_or_make_key(services.settings.keys_folder, _PRIVATE)
    return PlatformConnectors(opener=PrivateOpener(private), services=services)


def make_linkings(settings: Settings) -> Mapping[Platform, Linking]:
    """How an account of each platform is connected."""
    allows = settings.allows_loopback_accounts
    return {
        Platform.MASTODON: MastodonLinking(allows_loopback=allows),
        Platform.BLUESKY: _bluesky_linking(settings),
        Platform.WORDPRESS: WordPressLinking(allows_loopback=allows),
        Platform.X: XLinking(app=settings.x_app),
        Platform.HAND_OFF: HandOffLinking(),
        Platform.FACEBOOK: FacebookLinking(
            login=Login(app=settings.meta_app, scopes=FACEBOOK_SCOPES)
        ),
        Platform.INSTAGRAM: InstagramLinking(
            login=Login(app=settings.meta_app, scopes=INSTAGRAM_SCOPES)
        ),
    }


def make_password_linkings(settings: Settings) -> Mapping[Platform, PasswordLinking]:
    """How an account is connected by a password that its platform made for the tool."""
    allows = settings.allows_loopback_accounts
    return {
        Platform.BLUESKY: _bluesky_linking(settings),
        Platform.WORDPRESS: WordPressLinking(allows_loopback=allows),
    }


def make_client_document(settings: Settings) -> Mapping[str, object]:
    """What says who this tool is to servers of the AT protocol."""
    base = settings.base_url
    return client_document(base + CLIENT_DOCUMENT_PATH, base + RETURN_PATH, _client_key(settings))


def _bluesky_linking(settings: Settings) -> BlueskyLinking:
    return BlueskyLinking(
        document=settings.base_url + CLIENT_DOCUMENT_PATH,
        directory=settings.handle_directory,
        handle_server=settings.handle_server,
        views=_views_of(settings),
        client_key=_client_key(settings),
        allows_loopback=settings.allows_loopback_accounts,
    )


def _views_of(settings: Settings) -> Views | None:
    return BLUESKY if settings.has_bluesky_views else None


def _client_key(settings: Settings) -> ECKey:
    """The key by which this tool proves who it is; it opens no account."""
    kept = int.from_bytes(read_or_make_key(settings.keys_folder, _CLIENT_KEY))
    private = ec.derive_private_key(kept % (_P256_ORDER - 1) + 1, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem)


def make_token_sealer(settings: Settings) -> PublicSealer:
    """Seals for the publishing process. The private key is only made here, when there is none."""
    path = settings.keys_folder / _PUBLIC
    if not path.is_file():
        write_whole(path, public_key_of(read_or_make_key(settings.keys_folder, _PRIVATE)))
    public = path.read_bytes()
    if len(public) != KEY_BYTES:
        write_whole(path, public_key_of(read_or_make_key(settings.keys_folder, _PRIVATE)))
        public = path.read_bytes()
    return PublicSealer(public)
