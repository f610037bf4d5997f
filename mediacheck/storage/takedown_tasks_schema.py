"""Takedowns by hand, what was shown for them, and the mails to the staff about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class TakedownTaskRow(Base):
    """One publication of a case that a named person has to take down by hand."""

    __tablename__ = "takedown_tasks"

    case_id: Mapped[str] = mapped_column(ForeignKey("takedown_cases.case_id"), primary_key=True)
    publication_id: Mapped[str] = mapped_column(
        ForeignKey("publications.publication_id"), primary_key=True
    )
    assigned_to: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)
    due_at: Mapped[datetime] = mapped_column(UtcMoment)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    closed_at: Mapped[datetime | None] = mapped_column(UtcMoment, index=True)


class TakedownProofRow(Base):
    """What somebody shows for having taken it down."""

    __tablename__ = "takedown_proofs"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("takedown_cases.case_id"), index=True)
    publication_id: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)
    link: Mapped[str] = mapped_column(Text)
    screenshot: Mapped[str]


class StaffMailRow(Base):
    """A mail to somebody of the staff that waits. It holds ids only, and goes when it is sent."""

    __tablename__ = "staff_mails"

    mail_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    to: Mapped[str]
    about: Mapped[str]
    queued_at: Mapped[datetime] = mapped_column(UtcMoment)
    due_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
    attempts: Mapped[int]


guard(Base.metadata.tables[TakedownProofRow.__tablename__])
