"""Accounts that the tool posts to, and cleared posts on their way to one and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.people import StaffId
from mediacheck.model.post import MediaId, PostId
from mediacheck.model.publication import PublicationId
from mediacheck.model.verdict import ClearanceId
from release_db.words import Audience, ChannelKey

ConnectionId = NewType("ConnectionId", str)
DispatchId = NewType("DispatchId", str)


class Platform(StrEnum):
    """A kind of account that there is a connector for."""

    MASTODON = "mastodon"
    WORDPRESS = "wordpress"
    BLUESKY = "bluesky"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    HAND_OFF = "hand-off"

    @property
    def seen_by(self) -> Audience | None:
        """Who sees what is posted there, whatever a channel says; None: whom a person gives it."""
        match self:
            case Platform.HAND_OFF:
                return None
            case Platform.WORDPRESS:
                return Audience.PUBLIC_WEB
            case Platform.MASTODON | Platform.BLUESKY | Platform.X:
                return Audience.SOCIAL
            case Platform.FACEBOOK | Platform.INSTAGRAM:
                return Audience.SOCIAL

    def is_for(self, audience: Audience) -> bool:
        """Whether a channel for that audience may post there: no release reaches further."""
        return self.seen_by in {None, audience}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as its platform names it."""

    account_id: str
    handle: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes in one post. Texts are counted in characters."""

    words: int
    pictures: int
    alt_text: int
    picture_bytes: int
    picture_pixels: int
    address_characters: int | None = None
    """What any web address in the words counts as; None: as long as it is."""
    counts_graphemes: bool = False
    """Whether ``words`` counts what a reader takes for one sign, however it is put together."""
    words_bytes: int | None = None
    """How long the words may be in UTF-8; None: no matter."""
    picture_side_px: int | None = None
    """The longest side of a picture; None: any."""
    counts_twice: bool = False
    """Whether every character but those of Latin and its like counts as two, as X has it."""
    least_pictures: int = 0
    hashtags: int | None = None
    """How many hashtags the words may hold; None: any number."""
    narrowest: float | None = None
    widest: float | None = None
    """What a picture's width divided by its height may be; None: anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """How long a token opens its account, and how much the platform lets us ask.

    ``token_ends_at`` None with ``has_end``: the platform does not say when. ``calls_left`` of
    ``calls_most`` may be made until ``calls_again_at``; None: it does not say.
    """

    has_end: bool = True
    token_ends_at: datetime | None = None
    calls_left: int | None = None
    calls_most: int | None = None
    calls_again_at: datetime | None = None


class ConnectionState(StrEnum):
    """Whether an account may be posted to."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    BROKEN = "broken"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account that was connected to a channel. Its token is kept sealed, apart.

    ``trouble`` is the code of what was wrong when the tool looked last, at ``looked_at``.
    """

    connection_id: ConnectionId
    channel: ChannelKey
    platform: Platform
    server: str
    account: Account
    scopes: tuple[str, ...]
    state: ConnectionState
    connected_by: StaffId
    connected_at: datetime
    limits: Limits | None = None
    confirmed_by: StaffId | None = None
    looked_at: datetime | None = None
    trouble: str = ""
    health: AccountHealth | None = None
    """As the platform told when the tool looked last; None: it told nothing."""

    def may_post(self, *, is_official: bool) -> bool:
        """Whether it may be posted to: an official account needs a second person's yes to it."""
        is_confirmed = self.confirmed_by is not None or not is_official
        return self.state is ConnectionState.ACTIVE and is_confirmed

    @property
    def belongs_to(self) -> tuple[str, ...]:
        """What its token is bound to: it opens for no other channel and no other account."""
        return (self.channel, self.platform, self.server, self.account.account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An account that somebody has just let the tool post to. ``secret`` opens it."""

    server: str
    account: Account
    scopes: tuple[str, ...]
    limits: Limits
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAttempt:
    """Somebody is on the way to the platform's own page, to let the tool in. Good once.

    ``secret`` is sealed; it is needed to finish.
    """

    state_sha256: str
    channel: ChannelKey
    platform: Platform
    server: str
    by: StaffId
    at: datetime
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedPicture:
    """A picture as it goes out: our own JPEG bytes, and its description."""

    jpeg: bytes = field(repr=False)
    alt_text: str = field(repr=False)
    pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedContent:
    """All that a connector may send: exactly what a clearance names, and nothing else.

    Only ``mediacheck.publish.content`` builds one.
    """

    clearance_id: ClearanceId
    words: str = field(repr=False)
    pictures: tuple[ClearedPicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What is out: the platform's own id, the page, and where each picture lies."""

    reference: str
    address: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPicture:
    """A picture of a post that was read on a timeline, and how it is described there."""

    address: str
    alt_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPost:
    """A post as an account's own timeline shows it, whoever put it there."""

    reference: str
    address: str
    posted_at: datetime
    words: str = field(default="", repr=False)
    pictures: tuple[SeenPicture, ...] = ()
    has_more: bool = False
    """Whether it holds anything else that people see or hear, such as a film: nobody checks it."""


#: How the reference of what was handed to a person begins: nobody can look it up.
BY_HAND = "by-hand:"


class DispatchState(StrEnum):
    """Where a cleared post is on its way to an account."""

    ASKED = "asked"
    WAITING = "waiting"
    SENDING = "sending"
    PUBLISHED = "published"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"

    @property
    def is_under_way(self) -> bool:
        """Whether it may still become public, or has and nobody knows."""
        return self in {
            DispatchState.ASKED,
            DispatchState.WAITING,
            DispatchState.SENDING,
            DispatchState.UNKNOWN,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPost:
    """The words of a post as its author handed it on, to be compared with what goes out."""

    post_id: PostId
    by: StaffId
    at: datetime
    words: str = field(repr=False)
    alt_texts: dict[MediaId, str] = field(default_factory=dict, repr=False)


class RemovalState(StrEnum):
    """Where the deletion of what was published is."""

    NONE = "none"
    WAITING = "waiting"
    RUNNING = "running"
    GONE = "gone"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """The deletion of one published post, and the proof that it is gone.

    ``by_hand_until``: a person has to have done it by then. ``due_at`` is the next try, or, while
    it runs, when it counts as lost with its worker.
    """

    state: RemovalState = RemovalState.NONE
    due_at: datetime | None = None
    attempts: int = 0
    trouble: str = ""
    gone_at: datetime | None = None
    by_hand_until: datetime | None = None

    @property
    def next_try_at(self) -> datetime | None:
        """When it is to be taken up; None: nothing is left to do, or a person has to."""
        is_open = self.state in {RemovalState.WAITING, RemovalState.RUNNING}
        return self.due_at if is_open else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One cleared post on its way to one account. The row of it is the truth; a job is a nudge.

    ``due_at`` is the next try, or, while it is sent, when it counts as lost with its worker.
    ``parts`` are the platform's ids of what was uploaded and nobody sees yet: the marker by which
    the post is known again. ``asked_platform_at``: from then on it may be public. ``round`` grows
    when a person has it sent again after it surely was not public, so that it gets another key.
    """

    dispatch_id: DispatchId
    post_id: PostId
    clearance_id: ClearanceId
    channel: ChannelKey
    connection_id: ConnectionId
    state: DispatchState
    asked_by: StaffId
    asked_at: datetime
    due_at: datetime
    round: int = 1
    attempts: int = 0
    parts: tuple[str, ...] = ()
    asked_platform_at: datetime | None = None
    publication_id: PublicationId | None = None
    posted: Posted | None = None
    posted_at: datetime | None = None
    is_verified: bool = False
    said_address: str = ""
    trouble: str = ""
    words: str = ""
    is_handed_over: bool = False
    """Whether somebody also took the package, and may have posted it by hand."""
    posted_by_hand_at: datetime | None = None
    posted_by_hand_by: StaffId | None = None
    """When a person said that what was handed over is posted, and who."""
    scheduled_for: datetime | None = None
    """The moment that a person chose; None: as soon as it may."""
    removal: Removal = Removal()

    @property
    def is_scheduled(self) -> bool:
        """Whether it waits for its moment, and nothing of it was sent anywhere yet."""
        is_waiting = self.state in {DispatchState.ASKED, DispatchState.WAITING}
        return is_waiting and self.scheduled_for is not None and self.attempts == 0

    @property
    def wanted_at(self) -> datetime:
        """When it was to go out: at its moment, else when it was asked for."""
        return self.scheduled_for or self.asked_at

    @property
    def is_by_hand(self) -> bool:
        """Whether a person posts it: the tool only handed it over."""
        return self.posted is not None and self.posted.reference.startswith(BY_HAND)

    @property
    def key(self) -> str:
        """The same for every try of one sending, so that the platform knows a repetition."""
        return f"{self.dispatch_id}-{self.round}"

    @property
    def next_try_at(self) -> datetime | None:
        """When it is to be taken up; None: nothing is left to do, or a person has to."""
        is_open = self.state in {DispatchState.WAITING, DispatchState.SENDING}
        is_unverified = self.state is DispatchState.PUBLISHED and not (
            self.is_verified or self.trouble
        )
        return self.due_at if is_open or is_unverified or self.has_leftovers else None

    @property
    def has_leftovers(self) -> bool:
        """Whether it did not go out, and what was uploaded for it may still lie there."""
        return self.state in {DispatchState.FAILED, DispatchState.STOPPED} and bool(self.parts)

    @property
    def is_surely_not_out(self) -> bool:
        """Whether nothing of it is public, by the tool or by hand."""
        ended = self.state in {DispatchState.FAILED, DispatchState.STOPPED}
        return ended and not self.is_handed_over
