"""What was read on the accounts' own timelines, on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediacheck.model.post import PostId
from mediacheck.model.publishing import ConnectionId
from mediacheck.model.timelines import Watch, WatchedId, WatchedPost, WatchedState
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.timelines_schema import WatchedPostRow, WatchRow


class SqlTimelines:
    """Implements the ``Timelines`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def watch_of(self, connection_id: ConnectionId) -> Watch:
        """How far that account was read; from the beginning, where it never was."""
        row = self._session.get(WatchRow, connection_id)
        return from_json(row.watch, Watch) if row else Watch(connection_id=connection_id)

    def keep_watch(self, watch: Watch) -> None:
        """Keeps how far an account was read."""
        text = to_json(watch, Watch)
        self._session.merge(WatchRow(connection_id=watch.connection_id, watch=text))
        self._session.flush()

    def save(self, post: WatchedPost) -> None:
        """Adds or changes a post that was found."""
        row = WatchedPostRow(
            watched_id=post.watched_id,
            connection_id=post.connection_id,
            reference=post.seen.reference,
            posted_at=post.seen.posted_at,
            state=post.state,
            post_id=post.post_id,
            watched=to_json(post, WatchedPost),
        )
        self._session.merge(row)
        self._session.flush()

    def post_or_none(self, watched_id: WatchedId) -> WatchedPost | None:
        """The post that was found, by its id."""
        row = self._session.get(WatchedPostRow, watched_id)
        return from_json(row.watched, WatchedPost) if row is not None else None

    def references_of(self, connection_id: ConnectionId) -> frozenset[str]:
        """The platform's ids of what was found on an account before."""
        query = select(WatchedPostRow.reference).where(
            WatchedPostRow.connection_id == connection_id
        )
        return frozenset(self._session.scalars(query))

    def posts(
        self, states: Collection[WatchedState], *, limit: int | None = None
    ) -> tuple[WatchedPost, ...]:
        """What was found and is in one of these states, the newest first."""
        wanted = [state.value for state in states]
        query = select(WatchedPostRow.watched).where(WatchedPostRow.state.in_(wanted))
        newest = query.order_by(WatchedPostRow.posted_at.desc()).limit(limit)
        return tuple(from_json(text, WatchedPost) for text in self._session.scalars(newest))

    def is_from_timeline(self, post_id: PostId) -> bool:
        """Whether a post was made of one that is out already."""
        query = select(WatchedPostRow.watched_id).where(WatchedPostRow.post_id == post_id)
        return self._session.scalar(query) is not None
