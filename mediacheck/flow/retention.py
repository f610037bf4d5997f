"""Ends by the clock what may not be held any longer, and records that it did."""

from __future__ import annotations

from mediacheck.model.audit import Event
from mediacheck.ports.services import Services

#: Who acts when the clock does.
CLOCK = "mediacheck"


def destroy_what_lapsed(services: Services) -> int:
    """Destroys every template that nobody consents to any more; returns of how many students.

    A consent ends by itself with an 18th birthday, a date or a court's order; whoever says no ends
    it in the transaction of saying so.
    """
    with services.transaction() as work:
        records = work.register.destroy_lapsed(by=CLOCK)
        for record in records:
            work.audit.write(
                Event.TEMPLATES_DESTROYED,
                actor=CLOCK,
                subject=record.student_id,
                certificate=record.certificate_id,
                templates=record.templates,
            )
    return len(records)
