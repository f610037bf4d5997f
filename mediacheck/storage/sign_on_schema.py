"""The tables of signing in through the district, and of the roster's teachers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment

_ID = String(64)
_SHA256 = String(64)
_KIND = String(20)


class SignOnAttemptRow(Base):
    """An attempt that has not come back. What it proves itself by is derived, and not kept."""

    __tablename__ = "sign_on_attempts"

    state_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    browser_sha256: Mapped[str] = mapped_column(_SHA256)
    kind: Mapped[str] = mapped_column(_KIND)
    begun_at: Mapped[datetime] = mapped_column(UtcMoment, index=True)
    wanted: Mapped[str] = mapped_column(String(300))
    staff_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("staff.staff_id"))


class StaffIdentityRow(Base):
    """Whose account an identity of the district opens. An account has one of each provider."""

    __tablename__ = "staff_identities"

    kind: Mapped[str] = mapped_column(_KIND, primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    staff_id: Mapped[str] = mapped_column(_ID, ForeignKey("staff.staff_id"), index=True)
    tied_at: Mapped[datetime] = mapped_column(UtcMoment)


class RosterTeacherRow(Base):
    """A teacher whom the roster lists, whether or not there is an account."""

    __tablename__ = "roster_teachers"

    roster_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    email: Mapped[str] = mapped_column(String(200))
    email_key: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("staff.staff_id"), index=True)


class RosterTeacherSchoolRow(Base):
    """A school at which the roster lists a teacher."""

    __tablename__ = "roster_teacher_schools"

    roster_id: Mapped[str] = mapped_column(
        _ID, ForeignKey("roster_teachers.roster_id"), primary_key=True
    )
    school: Mapped[str] = mapped_column(String(100), primary_key=True)
