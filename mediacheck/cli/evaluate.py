"""``mediacheck evaluate`` and ``mediacheck bench``: how well and how fast it works, measured."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mediacheck.cli.common import json_option

_File = click.Path(exists=True, dir_okay=False, path_type=Path)
_Folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measures the engines on pictures and captions with known answers."""


@evaluate.command("faces")
@click.option("--identities", required=True, type=_Folder, help="One folder of pictures a person.")
@click.option("--scenes", required=True, type=_File, help="JSON: pictures and where faces are.")
@json_option
def evaluate_faces(identities: Path, scenes: Path, as_json: bool) -> None:
    """Faces found and missed, and error rates of the search, in the words of ISO/IEC 19795."""
    from mediacheck.evaluation.faces import evaluate_faces as measure
    from mediacheck.settings import settings_from
    from mediacheck.wiring.engines import make_extractor, make_face_finder

    extractor = make_extractor(settings_from().models_folder)
    report = measure(identities, scenes, make_face_finder(), extractor)
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())


@evaluate.command("names")
@click.option("--roster", required=True, type=_File, help="Plain roster CSV.")
@click.option("--cases", required=True, type=_File, help="Labelled captions, one JSON a line.")
@click.option("--pictures", type=_File, help="JSON: pictures with planted names.")
@click.option("--grow-to", type=int, help="Time a roster grown to so many students, too.")
@json_option
def evaluate_names(
    roster: Path, cases: Path, pictures: Path | None, grow_to: int | None, as_json: bool
) -> None:
    """Recall, precision and false alarms of the name matcher."""
    from mediacheck.evaluation.names import evaluate_names as measure
    from mediacheck.wiring.engines import make_reader

    reader = make_reader() if pictures else None
    report = measure(roster, cases, pictures=pictures, reader=reader, grow_to=grow_to)
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())


@evaluate.command("files")
@click.option("--manifest", required=True, type=_File, help="One JSON a line: the files.")
@json_option
def evaluate_files(manifest: Path, as_json: bool) -> None:
    """What becomes of hostile, odd and broken files."""
    from mediacheck.evaluation.files import evaluate_files as measure
    from mediacheck.wiring.engines import make_decoder, make_face_finder

    report = measure(manifest, make_decoder(), make_face_finder())
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())


@click.command()
@click.option("--scenes", type=_File, help="JSON: pictures and where faces are. Default: a crowd.")
@click.option("--large", default=3, show_default=True, help="So many also at 12 megapixels.")
@json_option
def bench(scenes: Path | None, large: int, as_json: bool) -> None:
    """Ratios against the plain face_recognition recipe, in one run."""
    from mediacheck.evaluation.bench import BenchPlan, run_bench

    report = run_bench(BenchPlan(scenes=scenes, large=large))
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())
