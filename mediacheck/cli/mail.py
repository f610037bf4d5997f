"""What comes back of the mail to families."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from mediacheck.cli.common import db_option, services_for, with_progress
from mediacheck.flow.bounces import note_bounces

_STDIN = "-"
#: A notice encloses a mail of ours, which is short; more is not looked at.
_LARGEST_BYTES = 1024 * 1024


@click.group()
def mail() -> None:
    """The mail to families."""


@mail.command("bounces")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@db_option
def bounces(paths: tuple[str, ...], db: str | None) -> None:
    """Reads notices of mail that did not arrive, and marks it as undelivered.

    PATH is a Maildir folder, a folder of .eml files, one such file, or - for one notice on the
    standard input. What was read before changes nothing, and no file is moved or removed.
    """
    files = [file for path in paths if path != _STDIN for file in _files_of(path)]
    services = services_for(db)
    report = note_bounces(services, _notices(files, is_piped=_STDIN in paths))
    click.echo(
        f"Marked as undelivered: {report.marked}. Known already: {report.known}. About other "
        f"mail: {report.not_ours}. No such notice, or only a delay: {report.no_bounce}."
    )
    if report.marked:
        click.echo("The registrar finds them under Undelivered mail.")


def _notices(files: Sequence[Path], *, is_piped: bool) -> Iterator[bytes]:
    if is_piped:
        yield sys.stdin.buffer.read(_LARGEST_BYTES)
    for file in with_progress(files, "Reading notices"):
        with file.open("rb") as opened:
            yield opened.read(_LARGEST_BYTES)


def _files_of(path: str) -> list[Path]:
    """The notices of a path, in the order of their names."""
    place = Path(path)
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise click.UsageError(f"There is no file or folder {path!r}.")
    boxes = [place / name for name in ("new", "cur") if (place / name).is_dir()]
    if boxes:
        return sorted(file for box in boxes for file in box.iterdir() if file.is_file())
    return sorted(file for file in place.iterdir() if file.suffix == ".eml")
