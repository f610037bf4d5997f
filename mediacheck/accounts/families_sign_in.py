"""A family signs in with password and authenticator, in three steps as staff does.

``begin_family_attempt`` (a transaction), ``proven_step_or_none`` (slow, none), then
``complete_family_attempt`` or ``refuse_family_attempt`` (a transaction).
"""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.accounts.families_errors import FamilySignInRefused
from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.accounts.families_totp import step_of_code_or_none
from mediacheck.accounts.passwords import verify_password
from mediacheck.accounts.sign_in import UNKNOWN
from mediacheck.accounts.throttle import Count, Origin, counts_for, require_no_wait
from mediacheck.model.audit import Event
from mediacheck.model.families import BY_PASSWORD, FamilyAccount, FamilySecrets
from mediacheck.ports.engines import Clock
from mediacheck.ports.services import Services, Work

_NO_SECRETS = FamilySecrets()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAttempt:
    """An attempt that may be judged. ``account`` None: nobody has that address."""

    account: FamilyAccount | None
    secrets: FamilySecrets
    counts: tuple[Count, ...]


def family_key(email: str) -> str:
    """What a family's failures and browser marks are kept under: never a staff member's."""
    return f"family:{email}"


def begin_family_attempt(
    work: Work, services: Services, email: str, origin: Origin
) -> FamilyAttempt:
    """Looks the account up, and counts the attempt as failed until it is known to be good.

    Raises:
        Throttled: too many failures before; this attempt is not judged at all.
    """
    now = services.clock.now()
    counts = counts_for(family_key(email), origin, services.secret_key)
    require_no_wait(work.accounts, counts, now)
    work.accounts.count_failure(counts[0].key, now)
    account = work.families.account_by_email_or_none(email)
    if account is None or not account.is_active:
        return FamilyAttempt(account=None, secrets=_NO_SECRETS, counts=counts)
    secrets = work.families.secrets_of(account.account_id)
    return FamilyAttempt(account=account, secrets=secrets, counts=counts)


def proven_step_or_none(
    attempt: FamilyAttempt, password: str, code: str, clock: Clock
) -> int | None:
    """The time step of the code, if password and code are right. Unknown accounts take as long."""
    is_right = verify_password(attempt.secrets.password_hash, password)
    secret = attempt.secrets.totp_secret
    step = step_of_code_or_none(secret, code, clock.now()) if secret is not None else None
    return step if is_right else None


def complete_family_attempt(
    work: Work, services: Services, attempt: FamilyAttempt, step: int, *, replaces: str | None
) -> str:
    """Uses the code up, forgets the failures and returns a new session's token.

    Raises:
        FamilySignInRefused: the code was used before, or the account changed meanwhile.
    """
    account = attempt.account
    if account is None:
        raise FamilySignInRefused
    held = work.families.account_or_none(account.account_id)
    secrets = work.families.secrets_of(account.account_id)
    if held is None or not held.is_active:
        raise FamilySignInRefused
    if secrets.password_hash != attempt.secrets.password_hash:
        raise FamilySignInRefused
    if not work.families.use_totp_step(account.account_id, step):
        raise FamilySignInRefused
    work.accounts.forget_failures(attempt.counts[0].key)
    return open_family_session(
        work,
        account.account_id,
        services.clock,
        services.ids,
        authenticated=BY_PASSWORD,
        replaces=replaces,
    )


def refuse_family_attempt(work: Work, attempt: FamilyAttempt, clock: Clock) -> None:
    """After a wrong password or code: counts it for the address too, and records it."""
    for count in attempt.counts[1:]:
        work.accounts.count_failure(count.key, clock.now())
    subject = attempt.account.account_id if attempt.account else ""
    work.audit.write(Event.SIGN_IN_FAILED, actor=UNKNOWN, subject=subject)
