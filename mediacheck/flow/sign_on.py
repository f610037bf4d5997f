"""Signing in through the district: to the provider's page, and back with proof of who it is.

No transaction is open while the provider is asked. An attempt is used once, by the browser that
began it, within ten minutes; what proves it to the provider is derived from its state and our key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mediacheck.accounts.district import NoAccount, Opened, open_for, tie_own
from mediacheck.accounts.sign_in import UNKNOWN
from mediacheck.errors import ConnectorError, MediacheckError, NotFound
from mediacheck.identity.errors import IdentityRefused
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId, StaffMember
from mediacheck.model.sign_on import Identity, SignOnAttempt
from mediacheck.ports.services import Services
from mediacheck.settings import ProviderKind

#: A way to the provider's page and back takes no longer.
ATTEMPT_LIFE = timedelta(minutes=10)
RETURN_PATH = "/sign-in/return"
NAMES = {ProviderKind.GOOGLE: "Google", ProviderKind.ENTRA: "Microsoft"}

_LONGEST_PATH = 300


class SignOnStopped(MediacheckError):
    """An attempt that ended without anybody let in, in words for whoever sits there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where the browser goes, and the mark by which it is known when it comes back."""

    address: str = field(repr=False)
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What a browser brings back from the provider's page, beside the mark it was given."""

    answer: Mapping[str, str] = field(repr=False)
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """Somebody who is signed in now (``token``: their new session), and the page they wanted."""

    member: StaffMember
    wanted: str
    token: str | None = field(repr=False)


def begin(
    services: Services, kind: str, *, wanted: str = "", staff_id: StaffId | None = None
) -> Begun:
    """The provider's page on which somebody says who they are.

    ``staff_id``: who is signed in, and wants the two accounts tied together.

    Raises:
        NotFound: the district has set up no such sign-in.
        SignOnStopped: the provider does not answer.
    """
    provider_kind = _kind_of(services, kind)
    state, browser = services.ids.new(), services.ids.new()
    nonce, verifier = _proofs_of(services, state)
    try:
        address = services.sign_on[provider_kind].begin(
            _return_address(services, provider_kind), state=state, nonce=nonce, verifier=verifier
        )
    except ConnectorError:
        raise SignOnStopped(_away(provider_kind)) from None
    attempt = SignOnAttempt(
        state_sha256=_hash_of(state),
        browser_sha256=_hash_of(browser),
        kind=provider_kind,
        begun_at=services.clock.now(),
        wanted=wanted[:_LONGEST_PATH],
        staff_id=staff_id,
    )
    with services.transaction() as work:
        work.sign_on.keep_attempt(attempt)
    return Begun(address=address, browser=browser)


def finish(
    services: Services,
    kind: str,
    back: CameBack,
    *,
    signed_in: StaffMember | None,
    replaces: str | None,
) -> LetIn:
    """Lets in whoever came back; or ties the two accounts, where that was asked for.

    Raises:
        NotFound: the district has set up no such sign-in.
        SignOnStopped: nobody is let in, and why.
    """
    provider_kind = _kind_of(services, kind)
    attempt = _take(services, provider_kind, back)
    try:
        identity = _identity_of(services, attempt, back)
        with services.transaction() as work:
            if attempt.staff_id is None:
                opened = open_for(work, identity, services.clock, services.ids, replaces=replaces)
                return _let_in(opened, attempt)
            if signed_in is None or signed_in.staff_id != attempt.staff_id:
                raise SignOnStopped(_STALE)
            tie_own(work, identity, signed_in, services.clock)
            return LetIn(member=signed_in, wanted=attempt.wanted, token=None)
    except (IdentityRefused, NoAccount) as refused:
        _record(services, provider_kind, refused)
        raise SignOnStopped(refused.message) from None


_STALE = "That took too long, or was begun in another window. Start again."


def _take(services: Services, kind: ProviderKind, back: CameBack) -> SignOnAttempt:
    """The attempt that this browser began a short while ago."""
    with services.transaction() as work:
        attempt = work.sign_on.take_attempt_or_none(_hash_of(back.answer.get("state", "")))
    if (
        attempt is None
        or attempt.kind is not kind
        or services.clock.now() - attempt.begun_at > ATTEMPT_LIFE
        or not hmac.compare_digest(attempt.browser_sha256, _hash_of(back.browser))
    ):
        raise SignOnStopped(_STALE)
    return attempt


def _identity_of(services: Services, attempt: SignOnAttempt, back: CameBack) -> Identity:
    kind, answer = attempt.kind, back.answer
    provider = services.sign_on[kind]
    # RFC 9207: where the answer names who gave it, that has to be whom we asked.
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise SignOnStopped(_STALE)
    code = answer.get("code", "")
    if not code:
        raise SignOnStopped(f"{NAMES[kind]} did not sign you in. Start again when you like.")
    nonce, verifier = _proofs_of(services, answer["state"])
    try:
        return provider.finish(
            _return_address(services, kind),
            code=code,
            nonce=nonce,
            verifier=verifier,
            at=services.clock.now(),
        )
    except ConnectorError:
        raise SignOnStopped(_away(kind)) from None


def _record(services: Services, kind: ProviderKind, refused: IdentityRefused | NoAccount) -> None:
    """A refusal is in the audit. It counts against nobody: there is nothing here to be guessed."""
    subject = refused.staff_id if isinstance(refused, NoAccount) else None
    with services.transaction() as work:
        work.audit.write(
            Event.SIGN_IN_FAILED,
            actor=UNKNOWN,
            subject=subject or "",
            provider=kind.value,
            why=refused.why.value,
        )


def _let_in(opened: Opened, attempt: SignOnAttempt) -> LetIn:
    return LetIn(member=opened.member, wanted=attempt.wanted, token=opened.token)


def _kind_of(services: Services, kind: str) -> ProviderKind:
    found = next((one for one in services.sign_on if one.value == kind), None)
    if found is None:
        raise NotFound
    return found


def _proofs_of(services: Services, state: str) -> tuple[str, str]:
    """Nonce and verifier: nobody without our key can tell them from the state."""
    return (
        hmac.new(services.secret_key, f"sign-on nonce:{state}".encode(), "sha256").hexdigest(),
        hmac.new(services.secret_key, f"sign-on verifier:{state}".encode(), "sha256").hexdigest(),
    )


def _return_address(services: Services, kind: ProviderKind) -> str:
    return f"{services.settings.base_url}{RETURN_PATH}/{kind.value}"


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _away(kind: ProviderKind) -> str:
    return (
        f"{NAMES[kind]} does not answer at the moment. Try again in a few minutes, or sign in with "
        "a mediacheck password, if you have one."
    )
