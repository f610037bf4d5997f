"""Who may post to a channel, beyond what role and school already say."""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.model.people import StaffId
from release_db.words import ChannelKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """A channel's own rules. They only ever narrow what role, school and release allow.

    ``is_named_only``: of the teachers, nobody but ``posters`` may post there.
    """

    channel: ChannelKey
    is_named_only: bool = False
    posters: tuple[StaffId, ...] = ()
