"""Proof of possession (DPoP, RFC 9449): a token is of use only to who holds its key.

Each server gives a number of its own to be signed along (a nonce); one that wants another number
has done nothing, so that asking it again once is safe.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import ECKey

from mediacheck.wire import Answer, ask

_WANTS_NONCE = "use_dpop_nonce"
_ASSERTION_S = 45


def new_key() -> ECKey:
    """A key for one account's tokens."""
    return ECKey.generate_key("P-256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Signs each request with one key, and remembers each server's number."""

    key: ECKey = field(repr=False)
    nonces: dict[str, str] = field(default_factory=dict, repr=False)

    def ask(
        self, session: requests.Session, method: str, url: str, token: str = "", **what: object
    ) -> Answer:
        """Asks with a proof, and once more when the server wants another number.

        Raises:
            ConnectorError: there was no answer that can be used.
        """
        answer = self._ask(session, method, url, token, what)
        if _wants_nonce(answer):
            answer = self._ask(session, method, url, token, what)
        return answer

    def _ask(
        self,
        session: requests.Session,
        method: str,
        url: str,
        token: str,
        what: dict[str, object],
    ) -> Answer:
        headers = what.get("headers")
        sent = {**(headers if isinstance(headers, dict) else {})}
        sent["DPoP"] = self._proof(method, url, token)
        if token:
            sent["Authorization"] = f"DPoP {token}"
        answer = ask(session, method, url, **{**what, "headers": sent})
        nonce = header_of(answer, "dpop-nonce")
        if nonce:
            self.nonces[urlsplit(url).netloc] = nonce
        return answer

    def _proof(self, method: str, url: str, token: str) -> str:
        claims: dict[str, object] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": url.split("?", maxsplit=1)[0],
            "iat": int(time.time()),
        }
        nonce = self.nonces.get(urlsplit(url).netloc)
        if nonce:
            claims["nonce"] = nonce
        if token:
            claims["ath"] = encoded(hashlib.sha256(token.encode()).digest())
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        return jwt.encode(head, claims, self.key, algorithms=["ES256"])


def assertion_of(key: ECKey, client_id: str, audience: str) -> str:
    """What says who this tool is to an authorization server (RFC 7523)."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + _ASSERTION_S,
    }
    head = {"alg": "ES256", "kid": key.thumbprint()}
    return jwt.encode(head, claims, key, algorithms=["ES256"])


def encoded(data: bytes) -> str:
    """Base64 as addresses and tokens take it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def header_of(answer: Answer, name: str) -> str:
    """A header of an answer, whatever its letters; empty: there is none."""
    found = [value for key, value in answer.headers.items() if key.lower() == name]
    return found[0] if found else ""


def error_in(answer: Answer) -> str:
    """The short word with which a server says what was wrong; empty: it says none."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return ""
    return str(found.get("error", "")) if isinstance(found, dict) else ""


def _wants_nonce(answer: Answer) -> bool:
    if answer.status not in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        return False
    return _WANTS_NONCE in (error_in(answer), header_of(answer, "www-authenticate")) or (
        _WANTS_NONCE in header_of(answer, "www-authenticate")
    )
