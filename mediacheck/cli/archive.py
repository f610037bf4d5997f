"""``mediacheck archive``: goes through a folder of old pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from mediacheck.cli.check import files_of, school_of
from mediacheck.cli.common import db_option, json_option, services_for, with_progress
from mediacheck.flow.archive import ArchiveAsked, Swept, path_in_archive, sweep_files
from mediacheck.model.archive import Triage
from mediacheck.wiring.check_pool import files_checker
from release_db.words import ChannelKey

_WORDS = {
    Triage.MUST_COME_DOWN: "must come down",
    Triage.NEEDS_A_PERSON: "for a person",
    Triage.CLEAR: "clear",
}


@click.group()
def archive() -> None:
    """Old pictures, judged against the releases of today."""


@archive.command("sweep")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--channel", required=True, metavar="KEY", help="The account that they stand on.")
@click.option("--school", metavar="KEY", help="School (default: that of the channel).")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    envvar="MEDIACHECK_PROCESSES",
    metavar="N",
    help="At most so many files at once (also MEDIACHECK_PROCESSES).",
)
@json_option
@db_option
def sweep(
    folder: Path,
    channel: str,
    school: str | None,
    processes: int | None,
    as_json: bool,
    db: str | None,
) -> int:
    """Judges every picture of a folder; one that was cut off goes on where it was, the same day.

    Each comes out as clear, as needing a person, or as having to come down; where it is known to
    have been published, and shows a student who may not be shown any more, a takedown case is
    opened. The page Archive has the whole list. Exits 0 when all is clear, 10 when something must
    come down, 11 when something needs a person.
    """
    files = files_of((folder,))
    services = services_for(db)
    asked = ArchiveAsked(
        channel=ChannelKey(channel), school=school_of(services, channel, None, school)
    )
    # A page shows where in the folder a file lies; where that is on this machine is nobody's.
    name = folder.resolve().name
    swept = sweep_files(
        services,
        asked,
        {path: path_in_archive(f"{name}/{path.relative_to(folder)}") for path in files},
        _progress,
        files_checker(services.settings.models_folder, len(files), processes),
    )
    click.echo(json.dumps(_as_json(swept), ensure_ascii=False) if as_json else _as_words(swept))
    if swept.counts[Triage.MUST_COME_DOWN]:
        return 10
    return 11 if swept.counts[Triage.NEEDS_A_PERSON] or swept.outdated else 0


def _progress(paths: Sequence[Path]) -> Iterable[Path]:
    return with_progress(paths, "Judging")


def _as_json(swept: Swept) -> dict[str, object]:
    return {
        "before": swept.before.total(),
        "outdated": swept.outdated,
        "counts": {triage.value: swept.counts[triage] for triage in Triage},
        "pictures": [
            {
                "path": str(path),
                "triage": one.triage.value,
                "reasons": list(one.reasons),
                "cases": list(one.cases),
            }
            for path, one in swept.pictures
        ],
    }


def _as_words(swept: Swept) -> str:
    lines = [f"Pictures judged: {len(swept.pictures)}"]
    if swept.before:
        lines = [f"{lines[0]}, and {swept.before.total()} before the sweep was cut off"]
    lines += [f"  {words}: {swept.counts[triage]}" for triage, words in _WORDS.items()]
    if swept.outdated:
        lines.append(
            f"  judged before a family's answer, a hold or the roster changed: {swept.outdated}. "
            "Run it again."
        )
    for path, one in swept.pictures:
        if one.triage is Triage.MUST_COME_DOWN:
            lines.append(f"{path}: {' '.join(one.reasons)}".rstrip(": "))
    return "\n".join(lines)
