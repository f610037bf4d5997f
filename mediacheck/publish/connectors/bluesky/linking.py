"""Connects an account of the AT protocol: OAuth with PAR, PKCE and DPoP, or an app password.

OAuth asks for no more than to make and delete posts and to upload pictures. This tool is known by
the address of its own document (``client_document``); on a machine without a public address, by the
loopback name that the protocol has for development.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import requests
from joserfc.jwk import ECKey

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.answers import object_in, text_of, text_or_empty
from mediacheck.publish.connectors.bluesky.connector import LIMITS, Views, open_bluesky
from mediacheck.publish.connectors.bluesky.identity import Identity, Resolver
from mediacheck.publish.connectors.bluesky.proofs import Proofs, encoded, new_key
from mediacheck.publish.connectors.bluesky.sessions import client_fields, tokens_in
from mediacheck.wire import Json, ask, require_done, strict

CREATE, DELETE = "action=create", "action=delete"
SCOPE = f"atproto repo:app.bsky.feed.post?{CREATE}&{DELETE} blob:image/*"
_NAME = "mediacheck"
_LOOPBACK = "127.0.0.1"

_NOT_LET_IN = "The server did not let mediacheck in. Start again."
_TOO_LITTLE = (
    "The server allows too little: without the right to delete, nothing could be taken down. "
    "Connect the account again and leave every permission as it is."
)
_NO_OAUTH = (
    "The account's server does not let tools in on its own page, or cannot read this tool's "
    "address from outside. Connect with an app password instead."
)
_WRONG = "The server does not know that account with that app password."


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueskyLinking:
    """Implements the ``Linking`` and ``PasswordLinking`` ports.

    ``document`` is where this tool's own document stands.
    """

    document: str
    directory: str
    handle_server: str = ""
    views: Views | None
    client_key: ECKey = field(repr=False)
    allows_loopback: bool = False
    now: Callable[[], float] = time.time

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Tells the account's own server what is asked for, and says where to let the tool in."""
        public = self._session()
        identity = self._resolver(public).identity_of(server)
        issuer = _issuer_of(identity, public)
        place = _metadata_of(issuer, public)
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
        proofs = Proofs(key=new_key())
        client_id, key = self._client(return_address)
        asked = {
            "response_type": "code",
            "redirect_uri": return_address,
            "scope": SCOPE,
            "state": state,
            "code_challenge": encoded(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "login_hint": identity.handle,
            **client_fields(client_id, issuer, key),
        }
        request = _pushed(place, proofs, public, asked)
        there = urlencode({"client_id": client_id, "request_uri": request})
        held = {
            "handle": identity.handle,
            "did": identity.did,
            "pds": identity.pds,
            "issuer": issuer,
            "verifier": verifier,
            "client_id": client_id,
            "is_confidential": key is not None,
            "token_endpoint": text_of(place, "token_endpoint"),
            "revocation_endpoint": str(place.get("revocation_endpoint") or ""),
            "proof_key": proofs.key.as_dict(private=True),
        }
        return BegunLink(
            address=f"{text_of(place, 'authorization_endpoint')}?{there}",
            state=state,
            secret=json.dumps(held).encode(),
        )

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Trades the code for tokens of the very account that was asked for."""
        del server  # the account was found when it began
        held, public = json.loads(secret), self._session()
        code = brought.get("code")
        if not code or brought.get("iss") != held["issuer"]:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        key = self.client_key if held["is_confidential"] else None
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_address,
            "code_verifier": held.pop("verifier"),
            **client_fields(held["client_id"], held["issuer"], key),
        }
        proofs = Proofs(key=ECKey.import_key(held["proof_key"]))
        answer = proofs.ask(public, "POST", held["token_endpoint"], data=sent)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        tokens = tokens_in(object_in(require_done(answer)), held["did"], self.now())
        kept = {**held, **tokens}
        if not _is_enough(tokens["scope"]):
            raise ConnectorError(_TOO_LITTLE, retry=Retry.NEVER, code="scopes")
        return self._linked(held["pds"], held["did"], kept, tuple(tokens["scope"].split()))

    def enter(self, server: str, user: str, password: str) -> Linked:
        """Asks what the app password opens; the account's own password is refused."""
        identity = self._resolver(self._session()).identity_of(user or server)
        kept: Json = {"password": password.strip()}
        try:
            return self._linked(identity.pds, identity.did, kept, ("app-password",))
        except ConnectorError as error:
            if error.is_account_trouble:
                raise ConnectorError(_WRONG, retry=Retry.NEVER, code="not-let-in") from None
            raise

    def _linked(self, pds: str, did: str, kept: Json, scopes: tuple[str, ...]) -> Linked:
        newest = [json.dumps(kept).encode()]
        connector = open_bluesky(
            pds,
            did,
            newest[0],
            views=self.views,
            keep=newest.append,
            client_key=self.client_key,
            allows_loopback=self.allows_loopback,
        )
        account = connector.account()
        if account.account_id != did:
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="another-account")
        return Linked(server=pds, account=account, scopes=scopes, limits=LIMITS, secret=newest[-1])

    def _client(self, return_address: str) -> tuple[str, ECKey | None]:
        """This tool's name, and its key where it has a document of its own."""
        if urlsplit(self.document).scheme == "https":
            return self.document, self.client_key
        if urlsplit(return_address).hostname != _LOOPBACK:
            raise ConnectorError(_NO_OAUTH, retry=Retry.NEVER, code="no-public-address")
        asked = urlencode({"scope": SCOPE, "redirect_uri": return_address})
        return f"http://localhost?{asked}", None

    def _resolver(self, public: requests.Session) -> Resolver:
        return Resolver(
            directory=self.directory,
            handle_server=self.handle_server,
            public=public,
            allows_loopback=self.allows_loopback,
        )

    def _session(self) -> requests.Session:
        return strict(requests.Session(), allows_loopback=self.allows_loopback)


