"""The tables of the renewal rounds' mailings, and of the office's notes on families' requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class MailingRow(Base):
    """A mailing that was asked for. Append-only; ``schools`` has ``;`` between several keys."""

    __tablename__ = "round_mailings"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    mailing_id: Mapped[str] = mapped_column(String(64), unique=True)
    round_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    schools: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcMoment)


class MailingStepRow(Base):
    """How far a mailing has come. Append-only; the last row counts."""

    __tablename__ = "round_mailing_steps"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    mailing_id: Mapped[str] = mapped_column(ForeignKey("round_mailings.mailing_id"), index=True)
    up_to: Mapped[str] = mapped_column(String(100))
    is_last: Mapped[bool] = mapped_column(Boolean)
    mails: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcMoment)


class RequestNoteRow(Base):
    """The office's words to an answer. Not append-only: they go when the student is erased."""

    __tablename__ = "family_request_notes"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("family_requests.request_id"), primary_key=True
    )
    note: Mapped[str] = mapped_column(Text)


for _row in (MailingRow, MailingStepRow):
    guard(Base.metadata.tables[_row.__tablename__])
