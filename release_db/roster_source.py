"""Reads a roster in whatever form it comes: plain CSV, or a OneRoster bundle, zipped or not."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from release_db.oneroster import roster_of
from release_db.oneroster_bundle import is_bundle, read_bundle, zip_of_folder
from release_db.records import School, Student
from release_db.roster import read_roster
from release_db.roster_file import RosterFile


class OnRecord(Protocol):
    """Who and what is on record: what a delta changes."""

    def schools(self) -> tuple[School, ...]:
        """Every school."""
        ...

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too."""
        ...


def roster_bytes(path: Path) -> bytes:
    """The file at a path; a folder as the ZIP file of its CSV files."""
    return zip_of_folder(path) if path.is_dir() else path.read_bytes()


def read_any_roster(data: bytes, register: OnRecord) -> RosterFile:
    """The roster of a plain CSV file or of a bundle.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    if not is_bundle(data):
        return read_roster(data)
    before = {student.student_id: student for student in register.everyone()}
    return roster_of(read_bundle(data), before, register.schools())
