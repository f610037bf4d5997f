"""Checks an ID token: who signed it, for whom, when, in answer to what, and of which district.

OpenID Connect Core 1.0, section 3.1.3.7; Google's and Microsoft's own rules beside it. One check a
function, and a token that misses one proves nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from mediacheck.identity.errors import IdentityRefused, Why
from mediacheck.model.sign_on import Identity
from mediacheck.settings import ProviderKind, ProviderSettings

#: Both providers sign with it. Named here, a token cannot choose another, or none.
ALGORITHMS = ("RS256",)
#: How far the two clocks may be apart, in seconds.
LEEWAY_S = 60
_LONGEST_ADDRESS = 200

# What a token claims has no narrower type.
Claims = Mapping[str, Any]


class UnknownKey(Exception):
    """The token is signed with a key that the provider did not show yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token has to say. ``access_token``: the one that came with it."""

    provider: ProviderSettings
    nonce: str = field(repr=False)
    at: datetime
    access_token: str = field(default="", repr=False)


def identity_in(raw: str, keys: KeySet, expected: Expected) -> Identity:
    """Who the token proves.

    Raises:
        UnknownKey: it names a key that is not among ``keys``.
        IdentityRefused: it proves nobody of this district.
    """
    claims = _claims_of(raw, keys, expected)
    _require_party(claims, expected.provider.client_id)
    _require_access_token(claims, expected.access_token)
    match expected.provider.kind:
        case ProviderKind.GOOGLE:
            return _of_google(claims, expected.provider)
        case ProviderKind.ENTRA:
            return _of_entra(claims, expected.provider)


def _claims_of(raw: str, keys: KeySet, expected: Expected) -> Claims:
    now = int(expected.at.timestamp())
    registry = JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.provider.issuer},
        aud={"essential": True, "value": expected.provider.client_id},
        nonce={"essential": True, "value": expected.nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        token = jwt.decode(raw, keys, algorithms=ALGORITHMS)
        registry.validate(token.claims)
    except InvalidKeyIdError as error:
        raise UnknownKey from error
    except (JoseError, ValueError, TypeError) as error:
        raise IdentityRefused(Why.NOT_PROVED, type(error).__name__) from None
    return token.claims


def _require_party(claims: Claims, client_id: str) -> None:
    """Of several audiences, or where a party is named, it has to be us."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp")
    if (several or party is not None) and party != client_id:
        raise IdentityRefused(Why.NOT_PROVED, "azp")


def _require_access_token(claims: Claims, access_token: str) -> None:
    """Where the token speaks of an access token, it is the one that came with it."""
    told = claims.get("at_hash")
    if told is None:
        return
    digest = hashlib.sha256(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not (isinstance(told, str) and hmac.compare_digest(told.encode(), half.encode())):
        raise IdentityRefused(Why.NOT_PROVED, "at_hash")


def _of_google(claims: Claims, provider: ProviderSettings) -> Identity:
    """Google Workspace: ``hd`` is the domain that looks after the account.

    Without it the account is anybody's, whatever address it has.
    """
    if str(claims.get("hd", "")).casefold() not in provider.homes:
        raise IdentityRefused(Why.ANOTHER_DISTRICT, "hd")
    if claims.get("email_verified") is not True:
        raise IdentityRefused(Why.NO_ADDRESS, "email_verified")
    email = _address_in(claims, "email")
    return Identity(kind=provider.kind, subject=str(claims["sub"]), email=email)


def _of_entra(claims: Claims, provider: ProviderSettings) -> Identity:
    """Microsoft Entra: the tenant, and in it the object, which is the same for every application.

    A guest of the tenant carries an address that the district does not look after.
    """
    if claims.get("tid") not in provider.homes:
        raise IdentityRefused(Why.ANOTHER_DISTRICT, "tid")
    if not isinstance(claims.get("oid"), str) or not claims["oid"]:
        raise IdentityRefused(Why.NOT_PROVED, "oid")
    email = _address_in(claims, "preferred_username")
    home = claims.get("idp")
    if "#ext#" in email.casefold() or home not in {None, provider.issuer}:
        raise IdentityRefused(Why.GUEST)
    return Identity(kind=provider.kind, subject=f"{claims['tid']}:{claims['oid']}", email=email)


def _address_in(claims: Claims, name: str) -> str:
    told = claims.get(name)
    if not isinstance(told, str) or "@" not in told or len(told) > _LONGEST_ADDRESS:
        raise IdentityRefused(Why.NO_ADDRESS, name)
    return told
