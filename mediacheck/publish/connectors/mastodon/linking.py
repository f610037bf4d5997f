"""Connects a Mastodon account: OAuth 2 with an authorization code, PKCE and state.

The tool makes itself known to each server anew (``POST /api/v1/apps``); whoever connects signs in
on the server's own page, and the token never passes through a browser.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.mastodon.connector import open_mastodon
from mediacheck.wire import (
    ask,
    odd_answer,
    require_done,
    server_address,
    strict,
    within_deadline,
)

#: To write, to look and to delete: ``write:statuses`` and ``write:media`` delete, too.
SCOPES = ("read:accounts", "read:statuses", "write:media", "write:statuses")
_NAME = "mediacheck"
_VERIFIER_BYTES = 64

_NOT_LET_IN = "The server did not let mediacheck in. Start again."
_TOO_LITTLE = (
    "The server allows too little: without the right to delete, nothing could be taken down. "
    "Connect the account again and leave every permission as it is."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MastodonLinking:
    """Implements the ``Linking`` port."""

    allows_loopback: bool = False

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Makes the tool known to the server, and says where to let it in."""
        address = server_address(server, allows_loopback=self.allows_loopback)
        public = strict(requests.Session(), allows_loopback=self.allows_loopback)
        asked = {
            "client_name": _NAME,
            "redirect_uris": return_address,
            "scopes": " ".join(SCOPES),
        }
        answer = require_done(ask(public, "POST", f"{address}/api/v1/apps", data=asked))
        client = _client_in(answer.body)
        verifier, state = secrets.token_urlsafe(_VERIFIER_BYTES), secrets.token_urlsafe(32)
        session = OAuth2Session(client["client_id"], redirect_uri=return_address, scope=SCOPES)
        where, _ = session.authorization_url(
            f"{address}/oauth/authorize",
            state=state,
            code_challenge=_challenge_of(verifier),
            code_challenge_method="S256",
        )
        held = {**client, "verifier": verifier, "server": address}
        return BegunLink(address=where, state=state, secret=json.dumps(held).encode())

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades the code for a token, and asks whose it is."""
        held, code = json.loads(secret), brought.get("code") or ""
        address = server_address(server, allows_loopback=self.allows_loopback)
        if address != held["server"]:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="another-server")
        # No scope is named, or the library would take fewer scopes for a fault of its own kind.
        session = strict(
            OAuth2Session(held["client_id"], redirect_uri=return_address),
            allows_loopback=self.allows_loopback,
        )
        token = within_deadline(lambda: _token(session, address, held, code))
        if token is None:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        scopes = _scopes_of(token.get("scope"))
        if not _is_enough(scopes):
            raise ConnectorError(_TOO_LITTLE, retry=Retry.NEVER, code="scopes")
        kept = json.dumps(
            {
                "access_token": str(token["access_token"]),
                "client_id": held["client_id"],
                "client_secret": held["client_secret"],
            }
        ).encode()
        connector = open_mastodon(address, "", kept, allows_loopback=self.allows_loopback)
        return Linked(
            server=address,
            account=connector.account(),
            scopes=scopes,
            limits=connector.limits(),
            secret=kept,
        )


def _challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.2: the S256 challenge."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _token(
    session: OAuth2Session, address: str, held: dict[str, str], code: str
) -> dict[str, object] | None:
    try:
        token: dict[str, object] = session.fetch_token(
            f"{address}/oauth/token",
            code=code,
            client_secret=held["client_secret"],
            include_client_id=True,
            code_verifier=held["verifier"],
        )
    except OAuth2Error:
        # A wrong code or verifier.
        return None
    return token


def _scopes_of(given: object) -> tuple[str, ...]:
    """The scopes of a token: the library makes a list of what the server writes as a text."""
    words = given if isinstance(given, list) else str(given or "").split()
    return tuple(sorted(map(str, words)))


def _is_enough(scopes: tuple[str, ...]) -> bool:
    """Whether these scopes let the tool write, look and delete; ``write`` means all of its kind."""
    given = set(scopes)
    return all(one in given or one.split(":")[0] in given for one in SCOPES)


def _client_in(body: bytes) -> dict[str, str]:
    try:
        answer = json.loads(body)
        return {key: str(answer[key]) for key in ("client_id", "client_secret")}
    except (ValueError, KeyError, TypeError):
        raise odd_answer() from None
