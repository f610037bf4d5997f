"""Asks Meta's Graph API as one Page, and says what its errors mean.

Contract: Graph API 26.0, as PyPI facebook_business 26.0.3 describes it (November 2026).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from http import HTTPStatus

import requests
from requests_oauthlib import OAuth2Session

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.answers import object_in
from mediacheck.wire import BUSY, Answer, Json, ask, require_done, strict

API, VERSION = "https://graph.facebook.com", "v26.0"

#: "Error codes" in the Graph API's documentation: what each tells of the account, or of later.
_TOKEN_ENDED = frozenset({102, 190, 463, 467})
_TOO_OFTEN = frozenset({4, 9, 17, 32, 613})
_ITS_OWN_FAULT = frozenset({1, 2})
_LACKS_RIGHTS = frozenset({3, 10, *range(200, 300)})
_UNKNOWN_OBJECT = (100, 33)
_PAUSE_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Asks with a Page's token; each question is signed with the app's secret, too."""

    api: str
    held: dict[str, str] = field(repr=False)
    session: requests.Session = field(repr=False)
    public: requests.Session = field(repr=False)

    def ask(
        self, method: str, path: str, *, params: dict[str, str] | None = None, **what: object
    ) -> Answer:
        """Asks once; an error of Meta's own comes back as its kind of fault.

        Raises:
            ConnectorError: there was no answer, or it says no.
        """
        answer = self.raw(method, path, params=params, **what)
        return require_right(answer)

    def raw(
        self, method: str, path: str, *, params: dict[str, str] | None = None, **what: object
    ) -> Answer:
        """Asks once, and gives the answer as it is."""
        proof = proof_of(self.held["access_token"], self.held["app_secret"])
        asked = {**(params or {}), "appsecret_proof": proof}
        address = f"{self.api}/{VERSION}/{path}"
        return ask(self.session, method, address, params=asked, **what)

    def get(self, path: str, fields: str, **params: str) -> Json:
        """The fields of an object.

        Raises:
            ConnectorError: there is none, or no answer.
        """
        return object_in(self.ask("GET", path, params={"fields": fields, **params}))

    def get_or_none(self, path: str, fields: str) -> Json | None:
        """The fields of an object; None: Meta knows no such object."""
        answer = self.raw("GET", path, params={"fields": fields})
        return None if is_unknown(answer) else object_in(require_right(answer))

    def delete(self, path: str) -> None:
        """Deletes an object. No error when it is gone already."""
        answer = self.raw("DELETE", path)
        if not is_unknown(answer):
            require_right(answer)

    def is_gone(self, address: str) -> bool:
        """Whether anybody finds nothing at an address."""
        return ask(self.public, "GET", address).is_gone

    def end(self) -> None:
        """Takes the tool's rights back, where that costs no other Page of the same person's."""
        user = Graph(
            api=self.api,
            held={**self.held, "access_token": self.held["user_token"]},
            session=strict_session(self.held["user_token"], like=self.session),
            public=self.public,
        )
        pages = object_in(user.ask("GET", "me/accounts", params={"fields": "id"}))
        if len(pages.get("data") or []) <= 1:
            user.ask("DELETE", "me/permissions")


def open_graph(api: str, secret: bytes, *, allows_loopback: bool) -> Graph:
    """Asks with what the linking gave."""
    held = json.loads(secret)
    return Graph(
        api=api,
        held=held,
        session=signed_session(held["access_token"], allows_loopback=allows_loopback),
        public=strict(requests.Session(), allows_loopback=allows_loopback),
    )


def signed_session(token: str, *, allows_loopback: bool) -> requests.Session:
    """A session that carries a token in the header, so that no address holds it."""
    session: requests.Session = OAuth2Session(token=_token(token))
    return strict(session, allows_loopback=allows_loopback)


def strict_session(token: str, *, like: requests.Session) -> requests.Session:
    """Another token's session, as strict as one that there is."""
    session: requests.Session = OAuth2Session(token=_token(token))
    for prefix, adapter in like.adapters.items():
        session.mount(prefix, adapter)
    session.trust_env = False
    return session


def _token(token: str) -> dict[str, str]:
    return {"access_token": token, "token_type": "Bearer"}


def proof_of(token: str, app_secret: str) -> str:
    """What shows that the app itself asks, and nobody who only found the token."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def is_unknown(answer: Answer) -> bool:
    """Whether Meta says that there is no such object."""
    return answer.is_gone or _error_in(answer) == _UNKNOWN_OBJECT


def require_right(answer: Answer) -> Answer:
    """The answer, when Meta did what it was asked.

    Its errors name themselves in the body: the status is 400, or 403 for what it limits, too.

    Raises:
        ConnectorError: it did not, or may not have.
    """
    if not HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return require_done(answer)
    code, _ = _error_in(answer)
    if code in _TOKEN_ENDED | _LACKS_RIGHTS:
        raise ConnectorError(
            "The account does not let mediacheck in any more. Connect it again.",
            retry=Retry.NEVER,
            code=f"graph-{code}",
            is_account_trouble=True,
        )
    if code in _TOO_OFTEN:
        raise ConnectorError(
            "The server asks to wait. It is tried again.",
            retry=Retry.LATER,
            code=BUSY,
            after_s=_PAUSE_S,
        )
    if code in _ITS_OWN_FAULT:
        raise ConnectorError(
            "The server had a fault of its own.", retry=Retry.LOOK, code=f"graph-{code}"
        )
    return require_done(answer)


def _error_in(answer: Answer) -> tuple[int, int]:
    """Code and subcode of Meta's error; (0, 0): it names none."""
    try:
        error = json.loads(answer.body).get("error") or {}
        return int(error.get("code", 0)), int(error.get("error_subcode", 0))
    except (ValueError, TypeError, AttributeError):
        return 0, 0
