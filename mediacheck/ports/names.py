"""The port of the index of names: ``release_db.name_rows.NameRows`` implements it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from release_db.names import NamedStudent, NameEntry, NameKind
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId


class NameRows(Protocol):
    """Which students bear a key, and how a key is written, as one transaction sees it."""

    def turn(self) -> str:
        """Changes whenever any student's names, school, classes or standing may have changed."""
        ...

    def stale(self) -> tuple[Student, ...]:
        """The students whose keys have to be made before the index may be asked."""
        ...

    def missing(self, rules: str) -> tuple[StudentId, ...]:
        """The students whose keys are missing, of changed names, or of other rules than these.

        It reads every student's fingerprint: once in the life of a process.
        """
        ...

    def mark_missing(self, rules: str) -> int:
        """Marks those who are ``missing``, and clears the index where any of it is of old rules.

        Says how many it marked, all of which is undone if the transaction is.
        """
        ...

    def keep(
        self,
        entries: Sequence[NameEntry],
        rules: str,
        ways_of: Callable[[NameKind, str], Iterable[str]],
    ) -> None:
        """Puts students into the index in place of what it held of them; they are stale no more.

        ``ways_of`` gives every way to write a key, and depends on nothing but the key.
        """
        ...

    def names_written(self, kind: NameKind, ways: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """For each of these ways that is known, the keys that may be meant."""
        ...

    def bearers(self, kind: NameKind, names: Iterable[str]) -> Mapping[str, tuple[StudentId, ...]]:
        """For each of these keys that anybody bears, who does."""
        ...

    def words(self, words: Iterable[str]) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
        """What ``names_written`` says of given names, and which of the words are family names."""
        ...

    def pairs(self, names: Iterable[str]) -> tuple[Mapping[str, tuple[StudentId, ...]], ...]:
        """What ``bearers`` says of pairs, and of pairs with a middle name."""
        ...

    def every_word(self) -> Iterable[str]:
        """Every way to write a given name, and every family name."""
        ...

    def of_students(self, students: Iterable[StudentId]) -> tuple[NamedStudent, ...]:
        """These students of the index."""
        ...

    def of_school(self, school: SchoolKey) -> tuple[NamedStudent, ...]:
        """The students of a school."""
        ...

    def of_class(self, class_key: ClassKey) -> tuple[StudentId, ...]:
        """The students of a class, team or event list."""
        ...
