"""What publishes: connectors to platforms, the secrets of accounts, and the rows of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.publication import PublicationId
from mediacheck.model.publishing import (
    Account,
    AccountHealth,
    AskedPost,
    ClearedContent,
    Connection,
    ConnectionId,
    Dispatch,
    DispatchId,
    Limits,
    LinkAttempt,
    Linked,
    Posted,
    SeenPicture,
    SeenPost,
)
from mediacheck.model.verdict import ClearanceId
from release_db.words import ChannelKey


class Connector(Protocol):
    """One account on one platform. Whatever fails raises ``ConnectorError``, and nothing else."""

    @property
    def key_life(self) -> timedelta:
        """How long the platform takes a repeated key for the same post; zero: it knows no keys."""
        ...

    def account(self) -> Account:
        """The account that the token really opens."""
        ...

    def limits(self) -> Limits:
        """What the platform takes, as it says itself, or from a dated table."""
        ...

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        """Uploads the pictures, which nobody sees yet; all of them, or none is left there."""
        ...

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        """Makes it public."""
        ...

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        """Looks on the account's own timeline for what may have been published since then.

        None: it is surely not there.
        """
        ...

    def posted_at(self, address: str) -> Posted:
        """The post of this account at an address that a person gave."""
        ...

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        """Whether the public sees what was cleared: each picture with its words, and no more."""
        ...

    def take_down(self, posted: Posted) -> None:
        """Deletes it, with every step that the platform needs. No error when it is gone already."""
        ...

    def is_gone(self, posted: Posted) -> bool:
        """Whether the page and each picture are gone, as the public sees it."""
        ...

    def discard(self, parts: tuple[str, ...]) -> None:
        """Removes what was uploaded and is not public; it is asked again when that fails."""
        ...

    def end(self) -> None:
        """Has the platform forget the token."""
        ...


@runtime_checkable
class TimelineReader(Protocol):
    """A connector whose account's own timeline can be read. One that lacks this cannot be watched.

    Whatever fails raises ``ConnectorError``, and nothing else.
    """

    def read_timeline(self, since: datetime, most: int) -> tuple[SeenPost, ...]:
        """What the account itself posted since then, the newest first; no more than ``most``."""
        ...

    def fetch_picture(self, picture: SeenPicture) -> bytes:
        """The picture as the public gets it: bytes that nobody has looked at yet."""
        ...


class PictureShelf(Protocol):
    """Shows cleared pictures to a platform that fetches them itself."""

    def show(self, jpeg: bytes) -> str:
        """An address at which anybody who knows it gets these bytes, for a short while.

        Raises:
            ConnectorError: nobody outside could reach it.
        """
        ...

    def take_away(self, address: str) -> None:
        """Nobody gets it any more. No error when it is gone."""
        ...

    def fetch_or_none(self, token: str) -> bytes | None:
        """The bytes, while they are shown."""
        ...


@runtime_checkable
class HealthReader(Protocol):
    """A connector whose platform tells how long a token lasts, or how much may be asked."""

    def health(self) -> AccountHealth:
        """How the account is.

        Raises:
            ConnectorError: the platform did not answer as it should.
        """
        ...


class Connectors(Protocol):
    """Opens the connector of a connection; only the publishing process holds one."""

    def open(self, connection: Connection, sealed: bytes) -> Connector:
        """The connector.

        Raises:
            ConnectorError: the token was sealed for another account, or with another key.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunLink:
    """Where somebody goes to let the tool in; ``secret`` is needed to finish."""

    address: str = field(repr=False)
    state: str = field(repr=False)
    secret: bytes = field(repr=False)


class Linking(Protocol):
    """Connects an account, by the platform's own page."""

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Makes the tool known to the server.

        Raises:
            ConnectorError: the address is not fit, or the server does not answer as it should.
        """
        ...

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades what the page gave for a token, and asks whose it is.

        ``brought`` is what stands in the address of the way back, but for the state.

        Raises:
            ConnectorError: the server refuses, or gave less than is needed to delete.
        """
        ...


