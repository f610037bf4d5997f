"""Connects an account of X through the district's own app: OAuth 2 with PKCE, or OAuth 1.0a.

Which of the two is a matter of the app's keys: a client id and secret, or a consumer key and its
secret. Either way somebody signs in on X's own page, and no token passes through a browser.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth1Session, OAuth2Session
from requests_oauthlib.oauth1_session import TokenMissing, TokenRequestDenied

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.x.access import open_access
from mediacheck.publish.connectors.x.connector import API, LIMITS, PAGES, account_from
from mediacheck.settings import AppKeys
from mediacheck.wire import require_done, strict, within_deadline

#: To post, to look and to delete (``tweet.write`` deletes, too), and to do so tomorrow.
SCOPES = ("media.write", "offline.access", "tweet.read", "tweet.write", "users.read")
#: What an OAuth 1.0a token may do: X says it in a header of every answer.
_WRITES = frozenset({"read-write", "read-write-directmessages"})
_VERIFIER_BYTES = 64
_TOKEN_LIFE_S = 7_200

_NOT_LET_IN = "X did not let mediacheck in. Start again."
_NO_APP = (
    "The district's own app at X is not set up on this installation. The administrator finds how "
    "in the file mediacheck/publish/APPS.md."
)
_TOO_LITTLE = (
    "X allows too little: without the right to write, nothing could be taken down. Give the app "
    "the permission to read and write, and connect the account again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class XLinking:
    """Implements the ``Linking`` port."""

    app: AppKeys | None = field(repr=False)
    api: str = API
    pages: str = PAGES
    authorize: str = "https://x.com/i/oauth2/authorize"
    allows_loopback: bool = False

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Says where to let the tool in. There is one X: ``server`` is passed over."""
        del server
        app = self._require_app()
        return (
            self._begin_1(app, return_address)
            if app.is_oauth1
            else self._begin_2(app, return_address)
        )

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades what the page gave for a token, and asks whose it is."""
        del server
        app, held = self._require_app(), json.loads(secret)
        if app.is_oauth1:
            kept, scopes = self._finish_1(app, held, brought)
        else:
            kept, scopes = self._finish_2(app, return_address, held, brought)
        text = json.dumps({**kept, "client_id": app.key, "client_secret": app.secret}).encode()
        access = open_access(
            self.api, text, allows_loopback=self.allows_loopback, keep=lambda _: None
        )
        answer = require_done(access.ask("GET", "/2/users/me"))
        if app.is_oauth1:
            level = {name.lower(): value for name, value in answer.headers.items()}
            scopes = (level.get("x-access-level", ""),)
            if not _WRITES & set(scopes):
                raise ConnectorError(_TOO_LITTLE, retry=Retry.NEVER, code="scopes")
        return Linked(
            server=self.api,
            account=account_from(answer, self.pages),
            scopes=scopes,
            limits=LIMITS,
            secret=text,
        )

    def _require_app(self) -> AppKeys:
        if self.app is None:
            raise ConnectorError(_NO_APP, retry=Retry.NEVER, code="no-app")
        return self.app

    def _begin_2(self, app: AppKeys, return_address: str) -> BegunLink:
        verifier, state = secrets.token_urlsafe(_VERIFIER_BYTES), secrets.token_urlsafe(32)
        session = strict(
            OAuth2Session(app.key, redirect_uri=return_address, scope=SCOPES),
            allows_loopback=self.allows_loopback,
        )
        where, _ = session.authorization_url(
            self.authorize,
            state=state,
            code_challenge=_challenge_of(verifier),
            code_challenge_method="S256",
        )
        held = json.dumps({"verifier": verifier}).encode()
        return BegunLink(address=where, state=state, secret=held)

    def _finish_2(
        self, app: AppKeys, return_address: str, held: dict[str, str], brought: Mapping[str, str]
    ) -> tuple[dict[str, object], tuple[str, ...]]:
        session = strict(
            OAuth2Session(app.key, redirect_uri=return_address),
            allows_loopback=self.allows_loopback,
        )

        def trade() -> dict[str, object] | None:
            try:
                token: dict[str, object] = session.fetch_token(
                    f"{self.api}/2/oauth2/token",
                    code=brought.get("code") or "-",
                    include_client_id=True,
                    auth=requests.auth.HTTPBasicAuth(app.key, app.secret),
                    code_verifier=held["verifier"],
                )
            except OAuth2Error:
                return None
            return token

        token = within_deadline(trade)
        if token is None:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        given = token.get("scope")
        words = given if isinstance(given, list) else str(given or "").split()
        if not set(SCOPES) <= set(words) or not token.get("refresh_token"):
            raise ConnectorError(_TOO_LITTLE, retry=Retry.NEVER, code="scopes")
        life = token.get("expires_in")
        kept: dict[str, object] = {
            "kind": "oauth2",
            "access_token": str(token["access_token"]),
            "refresh_token": str(token["refresh_token"]),
            "expires_at": time.time() + (life if isinstance(life, int) else _TOKEN_LIFE_S),
        }
        return kept, tuple(sorted(map(str, words)))

    def _begin_1(self, app: AppKeys, return_address: str) -> BegunLink:
        session = strict(
            OAuth1Session(app.key, client_secret=app.secret, callback_uri=return_address),
            allows_loopback=self.allows_loopback,
        )
        token = self._asked_1(
            lambda: session.fetch_request_token(f"{self.api}/oauth/request_token")
        )
        where = session.authorization_url(f"{self.api}/oauth/authorize")
        # The request's own token comes back with whoever let us in: it is what state is elsewhere.
        held = json.dumps({"secret": token["oauth_token_secret"]}).encode()
        return BegunLink(address=where, state=token["oauth_token"], secret=held)

    def _finish_1(
        self, app: AppKeys, held: dict[str, str], brought: Mapping[str, str]
    ) -> tuple[dict[str, object], tuple[str, ...]]:
        session = strict(
            OAuth1Session(
                app.key,
                client_secret=app.secret,
                resource_owner_key=brought.get("oauth_token") or "-",
                resource_owner_secret=held["secret"],
                verifier=brought.get("oauth_verifier") or "-",
            ),
            allows_loopback=self.allows_loopback,
        )
        token = self._asked_1(lambda: session.fetch_access_token(f"{self.api}/oauth/access_token"))
        kept: dict[str, object] = {
            "kind": "oauth1",
            "access_token": token["oauth_token"],
            "token_secret": token["oauth_token_secret"],
        }
        return kept, ()

    def _asked_1(self, trade: Callable[[], dict[str, str]]) -> dict[str, str]:
        def try_it() -> dict[str, str] | None:
            try:
                return trade()
            except (TokenRequestDenied, TokenMissing, ValueError):
                return None

        token = within_deadline(try_it)
        if token is None or not {"oauth_token", "oauth_token_secret"} <= set(token):
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        return token


def _challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.2: the S256 challenge."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
