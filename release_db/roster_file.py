"""A roster as a file tells it, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from release_db.records import ClassGroup, School, Student


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGuardian:
    """Somebody whom a roster lists with a student. ``name`` and ``language`` blank: untold.

    ``may_sign`` False: a relative or contact, who may only restrict. None: the file lists guardians
    and does not say in what right, so that what is on record stays.
    """

    email: str
    name: str = ""
    language: str = ""
    may_sign: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One student of the file. ``number`` is the row in the spreadsheet.

    ``guardians`` None: the file does not say, and whoever is on record stays.
    """

    number: int
    student: Student
    guardians: tuple[ListedGuardian, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """A roster that can be read. Every student is in it once.

    ``is_delta``: it holds changes only, so that who is not in it has not left. ``schools`` and
    ``classes`` name what the rows have keys of, where the file has names for them. ``untold`` are
    the fields of a student that no row of the file can tell, so that what is on record stays.
    """

    rows: tuple[RosterRow, ...]
    is_delta: bool = False
    schools: tuple[School, ...] = ()
    classes: tuple[ClassGroup, ...] = ()
    year_ends_on: date | None = None
    untold: frozenset[str] = frozenset()
