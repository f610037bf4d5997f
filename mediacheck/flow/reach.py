"""Who sees what stands on an account: what everybody sees serves no channel for fewer people."""

from __future__ import annotations

from mediacheck.errors import BadRequest
from mediacheck.model.publishing import Platform
from release_db.records import Channel
from release_db.words import Audience

#: Why nothing is published on an account that is connected to such a channel.
SEEN_BY_OTHERS = (
    "Nothing is published there: everybody can see this account, and its channel is for other "
    "readers. Disconnect it, or have an administrator say who sees the channel."
)
_SEEN_BY_ALL = (
    "Everybody can see what is posted there. This channel is for other readers, and a family may "
    "have said yes to those alone. Connect the account to a channel that is for everybody: {}."
)
_KINDS = {Audience.PUBLIC_WEB: "a public web page", Audience.SOCIAL: "a social network"}


def require_reach(platform: Platform, channel: Channel) -> None:
    """Passes an account that the channel's own readers see, and nobody else.

    Raises:
        BadRequest: others would see it, too.
    """
    if not platform.is_for(channel.audience):
        raise BadRequest(_SEEN_BY_ALL.format(_KINDS[platform.seen_by or Audience.SOCIAL]))
