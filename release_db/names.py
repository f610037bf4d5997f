"""What the index of names is made of: keys, who bears them, and what is kept of a student."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from release_db.words import SchoolKey, StudentId


class NameKind(StrEnum):
    """What a key stands for. The first four have several ways to be written, too."""

    GIVEN = "g"
    FIRST = "f"
    LAST = "l"
    CALL = "c"
    FAMILY = "k"
    PAIR = "p"
    MIDDLE_PAIR = "m"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStudent:
    """A student of the index. ``keys`` is what the maker of the keys keeps, opaque here."""

    student_id: StudentId
    school: SchoolKey
    keys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NameEntry:
    """All that the index is to hold of one student."""

    student_id: StudentId
    keys: str
    bears: frozenset[tuple[NameKind, str]]
