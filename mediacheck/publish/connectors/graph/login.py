"""The way in at Meta: OAuth 2 through the district's own app, and the Pages that it opens.

A Page's token that is asked for with a long-lived token of the person does not end by itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from mediacheck.errors import ConnectorError, Retry
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.answers import object_in, objects_of, text_of
from mediacheck.publish.connectors.graph.access import (
    API,
    VERSION,
    Graph,
    require_right,
    signed_session,
)
from mediacheck.settings import AppKeys
from mediacheck.wire import Answer, Json, ask, strict, within_deadline

#: Who posts to a Page and takes down again has these tasks there.
_TASKS = frozenset({"CREATE_CONTENT", "MANAGE"})

_NO_APP = (
    "The district's own app at Meta is not set up on this installation. The administrator finds "
    "how in the file mediacheck/publish/APPS.md."
)
_NOT_LET_IN = "Facebook did not let mediacheck in. Start again."
_TOO_LITTLE = (
    "Facebook allows too little: without the right to manage posts, nothing could be taken down. "
    "Connect the account again and leave every permission as it is."
)
_NO_PAGE = (
    "No Page of that name was chosen on Facebook's own page, or your account may not post there. "
    "Start again, and choose it there."
)
_WHICH = (
    "More than one Page was chosen. Start again, and write here which one this channel posts to: "
    "its name or its address."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The way in for one kind of account."""

    app: AppKeys | None = field(repr=False)
    scopes: tuple[str, ...]
    api: str = API
    dialog: str = f"https://www.facebook.com/{VERSION}/dialog/oauth"
    allows_loopback: bool = False

    def begin(self, return_address: str) -> BegunLink:
        """Says where to let the tool in.

        Raises:
            ConnectorError: the district has no app at Meta.
        """
        app, state = self._require_app(), secrets.token_urlsafe(32)
        session = strict(
            OAuth2Session(app.key, redirect_uri=return_address, scope=list(self.scopes)),
            allows_loopback=self.allows_loopback,
        )
        where, _ = session.authorization_url(self.dialog, state=state)
        return BegunLink(address=where, state=state, secret=b"{}")

    def finish(self, return_address: str, brought: Mapping[str, str]) -> Person:
        """Trades the code for a token that lasts, and asks what it may do.

        Raises:
            ConnectorError: Facebook refuses, or gave less than is needed to delete.
        """
        app = self._require_app()
        token = self._exchanged(app, self._token(app, return_address, brought.get("code") or "-"))
        person = Person(app=app, graph=self._graph(app, token))
        granted = person.granted()
        if not set(self.scopes) <= granted:
            raise ConnectorError(_TOO_LITTLE, retry=Retry.NEVER, code="scopes")
        return person

    def _require_app(self) -> AppKeys:
        if self.app is None:
            raise ConnectorError(_NO_APP, retry=Retry.NEVER, code="no-app")
        return self.app

    def _token(self, app: AppKeys, return_address: str, code: str) -> str:
        session = strict(
            OAuth2Session(app.key, redirect_uri=return_address),
            allows_loopback=self.allows_loopback,
        )

        def trade() -> str | None:
            try:
                token: dict[str, object] = session.fetch_token(
                    f"{self.api}/{VERSION}/oauth/access_token",
                    code=code,
                    client_secret=app.secret,
                    include_client_id=True,
                )
            except OAuth2Error:
                return None
            return str(token["access_token"])

        token = within_deadline(trade)
        if token is None:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        return token

    def _exchanged(self, app: AppKeys, token: str) -> str:
        """A token that lasts for months, and whose Pages' tokens last longer."""
        public = strict(requests.Session(), allows_loopback=self.allows_loopback)
        sent = {
            "grant_type": "fb_exchange_token",
            "client_id": app.key,
            "client_secret": app.secret,
            "fb_exchange_token": token,
        }
        address = f"{self.api}/{VERSION}/oauth/access_token"
        answer = require_right(ask(public, "POST", address, data=sent))
        return text_of(object_in(answer), "access_token")

    def _graph(self, app: AppKeys, token: str) -> Graph:
        return Graph(
            api=self.api,
            held={"access_token": token, "app_secret": app.secret, "user_token": token},
            session=signed_session(token, allows_loopback=self.allows_loopback),
            public=strict(requests.Session(), allows_loopback=self.allows_loopback),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whoever let the tool in, and the Pages that were chosen."""

    app: AppKeys = field(repr=False)
    graph: Graph

    def granted(self) -> frozenset[str]:
        """The permissions that were really given."""
        answer = object_in(self.graph.ask("GET", "me/permissions"))
        return frozenset(
            text_of(one, "permission")
            for one in objects_of(answer, "data")
            if one.get("status") == "granted"
        )

    def page(self, meant: str, fields: str = "") -> Json:
        """The one Page that is meant, with its own token.

        Raises:
            ConnectorError: none or several are, or the person may not post there.
        """
        asked = ",".join(filter(None, ("id", "name", "link", "access_token", "tasks", fields)))
        pages = objects_of(object_in(self._accounts(asked)), "data")
        fitting = [one for one in pages if not meant.strip() or _is_meant(one, meant)]
        able = [one for one in fitting if set(one.get("tasks") or []) >= _TASKS]
        if not able:
            raise ConnectorError(_NO_PAGE, retry=Retry.NEVER, code="no-page")
        if len(able) > 1:
            raise ConnectorError(_WHICH, retry=Retry.NEVER, code="several-pages")
        return able[0]

    def secret_for(self, page: Json) -> bytes:
        """What opens the Page."""
        kept = {
            "access_token": text_of(page, "access_token"),
            "user_token": self.graph.held["user_token"],
            "app_secret": self.app.secret,
        }
        return json.dumps(kept).encode()

    def _accounts(self, fields: str) -> Answer:
        return self.graph.ask("GET", "me/accounts", params={"fields": fields, "limit": "100"})


def _is_meant(page: Json, meant: str) -> bool:
    typed = meant.strip().casefold()
    tail = urlsplit(typed if "://" in typed else f"https://{typed}").path.strip("/")
    link = urlsplit(str(page.get("link", ""))).path.strip("/").casefold()
    known = {str(page.get("id")), str(page.get("name", "")).casefold(), link}
    known |= {str((page.get("instagram_business_account") or {}).get("username", "")).casefold()}
    return bool({typed, typed.lstrip("@"), tail.rsplit("/", 1)[-1] or typed} & (known - {""}))
