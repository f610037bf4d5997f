"""``mediacheck evaluate`` and ``mediacheck bench``: how well and how fast it works, measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mediacheck.cli.common import json_option
from mediacheck.demo.district import PICTURES

if TYPE_CHECKING:
    from mediacheck.evaluation.name_pictures import PicturesTask

_File = click.Path(exists=True, dir_okay=False, path_type=Path)
_NewFile = click.Path(dir_okay=False, path_type=Path)
#: The made-up district's pictures, and where in them the faces are.
_SCENES = PICTURES / "scenes.json"
_Folder = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measures the engines on pictures and captions with known answers."""


@evaluate.command("faces")
@click.option("--identities", type=_Folder, help="One folder of pictures a person.")
@click.option("--scenes", type=_File, help="JSON: pictures and where faces are.")
@click.option("--det", type=_NewFile, help="Draws the error trade-off to this PNG.")
@json_option
def evaluate_faces(
    identities: Path | None, scenes: Path | None, det: Path | None, as_json: bool
) -> None:
    """Faces found and missed, and error rates of the search, in the words of ISO/IEC 19795.

    Without --identities the rates are those of made-up templates, which test the arithmetic; and
    without --scenes the pictures are those of the made-up district.
    """
    from mediacheck.evaluation.det_picture import draw_det
    from mediacheck.evaluation.faces import evaluate_faces as measure
    from mediacheck.evaluation.faces import evaluate_made
    from mediacheck.settings import settings_from
    from mediacheck.wiring.engines import make_extractor, make_face_finder

    extractor = make_extractor(settings_from().models_folder)
    scenes = scenes or _SCENES
    if identities is None:
        report = evaluate_made(scenes, make_face_finder(), extractor.model)
    else:
        report = measure(identities, scenes, make_face_finder(), extractor)
    if det is not None:
        draw_det(report.det, f"{report.model}, {report.population.partition(':')[0]}", det)
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())


@evaluate.command("names")
@click.option("--roster", required=True, type=_File, help="Plain roster CSV.")
@click.option("--cases", required=True, type=_File, help="Labelled captions, one JSON a line.")
@click.option("--pictures", type=_File, help="JSON: pictures with planted names.")
@click.option("--grow-to", type=int, help="Time a roster grown to so many students, too.")
@click.option("--recipe", is_flag=True, help="Read the pictures with plain RapidOCR, too.")
@json_option
def evaluate_names(
    roster: Path,
    cases: Path,
    pictures: Path | None,
    grow_to: int | None,
    recipe: bool,
    as_json: bool,
) -> None:
    """Recall, precision and false alarms of the name matcher."""
    from mediacheck.evaluation.names import evaluate_names as measure

    if recipe and pictures is None:
        raise click.UsageError("--recipe compares readers of pictures: give --pictures, too.")
    task = _pictures_task(pictures, recipe=recipe) if pictures else None
    report = measure(roster, cases, pictures=task, grow_to=grow_to)
    click.echo(json.dumps(report.as_json()) if as_json else report.as_text())


def _pictures_task(manifest: Path, *, recipe: bool) -> PicturesTask:
    from mediacheck.evaluation.name_pictures import PicturesTask
    from mediacheck.findings.text_recipe import PlainRapidOcr
    from mediacheck.wiring.engines import make_reader

    reader = make_reader()
    return PicturesTask(
        manifest=manifest, reader=reader, recipe=PlainRapidOcr() if recipe else None
    )


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
