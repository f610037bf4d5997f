"""Slows down guessing, for an account and for an address, without ever locking anybody out.

A browser that has signed in to an account before is known by a signed mark and has a count of its
own, so that a stranger who guesses at a teacher's account cannot keep the teacher out (OWASP,
"Slow Down Online Guessing Attacks with Device Cookies").
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mediacheck.accounts.errors import Throttled
from mediacheck.ports.accounts import Accounts
from mediacheck.ports.engines import Ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """``free`` failures cost nothing; then the wait doubles from ``first_wait``."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    window: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long the next attempt has to wait after that many failures in the window."""
        if failures < self.free:
            return timedelta(0)
        # After twenty doublings the longest wait has long been reached.
        doublings = min(failures - self.free, 20)
        return min(self.longest_wait, self.first_wait * (1 << doublings))


#: About 80 guesses a day: waits that grow, as NIST SP 800-63B, 3.2.2 names them.
ACCOUNT_LIMIT = Limit(
    free=5,
    first_wait=timedelta(seconds=10),
    longest_wait=timedelta(minutes=20),
    window=timedelta(hours=24),
)
#: A whole school may sit behind one address, so this limit only stops the trying of many accounts.
ADDRESS_LIMIT = Limit(
    free=30,
    first_wait=timedelta(seconds=5),
    longest_wait=timedelta(minutes=5),
    window=timedelta(hours=1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of failures: what it is kept under, and how far it may go."""

    key: str
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an attempt comes from: network address, and the mark its browser holds, if any."""

    address: str
    browser_mark: str | None = None


def counts_for(email: str, origin: Origin, secret_key: bytes) -> tuple[Count, ...]:
    """The counts that an attempt falls under, the account's or known browser's own one first."""
    if origin.browser_mark is not None and _is_mark_of(origin.browser_mark, email, secret_key):
        return (Count(key=_key(secret_key, "browser", origin.browser_mark), limit=ACCOUNT_LIMIT),)
    return (
        Count(key=_key(secret_key, "account", email.casefold()), limit=ACCOUNT_LIMIT),
        address_count(origin, secret_key),
    )


def address_count(origin: Origin, secret_key: bytes) -> Count:
    """The count of a network address alone."""
    return Count(key=_key(secret_key, "address", origin.address), limit=ADDRESS_LIMIT)


def require_no_wait(accounts: Accounts, counts: Iterable[Count], now: datetime) -> None:
    """Raises ``Throttled`` with the longest wait when any of the counts asks for one."""
    wait = max((_wait_of(accounts, count, now) for count in counts), default=timedelta(0))
    if wait > timedelta(0):
        raise Throttled(wait)


def new_browser_mark(email: str, ids: Ids, secret_key: bytes) -> str:
    """A mark for a browser that has just signed in to that account."""
    nonce = ids.new()
    return f"{nonce}.{_mark_mac(nonce, email, secret_key)}"


def _wait_of(accounts: Accounts, count: Count, now: datetime) -> timedelta:
    failures = accounts.failures_since(count.key, now - count.limit.window)
    latest_at = accounts.latest_failure_or_none(count.key)
    if latest_at is None:
        return timedelta(0)
    return latest_at + count.limit.wait_after(failures) - now


def _is_mark_of(mark: str, email: str, secret_key: bytes) -> bool:
    nonce, _, mac = mark.partition(".")
    return hmac.compare_digest(mac.encode(), _mark_mac(nonce, email, secret_key).encode())


def _mark_mac(nonce: str, email: str, secret_key: bytes) -> str:
    return _key(secret_key, "mark", f"{nonce}|{email.casefold()}")


def _key(secret_key: bytes, kind: str, value: str) -> str:
    """A keyed hash, so that the table of failures tells nobody's address."""
    return hmac.new(secret_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
