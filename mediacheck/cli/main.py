"""The ``mediacheck`` command and its subcommands.

Exit codes: 0 done (or cleared), 10 blocked, 11 needs a person, 2 usage or bad input, 1 fault.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Sequence

import click

from mediacheck.errors import MediacheckError
from mediacheck.settings import SettingsRefused
from release_db.errors import ImportRefused, ReleaseDbError

FAULT, USAGE = 1, 2

#: Each command lives in a module of its own, loaded when it is asked for: ``--help`` loads none.
_COMMANDS = {
    "archive": "mediacheck.cli.archive:archive",
    "audit": "mediacheck.cli.audit:audit",
    "bench": "mediacheck.cli.evaluate:bench",
    "channels": "mediacheck.cli.office:channels",
    "check": "mediacheck.cli.check:check",
    "doctor": "mediacheck.cli.doctor:doctor",
    "enroll": "mediacheck.cli.enroll:enroll",
    "evaluate": "mediacheck.cli.evaluate:evaluate",
    "gallery": "mediacheck.cli.gallery:gallery",
    "holds": "mediacheck.cli.office:holds",
    "import": "mediacheck.cli.imports:import_files",
    "mail": "mediacheck.cli.mail:mail",
    "recogniser": "mediacheck.cli.recogniser:recogniser",
    "serve": "mediacheck.cli.serve:serve",
    "settings": "mediacheck.cli.office:settings",
    "upgrade": "mediacheck.cli.office:upgrade",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mediacheck")
def command() -> None:
    """Checks that no school post shows or names a student whose family has not released it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code instead of leaving the process."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        code = command.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="mediacheck",
            standalone_mode=False,
        )
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as misuse:
        misuse.show()
        return USAGE
    except click.Abort:
        click.echo("Stopped. Nothing was changed that had not been finished.", err=True)
        return FAULT
    except ImportRefused as refused:
        click.echo(f"mediacheck: {refused}", err=True)
        return USAGE
    except (MediacheckError, ReleaseDbError, SettingsRefused) as refusal:
        click.echo(f"mediacheck: {refusal}", err=True)
        return FAULT
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
