"""Tables of posts, their pictures, what was seen in them, and what people said of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class PostRow(Base):
    """A post. ``last_outcome`` serves lists; nothing is decided from it."""

    __tablename__ = "posts"

    post_id: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(index=True)
    school: Mapped[str | None] = mapped_column(index=True)
    channel: Mapped[str]
    class_key: Mapped[str | None]
    caption: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
    version: Mapped[int]
    last_outcome: Mapped[str | None]


class MediaRow(Base):
    """One picture of a post. The row stays when the picture is taken out."""

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_state_claimed_at", "state", "claimed_at"),)

    media_id: Mapped[str] = mapped_column(primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
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
    claimed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    removed: Mapped[bool]
    rendition: Mapped[str | None] = mapped_column(Text)


class SeenRow(Base):
    """What the engines saw in one picture."""

    __tablename__ = "seen"

    media_id: Mapped[str] = mapped_column(ForeignKey("media.media_id"), primary_key=True)
    seen: Mapped[str] = mapped_column(Text)


class ResolutionRow(Base):
    """A person's word on a finding. Append-only: the last one counts."""

    __tablename__ = "resolutions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    finding_id: Mapped[str]
    resolution: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcMoment)


class NoteRow(Base):
    """What was said between author and office. Append-only."""

    __tablename__ = "review_notes"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    act: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)
    words: Mapped[str] = mapped_column(Text)


class ClearanceRow(Base):
    """A clearance. Append-only."""

    __tablename__ = "clearances"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    clearance_id: Mapped[str] = mapped_column(unique=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    clearance: Mapped[str] = mapped_column(Text)


for _row in (ResolutionRow, NoteRow, ClearanceRow):
    _table = _row.__table__
    if isinstance(_table, Table):
        guard(_table)
