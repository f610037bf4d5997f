"""``mediacheck enroll``: reference portraits, from folders or from a picture-day export."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from mediacheck.cli.common import COMMAND_LINE, db_option, services_for, with_progress
from mediacheck.flow.enroll import Enrolment, Reference, enroll_portrait
from mediacheck.intake.picture_day import (
    INDEX_NAMES,
    PICTURES,
    BadPictureDay,
    places_in_index,
)
from mediacheck.ports.services import Services
from mediacheck.settings import Recognition
from release_db.recognition import RECOGNITION_KEY
from release_db.words import StudentId


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--sure", is_flag=True, help="You have looked: each portrait is of that student.")
@db_option
def enroll(folder: Path, sure: bool, db: str | None) -> None:
    """Enrols portraits: FOLDER/<student id>/*.jpg, or FOLDER with an index file.

    A student without a live biometric consent is never enrolled. Where nobody has set how far
    recognition goes, enrolling a portrait sets it to suggest. A portrait that looks like another
    student's, or unlike the student's others, is not enrolled unless you are --sure.
    """
    references = _references_in(folder)
    services = services_for(db)
    before = _recognition(services)
    if before == {Recognition.OFF}:
        raise click.ClickException(
            "Recognition is off here, so no portrait is enrolled. An administrator switches it on: "
            "mediacheck settings set recognition suggest"
        )
    done = [
        enroll_portrait(services, _reference(student_id, path, sure), by=COMMAND_LINE)
        for student_id, path in with_progress(references, "Enrolling")
    ]
    _show(done)
    if None in before and None not in _recognition(services):
        click.echo(
            "Nobody had set recognition. Since portraits are enrolled now, it is set to suggest; "
            "mediacheck settings set recognition off destroys them again."
        )


def _recognition(services: Services) -> set[str | None]:
    """What is set for the district and each of its schools; None: nothing."""
    with services.transaction() as work:
        places = (None, *(school.key for school in work.register.schools()))
        return {work.register.policy_or_none(RECOGNITION_KEY, place) for place in places}


def _reference(student_id: StudentId, path: Path, is_sure: bool) -> Reference:
    data = path.read_bytes()
    return Reference(student_id=student_id, name=path.name, data=data, is_sure=is_sure)


def _references_in(folder: Path) -> list[tuple[StudentId, Path]]:
    index = next((one for one in folder.iterdir() if one.name.lower() in INDEX_NAMES), None)
    references = _from_index(folder, index) if index else _from_folders(folder)
    if not references:
        raise click.UsageError(
            "There is no portrait here. Put them in one folder a student, named by the student's "
            "id, or add an index.csv with the columns student_id and file."
        )
    return references


def _from_folders(folder: Path) -> list[tuple[StudentId, Path]]:
    return [
        (StudentId(one.parent.name), one)
        for one in sorted(folder.glob("*/*"))
        if one.suffix.lower() in PICTURES
    ]


def _from_index(folder: Path, index: Path) -> list[tuple[StudentId, Path]]:
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.resolve().is_relative_to(folder.resolve())
    }
    try:
        places = places_in_index(index.name, index.read_bytes(), there)
    except BadPictureDay as bad:
        raise click.UsageError(bad.message) from None
    return [(place.student_id, folder / place.path) for place in places]


def _show(done: list[Enrolment]) -> None:
    refused = [one for one in done if not one.is_enrolled]
    for one in refused:
        click.echo(f"  {one.student_id}/{one.name}: {one.refused}")
    click.echo(f"{len(done) - len(refused)} portraits enrolled, {len(refused)} not.")
    for reason, count in Counter(one.refused for one in refused).most_common():
        click.echo(f"  {count} x {reason}")
