"""``mediacheck audit``: the chained log."""

from __future__ import annotations

import click

from mediacheck.cli.common import db_option, services_for

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
