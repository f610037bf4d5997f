"""Connects a Facebook Page: somebody who manages it lets the district's own app in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediacheck.model.publishing import Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.facebook.connector import LIMITS, account_from
from mediacheck.publish.connectors.graph.login import Login

#: To find the Page, to post and to delete there, and to look at what was posted.
SCOPES = ("pages_manage_posts", "pages_read_engagement", "pages_show_list")


@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookLinking:
    """Implements the ``Linking`` port. ``server`` is what was written of the Page."""

    login: Login

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Says where to let the tool in."""
        del server
        return self.login.begin(return_address)

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades the code for the Page's own token."""
        del secret
        person = self.login.finish(return_address, brought)
        page = person.page(server)
        return Linked(
            server=self.login.api,
            account=account_from(page),
            scopes=SCOPES,
            limits=LIMITS,
            secret=person.secret_for(page),
        )
