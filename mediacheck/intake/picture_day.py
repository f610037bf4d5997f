"""Reads what a picture day delivers: which portrait is whose. No picture is decoded here.

Two forms are known: one folder a student, named by the student's id, and an index file that names
a student and a picture in each row. Packed in a ZIP file either may lie in one folder more.
"""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from mediacheck.errors import IntakeError
from mediacheck.intake.limits import MAX_FILE_BYTES
from release_db.words import StudentId

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
INDEX_NAMES = frozenset({"index.csv", "index.txt", "idlink.txt"})

#: What an index file of a picture-day export may call its two columns.
_ID_COLUMNS = ("student_id", "student id", "studentid", "id", "id number")
_FILE_COLUMNS = ("file", "file_name", "filename", "image", "image file", "image name", "photo")

#: More is no school's picture day, and would keep a worker for hours.
MOST_PORTRAITS = 2_000
_MOST_ENTRIES = 2 * MOST_PORTRAITS
_MOST_INDEX_BYTES = 4 * 1024 * 1024
#: What systems pack beside the pictures, and nobody meant.
_NOT_MEANT = ("__MACOSX/", ".")


class BadPictureDay(IntakeError):
    """It cannot be said which portrait is whose. The message says what to mend."""

    code = "picture-day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a portrait lies, and whose it is."""

    student_id: StudentId
    path: str


def places_in_index(name: str, data: bytes, there: Collection[str]) -> list[Place]:
    """The portraits that an index file names; ``there`` are the pictures, from its own folder.

    Raises:
        BadPictureDay: a column is missing, or a row names no student or no picture that is there.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPictureDay(f"{name} is not in UTF-8. Save it as CSV in UTF-8.") from None
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = {(column or "").strip().lower(): column for column in rows.fieldnames or ()}
    id_column = next((columns[one] for one in _ID_COLUMNS if one in columns), None)
    file_column = next((columns[one] for one in _FILE_COLUMNS if one in columns), None)
    if id_column is None or file_column is None:
        raise BadPictureDay(f"{name} needs the columns student_id and file.")
    places = []
    for number, row in enumerate(rows, start=2):
        path = (row[file_column] or "").strip().replace("\\", "/")
        student = (row[id_column] or "").strip()
        if path not in there:
            raise BadPictureDay(f"{name}, row {number}: there is no such picture here.")
        if not student:
            raise BadPictureDay(f"{name}, row {number}: there is no student id.")
        places.append(Place(student_id=StudentId(student), path=path))
    return places


@contextmanager
def open_picture_day(data: bytes) -> Iterator[PackedPictureDay]:
    """A picture day in a ZIP file.

    Raises:
        BadPictureDay: it is no ZIP file, is locked or far too large, or does not say whose
            each portrait is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield PackedPictureDay(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadPictureDay(
            "This is not a ZIP file that can be opened. Pack the folder anew, without a password."
        ) from error


class PackedPictureDay:
    """An open ZIP file of portraits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Finds out which portrait is whose."""
        self._archive = archive
        self._entries = {entry.filename: entry for entry in _entries_of(archive)}
        self.places = self._places()

    def read(self, place: Place) -> bytes:
        """The bytes of a portrait; more than a file may have are not read."""
        with self._archive.open(self._entries[place.path]) as file:
            return file.read(MAX_FILE_BYTES + 1)

    def _places(self) -> list[Place]:
        pictures = [
            name for name in self._entries if PurePosixPath(name).suffix.lower() in PICTURES
        ]
        index = next(
            (name for name in self._entries if PurePosixPath(name).name.lower() in INDEX_NAMES),
            None,
        )
        if index is None:
            places = [
                Place(student_id=StudentId(PurePosixPath(name).parent.name), path=name)
                for name in sorted(pictures)
                if PurePosixPath(name).parent.name
            ]
        else:
            places = self._indexed(index, pictures)
        if not places:
            raise BadPictureDay(
                "There is no portrait in it. Put them in one folder a student, named by the "
                "student's id, or add an index.csv with the columns student_id and file."
            )
        if len(places) > MOST_PORTRAITS:
            raise BadPictureDay(f"These are more than {MOST_PORTRAITS:,} portraits. Bring a part.")
        return places

    def _indexed(self, index: str, pictures: Collection[str]) -> list[Place]:
        folder = index.removesuffix(PurePosixPath(index).name)
        there = {name.removeprefix(folder) for name in pictures if name.startswith(folder)}
        with self._archive.open(self._entries[index]) as file:
            found = places_in_index(PurePosixPath(index).name, file.read(_MOST_INDEX_BYTES), there)
        return [Place(student_id=one.student_id, path=f"{folder}{one.path}") for one in found]


def _entries_of(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise BadPictureDay("There are far too many files in it. Pack the portraits alone.")
    for entry in entries:
        is_meant = not entry.filename.startswith(_NOT_MEANT) and "/." not in entry.filename
        if is_meant and not entry.is_dir() and not stat.S_ISLNK(entry.external_attr >> 16):
            yield entry
