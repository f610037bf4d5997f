"""The tables of who looked and of what families ask for; all of them append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class LookRow(Base):
    """Somebody looked at a student's data."""

    __tablename__ = "family_looks"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    student_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcMoment)
    actor: Mapped[str] = mapped_column(String(200))
    is_staff: Mapped[bool] = mapped_column(Boolean)
    what: Mapped[str] = mapped_column(String(20))


class FamilyRequestRow(Base):
    """A family asked for something."""

    __tablename__ = "family_requests"

    request_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    student_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcMoment)
    about: Mapped[str] = mapped_column(String(200))


class FamilyAnswerRow(Base):
    """The office answered a request."""

    __tablename__ = "family_request_answers"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("family_requests.request_id"), primary_key=True
    )
    is_granted: Mapped[bool] = mapped_column(Boolean)
    answered_by: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime] = mapped_column(UtcMoment)


for _row in (LookRow, FamilyRequestRow, FamilyAnswerRow):
    guard(Base.metadata.tables[_row.__tablename__])
