"""``mediacheck import``: the roster and the releases, with a dry run unless ``--apply``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click

from mediacheck.accounts.roster_teachers import TeachersPlan, plan_teachers
from mediacheck.cli.common import COMMAND_LINE, db_option, services_for
from mediacheck.flow import imports
from mediacheck.flow.today import today_of
from mediacheck.ports.services import Services
from release_db.deliveries_csv import plan_deliveries
from release_db.errors import ImportRefused
from release_db.records import BiometricConsent, Release
from release_db.releases_plan import ReleasesPlan
from release_db.releases_source import plan_any_releases
from release_db.roster_file import RosterFile
from release_db.roster_plan import RosterPlan, plan_roster
from release_db.roster_source import read_any_roster, roster_bytes
from release_db.sis_codes import read_codes
from release_db.teachers_csv import read_teachers

#: A difference of more lines than this is counted, and not printed in full.
MOST_LINES = 40

_SET_ASIDE = (
    "Nothing of the students on record under these ids can be posted until the office has settled "
    "it: give the new person an id of their own in the student system."
)
_CONFIRM = "If that is right, run the command again with --confirm-shrink."

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
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@_import_options
def import_roster(path: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Imports the roster: plain CSV, or a OneRoster 1.1 or 1.2 bundle (a folder or a ZIP file)."""
    services = services_for(db)
    data = roster_bytes(path)
    with _recording_refusals(services, data), services.transaction() as work:
        file = read_any_roster(data, work.register)
        plan = plan_roster(work.register, file, today_of(services.clock, work.register))
        teachers = plan_teachers(work, file.teachers or (), is_delta=_tells_some(file))
        _show_roster(plan)
        _show_teachers(teachers)
        if not _is_to_apply(plan.is_empty and teachers.is_empty, is_applied):
            return
        _require_confirmed(" ".join(filter(None, (plan.warning, teachers.warning))), is_confirmed)
        imports.import_roster(services, work, plan, _imported(data))
        if not teachers.is_empty:
            imports.import_teachers(work, teachers, _imported(data))
    click.echo("Imported.")


