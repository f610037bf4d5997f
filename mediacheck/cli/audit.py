"""``mediacheck audit``: the chained log."""

from __future__ import annotations

import click

from mediacheck.cli.common import db_option, services_for
from mediacheck.wiring.audit import verify_audit


@click.group()
def audit() -> None:
    """The record of every step."""


@audit.command()
@click.option("--head", metavar="MAC", help="The last entry's MAC, written down elsewhere before.")
@db_option
def verify(head: str | None, db: str | None) -> int:
    """Walks the chain and finds an edit, a deletion and a swap. Exits 1 when it finds one."""
    report = verify_audit(services_for(db), head)
    if report.problems:
        for problem in report.problems:
            click.echo(f"  {problem}")
        click.echo(f"The log of {report.count} entries has been tampered with.")
        return 1
    click.echo(f"{report.count} entries, unbroken. Head: {report.head}")
    click.echo("Write the head down elsewhere: only so can a cut-off end be found later.")
    return 0
