"""``mediacheck recogniser``: a face recogniser of the district's own, in place of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from mediacheck.cli.common import COMMAND_LINE, db_option, services_for
from mediacheck.findings.templates_own_setup import (
    OwnRecogniser,
    forget_recogniser,
    keep_recogniser,
    recogniser_or_none,
    sha256_of,
)
from mediacheck.model.audit import Event
from mediacheck.ports.services import Services

_File = click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path)
_Folder = click.Path(exists=True, file_okay=False, path_type=Path)
_AGAIN = "Templates of another recogniser are not searched: everybody has to be enrolled again."
_RESTART = "Start mediacheck serve again, so that it is used."


@click.group()
def recogniser() -> None:
    """A face recogniser of the district's own: an ONNX file that it has a licence for."""


@recogniser.command("use")
@click.argument("file", type=_File)
@click.option("--licence", required=True, metavar="TEXT", help="On what licence it is used.")
@click.option("--side", "side_px", default=112, show_default=True, help="Side of a face, pixels.")
@click.option("--padding", default=0.25, show_default=True, help="Room round it (share).")
@click.option("--mean", default=127.5, show_default=True, help="Taken from every colour.")
@click.option("--scale", default=127.5, show_default=True, help="Divides what is left.")
@click.option("--bgr", "is_blue_first", is_flag=True, help="It takes blue first.")
@db_option
def use(
    file: Path,
    licence: str,
    side_px: int,
    padding: float,
    mean: float,
    scale: float,
    is_blue_first: bool,
    db: str | None,
) -> None:
    """Sets up FILE: n x 3 x side x side float32 in, a row of numbers for each face out.

    It is tried, its hash is kept, and any other file in its place is refused from then on. Nothing
    is searched with it before mediacheck recogniser measure has set its bars.
    """
    from mediacheck.findings.templates_own import OwnExtractor

    if not licence.strip():
        raise click.UsageError("Say with --licence on what licence the district uses the file.")
    services = services_for(db)
    own = OwnRecogniser(
        path=str(file),
        sha256=sha256_of(file),
        licence=licence,
        side_px=side_px,
        padding=padding,
        mean=mean,
        scale=scale,
        is_blue_first=is_blue_first,
    )
    OwnExtractor(own)
    keep_recogniser(services.settings.models_folder, own)
    _record(services, own.model)
    click.echo(f"Set up as {own.model}. {_AGAIN}")
    click.echo("Next: mediacheck recogniser measure FOLDER, with pictures of people you know.")


@recogniser.command("measure")
@click.argument("folder", type=_Folder)
@click.option("--population", required=True, metavar="TEXT", help='Who they are: "adults", say.')
@db_option
def measure(folder: Path, population: str, db: str | None) -> None:
    """Sets how close a match must be, from FOLDER: one folder of pictures a person."""
    from mediacheck.evaluation.own_bars import measure_bars
    from mediacheck.findings.templates_own import OwnExtractor
    from mediacheck.wiring.engines import make_face_finder

    services = services_for(db)
    own = _own(services)
    bars = measure_bars(folder, make_face_finder(), OwnExtractor(own), population)
    keep_recogniser(services.settings.models_folder, replace(own, bars=bars))
    _record(services, f"{own.model} at {bars.max_distance:.3f}")
    click.echo(
        f"A match must be within {bars.max_distance:.3f}: no pair of different people of "
        f"{bars.impostor_pairs} ({population}) came so near, which bounds the false match rate at "
        f"{bars.fmr:.1g} (95 %). {_RESTART}"
    )


@recogniser.command("show")
@db_option
def show(db: str | None) -> None:
    """Says which recogniser is used."""
    own = recogniser_or_none(services_for(db).settings.models_folder)
    if own is None:
        click.echo("The recogniser that mediacheck brings.")
        return
    click.echo(f"{own.path}\n  {own.model}, licence: {own.licence}")
    click.echo(
        "  not measured yet: nothing is searched with it"
        if own.bars is None
        else f"  a match is within {own.bars.max_distance:.3f}, measured on {own.bars.population}"
    )


@recogniser.command("forget")
@db_option
def forget(db: str | None) -> None:
    """Goes back to the recogniser that mediacheck brings."""
    services = services_for(db)
    _own(services)
    forget_recogniser(services.settings.models_folder)
    _record(services, "mediacheck's own")
    click.echo(f"Gone back to the recogniser that mediacheck brings. {_AGAIN} {_RESTART}")


def _own(services: Services) -> OwnRecogniser:
    own = recogniser_or_none(services.settings.models_folder)
    if own is None:
        raise click.UsageError("No recogniser is set up. See mediacheck recogniser use --help.")
    return own


def _record(services: Services, value: str) -> None:
    with services.transaction() as work:
        work.audit.write(
            Event.POLICY_SET, actor=COMMAND_LINE, subject="recogniser", value=value, school=""
        )
