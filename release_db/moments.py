"""Moments in the database: aware, in UTC, whatever the database makes of zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import DateTime, TypeDecorator
from sqlalchemy.engine import Dialect


class UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so the zone is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; raises ``ValueError`` for one without a zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[datetime | None], datetime | None]:
        """Makes the moment aware, in UTC; one call a value, since every question reads many."""
        read = self.impl_instance.result_processor(dialect, coltype)

        def in_utc(value: datetime | None) -> datetime | None:
            # A driver without moments of its own gives text, which ``read`` reads.
            moment = value if read is None else read(value)
            if moment is None:
                return None
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

        return in_utc
