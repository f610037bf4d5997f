"""What opens an account: an app password, or tokens that are bound to a key of our own.

Only the publishing process renews them, and has them kept before it uses them. Whatever fails while
they are renewed has surely published nothing.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, TypeVar

import requests
from joserfc.jwk import ECKey

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.answers import object_in, text_of
from mediacheck.publish.connectors.bluesky.proofs import Proofs, assertion_of, error_in
from mediacheck.wire import Answer, Json, ask, odd_answer, require_done

_EXPIRED = frozenset({"ExpiredToken", "invalid_token"})
#: An access token is renewed when it has no longer to live.
_SOON_S = 60.0
_SHUT_OUT = "The account does not let mediacheck in any more. Connect it again."
_AGAIN = "The account could not be opened just now. It is tried again."
_WHOLE_ACCOUNT = (
    "That is the account's own password, which opens everything. Make an app password in its "
    "settings, and connect with that one."
)
#: What an app password may do is in the token: never the account itself.
APP_SCOPES = frozenset({"com.atproto.appPass", "com.atproto.appPassPrivileged"})

Keep = Callable[[bytes], None]
Result = TypeVar("Result")


class Session(Protocol):
    """Asks as the account."""

    def ask(self, method: str, url: str, **what: object) -> Answer:
        """One question and its answer.

        Raises:
            ConnectorError: there was no answer, or nobody is let in.
        """
        ...

    def end(self) -> None:
        """Has the server forget it."""
        ...


@dataclass(slots=True, kw_only=True)
class PasswordSession:
    """An app password, and the token that it gives for an hour or two."""

    pds: str
    did: str
    held: dict[str, str] = field(repr=False)
    public: requests.Session = field(repr=False)
    keep: Keep = field(repr=False)

    def ask(self, method: str, url: str, **what: object) -> Answer:
        """One question; a token that has run out is renewed."""
        if not self.held.get("access"):
            self.sign_in()
        answer = self._ask(method, url, what)
        if _has_run_out(answer):
            self.sign_in()
            answer = self._ask(method, url, what)
        return answer

    def sign_in(self) -> None:
        """A new token.

        Raises:
            ConnectorError: the password opens nothing, or the whole account.
        """
        if not self.held.get("password"):
            raise shut_out()
        sent = {"identifier": self.did, "password": self.held["password"]}
        way = f"{self.pds}/xrpc/com.atproto.server.createSession"
        found = _renewed(lambda: object_in(require_done(ask(self.public, "POST", way, json=sent))))
        if text_of(found, "did") != self.did:
            raise odd_answer("another-account")
        access = text_of(found, "accessJwt")
        if _scope_in(access) not in APP_SCOPES:
            raise ConnectorError(_WHOLE_ACCOUNT, retry=Retry.NEVER, code="whole-account")
        self.held.update(access=access, refresh=text_of(found, "refreshJwt"))
        self.keep(json.dumps(self.held).encode())

    def end(self) -> None:
        """Ends the token; the password itself is taken back in the account's own settings."""
        self.held.pop("password", None)
        self.held.pop("access", None)
        refresh = self.held.pop("refresh", "")
        way = f"{self.pds}/xrpc/com.atproto.server.deleteSession"
        headers = {"Authorization": f"Bearer {refresh}"}
        require_done(ask(self.public, "POST", way, headers=headers))

    def _ask(self, method: str, url: str, what: dict[str, object]) -> Answer:
        return ask(self.public, method, url, **with_token(what, f"Bearer {self.held['access']}"))


@dataclass(slots=True, kw_only=True)
class OAuthSession:
    """Tokens that are bound to a key. ``client_key``: what this tool proves itself with."""

    did: str
    held: Json = field(repr=False)
    proofs: Proofs = field(repr=False)
    public: requests.Session = field(repr=False)
    keep: Keep = field(repr=False)
    client_key: ECKey | None = field(repr=False, default=None)
    now: Callable[[], float] = time.time

    def ask(self, method: str, url: str, **what: object) -> Answer:
        """One question; a token that has run out is renewed."""
        if self.held["expires_at"] - self.now() < _SOON_S:
            self.renew()
        answer = self.proofs.ask(self.public, method, url, self.held["access"], **what)
        if _has_run_out(answer):
            self.renew()
            answer = self.proofs.ask(self.public, method, url, self.held["access"], **what)
        return answer

    def renew(self) -> None:
        """New tokens; the old ones are of no use from then on.

        Raises:
            ConnectorError: the server lets nobody in any more, or did not answer.
        """
        sent = {
            "grant_type": "refresh_token",
            "refresh_token": self.held["refresh"],
            **client_fields(self.held["client_id"], self.held["issuer"], self.client_key),
        }
        where = self.held["token_endpoint"]
        answer = _renewed(lambda: self.proofs.ask(self.public, "POST", where, data=sent))
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise shut_out()
        found = _renewed(lambda: object_in(require_done(answer)))
        self.held.update(tokens_in(found, self.did, self.now()))
        self.keep(json.dumps(self.held).encode())

    def end(self) -> None:
        """Has the server forget the tokens."""
        sent = {
            "token": self.held["refresh"],
            **client_fields(self.held["client_id"], self.held["issuer"], self.client_key),
        }
        self.held.update(expires_at=0.0)
        where = self.held["revocation_endpoint"]
        if where:
            require_done(self.proofs.ask(self.public, "POST", where, data=sent))


def tokens_in(answer: Json, did: str, now: float) -> Json:
    """The tokens of an answer, when they are this account's and bound to a key.

    Raises:
        ConnectorError: they are another account's, or anybody's who holds them.
    """
    if answer.get("sub") != did or str(answer.get("token_type")).lower() != "dpop":
        raise ConnectorError(_SHUT_OUT, retry=Retry.NEVER, code="another-account")
    life = answer.get("expires_in")
    return {
        "access": text_of(answer, "access_token"),
        "refresh": text_of(answer, "refresh_token"),
        "scope": text_of(answer, "scope"),
        "expires_at": now + (life if isinstance(life, int) else 0),
    }


def client_fields(client_id: str, issuer: str, key: ECKey | None) -> dict[str, str]:
    """Who this tool is: by its name alone, or with a proof."""
    if key is None:
        return {"client_id": client_id}
    return {
        "client_id": client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion_of(key, client_id, issuer),
    }


def with_token(what: dict[str, object], authorization: str) -> dict[str, object]:
    """What is asked, as the account."""
    headers = what.get("headers")
    sent = {**(headers if isinstance(headers, dict) else {}), "Authorization": authorization}
    return {**what, "headers": sent}


def shut_out() -> ConnectorError:
    """The account lets nobody in any more."""
    return ConnectorError(_SHUT_OUT, retry=Retry.NEVER, code="shut-out", is_account_trouble=True)


def _has_run_out(answer: Answer) -> bool:
    is_refused = answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}
    return is_refused and error_in(answer) in _EXPIRED


def _renewed(act: Callable[[], Result]) -> Result:
    try:
        return act()
    except ConnectorError as error:
        if error.retry is not Retry.LOOK:
            raise
        # Whatever became of the token: nothing was published.
        raise ConnectorError(_AGAIN, retry=Retry.LATER, code=error.code) from None


def _scope_in(token: str) -> str:
    """What a token of a password says that it may do. Its server checks it, not we."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(claims.get("scope", "")) if isinstance(claims, dict) else ""
