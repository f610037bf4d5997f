"""The channels' own rules, on SQLAlchemy."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mediacheck.model.channel_rules import ChannelRules
from mediacheck.storage.channel_rules_schema import ChannelRulesRow
from mediacheck.storage.codec import from_json, to_json
from release_db.words import ChannelKey


class SqlChannelRules:
    """Implements the ``ChannelRulesBook`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def of(self, channel: ChannelKey) -> ChannelRules:
        """The rules of a channel; where none were set, role and school alone say who posts."""
        row = self._session.get(ChannelRulesRow, channel)
        return from_json(row.rules, ChannelRules) if row else ChannelRules(channel=channel)

    def save(self, rules: ChannelRules) -> None:
        """Keeps a channel's rules in the place of earlier ones."""
        text = to_json(rules, ChannelRules)
        self._session.merge(ChannelRulesRow(channel=rules.channel, rules=text))
        self._session.flush()
