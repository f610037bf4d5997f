"""Opens an account of X: with OAuth 2, whose tokens are renewed every two hours, or OAuth 1.0a."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from requests_oauthlib import OAuth1Session, OAuth2Session

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.answers import number_of, object_in, text_of
from mediacheck.wire import Answer, ask, odd_answer, require_done, strict

#: A token is renewed so long before it ends: longer than one sending takes.
_EARLY_S = 600.0
_TOKEN_LIFE_S = 7_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A session that signs for one account. ``held`` is its secret, and grows with each renewal."""

    api: str
    held: dict[str, Any] = field(repr=False)  # JSON has no narrower type.
    session: requests.Session = field(repr=False)
    public: requests.Session = field(repr=False)
    keep: Callable[[bytes], None] = field(repr=False)
    now: Callable[[], float] = time.time

    def ask(self, method: str, path: str, **what: object) -> Answer:
        """Asks as the account.

        Raises:
            ConnectorError: there was no answer, or the token cannot be renewed.
        """
        self._renew()
        return ask(self.session, method, self.api + path, **what)

    def end(self) -> None:
        """Has X forget the token."""
        if not isinstance(self.session, OAuth2Session):
            require_done(ask(self.session, "POST", f"{self.api}/1.1/oauth/invalidate_token"))
            return
        sent = {"token": self.held["access_token"], "token_type_hint": "access_token"}
        require_done(self._as_app("/2/oauth2/revoke", sent))

    def _renew(self) -> None:
        """X takes a renewing token once: the new one is kept before anything else is done."""
        if not isinstance(self.session, OAuth2Session):
            return
        if self.now() < float(self.held["expires_at"]) - _EARLY_S:
            return
        sent = {"grant_type": "refresh_token", "refresh_token": self.held["refresh_token"]}
        answer = self._as_app("/2/oauth2/token", sent)
        if answer.status in {400, 401}:
            raise ConnectorError(
                "The account does not let mediacheck in any more. Connect it again.",
                retry=Retry.NEVER,
                code="not-renewed",
                is_account_trouble=True,
            )
        try:
            token = object_in(require_done(answer))
            access, renewing = text_of(token, "access_token"), text_of(token, "refresh_token")
        except ConnectorError as error:
            # Nothing was asked of the account yet, whatever became of the token.
            raise ConnectorError(error.message, retry=Retry.LATER, code=error.code) from None
        life = number_of(token, "expires_in", _TOKEN_LIFE_S)
        self.held.update(access_token=access, refresh_token=renewing, expires_at=self.now() + life)
        self.session.token = {"access_token": access, "token_type": "Bearer"}
        self.keep(json.dumps(self.held).encode())

    def _as_app(self, path: str, sent: dict[str, str]) -> Answer:
        who = {"client_id": self.held["client_id"]}
        auth = (self.held["client_id"], self.held["client_secret"])
        return ask(self.public, "POST", self.api + path, data={**sent, **who}, auth=auth)


def open_access(
    api: str, secret: bytes, *, allows_loopback: bool, keep: Callable[[bytes], None]
) -> Access:
    """A session for what the linking gave."""
    held = json.loads(secret)
    session: requests.Session
    match held.get("kind"):
        case "oauth1":
            session = OAuth1Session(
                held["client_id"],
                client_secret=held["client_secret"],
                resource_owner_key=held["access_token"],
                resource_owner_secret=held["token_secret"],
            )
        case "oauth2":
            token = {"access_token": held["access_token"], "token_type": "Bearer"}
            session = OAuth2Session(client_id=held["client_id"], token=token)
        case _:
            raise odd_answer("strange-secret")
    return Access(
        api=api,
        held=held,
        session=strict(session, allows_loopback=allows_loopback),
        public=strict(requests.Session(), allows_loopback=allows_loopback),
        keep=keep,
    )
