"""What was read on the accounts' own timelines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from mediacheck.model.post import PostId
from mediacheck.model.publishing import ConnectionId
from mediacheck.model.timelines import Watch, WatchedId, WatchedPost, WatchedState


class Timelines(Protocol):
    """What did not come through the door, as one transaction sees it. Never commits."""

    def watch_of(self, connection_id: ConnectionId) -> Watch:
        """How far that account was read; from the beginning, where it never was."""
        ...

    def keep_watch(self, watch: Watch) -> None:
        """Keeps how far an account was read."""
        ...

    def save(self, post: WatchedPost) -> None:
        """Adds or changes a post that was found."""
        ...

    def post_or_none(self, watched_id: WatchedId) -> WatchedPost | None:
        """The post that was found, by its id."""
        ...

    def references_of(self, connection_id: ConnectionId) -> frozenset[str]:
        """The platform's ids of what was found on an account before."""
        ...

    def posts(
        self, states: Collection[WatchedState], *, limit: int | None = None
    ) -> tuple[WatchedPost, ...]:
        """What was found and is in one of these states, the newest first."""
        ...

    def is_from_timeline(self, post_id: PostId) -> bool:
        """Whether a post was made of one that is out already."""
        ...