class PasswordLinking(Protocol):
    """Connects an account by a password that its platform made for this tool alone."""

    def enter(self, server: str, user: str, password: str) -> Linked:
        """Asks whose it is, and what it may do.

        Raises:
            ConnectorError: it opens nothing, too little to delete, or the whole account.
        """
        ...


class TokenSealer(Protocol):
    """Seals a token so that only the publishing process can open it."""

    def seal(self, secret: bytes, *belongs_to: str) -> bytes:
        """The sealed secret, bound to what it belongs to."""
        ...


class Connections(Protocol):
    """The accounts that were connected, as one transaction sees them. Never commits."""

    def save(self, connection: Connection) -> None:
        """Adds or changes a connection."""
        ...

    def keep_secret(self, connection_id: ConnectionId, sealed: bytes) -> None:
        """Keeps its sealed token; empty bytes destroy it."""
        ...

    def secret_of(self, connection_id: ConnectionId) -> bytes:
        """Its sealed token; empty when it was destroyed."""
        ...

    def connection_or_none(self, connection_id: ConnectionId) -> Connection | None:
        """The connection with that id."""
        ...

    def of_channel_or_none(self, channel: ChannelKey) -> Connection | None:
        """The connection of a channel that has not ended."""
        ...

    def all(self) -> tuple[Connection, ...]:
        """Every connection, the newest first."""
        ...

    def keep_attempt(self, attempt: LinkAttempt) -> None:
        """Keeps an attempt to connect, and forgets those of the same person before it."""
        ...

    def take_attempt_or_none(self, state_sha256: str, by: StaffId) -> LinkAttempt | None:
        """That person's attempt, which is then used up."""
        ...


class Dispatches(Protocol):
    """Cleared posts on their way, as one transaction sees them. Never commits."""

    def save(self, dispatch: Dispatch) -> None:
        """Adds or changes a dispatch."""
        ...

    def dispatch_or_none(self, dispatch_id: DispatchId) -> Dispatch | None:
        """The dispatch with that id."""
        ...

    def of_clearance_or_none(self, clearance_id: ClearanceId) -> Dispatch | None:
        """The dispatch that rests on a clearance."""
        ...

    def of_publications(
        self, publications: Collection[PublicationId]
    ) -> dict[PublicationId, Dispatch]:
        """The dispatch of each publication that the tool published itself."""
        ...

    def of_post(self, post_id: PostId) -> tuple[Dispatch, ...]:
        """The dispatches of a post, the newest first."""
        ...

    def newest(self, limit: int) -> tuple[Dispatch, ...]:
        """The newest dispatches, and whatever is still under way."""
        ...

    def references_of(self, connection_id: ConnectionId) -> frozenset[str]:
        """The platform's ids of what the tool itself put on an account."""
        ...

    def scheduled_between(self, start: datetime, end: datetime) -> tuple[Dispatch, ...]:
        """Whatever was or is to go out from ``start`` to before ``end``, the earliest first."""
        ...

    def due(self, now: datetime) -> tuple[DispatchId, ...]:
        """What is to be sent, or was left by a dead worker, the oldest first."""
        ...

    def removals_on(self, connection_id: ConnectionId) -> tuple[Dispatch, ...]:
        """What is still to be deleted on an account, the oldest first."""
        ...

    def due_removals(self, now: datetime) -> tuple[DispatchId, ...]:
        """What is to be deleted, or was left by a dead worker, the oldest first."""
        ...

    def approve(self, clearance_id: ClearanceId, by: StaffId, at: datetime) -> None:
        """Keeps a person's yes to exactly what a clearance names."""
        ...

    def keep_asked(self, asked: AskedPost) -> None:
        """Keeps a post as its author handed it on, in the place of an earlier time."""
        ...

    def asked_or_none(self, post_id: PostId) -> AskedPost | None:
        """The post as its author handed it on last."""
        ...

    def approvers(self, clearance_id: ClearanceId) -> frozenset[StaffId]:
        """Who has said yes to what a clearance names."""
        ...
