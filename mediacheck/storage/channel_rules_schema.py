"""The channels' own rules."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base


class ChannelRulesRow(Base):
    """Who may post to a channel."""

    __tablename__ = "channel_rules"

    channel: Mapped[str] = mapped_column(primary_key=True)
    rules: Mapped[str] = mapped_column(Text)