@import_files.command("teachers")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_teachers(file: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Imports who teaches where: teacher_id,name,email,schools,status. A bundle tells it itself."""
    services = services_for(db)
    data = file.read_bytes()
    with _recording_refusals(services, data), services.transaction() as work:
        plan = plan_teachers(work, read_teachers(data), is_delta=False)
        _show_teachers(plan)
        if not _is_to_apply(plan.is_empty, is_applied):
            return
        _require_confirmed(plan.warning, is_confirmed)
        imports.import_teachers(work, plan, _imported(data))
    click.echo("Imported.")


@import_files.command("releases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_releases(file: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Imports releases: plain CSV, or the permissions that a student system exports."""
    services = services_for(db)
    data = file.read_bytes()
    with _recording_refusals(services, data), services.transaction() as work:
        today = today_of(services.clock, work.register)
        plan = plan_any_releases(work.register, data, today)
        _show_releases(plan)
        if not _is_to_apply(plan.is_empty, is_applied):
            return
        _require_confirmed(plan.warning, is_confirmed)
        imports.import_releases(services, work, plan, _imported(data))
    click.echo("Imported.")


@import_files.command("codes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_codes(file: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Says what the codes of a student system mean: code,status,use,channel,name_form,answer."""
    del is_confirmed  # Nothing is dropped or loosened by it alone.
    services = services_for(db)
    data = file.read_bytes()
    with _recording_refusals(services, data), services.transaction() as work:
        channels = {channel.key for channel in work.register.channels()}
        codes = read_codes(data, channels)
        for code in codes:
            click.echo(f"  {code.words}")
        if not _is_to_apply(codes == work.register.terms.sis_codes(), is_applied):
            return
        imports.import_codes(work, codes, _imported(data))
    click.echo("Imported.")


@import_files.command("deliveries")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_import_options
def import_deliveries(file: Path, is_applied: bool, is_confirmed: bool, db: str | None) -> None:
    """Records that families were sent a notice, with the last day on which they may object.

    Only where the district lets a blank mean yes does anything follow from it.
    """
    del is_confirmed  # It drops nothing, and a notice loosens no refusal.
    services = services_for(db)
    data = file.read_bytes()
    with _recording_refusals(services, data), services.transaction() as work:
        today, now = today_of(services.clock, work.register), services.clock.now()
        plan = plan_deliveries(work.register, data, on=today, now=now)
        click.echo(
            f"{len(plan.added)} notices added, {len(plan.failed)} that did not arrive, "
            f"{plan.unchanged} on file already."
        )
        if not _is_to_apply(plan.is_empty, is_applied):
            return
        imports.import_deliveries(services, work, plan, _imported(data))
    click.echo("Imported.")


def _require_confirmed(warning: str, is_confirmed: bool) -> None:
    if warning and not is_confirmed:
        raise click.UsageError(f"{warning} {_CONFIRM}")


def _imported(data: bytes) -> imports.ImportedFile:
    return imports.ImportedFile(sha256=sha256(data).hexdigest(), actor=COMMAND_LINE)


@contextmanager
def _recording_refusals(services: Services, data: bytes) -> Iterator[None]:
    """A file that is refused leaves an entry in the audit, and nothing else."""
    try:
        yield
    except ImportRefused as refused:
        with services.transaction() as work:
            imports.refuse_import(work, _imported(data), problems=len(refused.problems))
        raise


def _show_roster(plan: RosterPlan) -> None:
    click.echo(
        f"{len(plan.added)} students added, {len(plan.changed)} changed, {len(plan.gone)} gone."
    )
    _list("New school", (school.key for school in plan.new_schools))
    _list("New class", (group.key for group in plan.new_classes))
    if plan.year_ends_on is not None:
        click.echo(f"  The school year ends on {plan.year_ends_on.isoformat()}")
    _list("Added", plan.added)
    _list("Changed", (f"{one.student_id}: {', '.join(one.fields)}" for one in plan.changed))
    _list("Gone", plan.gone)
    _list("Back, with the releases that have not ended", plan.returned)
    _list("A guardian may sign no more", plan.losing)
    _list("A guardian may sign now", plan.gaining)
    _list("Another person under a known id, set aside", plan.set_aside)
    if plan.set_aside:
        click.echo(f"  {_SET_ASIDE}")


def _tells_some(file: RosterFile) -> bool:
    """Whether who is not among the teachers of the file may be one all the same."""
    return file.is_delta or file.teachers is None


def _show_teachers(plan: TeachersPlan) -> None:
    if plan.is_empty:
        return
    click.echo(
        f"{len(plan.added)} teachers added, {len(plan.changed)} changed, {len(plan.gone)} gone."
    )
    _list("Teacher added", plan.added)
    _list("Teacher changed", plan.changed)
    _list("Teacher gone, whose account closes", plan.gone)
    _list("Gone, and the last administrator: the account stays open", plan.stays)


def _show_releases(plan: ReleasesPlan) -> None:
    click.echo(
        f"{len(plan.added)} decisions added, {plan.unchanged} on file already, "
        f"{len(plan.loosened)} looser than before, {len(plan.tightened)} stricter."
    )
    _list("New", map(_decision, plan.added))
    _list("Looser", map(_decision, plan.loosened))
    _list("Stricter", map(_decision, plan.tightened))
    _list("Over already, allows nothing", map(_decision, plan.ended))
    _list("No longer in the file, taken back", map(_decision, plan.dropped))
    _list("No longer in the file, still a no", map(_decision, plan.kept))
    _list("Not on the roster, set aside", plan.set_aside)


def _decision(decision: Release | BiometricConsent) -> str:
    if isinstance(decision, BiometricConsent):
        return f"{decision.student_id} biometric: {decision.answer}"
    scope = decision.scope
    where = scope.channel or scope.audience or "every channel"
    return f"{decision.student_id} {scope.use} on {where}: {decision.answer}"


def _list(title: str, lines: Iterable[str]) -> None:
    everything = list(lines)
    for line in everything[:MOST_LINES]:
        click.echo(f"  {title}: {line}")
    if len(everything) > MOST_LINES:
        click.echo(f"  {title}: and {len(everything) - MOST_LINES} more")


def _is_to_apply(is_empty: bool, is_applied: bool) -> bool:
    if is_empty:
        click.echo("Nothing changes.")
        return False
    if not is_applied:
        click.echo("Nothing was changed. Run the command again with --apply to make the changes.")
    return is_applied
