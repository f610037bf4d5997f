"""What became of the pictures of an archive."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base


class ArchivePictureRow(Base):
    """One file of an archive, as it was judged for one channel."""

    __tablename__ = "archive_pictures"

    channel: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    judged_on: Mapped[date]
    triage: Mapped[str] = mapped_column(index=True)
    picture: Mapped[str] = mapped_column(Text)
