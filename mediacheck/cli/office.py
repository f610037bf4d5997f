"""Small acts of the office: channels, settings, holds, and bringing the database up to date."""

from __future__ import annotations

import click

from mediacheck.cli.common import COMMAND_LINE, db_option, services_for, with_progress
from mediacheck.flow.naming import require_backed
from mediacheck.flow.renditions import SMALLEST_SIDE_PX
from mediacheck.flow.today import today_of
from mediacheck.flow.withdraw import after_change
from mediacheck.intake.limits import PUBLISHED_MAX_SIDE_PX
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from mediacheck.settings import settings_from
from mediacheck.wiring.engines import index_names
from mediacheck.wiring.services import upgrade_database
from release_db.engine import open_engine
from release_db.errors import UnfitPolicy
from release_db.policy import UNNAMED_WORK_KEY
from release_db.records import Channel, Hold
from release_db.words import Audience, ChannelKey, HoldId, NameForm, SchoolKey, StudentId

#: The policies that a command may set; the others are an administrator's, on the settings page.
_SETTINGS = (
    "recognition",
    "jurisdiction",
    "co_policy_document",
    "co_named_roles",
    "smallest_count",
    "backup_days",
    "template_months",
    "school_year_ends_on",
    UNNAMED_WORK_KEY,
)


@click.group()
def channels() -> None:
    """The accounts and printed things that posts go to."""


@channels.command("add")
@click.argument("key")
@click.option("--audience", required=True, type=click.Choice([one.value for one in Audience]))
@click.option("--school", metavar="KEY", help="The school it belongs to (default: the district).")
@click.option("--name", metavar="TEXT", help="What people call it (default: the key).")
@click.option(
    "--name-form",
    type=click.Choice([one.value for one in NameForm]),
    default=NameForm.FULL.value,
    show_default=True,
    help="The most of a name that may ever stand there.",
)
@click.option("--official", is_flag=True, help="Only the communications office posts there.")
@click.option("--no-close-ups", is_flag=True, help="No picture of one student alone or close.")
@click.option(
    "--largest",
    type=click.IntRange(SMALLEST_SIDE_PX, PUBLISHED_MAX_SIDE_PX),
    metavar="PIXELS",
    help="The longest side of a picture that goes there (default: as its account takes it).",
)
@db_option
def add_channel(
    key: str,
    audience: str,
    school: str | None,
    name: str | None,
    name_form: str,
    official: bool,
    no_close_ups: bool,
    largest: int | None,
    db: str | None,
) -> None:
    """Adds a channel."""
    services = services_for(db)
    channel = Channel(
        key=ChannelKey(key),
        name=name or key,
        audience=Audience(audience),
        school=SchoolKey(school) if school else None,
        name_form=NameForm(name_form),
        is_official=official,
        allows_close_ups=not no_close_ups,
        largest_side_px=largest,
    )
    with services.transaction() as work:
        if work.register.channel_or_none(channel.key) is not None:
            raise click.UsageError(f"There is a channel {key!r} already.")
        if school and school not in {one.key for one in work.register.schools()}:
            raise click.UsageError(f"There is no school {school!r}. Import the roster first.")
        work.register.add_channel(channel)
        work.audit.write(Event.CHANNEL_ADDED, actor=COMMAND_LINE, subject=key)
    click.echo(f"Added the channel {key}.")


@click.group()
def settings() -> None:
    """The district's settings."""


@settings.command("set")
@click.argument("name", type=click.Choice(_SETTINGS))
@click.argument("value")
@click.option("--school", metavar="KEY", help="For one school only.")
@db_option
def set_setting(name: str, value: str, school: str | None, db: str | None) -> None:
    """Sets recognition to off, suggest or identify, the jurisdiction, or another limit."""
    services = services_for(db)
    with services.transaction() as work:
        if school and school not in {one.key for one in work.register.schools()}:
            raise click.UsageError(f"There is no school {school!r}.")
        key, at = SchoolKey(school) if school else None, services.clock.now()
        try:
            require_backed(services, work, name, value, key)
            destroyed = work.register.set_policy(name, value, school=key, by=COMMAND_LINE, at=at)
        except UnfitPolicy as unfit:
            raise click.UsageError(str(unfit)) from unfit
        work.audit.write(
            Event.POLICY_SET, actor=COMMAND_LINE, subject=name, value=value, school=school or ""
        )
    words = name.replace("_", " ").capitalize()
    click.echo(f"{words} is now {value}{f' at {school}' if school else ''}.")
    if destroyed:
        click.echo(f"The templates of {len(destroyed)} student(s) were destroyed.")


@click.group()
def holds() -> None:
    """Protective holds: a hold beats every release."""


@holds.command("place")
@click.argument("student_id")
@click.option("--kind", default="other", show_default=True, help="For the registrar's own use.")
@db_option
def place_hold(student_id: str, kind: str, db: str | None) -> None:
    """Places a hold on a student, from today."""
    services = services_for(db)
    with services.transaction() as work:
        student = StudentId(student_id)
        if work.register.student_or_none(student) is None:
            raise click.UsageError(f"There is no student {student_id!r} on the roster.")
        hold = Hold(
            hold_id=HoldId(services.ids.new()),
            student_id=student,
            starts_on=today_of(services.clock, work.register),
            kind=kind,
        )
        work.register.place_hold(hold)
        after_change(services, work, [hold.student_id], trigger=Trigger.HOLD, by=COMMAND_LINE)
        work.audit.write(Event.HOLD_PLACED, actor=COMMAND_LINE, subject=student_id)
    click.echo("The hold is in force.")


@click.command()
@db_option
def upgrade(db: str | None) -> None:
    """Brings the database, and the index of names in it, to this version. Make a backup first."""
    upgrade_database(open_engine(settings_from(db=db).database_url))
    with services_for(db).transaction() as work:
        count = index_names(work.register, lambda some: with_progress(some, "Indexing names"))
    if count:
        click.echo(f"The names of {count} student(s) were indexed.")
    click.echo("The database is up to date.")
