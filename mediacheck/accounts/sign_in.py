"""Signing in, in three steps, so that no transaction is open during the slow hashing.

``begin_attempt`` (a transaction), ``is_right_password`` (about half a second, none), then
``complete_attempt`` or ``refuse_attempt`` (a transaction).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mediacheck.accounts.errors import SignInRefused
from mediacheck.accounts.passwords import verify_password
from mediacheck.accounts.sessions import open_session
from mediacheck.accounts.throttle import Count, Origin, counts_for, require_no_wait
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId, StaffMember
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.services import Work

#: Who acts when nobody knows who it is.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that may be judged. ``member`` None: nobody who may sign in has that address."""

    member: StaffMember | None
    password_hash: str | None = field(repr=False)
    counts: tuple[Count, ...]


def begin_attempt(
    work: Work, email: str, origin: Origin, clock: Clock, secret_key: bytes
) -> Attempt:
    """Looks the account up, and counts the attempt as failed until it is known to be good.

    Counting first means that many guesses at once do not get past the limit together.

    Raises:
        Throttled: too many failures before; this attempt is not judged at all.
    """
    now = clock.now()
    counts = counts_for(email, origin, secret_key)
    require_no_wait(work.accounts, counts, now)
    work.accounts.count_failure(counts[0].key, now)
    member = work.accounts.staff_by_email_or_none(email)
    if member is None or not member.is_active:
        return Attempt(member=None, password_hash=None, counts=counts)
    password_hash = work.accounts.password_hash_or_none(member.staff_id)
    return Attempt(member=member, password_hash=password_hash, counts=counts)


def is_right_password(attempt: Attempt, password: str) -> bool:
    """Whether the password is the account's. An unknown account costs the same time."""
    return verify_password(attempt.password_hash, password)


def complete_attempt(
    work: Work, attempt: Attempt, clock: Clock, ids: Ids, *, replaces: str | None
) -> str:
    """After a right password: forgets the account's failures and returns a new session's token.

    Raises:
        SignInRefused: the account was closed, or its password changed, in the meantime.
    """
    staff_id = _require_unchanged(work, attempt)
    work.accounts.forget_failures(attempt.counts[0].key)
    work.audit.write(Event.SIGNED_IN, actor=staff_id, subject=staff_id)
    return open_session(work.accounts, staff_id, clock, ids, replaces=replaces)


def confirm_attempt(work: Work, attempt: Attempt) -> None:
    """After a right password of somebody who is signed in already: forgets the failures.

    Raises:
        SignInRefused: the account was closed, or its password changed, in the meantime.
    """
    _require_unchanged(work, attempt)
    work.accounts.forget_failures(attempt.counts[0].key)


def change_password(
    work: Work, attempt: Attempt, password_hash: str, clock: Clock, ids: Ids
) -> str:
    """After the present password was right: keeps a new one, which ends every session.

    Returns the token of a new session.

    Raises:
        SignInRefused: the account was closed, or its password changed, in the meantime.
    """
    staff_id = _require_unchanged(work, attempt)
    work.accounts.forget_failures(attempt.counts[0].key)
    work.accounts.set_password_hash(staff_id, password_hash)
    work.audit.write(Event.PASSWORD_SET, actor=staff_id, subject=staff_id)
    return open_session(work.accounts, staff_id, clock, ids, replaces=None)


def refuse_attempt(work: Work, attempt: Attempt, clock: Clock) -> None:
    """After a wrong password: counts it for the address too, and records it."""
    for count in attempt.counts[1:]:
        work.accounts.count_failure(count.key, clock.now())
    subject = attempt.member.staff_id if attempt.member else ""
    work.audit.write(Event.SIGN_IN_FAILED, actor=UNKNOWN, subject=subject)


def _require_unchanged(work: Work, attempt: Attempt) -> StaffId:
    """Whose attempt it is, if the account still stands as it did when the attempt began."""
    if attempt.member is None:
        raise SignInRefused
    staff_id = attempt.member.staff_id
    member = work.accounts.staff_or_none(staff_id)
    if member is None or not member.is_active:
        raise SignInRefused
    if work.accounts.password_hash_or_none(staff_id) != attempt.password_hash:
        raise SignInRefused
    return staff_id
