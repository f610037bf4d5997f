"""What stands on the accounts' own timelines and did not come through the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.publishing import ConnectionId, SeenPost
from release_db.words import ChannelKey

WatchedId = NewType("WatchedId", str)


class WatchedState(StrEnum):
    """Whether somebody has looked at a post that did not come through the door."""

    NOT_CHECKED = "not-checked"
    ASKED = "asked"
    CHECKED = "checked"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPost:
    """A post that an account shows and the tool did not put there.

    ``post_id`` is the post that was made of it to be judged; ``trouble`` why none could be made.
    """

    watched_id: WatchedId
    connection_id: ConnectionId
    channel: ChannelKey
    seen: SeenPost
    state: WatchedState
    found_at: datetime
    asked_by: StaffId | None = None
    post_id: PostId | None = None
    trouble: str = ""
    settled_by: StaffId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How far an account's timeline was read. ``trouble`` is the code of why it could not be.

    ``sweep_by``: who asked for all of it to be read from its beginning, and every post checked.
    """

    connection_id: ConnectionId
    looked_at: datetime | None = None
    read_until: datetime | None = None
    trouble: str = ""
    sweep_by: StaffId | None = None
