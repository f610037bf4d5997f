"""When a mail that was not taken is tried again, and when it is given up."""

from __future__ import annotations

from datetime import timedelta

#: RFC 5321, 4.5.4.1: soon at first, then at growing distances, for four to five days.
_DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
GIVEN_UP_AFTER = timedelta(days=5)

#: Longer than a server can take to answer: then a worker that died has left the mail.
LEASE = timedelta(minutes=10)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after that many attempts (one or more)."""
    return _DELAYS[min(attempts, len(_DELAYS)) - 1]
