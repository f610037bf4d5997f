"""Passkeys (WebAuthn level 3): user verification required, one challenge for one answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mediacheck.accounts.families_errors import PasskeyRefused
from mediacheck.accounts.tokens import new_token
from mediacheck.model.families import FamilyAccount, FamilyAccountId, Passkey
from mediacheck.ports.services import Services, Work

CHALLENGE_LIFE = timedelta(minutes=5)
_NAME = "mediacheck"
_REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Whom a passkey is made for: the fixed address, never what a request says of itself."""

    host: str
    origin: str


def relying_party(base_url: str) -> RelyingParty:
    """The party of an installation's address."""
    parts = urlsplit(base_url)
    return RelyingParty(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")


def registration_options(work: Work, services: Services, account: FamilyAccount) -> str:
    """What a browser needs to make a passkey for this account, as JSON."""
    held = work.families.passkeys_of(account.account_id)
    options = webauthn.generate_registration_options(
        rp_id=relying_party(services.settings.base_url).host,
        rp_name=_NAME,
        user_id=account.account_id.encode(),
        user_name=account.email,
        user_display_name=account.name or account.email,
        challenge=_new_challenge(work, services, account.account_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in held
        ],
    )
    return webauthn.options_to_json(options)


def verified_passkey(
    work: Work, services: Services, account_id: FamilyAccountId, answer: str
) -> Passkey:
    """The new passkey that a browser's answer holds; it is not kept yet.

    Raises:
        PasskeyRefused: the answer does not verify.
    """
    party = relying_party(services.settings.base_url)
    try:
        credential = parse_registration_credential_json(answer)
        challenge = _taken_challenge(
            work, services, credential.response.client_data_json, account_id
        )
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as error:
        raise PasskeyRefused from error
    credential_id = bytes_to_base64url(verified.credential_id)
    if work.families.passkey_or_none(credential_id) is not None:
        raise PasskeyRefused
    return Passkey(
        credential_id=credential_id,
        account_id=account_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        added_at=services.clock.now(),
    )


def authentication_options(work: Work, services: Services) -> str:
    """What a browser needs to offer the passkeys it holds for us, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=relying_party(services.settings.base_url).host,
        challenge=_new_challenge(work, services, None),
        user_verification=_REQUIRED,
    )
    return webauthn.options_to_json(options)


def owner_of_answer(work: Work, services: Services, answer: str) -> FamilyAccountId:
    """Whose passkey answered.

    Raises:
        PasskeyRefused: unknown, or the answer does not verify.
    """
    party = relying_party(services.settings.base_url)
    try:
        credential = parse_authentication_credential_json(answer)
        challenge = _taken_challenge(work, services, credential.response.client_data_json, None)
        held = work.families.passkey_or_none(bytes_to_base64url(credential.raw_id))
        if held is None:
            raise PasskeyRefused
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=held.public_key,
            credential_current_sign_count=held.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as error:
        raise PasskeyRefused from error
    account = work.families.account_or_none(held.account_id)
    if account is None or not account.is_active:
        raise PasskeyRefused
    work.families.count_passkey(held.credential_id, verified.new_sign_count)
    return held.account_id


def is_json_object(answer: str) -> bool:
    """Whether a script sent something that can be an answer at all."""
    try:
        return isinstance(json.loads(answer), dict)
    except ValueError:
        return False


def _new_challenge(work: Work, services: Services, account_id: FamilyAccountId | None) -> bytes:
    challenge = hashlib.sha256(new_token(services.ids).encode()).digest()
    ends_at = services.clock.now() + CHALLENGE_LIFE
    work.families.keep_challenge(hashlib.sha256(challenge).hexdigest(), account_id, ends_at)
    return challenge


def _taken_challenge(
    work: Work, services: Services, client_data: bytes, account_id: FamilyAccountId | None
) -> bytes:
    """The challenge that an answer names, if we gave it and nobody has answered it before."""
    challenge = parse_client_data_json(client_data).challenge
    key = hashlib.sha256(challenge).hexdigest()
    if not work.families.take_challenge(key, account_id, services.clock.now()):
        raise PasskeyRefused
    return challenge
