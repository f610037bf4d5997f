"""The tables by which students are found by their names. All of it can be made anew."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from release_db.schema import Base


class NameEntryRow(Base):
    """A student whose names are indexed.

    ``fingerprint`` is the student's own when they were; ``rules`` the edition of whatever made
    the keys, and ``keys`` what it keeps of the student.
    """

    __tablename__ = "name_entry"

    student_id: Mapped[str] = mapped_column(ForeignKey("student.student_id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    rules: Mapped[str] = mapped_column(String(64))
    keys: Mapped[str] = mapped_column(Text)


class NameBearerRow(Base):
    """A key, and a student who bears it."""

    __tablename__ = "name_bearer"

    kind: Mapped[str] = mapped_column(String(1), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    student_id: Mapped[str] = mapped_column(
        ForeignKey("student.student_id"), primary_key=True, index=True
    )


class NameWayRow(Base):
    """A way to write a key that somebody bears."""

    __tablename__ = "name_way"

    kind: Mapped[str] = mapped_column(String(1), primary_key=True)
    way: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True, index=True)


class StaleNameRow(Base):
    """A student whose names have changed since they were indexed, or never were."""

    __tablename__ = "stale_name"

    student_id: Mapped[str] = mapped_column(ForeignKey("student.student_id"), primary_key=True)


class NameTurnRow(Base):
    """One row: a token that no two states of the roster share."""

    __tablename__ = "name_turn"

    number: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
