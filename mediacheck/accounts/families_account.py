"""How an owner changes the ways in to an account: passkeys, password and app, open sessions.

Every change needs a fresh sign-in, leaves at least one way in, ends the other sessions where a way
in was taken or replaced, and is told by mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mediacheck.accounts.families_errors import AuthenticatorRefused
from mediacheck.accounts.families_mail import queue_mail
from mediacheck.accounts.families_totp import new_totp_secret, step_of_code_or_none
from mediacheck.errors import NotAllowed, NotFound
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    AccountChange,
    FamilyAccount,
    FamilyAccountId,
    FamilyVisitor,
    Passkey,
)
from mediacheck.model.mail import MailKind
from mediacheck.ports.services import Services, Work

#: A session that was opened longer ago changes no way in: somebody else may hold the phone.
FRESH_FOR = timedelta(minutes=15)


class SignInAgain(NotAllowed):
    """A change of a way in, by a session that was opened too long ago."""

    message = "Sign in again, then change how you sign in."


class LastWayIn(NotAllowed):
    """Without it, nobody could sign in to the account any more."""

    message = "This is the only way to sign in that is left. Add another one first."


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """What an account signs in with."""

    account: FamilyAccount
    passkeys: tuple[Passkey, ...]
    has_password: bool

    @property
    def is_last(self) -> bool:
        """Whether there is but one, which has to stay."""
        return len(self.passkeys) + self.has_password <= 1


def ways_in(work: Work, visitor: FamilyVisitor) -> WaysIn:
    """What the visitor's own account signs in with, held until the transaction ends.

    Raises:
        NotFound: the visitor has no account, but a mailed link.
    """
    account_id = visitor.account_id
    account = work.families.account_or_none(account_id) if account_id is not None else None
    if account is None:
        raise NotFound
    work.families.lock(account.account_id)
    return WaysIn(
        account=account,
        passkeys=work.families.passkeys_of(account.account_id),
        has_password=work.families.secrets_of(account.account_id).password_hash is not None,
    )


def is_fresh(work: Work, services: Services, visitor: FamilyVisitor) -> bool:
    """Whether the visitor signed in a short time ago."""
    opened = work.families.session_or_none(visitor.session_key)
    return opened is not None and services.clock.now() - opened.opened_at < FRESH_FOR


def ways_to_change(work: Work, services: Services, visitor: FamilyVisitor) -> WaysIn:
    """The visitor's ways in, for a change of them.

    Raises:
        SignInAgain: the session was opened too long ago.
    """
    if not is_fresh(work, services, visitor):
        raise SignInAgain
    return ways_in(work, visitor)


def app_secret(work: Work, services: Services, account_id: FamilyAccountId) -> str:
    """The secret that a new authenticator app is shown, until a code of it is given."""
    pending = work.families.pending_totp_or_none(account_id)
    if pending is not None:
        return pending
    secret = new_totp_secret(services.ids)
    work.families.keep_pending_totp(account_id, secret)
    return secret


def keep_passkey(work: Work, services: Services, visitor: FamilyVisitor, passkey: Passkey) -> None:
    """Adds a passkey that has been verified.

    Raises:
        SignInAgain: the session was opened too long ago.
        NotFound: it is another account's.
    """
    ways = ways_to_change(work, services, visitor)
    if passkey.account_id != ways.account.account_id:
        raise NotFound
    work.families.add_passkey(passkey)
    _tell(work, services, ways.account, AccountChange.PASSKEY_ADDED)


def drop_passkey(
    work: Work, services: Services, visitor: FamilyVisitor, credential_id: str
) -> None:
    """Removes a passkey of the visitor's.

    Raises:
        SignInAgain: the session was opened too long ago.
        NotFound: it is not the visitor's.
        LastWayIn: it is the only way in.
    """
    ways = ways_to_change(work, services, visitor)
    if credential_id not in {one.credential_id for one in ways.passkeys}:
        raise NotFound
    if ways.is_last:
        raise LastWayIn
    work.families.remove_passkey(credential_id)
    work.families.end_sessions(ways.account.account_id, but=visitor.session_key)
    _tell(work, services, ways.account, AccountChange.PASSKEY_REMOVED)


def change_password(
    work: Work, services: Services, visitor: FamilyVisitor, password_hash: str, code: str
) -> None:
    """Sets or replaces password and app; every other session ends.

    Raises:
        SignInAgain: the session was opened too long ago.
        AuthenticatorRefused: the new app's code is wrong.
    """
    ways = ways_to_change(work, services, visitor)
    account_id = ways.account.account_id
    secret = work.families.pending_totp_or_none(account_id) or ""
    step = step_of_code_or_none(secret, code, services.clock.now()) if secret else None
    if step is None:
        raise AuthenticatorRefused
    work.families.set_password(account_id, password_hash, secret, step)
    work.families.end_sessions(account_id, but=visitor.session_key)
    _tell(work, services, ways.account, AccountChange.PASSWORD_SET)


def drop_password(work: Work, services: Services, visitor: FamilyVisitor) -> None:
    """Removes password and app.

    Raises:
        SignInAgain: the session was opened too long ago.
        NotFound: there is none.
        LastWayIn: there is no passkey.
    """
    ways = ways_to_change(work, services, visitor)
    if not ways.has_password:
        raise NotFound
    if ways.is_last:
        raise LastWayIn
    work.families.forget_password(ways.account.account_id)
    work.families.end_sessions(ways.account.account_id, but=visitor.session_key)
    _tell(work, services, ways.account, AccountChange.PASSWORD_REMOVED)


def sign_out_everywhere(work: Work, services: Services, visitor: FamilyVisitor) -> None:
    """Ends every session of the account, this one too; no fresh sign-in is needed to be safe."""
    ways = ways_in(work, visitor)
    work.families.end_sessions(ways.account.account_id)
    _tell(work, services, ways.account, AccountChange.SIGNED_OUT)


def _tell(work: Work, services: Services, account: FamilyAccount, change: AccountChange) -> None:
    work.audit.write(
        Event.FAMILY_ACCOUNT_CHANGED,
        actor=account.account_id,
        subject=account.account_id,
        what=change.value,
    )
    queue_mail(work, services, MailKind.ACCOUNT_CHANGED, account.account_id, about=change.value)
