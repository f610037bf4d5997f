"""The audit: the newest entries, and the walk over the whole chain."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from mediacheck.model.audit import ChainReport, Event
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from release_db.policy import zone_of

_SHOWN = 200


@open_to(Role.ADMINISTRATOR)
def audit() -> ResponseReturnValue:
    """The newest entries, newest first."""
    with services().transaction() as work:
        return _page(work, report=None)


@open_to(Role.ADMINISTRATOR)
def verify() -> ResponseReturnValue:
    """Walks the chain, says what was found, and records that somebody looked."""
    held = services()
    with held.transaction() as work:
        report = work.audit.verify(held.recorded_audit_head())
        work.audit.write(
            Event.AUDIT_VERIFIED,
            actor=current_staff().staff_id,
            entries=report.entries,
            is_sound=report.is_sound,
        )
        return _page(work, report=report)


def _page(work: Work, *, report: ChainReport | None) -> str:
    head = work.audit.head()
    newest = head.number if head else 0
    return render_template(
        "administrators/audit.html",
        entries=work.audit.entries(after=max(0, newest - _SHOWN))[::-1],
        newest=newest,
        names={member.staff_id: member.name for member in work.accounts.staff()},
        zone=zone_of(work.register),
        report=report,
    )
