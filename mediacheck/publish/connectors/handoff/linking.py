"""Names the place where somebody posts by hand. Nobody has to let the tool in: it goes nowhere."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Account, Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.handoff.connector import LIMITS

_LONGEST_PLACE = 80
_NO_PLACE = "Write where it is posted by hand, such as ParentSquare or the spring newsletter."
_STALE = "Start again: that was begun for another place."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffLinking:
    """Implements the ``Linking`` port. ``server`` is the place, in words of the office's own."""

    def begin(self, server: str, return_address: str) -> BegunLink:
        """The way there is the way back: there is no other page to go to."""
        place = " ".join(server.split())
        if not 0 < len(place) <= _LONGEST_PLACE:
            raise ConnectorError(_NO_PLACE, retry=Retry.NEVER, code="no-place")
        state = secrets.token_urlsafe(32)
        back = urlencode({"state": state, "place": "named"})
        secret = json.dumps({"place": place}).encode()
        return BegunLink(address=f"{return_address}?{back}", state=state, secret=secret)

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """The place, under a number of its own: many channels may be posted to one by hand."""
        del return_address, brought
        place = json.loads(secret)["place"]
        if place != " ".join(server.split()):
            raise ConnectorError(_STALE, retry=Retry.NEVER, code="another-place")
        return Linked(
            server="by-hand",
            account=Account(account_id=secrets.token_hex(16), handle=place, address=""),
            scopes=("by-hand",),
            limits=LIMITS,
            secret=b"{}",
        )
