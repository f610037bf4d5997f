"""``mediacheck check``: may these pictures and words go out on that channel?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from mediacheck.cli.common import db_option, json_option, services_for, with_progress
from mediacheck.cli.report import Report, report_as_json
from mediacheck.errors import IntakeError
from mediacheck.flow.check_once import Asked, Checked, check_once, school_posting_on
from mediacheck.model.verdict import Outcome
from mediacheck.ports.register import Register
from mediacheck.ports.services import Services
from mediacheck.wiring.check_pool import files_checker
from release_db.records import ClassGroup
from release_db.words import ChannelKey, ClassKey, SchoolKey

EXIT_CODES = {Outcome.CLEARED: 0, Outcome.BLOCKED: 10, Outcome.NEEDS_REVIEW: 11}
_HEADLINES = {
    Outcome.CLEARED: "Cleared: this post may go out.",
    Outcome.BLOCKED: "Blocked: this post cannot go out as it is.",
    Outcome.NEEDS_REVIEW: "A person has to look at this post.",
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--channel", required=True, metavar="KEY", help="The account it is meant for.")
@click.option("--caption", default="", metavar="TEXT", help="The words of the post.")
@click.option("--alt", "alts", multiple=True, metavar="TEXT", help="Alt text, one a picture.")
@click.option("--class", "class_key", metavar="KEY", help="Class, team or event list shown.")
@click.option("--school", metavar="KEY", help="School, when no class is given.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    envvar="MEDIACHECK_PROCESSES",
    metavar="N",
    help="At most so many files at once (also MEDIACHECK_PROCESSES). Default: by cores and memory.",
)
@json_option
@db_option
def check(
    paths: tuple[Path, ...],
    channel: str,
    caption: str,
    alts: tuple[str, ...],
    class_key: str | None,
    school: str | None,
    processes: int | None,
    as_json: bool,
    db: str | None,
) -> int:
    """Checks pictures (or folders of them) and their words for one channel.

    Exits 0 when the post is cleared, 10 when it is blocked, 11 when it needs a person.
    """
    files = files_of(paths)
    if len(alts) > len(files):
        raise click.UsageError(f"There are {len(alts)} alt texts for {len(files)} pictures.")
    services = services_for(db)
    asked = Asked(
        paths=files,
        channel=ChannelKey(channel),
        class_key=ClassKey(class_key) if class_key else None,
        school=school_of(services, channel, class_key, school),
        caption=caption,
        alt_texts=alts,
    )
    try:
        checked = check_once(
            services,
            asked,
            _progress,
            files_checker(services.settings.models_folder, len(files), processes),
        )
    except IntakeError as refusal:
        raise click.UsageError(refusal.message) from None
    _show(checked, files, as_json=as_json)
    return EXIT_CODES[checked.judged.verdict.outcome]


def _progress(paths: Sequence[Path]) -> Iterable[Path]:
    return with_progress(paths, "Checking")


def files_of(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files, and those within folders; hidden files of a folder are the system's own."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            files += [one for one in inside if not one.name.startswith(".")]
        else:
            files.append(path)
    if not files:
        raise click.UsageError("There is no picture in that folder.")
    return tuple(files)


def school_of(
    services: Services, channel: str, class_key: str | None, school: str | None
) -> SchoolKey | None:
    """The class's school, else the one named, else the channel's, else the only one there is."""
    with services.transaction() as work:
        found = work.register.channel_or_none(ChannelKey(channel))
        if found is None:
            raise click.UsageError(
                f"There is no channel {channel!r}. Add it: mediacheck channels add"
            )
        if class_key is not None:
            return _require_class(work.register, class_key).school
        if school is None:
            return school_posting_on(work.register, found)
        if school not in {one.key for one in work.register.schools()}:
            raise click.UsageError(f"There is no school {school!r}.")
    return SchoolKey(school)


def _require_class(register: Register, class_key: str) -> ClassGroup:
    for group in register.classes():
        if group.key == class_key:
            return group
    raise click.UsageError(f"There is no class {class_key!r} on the roster.")


def _show(checked: Checked, files: tuple[Path, ...], *, as_json: bool) -> None:
    media = checked.judged.post.media
    report = Report(
        judged=checked.judged,
        clearance=checked.clearance,
        paths={one.media_id: str(path) for one, path in zip(media, files, strict=True)},
        timings_ms=checked.timings_ms,
    )
    if as_json:
        click.echo(json.dumps(report_as_json(report), ensure_ascii=False))
    else:
        _show_words(report)


def _show_words(report: Report) -> None:
    verdict = report.judged.verdict
    click.echo(_HEADLINES[verdict.outcome])
    for reason in verdict.reasons:
        path = report.paths.get(reason.media) if reason.media is not None else None
        where = f"{path}: " if path else ""
        click.echo(f"  {where}{reason.message} [{reason.code}]")
    if report.clearance is not None:
        click.echo(f"  Clearance {report.clearance.clearance_id}")
        click.echo(f"  good until {report.clearance.good_until:%Y-%m-%d %H:%M} UTC")
