"""Reads a OneRoster 1.1 or 1.2 CSV bundle, a folder or a ZIP file, whole and strictly.

The columns are those of 1EdTech's OneRoster CSV binding; columns that are not asked for are left
unread, so that of the demographics only the birth date ever comes in.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from release_db.csv_table import MAX_FILE_BYTES, Problems, Row, header_of, read_wide_table
from release_db.errors import ImportProblem, ImportRefused

VERSIONS = ("1.1", "1.2")
_MANIFEST = "manifest.csv"
_MODES = frozenset({"absent", "bulk", "delta"})

#: A bundle has about twenty files; more, or more bytes than this, is no roster.
_MOST_FILES = 60
_MOST_BYTES = 4 * MAX_FILE_BYTES

#: OneRoster has no field for a person's language; these are what exports add for it.
LANGUAGE_COLUMNS = (
    "metadata.preferredLanguage",
    "metadata.correspondenceLanguage",
    "metadata.contactLanguage",
    "metadata.homeLanguage",
    "metadata.language",
)
_LANGUAGES = " ".join(LANGUAGE_COLUMNS)

#: Which columns of which file are read; those before the bar have to be there.
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "users": (
        "sourcedId givenName familyName",
        "status role orgSourcedIds middleName email agentSourcedIds grades preferredGivenName "
        f"preferredFamilyName primaryOrgSourcedId {_LANGUAGES}",
    ),
    "roles": ("userSourcedId role orgSourcedId", "status roleType"),
    "userProfiles": ("userSourcedId", f"status {_LANGUAGES}"),
    "orgs": ("sourcedId name type", "status"),
    "classes": ("sourcedId title schoolSourcedId", "status"),
    "enrollments": ("classSourcedId schoolSourcedId userSourcedId role", "status"),
    "demographics": ("sourcedId birthDate", "status"),
    "academicSessions": ("type endDate", "status"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The tables of a bundle that concern a roster. ``is_delta``: they hold changes only."""

    version: str
    is_delta: bool
    tables: Mapping[str, tuple[Row, ...]]
    columns: Mapping[str, frozenset[str]]
    problems: Problems

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table; none where the bundle does not have it."""
        return self.tables.get(table, ())

    def has(self, table: str, column: str) -> bool:
        """Whether a table of the bundle has that column; a blank cell says less without one."""
        return column.casefold() in self.columns.get(table, frozenset())


def is_bundle(data: bytes) -> bool:
    """Whether the bytes are a ZIP file."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def zip_of_folder(folder: Path) -> bytes:
    """The CSV files of a folder as one ZIP file, the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.csv")):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return made.getvalue()


def read_bundle(data: bytes) -> Bundle:
    """Reads a bundle from a ZIP file.

    Raises:
        ImportRefused: it is not whole, of another version, or not a roster.
    """
    files = _files_of(data)
    said = _manifest_of(files)
    version = said.get("oneroster.version", "")
    if version not in VERSIONS:
        raise _refused("The manifest names no OneRoster version 1.1 or 1.2. Export it as one.")
    modes = {table: said.get(f"file.{table}", "absent").casefold() for table in _COLUMNS}
    if any(mode not in _MODES for mode in modes.values()):
        raise _refused("The manifest says something other than absent, bulk or delta of a file.")
    present = {table for table, mode in modes.items() if mode != "absent"}
    _require_roster(present, version)
    if len({modes[table] for table in present}) > 1:
        raise _refused("Some files are bulk and some delta. Export all of them in one way.")
    problems = Problems()
    tables = {table: _table_of(files, table, problems) for table in sorted(present)}
    problems.refuse_if_any()
    columns = {
        table: frozenset(name.casefold() for name in header_of(files[_file_of(table)]))
        for table in present
    }
    return Bundle(
        version=version,
        is_delta=modes["users"] == "delta",
        tables=tables,
        columns=columns,
        problems=problems,
    )


def _files_of(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_plain(archive)
            return {
                entry.filename.casefold(): _read(archive, entry) for entry in archive.infolist()
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _refused("The ZIP file is damaged or locked. Export the bundle again.") from error


def _require_plain(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename.casefold() for entry in entries]
    if len(names) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise _refused("The bundle is far larger than a roster. Export it again.")
    if any("/" in name or "\\" in name or name.startswith(".") for name in names):
        raise _refused("The files lie in a folder inside the ZIP file. Zip the files themselves.")
    if any(_is_link(entry) for entry in entries):
        raise _refused(
            "A file in the ZIP file is a link to another place. Zip the files themselves."
        )
    if len(set(names)) != len(names):
        raise _refused("A file is twice in the bundle. Export it again.")


def _is_link(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry stands for a file elsewhere, as Unix systems pack it."""
    return stat.S_ISLNK(entry.external_attr >> 16)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The file's bytes, however many the directory claims that there are."""
    with archive.open(entry) as file:
        found = file.read(MAX_FILE_BYTES + 1)
    if len(found) > MAX_FILE_BYTES:
        raise _refused("A file of the bundle is far larger than a roster's. Export it again.")
    return found


def _manifest_of(files: Mapping[str, bytes]) -> dict[str, str]:
    if _MANIFEST not in files:
        raise _refused("There is no manifest.csv in the bundle. Export it as OneRoster 1.1 or 1.2.")
    problems = Problems()
    rows = read_wide_table(files[_MANIFEST], ("propertyName", "value"), (), problems)
    problems.refuse_if_any()
    return {row.cells["propertyName"]: row.cells["value"] for row in rows}


def _require_roster(present: set[str], version: str) -> None:
    needed = {"users", "orgs"} | ({"roles"} if version == "1.2" else set())
    missing = sorted(needed - present)
    if missing:
        raise _refused(f"The bundle holds no {', '.join(missing)}. Export it with them.")


def _table_of(files: Mapping[str, bytes], table: str, problems: Problems) -> tuple[Row, ...]:
    data = files.get(_file_of(table))
    if data is None:
        raise _refused(f"The manifest names {table}.csv, and it is not there. Export it again.")
    needed, optional = _COLUMNS[table]
    return tuple(read_wide_table(data, tuple(needed.split()), tuple(optional.split()), problems))


def _file_of(table: str) -> str:
    return f"{table}.csv".casefold()


def _refused(message: str) -> ImportRefused:
    return ImportRefused((ImportProblem(row=0, column="", message=message),))