def client_document(address: str, return_address: str, key: ECKey) -> Json:
    """What says who this tool is to every server of the protocol."""
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"}
    return {
        "client_id": address,
        "client_name": _NAME,
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": SCOPE,
        "redirect_uris": [return_address],
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [public]},
    }


def _issuer_of(identity: Identity, public: requests.Session) -> str:
    """The one server that may let a tool in to the account's data."""
    way = f"{identity.pds}/.well-known/oauth-protected-resource"
    found = object_in(require_done(ask(public, "GET", way)))
    issuers = found.get("authorization_servers")
    is_its_own = text_or_empty(found, "resource").rstrip("/") == identity.pds
    if not isinstance(issuers, list) or len(issuers) != 1 or not is_its_own:
        raise ConnectorError(_NO_OAUTH, retry=Retry.NEVER, code="no-oauth")
    return str(issuers[0])


def _metadata_of(issuer: str, public: requests.Session) -> Json:
    """What the server that lets tools in says of itself, when it is the one that was named."""
    way = f"{issuer}/.well-known/oauth-authorization-server"
    found = object_in(require_done(ask(public, "GET", way)))
    if (
        found.get("issuer") != issuer
        or "ES256" not in (found.get("dpop_signing_alg_values_supported") or [])
        or not found.get("authorization_response_iss_parameter_supported")
    ):
        raise ConnectorError(_NO_OAUTH, retry=Retry.NEVER, code="no-oauth")
    return found


def _pushed(place: Json, proofs: Proofs, public: requests.Session, asked: Json) -> str:
    """The name under which the server keeps what is asked for."""
    where = text_of(place, "pushed_authorization_request_endpoint")
    answer = proofs.ask(public, "POST", where, data=asked)
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        raise ConnectorError(_NO_OAUTH, retry=Retry.NEVER, code="no-oauth")
    return text_of(object_in(require_done(answer)), "request_uri")


def _is_enough(scope: str) -> bool:
    """Whether it lets the tool make a post, delete it, and upload a picture."""
    given = scope.split()
    posts = [one for one in given if one.startswith("repo:app.bsky.feed.post")]
    is_wide = "transition:generic" in given
    return is_wide or (
        any(one in given for one in ("blob:image/*", "blob:*/*"))
        and any("action" not in one or (CREATE in one and DELETE in one) for one in posts)
    )
