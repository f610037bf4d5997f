"""The tables of words that are no student's, as they are remembered for a class."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class RememberedWordRow(Base):
    """Somebody's word that a phrase is not a student. Append-only.

    ``phrase_key`` and each of ``candidates``, joined with spaces, are keyed hashes.
    """

    __tablename__ = "remembered_words"
    __table_args__ = (Index("ix_remembered_words_class_key", "class_key", "phrase_key"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    class_key: Mapped[str]
    phrase_key: Mapped[str]
    candidates: Mapped[str] = mapped_column(Text)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    said_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)


class RememberedEndRow(Base):
    """A word that was taken back. Append-only."""

    __tablename__ = "remembered_ends"

    number: Mapped[int] = mapped_column(ForeignKey("remembered_words.number"), primary_key=True)
    ended_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)


class RememberedPhraseRow(Base):
    """The phrase of a word, sealed. Not append-only: it goes when a student it may be is erased."""

    __tablename__ = "remembered_phrases"

    number: Mapped[int] = mapped_column(ForeignKey("remembered_words.number"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


for _row in (RememberedWordRow, RememberedEndRow):
    _table = _row.__table__
    if isinstance(_table, Table):
        guard(_table)
