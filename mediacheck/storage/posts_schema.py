"""Tables of posts, their pictures, what was seen in them, and what people said of it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, ForeignKey, Index, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases that keep a zone and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuses a naive moment; brings any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Gives SQLite's naive moments their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PostRow(Base):
    """A post. ``last_outcome`` serves lists; nothing is decided from it."""

    __tablename__ = "post"

    post_id: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(index=True)
    school: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str]
    class_key: Mapped[str | None]
    caption: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    version: Mapped[int]
    last_outcome: Mapped[str | None]


class MediaRow(Base):
    """One picture of a post. The row stays when the picture is taken out."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_state_claimed_at", "state", "claimed_at"),)

    media_id: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.post_id"), index=True)
    position: Mapped[int]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    pixels_sha256: Mapped[str | None]
    picture_key: Mapped[str | None]
    original_key: Mapped[str | None]
    width_px: Mapped[int]
    height_px: Mapped[int]
    source_width_px: Mapped[int]
    source_height_px: Mapped[int]
    alt_text: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    refused_code: Mapped[str | None]
    refused_message: Mapped[str | None] = mapped_column(Text)
    covers: Mapped[str] = mapped_column(Text)
    carried: Mapped[str] = mapped_column(Text)
    notices: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed: Mapped[bool]


class SeenRow(Base):
    """What the engines saw in one picture."""

    __tablename__ = "seen"

    media_id: Mapped[str] = mapped_column(ForeignKey("media.media_id"), primary_key=True)
    seen: Mapped[str] = mapped_column(Text)


class ResolutionRow(Base):
    """A person's word on a finding. Append-only: the last one counts."""

    __tablename__ = "resolution"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.post_id"), index=True)
    finding_id: Mapped[str]
    resolution: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoteRow(Base):
    """What was said between author and office. Append-only."""

    __tablename__ = "review_note"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.post_id"), index=True)
    act: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text)


class ClearanceRow(Base):
    """A clearance. Append-only."""

    __tablename__ = "clearance"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    clearance_id: Mapped[str] = mapped_column(unique=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.post_id"), index=True)
    clearance: Mapped[str] = mapped_column(Text)
