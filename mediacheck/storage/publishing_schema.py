"""Connected accounts, and cleared posts on their way to one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class ConnectionRow(Base):
    """An account that was connected to a channel. ``sealed`` is its token, or nothing."""

    __tablename__ = "connections"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    connection_id: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    connection: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LinkAttemptRow(Base):
    """Somebody is on the way to connect an account."""

    __tablename__ = "link_attempts"

    state_sha256: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    platform: Mapped[str]
    server: Mapped[str]
    by: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcMoment)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class DispatchRow(Base):
    """A cleared post on its way to an account. The row is the truth; ``due_at`` None: at rest."""

    __tablename__ = "dispatches"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    dispatch_id: Mapped[str] = mapped_column(unique=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), index=True)
    clearance_id: Mapped[str] = mapped_column(ForeignKey("clearances.clearance_id"), unique=True)
    publication_id: Mapped[str | None] = mapped_column(
        ForeignKey("publications.publication_id"), index=True
    )
    state: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(UtcMoment, index=True)
    removal_due_at: Mapped[datetime | None] = mapped_column(UtcMoment, index=True)
    connection_id: Mapped[str | None]
    reference: Mapped[str | None]
    scheduled_for: Mapped[datetime | None] = mapped_column(UtcMoment, index=True)
    dispatch: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_dispatches_reference", "connection_id", "reference"),)


class AskedPostRow(Base):
    """A post as its author handed it on last."""

    __tablename__ = "asked_posts"

    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"), primary_key=True)
    asked: Mapped[str] = mapped_column(Text)


class PublishApprovalRow(Base):
    """Somebody's yes to publish exactly what a clearance names."""

    __tablename__ = "publish_approvals"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    clearance_id: Mapped[str] = mapped_column(ForeignKey("clearances.clearance_id"), index=True)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)


guard(Base.metadata.tables[PublishApprovalRow.__tablename__])
