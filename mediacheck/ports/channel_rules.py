"""Where the channels' own rules are kept."""

from __future__ import annotations

from typing import Protocol

from mediacheck.model.channel_rules import ChannelRules
from release_db.words import ChannelKey


class ChannelRulesBook(Protocol):
    """The rules of channels, as one transaction sees them. Never commits."""

    def of(self, channel: ChannelKey) -> ChannelRules:
        """The rules of a channel; where none were set, role and school alone say who posts."""
        ...

    def save(self, rules: ChannelRules) -> None:
        """Keeps a channel's rules in the place of earlier ones."""
        ...
