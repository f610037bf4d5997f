"""The tables of portraits that wait, and of references that came from posts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class PortraitBatchRow(Base):
    """A batch of portraits. ``claimed_at``: since when a worker has it in hand."""

    __tablename__ = "portrait_batches"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    batch_id: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    done: Mapped[int]
    attempts: Mapped[int]
    claimed_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    batch: Mapped[str] = mapped_column(Text)


class PostReferenceRow(Base):
    """Where a reference came from. The row goes with the reference."""

    __tablename__ = "post_references"
    __table_args__ = (UniqueConstraint("student_id", "reference_sha256"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    student_id: Mapped[str] = mapped_column(String(100), index=True)
    reference_sha256: Mapped[str] = mapped_column(String(64))
    post_id: Mapped[str] = mapped_column(String(64), index=True)
    reference: Mapped[str] = mapped_column(Text)
