"""What was read on the accounts' own timelines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class WatchRow(Base):
    """How far an account's timeline was read."""

    __tablename__ = "timeline_watches"

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    watch: Mapped[str] = mapped_column(Text)


class WatchedPostRow(Base):
    """A post that an account shows and the tool did not put there."""

    __tablename__ = "timeline_posts"

    watched_id: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str]
    reference: Mapped[str]
    posted_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
    state: Mapped[str] = mapped_column(index=True)
    post_id: Mapped[str | None] = mapped_column(index=True)
    watched: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint(
            "connection_id", "reference", name="uq_timeline_posts_connection_id_reference"
        ),
    )
