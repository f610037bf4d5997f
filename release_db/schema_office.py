"""The table of what the office looked at again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from release_db.moments import UtcMoment
from release_db.schema import Base, guard_tables, student_key


class ReviewRow(Base):
    """A hold or an order, ``subject``, was looked at again. Append-only; the last counts."""

    __tablename__ = "review"

    number: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[str] = student_key()
    subject: Mapped[str] = mapped_column(String(100))
    next_on: Mapped[date | None] = mapped_column(Date)
    reviewed_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


#: The append-only table here; no column of it is emptied when a student is erased.
APPEND_ONLY_OFFICE: dict[type[Base], tuple[str, ...]] = {ReviewRow: ()}

guard_tables(APPEND_ONLY_OFFICE)
