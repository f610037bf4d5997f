"""``mediacheck gallery``: the keys of the face templates, and the proofs of their destruction."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.progress import Progress

from mediacheck.cli.common import COMMAND_LINE, db_option, json_option, services_for
from mediacheck.flow.certificates import certificate_json, who_destroyed
from mediacheck.flow.rekey import Rekeyed, destroy_old_keys, rekey_gallery
from mediacheck.ports.services import Services
from release_db.destruction import is_unaltered


@click.group()
def gallery() -> None:
    """The enrolled face templates."""


@gallery.command("rekey")
@click.option("--finish", is_flag=True, help="Destroy the old keys, once nothing needs them.")
@db_option
def rekey(finish: bool, db: str | None) -> int:
    """Gives the gallery a new key, while everything runs; takes up a run that was cut off.

    The key before is kept as gallery-old-ID.key until --finish destroys it. Backups from before
    need it; without it what they hold of templates cannot be read.
    """
    services = services_for(db)
    if finish:
        return _finish(services)
    done = _rekey(services)
    click.echo(
        f"{'Taken up again: ' if done.is_resumed else ''}{done.count} student key(s) are wrapped "
        f"under the new gallery key {done.key_id}."
    )
    if done.unreadable:
        click.echo(
            f"The keys of these students cannot be read: {', '.join(done.unreadable)}. Put the key "
            "that they need back from your backup, or destroy their templates and enroll again."
        )
        return 1
    click.echo("Make a backup of the key folder. Then: mediacheck gallery rekey --finish")
    return 0


@gallery.command("certificates")
@json_option
@db_option
def certificates(as_json: bool, db: str | None) -> None:
    """What was destroyed of whom, why, when, by whom, and until when backups may hold it."""
    services = services_for(db)
    with services.transaction() as work:
        records = work.gallery.destructions()
        names = {str(member.staff_id): member.name for member in work.accounts.staff()}
    if as_json:
        click.echo(json.dumps({"certificates": [certificate_json(one) for one in records]}))
        return
    for one in records:
        until = one.backups_until.isoformat() if one.backups_until else "unknown"
        altered = "" if is_unaltered(one) else " THIS CERTIFICATE WAS ALTERED."
        click.echo(
            f"{one.destroyed_at.isoformat(timespec='seconds')} {one.student_id}: {one.templates} "
            f"template(s), {one.why}. By: {who_destroyed(one, names)}. In backups until {until}. "
            f"Certificate {one.certificate_id}.{altered}"
        )
    click.echo(f"{len(records)} certificate(s).")


def _rekey(services: Services) -> Rekeyed:
    with services.transaction() as work:
        total = sum(work.gallery.wrapped_under().values())
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Re-keying", total=total)
        return rekey_gallery(
            services, by=COMMAND_LINE, tell=lambda count: progress.update(task, completed=count)
        )


def _finish(services: Services) -> int:
    destroyed = destroy_old_keys(services, by=COMMAND_LINE)
    if not destroyed:
        click.echo("There is no old gallery key.")
    for key_id in destroyed:
        click.echo(f"Destroyed the old gallery key {key_id}.")
    return 0
