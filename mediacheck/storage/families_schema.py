"""The tables of families' accounts. Secrets are here as hashes, or sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment

_ID = String(64)
_SHA256 = String(64)
_ACCOUNT = "family_accounts.account_id"


class FamilyAccountRow(Base):
    """A guardian or a grown student. ``totp_*`` are sealed; ``totp_pending`` is not proven yet."""

    __tablename__ = "family_accounts"

    account_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(200))
    email_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(Integer)


class FamilyPasskeyRow(Base):
    """A passkey's public half."""

    __tablename__ = "family_passkeys"

    credential_id: Mapped[str] = mapped_column(String(1400), primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey(_ACCOUNT), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcMoment)
    used_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class FamilyChallengeRow(Base):
    """A challenge that a browser was given and has not answered."""

    __tablename__ = "family_challenges"

    challenge_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account_id: Mapped[str | None] = mapped_column(_ID, ForeignKey(_ACCOUNT))
    ends_at: Mapped[datetime] = mapped_column(UtcMoment)


class FamilyLinkRow(Base):
    """A link in a mail."""

    __tablename__ = "family_links"

    token_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey(_ACCOUNT), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    ends_at: Mapped[datetime] = mapped_column(UtcMoment)
    used_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class FamilyCodeRow(Base):
    """A one-time code that has not been used."""

    __tablename__ = "family_codes"

    code_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey(_ACCOUNT), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcMoment)


class FamilySessionRow(Base):
    """A browser of a family's."""

    __tablename__ = "family_sessions"

    token_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey(_ACCOUNT), index=True)
    authenticated: Mapped[str] = mapped_column(String(20))
    link_sha256: Mapped[str | None] = mapped_column(_SHA256)
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)
    used_at: Mapped[datetime] = mapped_column(UtcMoment)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class MailRow(Base):
    """A mail that waits, went, or came back. It holds ids only."""

    __tablename__ = "family_mails"

    mail_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[str] = mapped_column(_ID, ForeignKey(_ACCOUNT), index=True)
    about: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), index=True)
    attempts: Mapped[int] = mapped_column(Integer)
    queued_at: Mapped[datetime] = mapped_column(UtcMoment)
    due_at: Mapped[datetime] = mapped_column(UtcMoment)
    last_code: Mapped[int | None] = mapped_column(Integer)
    sent_at: Mapped[datetime | None] = mapped_column(UtcMoment)
