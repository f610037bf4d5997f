"""Ends by the clock what may not be held any longer; the transaction records it."""

from __future__ import annotations

from mediacheck.ports.services import Services
from release_db.retention import NOBODY

#: Who acts when the clock does.
CLOCK = NOBODY


def destroy_what_lapsed(services: Services) -> int:
    """Destroys every template that nobody consents to any more; returns of how many students.

    A consent ends by itself with an 18th birthday, a date or a court's order; whoever says no ends
    it in the transaction of saying so.
    """
    with services.transaction() as work:
        return len(work.register.destroy_lapsed(by=CLOCK))
