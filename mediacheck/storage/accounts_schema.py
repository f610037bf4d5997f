"""The tables of staff accounts. Secrets are here as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment

_ID = String(64)
_SHA256 = String(64)


class StaffRow(Base):
    """A staff member. ``email_key`` is the address without its case, and is nobody else's."""

    __tablename__ = "staff"

    staff_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    email: Mapped[str] = mapped_column(String(200))
    email_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool]
    password_hash: Mapped[str | None] = mapped_column(String(200))


class StaffSchoolRow(Base):
    """A school at which a staff member works."""

    __tablename__ = "staff_schools"

    staff_id: Mapped[str] = mapped_column(_ID, ForeignKey("staff.staff_id"), primary_key=True)
    school: Mapped[str] = mapped_column(String(100), primary_key=True)


class SessionRow(Base):
    """A signed-in browser."""

    __tablename__ = "staff_sessions"

    token_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    staff_id: Mapped[str] = mapped_column(_ID, ForeignKey("staff.staff_id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)
    used_at: Mapped[datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class SetUpCodeRow(Base):
    """A one-time code that has not been used. ``staff_id`` None: for the first administrator."""

    __tablename__ = "set_up_codes"

    code_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("staff.staff_id"), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcMoment)


class SignInFailureRow(Base):
    """A failed sign-in, under a keyed hash of the account or the address."""

    __tablename__ = "sign_in_failures"

    failure_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(_SHA256, index=True)
    at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
