"""``mediacheck audit``: the chained log."""

from __future__ import annotations

import math
from datetime import timedelta

import click

from mediacheck.cli.common import db_option, services_for
from mediacheck.model.audit import Event
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services
from mediacheck.wiring.steady_clock import SystemClock

_TAMPERED = 1


@click.group()
def audit() -> None:
    """The record of every step."""


@audit.command()
@click.option("--head", metavar="MAC", help="A head that was written down elsewhere before.")
@db_option
def verify(head: str | None, db: str | None) -> int:
    """Walks the chain and finds an edit, a deletion and a swap. Exits 1 when it finds one."""
    services = services_for(db)
    expected = head or services.recorded_audit_head()
    with services.transaction() as work:
        report = work.audit.verify(expected)
    for problem in report.problems:
        click.echo(f"  Entry {problem.number}: {problem.words}")
    if not report.is_sound:
        click.echo(f"This log of {report.entries} entries has been tampered with.")
        return _TAMPERED
    click.echo(f"{report.entries} entries, unbroken. The newest is sealed with {report.head}")
    click.echo("Write that down elsewhere: with --head it shows later whether the end was cut off.")
    return 0


@audit.command("accept-clock")
@db_option
def accept_clock(db: str | None) -> int:
    """Says that the clock is right, and that the newest entries were written while it was ahead.

    Until then time goes on from the newest entry: nobody's no may look older than a yes. What was
    decided while the clock was ahead keeps its date: those families have to be asked again.
    """
    machine = SystemClock()
    services = open_services(settings_from(db=db), clock=machine)
    with services.transaction() as work:
        newest = work.audit.head()
        ahead = newest.at - machine.now() if newest is not None else timedelta()
        if ahead <= timedelta():
            click.echo("The clock is not behind the audit log: there is nothing to accept.")
            return 0
        work.audit.write(
            Event.CLOCK_ACCEPTED, actor="command-line", seconds=math.ceil(ahead.total_seconds())
        )
    click.echo("Accepted. Start mediacheck again, so that it goes by the clock.")
    click.echo("Look at the newest entries of the page Audit: what was decided while the clock was")
    click.echo("ahead keeps its date. Ask those families again.")
    return 0
