"""What the commands share: the database option, the services, a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mediacheck.ports.services import Services
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services

_Item = TypeVar("_Item")
_Command = TypeVar("_Command", bound=Callable[..., object])

#: Who acts when a command does; the account of the operating system is not ours to record.
COMMAND_LINE = "command-line"
#: A job that may take longer than a second shows how far it is.
_WORTH_A_BAR = 2


def db_option(command: _Command) -> _Command:
    """Adds ``--db URL``."""
    option = click.option(
        "--db",
        metavar="URL",
        help="Database (also MEDIACHECK_DB). Default: SQLite in MEDIACHECK_DATA.",
    )
    return option(command)


def json_option(command: _Command) -> _Command:
    """Adds ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def services_for(db: str | None) -> Services:
    """The services of this process."""
    return open_services(settings_from(db=db))


def with_progress(items: Sequence[_Item], what: str) -> Iterator[_Item]:
    """Goes through the items; on a terminal a bar shows how far it is."""
    if len(items) < _WORTH_A_BAR or not sys.stderr.isatty():
        yield from items
        return
    yield from _with_bar(items, what, len(items))


def _with_bar(items: Iterable[_Item], what: str, total: int) -> Iterator[_Item]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            yield item
            progress.advance(task)
