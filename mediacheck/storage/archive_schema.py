"""What became of the pictures of an archive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class ArchivePictureRow(Base):
    """One file of an archive, as it was judged for one channel.

    ``in_open_sweep``: by a sweep that has not ended, and goes on behind it.
    """

    __tablename__ = "archive_pictures"

    channel: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    judged_on: Mapped[date]
    triage: Mapped[str] = mapped_column(index=True)
    picture: Mapped[str] = mapped_column(Text)
    in_open_sweep: Mapped[bool] = mapped_column(server_default=false())


class OldPictureRow(Base):
    """A file of an archive that waits to be judged. ``claimed_at``: since when a worker has it."""

    __tablename__ = "old_pictures"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    old_picture_id: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    attempts: Mapped[int]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    picture: Mapped[str] = mapped_column(Text)
