"""Asks a sign-in provider: its own description, its keys, and an ID token for a code.

OpenID Connect Discovery 1.0, and the authorization code with PKCE (RFC 7636).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session

from mediacheck.identity.errors import IdentityRefused, Why
from mediacheck.identity.id_token import Expected, UnknownKey, identity_in
from mediacheck.model.sign_on import Identity
from mediacheck.settings import ProviderKind, ProviderSettings
from mediacheck.wire import odd_answer, strict, within_deadline

#: A provider changes its description, and its keys, a few times a year.
DESCRIPTION_LIFE_S = 3_600.0
#: A key that nobody knows makes us ask for the keys again, at most so often.
KEYS_PAUSE_S = 60.0
#: Somebody waits in front of the page.
_DEADLINE_S = 15.0

_SCOPES = ("openid", "email", "profile")
_PATH = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(slots=True)
class _Kept:
    """What was asked of a provider, and when."""

    value: Any = None  # The description or the keys.
    asked_at: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdProvider:
    """Implements the ``SignOnProvider`` port. ``clock`` counts seconds from any moment."""

    settings: ProviderSettings
    allows_loopback: bool = False
    clock: Callable[[], float] = time.monotonic
    _description: _Kept = field(default_factory=_Kept)
    _keys: _Kept = field(default_factory=_Kept)

    @property
    def issuer(self) -> str:
        """The provider's own address, which its answers name."""
        return self.settings.issuer

    def begin(self, return_address: str, *, state: str, nonce: str, verifier: str) -> str:
        """The provider's page. It asks which account: computers in a school are shared."""
        client = WebApplicationClient(self.settings.client_id)
        session = OAuth2Session(client=client, redirect_uri=return_address, scope=_SCOPES)
        hint = {}
        if self.settings.kind is ProviderKind.GOOGLE and len(self.settings.homes) == 1:
            (hint["hd"],) = self.settings.homes
        address, _ = session.authorization_url(
            self._told()["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
            prompt="select_account",
            **hint,
        )
        return str(address)

    def finish(
        self, return_address: str, *, code: str, nonce: str, verifier: str, at: datetime
    ) -> Identity:
        """Who came back with that code."""
        session = strict(
            OAuth2Session(self.settings.client_id, redirect_uri=return_address),
            allows_loopback=self.allows_loopback,
        )
        endpoint = self._told()["token_endpoint"]
        token = within_deadline(
            lambda: _token_or_none(session, endpoint, code, verifier, self.settings), _DEADLINE_S
        )
        raw = (token or {}).get("id_token")
        if token is None or not isinstance(raw, str):
            raise IdentityRefused(Why.NOT_PROVED, "code")
        expected = Expected(
            provider=self.settings,
            nonce=nonce,
            at=at,
            access_token=str(token.get("access_token", "")),
        )
        try:
            return identity_in(raw, self._shown_keys(), expected)
        except UnknownKey:
            pass
        try:
            return identity_in(raw, self._fresh_keys(), expected)
        except UnknownKey:
            raise IdentityRefused(Why.NOT_PROVED, "key") from None

    def _told(self) -> Mapping[str, str]:
        """The provider's description of itself, which has to be its own."""
        kept = self._description
        if self.clock() - kept.asked_at >= DESCRIPTION_LIFE_S:
            told = self._asked(self.settings.issuer.rstrip("/") + _PATH)
            if told.get("issuer") != self.settings.issuer:
                raise odd_answer("another-issuer")
            if not all(isinstance(told.get(name), str) for name in _ENDPOINTS):
                raise odd_answer()
            kept.value, kept.asked_at = told, self.clock()
        description: Mapping[str, str] = kept.value
        return description

    def _shown_keys(self) -> KeySet:
        is_kept = self.clock() - self._keys.asked_at < DESCRIPTION_LIFE_S
        keys: KeySet | None = self._keys.value if is_kept else None
        return keys or self._fresh_keys()

    def _fresh_keys(self) -> KeySet:
        """The keys as they are now; whoever makes up keys cannot make us ask all the time."""
        kept = self._keys
        if kept.value is None or self.clock() - kept.asked_at >= KEYS_PAUSE_S:
            shown: Any = self._asked(self._told()["jwks_uri"])  # The library checks what it is.
            try:
                kept.value = KeySet.import_key_set(shown)
            except (JoseError, KeyError, TypeError, ValueError):
                raise odd_answer("keys") from None
            kept.asked_at = self.clock()
        keys: KeySet = kept.value
        return keys

    def _asked(self, address: str) -> Mapping[str, Any]:
        session = strict(requests.Session(), allows_loopback=self.allows_loopback)
        answer = within_deadline(lambda: session.get(address), _DEADLINE_S)
        if answer.status_code != HTTPStatus.OK:
            raise odd_answer(f"http-{answer.status_code}")
        try:
            told = json.loads(answer.content)
        except ValueError:
            raise odd_answer() from None
        if not isinstance(told, dict):
            raise odd_answer()
        return told


def _token_or_none(
    session: OAuth2Session, endpoint: str, code: str, verifier: str, provider: ProviderSettings
) -> Mapping[str, Any] | None:
    """What the provider gives for the code; None where it refuses the code, or the verifier."""
    session.register_compliance_hook("access_token_response", _require_no_fault)
    try:
        token: Mapping[str, Any] = session.fetch_token(
            endpoint,
            code=code,
            client_secret=provider.client_secret,
            include_client_id=True,
            code_verifier=verifier,
        )
    except OAuth2Error:
        return None
    return token


def _require_no_fault(response: requests.Response) -> requests.Response:
    """A fault of the provider's own is no word on whoever signs in."""
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise requests.HTTPError
    return response
