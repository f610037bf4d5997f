"""``mediacheck gallery``: the keys of the face templates, and the proofs of their destruction."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import Progress

from mediacheck.cli.common import COMMAND_LINE, db_option, json_option, services_for
from mediacheck.flow.certificates import certificate_json, who_destroyed
from mediacheck.flow.enroll import WEAK_BELOW, doubtful_at
from mediacheck.flow.evidence_report import (
    BAND_WORDS,
    POPULATION,
    EvidenceReport,
    Rate,
    report_on,
)
from mediacheck.flow.measure import measure_now
from mediacheck.flow.rekey import Rekeyed, destroy_old_keys, rekey_gallery
from mediacheck.flow.retention import destroy_what_lapsed
from mediacheck.flow.today import today_of
from mediacheck.ports.services import Services
from release_db.destruction import is_unaltered
from release_db.words import SchoolKey


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


@gallery.command("status")
@json_option
@db_option
def status(as_json: bool, db: str | None) -> None:
    """What is held, by model, whose portraits are weak, and what is overdue."""
    services = services_for(db)
    with services.transaction() as work:
        held = work.gallery.overview(weak_below=WEAK_BELOW)
        overdue = work.gallery.overdue(today_of(services.clock, work.register))
    if as_json:
        models = [asdict(one) for one in held]
        click.echo(json.dumps({"models": models, "overdue": sorted(overdue)}, default=str))
        return
    for one in held:
        click.echo(
            f"{one.model}: {one.templates} template(s) of {one.students} student(s); the next "
            f"expires on {one.next_expiry_on}."
        )
        if one.weak:
            click.echo(f"  A better portrait would help: {', '.join(one.weak)}")
    click.echo(f"{len(overdue)} student(s) with something to destroy: mediacheck gallery sweep")


@gallery.command("evidence")
@click.option("--school", metavar="KEY", help="The school's gallery (default: the district's).")
@json_option
@db_option
def evidence(school: str | None, as_json: bool, db: str | None) -> None:
    """Measures how often the search would be wrong, on the district's own students, and keeps it.

    What it prints and keeps are counts of students and pairs, of nobody in particular.
    """
    services = services_for(db)
    with services.transaction() as work:
        if school and school not in {one.key for one in work.register.schools()}:
            raise click.UsageError(f"There is no school {school!r}.")
    measured = measure_now(services, SchoolKey(school) if school else None, by=COMMAND_LINE)
    with services.transaction() as work:
        report = report_on(services, work, measured)
    if as_json:
        click.echo(json.dumps(report.as_json()))
        return
    for line in _lines_of(report):
        click.echo(line)


def _lines_of(report: EvidenceReport) -> Iterator[str]:
    whole = report.evidence.whole
    yield f"Population: {POPULATION}"
    yield (
        f"Model {report.evidence.model}: {whole.students} students, {whole.templates} templates; "
        f"at {report.bar:.3f}:"
    )
    for band in report.bands:
        yield (
            f"  {BAND_WORDS[band.band]}: FPIR {_told(band.fpir)}; FMR {_told(band.fmr)}; "
            f"FNMR {_told(band.fnmr)}"
        )
    yield f"Close suggestions in posts that were somebody else: {_told(report.wrong_answers)}"
    if report.within is not None:
        yield f"The evidence supports matches up to {report.within:.3f}."
    for reason in report.reasons:
        yield f"Not enough to identify: {reason}"


def _told(rate: Rate) -> str:
    if rate.is_thin:
        return "too few to say"
    return f"{rate.errors} of {rate.trials} (95 % bound {rate.bound95_shown:.2g})"


@gallery.command("check")
@click.option("--school", metavar="KEY", required=True, help="The school whose portraits to check.")
@db_option
def check(school: str, db: str | None) -> int:
    """Names by id the students one of whose portraits may be of somebody else."""
    services = services_for(db)
    doubts = doubtful_at(services, SchoolKey(school))
    for student_id, words in doubts:
        click.echo(f"{student_id}: {words}")
    click.echo(f"{len(doubts)} student(s) whose portraits somebody should look at.")
    return 1 if doubts else 0


@gallery.command("sweep")
@db_option
def sweep(db: str | None) -> None:
    """Destroys now what may not be held any longer. A running server does it every minute."""
    click.echo(f"{destroy_what_lapsed(services_for(db))} certificate(s) of destruction.")


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
