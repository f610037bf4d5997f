"""The audit log in the database: entries are written in the transaction of what they record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from mediacheck.model.audit import AuditEntry, ChainReport, Event
from mediacheck.ports.accounts import AuditSealer
from mediacheck.ports.engines import Clock
from mediacheck.storage.audit_schema import AuditRow

#: Any number, as long as nothing else in the database locks the same one.
_POSTGRESQL_LOCK = 6_311_870_124

_AT_ONCE = 1000


def newest_moment_or_none(session: Session) -> datetime | None:
    """When the newest entry was written; None: there is none."""
    return session.scalar(select(AuditRow.at).order_by(AuditRow.number.desc()).limit(1))


class SqlAuditLog:
    """``ports.AuditLog`` on SQLAlchemy."""

    def __init__(self, session: Session, sealer: AuditSealer, clock: Clock) -> None:
        """Writes through ``session``, whose transaction somebody else opens and commits.

        ``newest_written`` is the last entry that was written here; None: nothing was.
        """
        self._session = session
        self._sealer = sealer
        self._clock = clock
        self.newest_written: AuditEntry | None = None

    def write(
        self, event: Event, *, actor: str, subject: str = "", **details: str | int | bool
    ) -> None:
        """Appends an entry. Ids, counts and hashes only; never a name or a caption.

        Raises:
            UnfitDetail: a word is too long, or holds a line's end or another control sign.
        """
        self._wait_for_other_writers()
        entry = self._sealer.next_entry(
            self.head(),
            event,
            at=self._clock.now(),
            actor=actor,
            subject=subject,
            details=details,
        )
        values = {name: getattr(entry, name) for name in AuditEntry.__slots__}
        self._session.execute(insert(AuditRow).values(values))
        self.newest_written = entry

    def entries(self, *, after: int = 0, limit: int = _AT_ONCE) -> tuple[AuditEntry, ...]:
        """Entries with numbers above ``after``, in order."""
        query = select(*_columns()).where(AuditRow.number > after).order_by(AuditRow.number)
        rows = self._session.execute(query.limit(limit))
        return tuple(AuditEntry(**row._mapping) for row in rows)

    def head(self) -> AuditEntry | None:
        """The newest entry."""
        query = select(*_columns()).order_by(AuditRow.number.desc()).limit(1)
        newest = self._session.execute(query).one_or_none()
        return None if newest is None else AuditEntry(**newest._mapping)

    def verify(self, expected_head: str | None = None) -> ChainReport:
        """Walks the chain. ``expected_head``: the ``mac`` of an entry, recorded elsewhere."""
        return self._sealer.verify(self._all(), expected_head)

    def _all(self) -> Iterator[AuditEntry]:
        """Every entry, a page at a time. It begins below 1, so that nothing hides there."""
        after = -(2**31)
        while page := self.entries(after=after):
            yield from page
            after = page[-1].number

    def _wait_for_other_writers(self) -> None:
        """One writer at a time. SQLite has only one; PostgreSQL is asked for a lock.

        The lock ends with the transaction. It needs READ COMMITTED (PostgreSQL's default), so that
        the newest entry is read as it stands once the lock is held; under a stricter level the
        primary key refuses the second writer.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK}
            )


def _columns() -> list[InstrumentedAttribute[object]]:
    return [getattr(AuditRow, name) for name in AuditEntry.__slots__]
