"""Connected accounts and posts on their way, on SQLAlchemy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.publication import PublicationId
from mediacheck.model.publishing import (
    AskedPost,
    Connection,
    ConnectionId,
    ConnectionState,
    Dispatch,
    DispatchId,
    DispatchState,
    LinkAttempt,
    Platform,
)
from mediacheck.model.verdict import ClearanceId
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.publishing_schema import (
    AskedPostRow,
    ConnectionRow,
    DispatchRow,
    LinkAttemptRow,
    PublishApprovalRow,
)
from release_db.words import ChannelKey

_UNDER_WAY = [state.value for state in DispatchState if state.is_under_way]


class SqlConnections:
    """Implements the ``Connections`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def save(self, connection: Connection) -> None:
        """Adds or changes a connection."""
        row = self._row(connection.connection_id)
        if row is None:
            row = ConnectionRow(
                connection_id=connection.connection_id, channel=connection.channel, sealed=b""
            )
            self._session.add(row)
        row.state = connection.state
        row.connection = to_json(connection, Connection)
        self._session.flush()

    def keep_secret(self, connection_id: ConnectionId, sealed: bytes) -> None:
        """Keeps its sealed token; empty bytes destroy it."""
        row = self._row(connection_id)
        if row is not None:
            row.sealed = sealed
            self._session.flush()

    def secret_of(self, connection_id: ConnectionId) -> bytes:
        """Its sealed token; empty when it was destroyed."""
        row = self._row(connection_id)
        return row.sealed if row is not None else b""

    def connection_or_none(self, connection_id: ConnectionId) -> Connection | None:
        """The connection with that id."""
        row = self._row(connection_id)
        return from_json(row.connection, Connection) if row is not None else None

    def of_channel_or_none(self, channel: ChannelKey) -> Connection | None:
        """The connection of a channel that has not ended."""
        ended = [ConnectionState.ENDING.value, ConnectionState.ENDED.value]
        query = select(ConnectionRow.connection).where(
            ConnectionRow.channel == channel, ConnectionRow.state.not_in(ended)
        )
        text = self._session.scalar(query.order_by(ConnectionRow.number.desc()).limit(1))
        return from_json(text, Connection) if text is not None else None

    def all(self) -> tuple[Connection, ...]:
        """Every connection, the newest first."""
        query = select(ConnectionRow.connection).order_by(ConnectionRow.number.desc())
        return tuple(from_json(text, Connection) for text in self._session.scalars(query))

    def keep_attempt(self, attempt: LinkAttempt) -> None:
        """Keeps an attempt to connect, and forgets those of the same person before it."""
        self._session.execute(delete(LinkAttemptRow).where(LinkAttemptRow.by == attempt.by))
        row = LinkAttemptRow(
            state_sha256=attempt.state_sha256,
            channel=attempt.channel,
            platform=attempt.platform,
            server=attempt.server,
            by=attempt.by,
            at=attempt.at,
            secret=attempt.secret,
        )
        self._session.add(row)
        self._session.flush()

    def take_attempt_or_none(self, state_sha256: str, by: StaffId) -> LinkAttempt | None:
        """That person's attempt, which is then used up."""
        row = self._session.get(LinkAttemptRow, state_sha256)
        if row is None or row.by != by:
            return None
        attempt = LinkAttempt(
            state_sha256=row.state_sha256,
            channel=ChannelKey(row.channel),
            platform=Platform(row.platform),
            server=row.server,
            by=StaffId(row.by),
            at=row.at,
            secret=row.secret,
        )
        self._session.delete(row)
        self._session.flush()
        return attempt

    def _row(self, connection_id: ConnectionId) -> ConnectionRow | None:
        query = select(ConnectionRow).where(ConnectionRow.connection_id == connection_id)
        return self._session.scalar(query)


class SqlDispatches:
    """Implements the ``Dispatches`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def save(self, dispatch: Dispatch) -> None:
        """Adds or changes a dispatch."""
        query = select(DispatchRow).where(DispatchRow.dispatch_id == dispatch.dispatch_id)
        row = self._session.scalar(query)
        if row is None:
            row = DispatchRow(
                dispatch_id=dispatch.dispatch_id,
                post_id=dispatch.post_id,
            )
            self._session.add(row)
        row.clearance_id = dispatch.clearance_id
        row.publication_id = dispatch.publication_id
        row.state = dispatch.state
        row.due_at = dispatch.next_try_at
        row.removal_due_at = dispatch.removal.next_try_at
        row.scheduled_for = dispatch.scheduled_for
        row.connection_id = dispatch.connection_id
        row.reference = dispatch.posted.reference if dispatch.posted is not None else None
        row.dispatch = to_json(dispatch, Dispatch)
        self._session.flush()

    def dispatch_or_none(self, dispatch_id: DispatchId) -> Dispatch | None:
        """The dispatch with that id."""
        return self._one(DispatchRow.dispatch_id, dispatch_id)

    def of_clearance_or_none(self, clearance_id: ClearanceId) -> Dispatch | None:
        """The dispatch that rests on a clearance."""
        return self._one(DispatchRow.clearance_id, clearance_id)

    def of_publications(
        self, publications: Collection[PublicationId]
    ) -> dict[PublicationId, Dispatch]:
        """The dispatch of each publication that the tool published itself."""
        found = (self._one(DispatchRow.publication_id, one) for one in publications)
        return {
            one.publication_id: one
            for one in found
            if one is not None and one.publication_id is not None
        }

    def of_post(self, post_id: PostId) -> tuple[Dispatch, ...]:
        """The dispatches of a post, the newest first."""
        query = select(DispatchRow.dispatch).where(DispatchRow.post_id == post_id)
        rows = self._session.scalars(query.order_by(DispatchRow.number.desc()))
        return tuple(from_json(text, Dispatch) for text in rows)

    def newest(self, limit: int) -> tuple[Dispatch, ...]:
        """The newest dispatches, and whatever is still under way."""
        newest = select(DispatchRow.number).order_by(DispatchRow.number.desc()).limit(limit)
        query = select(DispatchRow.dispatch).where(
            or_(DispatchRow.number.in_(newest.scalar_subquery()), DispatchRow.state.in_(_UNDER_WAY))
        )
        rows = self._session.scalars(query.order_by(DispatchRow.number.desc()))
        return tuple(from_json(text, Dispatch) for text in rows)

    def references_of(self, connection_id: ConnectionId) -> frozenset[str]:
        """The platform's ids of what the tool itself put on an account."""
        query = select(DispatchRow.reference).where(
            DispatchRow.connection_id == connection_id, DispatchRow.reference.is_not(None)
        )
        return frozenset(one for one in self._session.scalars(query) if one is not None)

    def scheduled_between(self, start: datetime, end: datetime) -> tuple[Dispatch, ...]:
        """Whatever was or is to go out from ``start`` to before ``end``, the earliest first."""
        query = select(DispatchRow.dispatch).where(
            DispatchRow.scheduled_for >= start, DispatchRow.scheduled_for < end
        )
        rows = self._session.scalars(query.order_by(DispatchRow.scheduled_for, DispatchRow.number))
        return tuple(from_json(text, Dispatch) for text in rows)

    def due(self, now: datetime) -> tuple[DispatchId, ...]:
        """What is to be sent, or was left by a dead worker, the oldest first."""
        return self._due(DispatchRow.due_at, now)

    def removals_on(self, connection_id: ConnectionId) -> tuple[Dispatch, ...]:
        """What is still to be deleted on an account, the oldest first."""
        query = select(DispatchRow.dispatch).where(
            DispatchRow.connection_id == connection_id, DispatchRow.removal_due_at.is_not(None)
        )
        rows = self._session.scalars(query.order_by(DispatchRow.number))
        return tuple(from_json(text, Dispatch) for text in rows)

    def due_removals(self, now: datetime) -> tuple[DispatchId, ...]:
        """What is to be deleted, or was left by a dead worker, the oldest first."""
        return self._due(DispatchRow.removal_due_at, now)

    def approve(self, clearance_id: ClearanceId, by: StaffId, at: datetime) -> None:
        """Keeps a person's yes to exactly what a clearance names."""
        self._session.add(PublishApprovalRow(clearance_id=clearance_id, by=by, at=at))
        self._session.flush()

    def keep_asked(self, asked: AskedPost) -> None:
        """Keeps a post as its author handed it on, in the place of an earlier time."""
        row = AskedPostRow(post_id=asked.post_id, asked=to_json(asked, AskedPost))
        self._session.merge(row)
        self._session.flush()

    def asked_or_none(self, post_id: PostId) -> AskedPost | None:
        """The post as its author handed it on last."""
        row = self._session.get(AskedPostRow, post_id)
        return from_json(row.asked, AskedPost) if row is not None else None

    def approvers(self, clearance_id: ClearanceId) -> frozenset[StaffId]:
        """Who has said yes to what a clearance names."""
        query = select(PublishApprovalRow.by).where(PublishApprovalRow.clearance_id == clearance_id)
        return frozenset(map(StaffId, self._session.scalars(query)))

    def _due(
        self, when: InstrumentedAttribute[datetime | None], now: datetime
    ) -> tuple[DispatchId, ...]:
        query = select(DispatchRow.dispatch_id).where(when <= now).order_by(when)
        return tuple(map(DispatchId, self._session.scalars(query)))

    def _one(
        self, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], value: str
    ) -> Dispatch | None:
        text = self._session.scalar(select(DispatchRow.dispatch).where(column == value))
        return from_json(text, Dispatch) if text is not None else None
