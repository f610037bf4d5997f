"""Connects an Instagram account through Facebook's own way in: only that one may delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Account, Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.answers import text_of
from mediacheck.publish.connectors.graph.login import Login
from mediacheck.publish.connectors.instagram.connector import LIMITS, account_from

#: To find the account, to publish, and to delete; the last is what Instagram's own way in lacks.
SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_contents",
    "pages_read_engagement",
    "pages_show_list",
)
_NOT_PROFESSIONAL = (
    "That Page has no professional account on Instagram. Connect the two in Instagram's settings "
    "first, and start again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramLinking:
    """Implements the ``Linking`` port. ``server`` is what somebody wrote of the account."""

    login: Login

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Says where to let the tool in."""
        del server
        return self.login.begin(return_address)

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades the code for the token of the Page that the account belongs to."""
        del secret
        person = self.login.finish(return_address, brought)
        page = person.page(server, "instagram_business_account{id,username}")
        held = page.get("instagram_business_account")
        if not isinstance(held, dict):
            raise ConnectorError(_NOT_PROFESSIONAL, retry=Retry.NEVER, code="not-professional")
        account: Account = account_from(held)
        return Linked(
            server=self.login.api,
            account=account,
            scopes=SCOPES,
            limits=LIMITS,
            secret=person.secret_for({**page, "id": text_of(page, "id")}),
        )
