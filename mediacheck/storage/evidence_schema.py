"""The tables of what was measured on the district's own galleries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class MeasurementRow(Base):
    """A measurement that was asked for, and how far it has come."""

    __tablename__ = "gallery_measurements"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    measurement_id: Mapped[str] = mapped_column(String(64), unique=True)
    school: Mapped[str | None] = mapped_column(String(100), index=True)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcMoment)
    state: Mapped[str] = mapped_column(String(20), index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class EvidenceRow(Base):
    """The result of a measurement. Append-only; the newest of a school counts."""

    __tablename__ = "face_evidence"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    evidence_id: Mapped[str] = mapped_column(String(64), unique=True)
    school: Mapped[str | None] = mapped_column(String(100), index=True)
    evidence: Mapped[str] = mapped_column(Text)


guard(Base.metadata.tables[EvidenceRow.__tablename__])
