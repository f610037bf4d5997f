"""The table of what people said of student work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class WorkWordRow(Base):
    """A person's word on one picture. Append-only: the last one counts.

    ``prints`` are joined with spaces.
    """

    __tablename__ = "work_words"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    media_id: Mapped[str] = mapped_column(ForeignKey("media.media_id"), index=True)
    word: Mapped[str] = mapped_column(Text)
    prints: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcMoment)


_table = WorkWordRow.__table__
if isinstance(_table, Table):
    guard(_table)
