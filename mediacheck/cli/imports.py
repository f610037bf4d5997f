"""``mediacheck import``: the roster and the releases, with a dry run unless ``--apply``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from release_db.errors import ImportRefused

from mediacheck.cli.common import db_option, services_for
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from release_db import releases_csv, roster

#: A difference of more lines than this is counted, and not printed in full.
MOST_LINES = 40

_Command = Callable[..., object]


@click.group("import")
def import_files() -> None:
    """Imports the roster or the releases. Shows the difference unless --apply is given."""


def _import_options(command: _Command) -> _Command:
    for option in (
        click.option("--apply", "is_applied", is_flag=True, help="Make the changes."),
        click.option(
            "--confirm-shrink",
            "is_confirmed",
            is_flag=True,
            help="Accept a file that drops many students or loosens many refusals.",
        ),
    ):
        command = option(command)
    return db_option(command)


@import_files.command("roster")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_roster(path: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Imports the roster from a plain CSV file."""
    services = services_for(db)
    data = path.read_bytes()
    with services.transaction() as work:
        file = _read(roster.read_roster, data, (services, "roster"))
        plan = roster.plan_roster(work.register, file, today_of(services.clock, work.register))
        _show_roster(plan)
        if not _is_to_apply(plan.is_empty, is_applied):
            return
        if plan.needs_confirmation and not is_confirmed:
            raise click.UsageError(
                f"This file would drop {len(plan.gone)} students ({plan.share_gone:.1%} of all). If "
                "that is right, run the command again with --confirm-shrink."
            )
        roster.apply_roster(work.register, plan, services.clock.now())
        _record(
            work,
            (Event.ROSTER_IMPORTED, data),
            added=len(plan.added),
            changed=len(plan.changed),
            gone=len(plan.gone),
            is_confirmed=is_confirmed and plan.needs_confirmation,
        )
    click.echo("Imported.")


@import_files.command("releases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_releases(file: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Imports releases from a plain CSV file."""
    services = services_for(db)
    data = file.read_bytes()
    with services.transaction() as work:
        rows = _read(releases_csv.read_releases, data, (services, "releases"))
        today = today_of(services.clock, work.register)
        try:
            plan = releases_csv.plan_releases(work.register, rows, today)
        except ImportRefused as refused:
            raise _refusal(refused) from None
        _show_releases(plan)
        if not _is_to_apply(plan.is_empty, is_applied):
            return
        if plan.needs_confirmation and not is_confirmed:
            raise click.UsageError(
                f"This file would loosen {len(plan.loosened)} refusals ({plan.share_loosened:.1%} of "
                "all). If that is right, run the command again with --confirm-shrink."
            )
        releases_csv.apply_releases(work.register, plan, services.clock.now())
        _record(
            work,
            (Event.RELEASES_IMPORTED, data),
            added=len(plan.added),
            loosened=len(plan.loosened),
            is_confirmed=is_confirmed and plan.needs_confirmation,
        )
    click.echo("Imported.")
