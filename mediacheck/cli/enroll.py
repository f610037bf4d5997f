"""``mediacheck enroll``: reference portraits, from folders or from a picture-day export."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import click

from mediacheck.cli.common import COMMAND_LINE, db_option, services_for, with_progress
from mediacheck.flow.enroll import Enrolment, Reference, enroll_portrait
from mediacheck.ports.services import Services
from mediacheck.settings import Recognition
from release_db.recognition import RECOGNITION_KEY
from release_db.words import StudentId

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
#: What an index file of a picture-day export may call its two columns.
_ID_COLUMNS = ("student_id", "student id", "studentid", "id", "id number")
_FILE_COLUMNS = ("file", "file_name", "filename", "image", "image file", "image name", "photo")
_INDEX_NAMES = frozenset({"index.csv", "index.txt", "idlink.txt"})


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
    index = next((one for one in folder.iterdir() if one.name.lower() in _INDEX_NAMES), None)
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
        if one.suffix.lower() in _PICTURES
    ]


def _from_index(folder: Path, index: Path) -> list[tuple[StudentId, Path]]:
    text = index.read_text(encoding="utf-8-sig")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    id_column = next((columns[name] for name in _ID_COLUMNS if name in columns), None)
    file_column = next((columns[name] for name in _FILE_COLUMNS if name in columns), None)
    if id_column is None or file_column is None:
        raise click.UsageError(f"{index.name} needs the columns student_id and file.")
    references = []
    for number, row in enumerate(rows, start=2):
        path = folder / (row[file_column] or "").replace("\\", "/")
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise click.UsageError(f"{index.name}, row {number}: there is no such picture here.")
        references.append((StudentId((row[id_column] or "").strip()), path))
    return references


def _show(done: list[Enrolment]) -> None:
    refused = [one for one in done if not one.is_enrolled]
    for one in refused:
        click.echo(f"  {one.student_id}/{one.name}: {one.refused}")
    click.echo(f"{len(done) - len(refused)} portraits enrolled, {len(refused)} not.")
    for reason, count in Counter(one.refused for one in refused).most_common():
        click.echo(f"  {count} x {reason}")
