"""A roster as a file tells it, whatever the file's format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from release_db.records import ClassGroup, School, Student
from release_db.words import SchoolKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGuardian:
    """Somebody whom a roster lists with a student. ``name`` and ``language`` blank: untold.

    ``may_sign`` False: a relative or contact, who may only restrict. None: the file lists guardians
    and does not say in what right, so that what is on record stays. ``sis_id`` is the person's own
    in the student information system; ``email`` blank: a delta lists that person and tells nothing
    new of them.
    """

    email: str
    sis_id: str = ""
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
class ToldTeacher:
    """What a file tells of a teacher. Blank: untold.

    ``joined`` are all of their schools where ``has_all_schools``, else those that came to them;
    ``left`` those that went. ``is_gone``: they are no teacher here any more.
    """

    roster_id: str
    email: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    joined: tuple[SchoolKey, ...] = ()
    left: tuple[SchoolKey, ...] = ()
    has_all_schools: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """A roster that can be read. Every student is in it once.

    ``is_delta``: it holds changes only, so that who is not in it has not left. ``schools`` and
    ``classes`` name what the rows have keys of, where the file has names for them. ``untold`` are
    the fields of a student that no row of the file can tell, so that what is on record stays.
    ``contacts`` are the people of a delta by their ids in the system; None for who is a guardian of
    nobody any more. ``teachers`` None: the file tells of students only.
    """

    rows: tuple[RosterRow, ...]
    is_delta: bool = False
    schools: tuple[School, ...] = ()
    classes: tuple[ClassGroup, ...] = ()
    year_ends_on: date | None = None
    contacts: Mapping[str, ListedGuardian | None] = field(default_factory=dict)
    teachers: tuple[ToldTeacher, ...] | None = None
    untold: frozenset[str] = frozenset()
