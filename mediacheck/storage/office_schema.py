"""The tables of paper forms and settlements; append-only but for the notes, which name people."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class PaperFormRow(Base):
    """A signed paper form."""

    __tablename__ = "paper_forms"

    form_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    student_id: Mapped[str] = mapped_column(String(64), index=True)
    scan_kind: Mapped[str] = mapped_column(String(20))
    scan_sha256: Mapped[str] = mapped_column(String(64))
    scan_view: Mapped[str] = mapped_column(String(64))
    signer: Mapped[str | None] = mapped_column(String(100))
    signed_on: Mapped[date] = mapped_column(Date)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcMoment)


class SettlementRow(Base):
    """The office's word on a disagreement."""

    __tablename__ = "settlements"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(210), index=True)
    student_id: Mapped[str] = mapped_column(String(64), index=True)
    how: Mapped[str] = mapped_column(String(20))
    settled_by: Mapped[str] = mapped_column(String(200))
    settled_at: Mapped[datetime] = mapped_column(UtcMoment)


class SettlementNoteRow(Base):
    """What the office wrote about a settlement, so that it can be emptied with the student."""

    __tablename__ = "settlement_notes"

    number: Mapped[int] = mapped_column(ForeignKey("settlements.number"), primary_key=True)
    note: Mapped[str] = mapped_column(Text)


for _row in (PaperFormRow, SettlementRow):
    guard(Base.metadata.tables[_row.__tablename__])
