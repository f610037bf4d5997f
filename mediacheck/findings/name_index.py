"""The roster's names as look-up tables, so that a caption's cost does not grow with the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from mediacheck.findings.name_keys import NameKeys, keys_of
from mediacheck.findings.name_variants import surfaces_of
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

#: A name shorter than this is not looked up with a letter missing.
SHORTEST_FUZZY = 3
#: Letters by which the index knows whether any name begins so.
START_LETTERS = 3

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGroup:
    """The names of a class, a school or the district: who bears which.

    ``firsts`` holds given, preferred and short names; ``lasts`` family names, whole and in parts.
    """

    firsts: Mapping[str, tuple[int, ...]]
    lasts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """All names of a district, in memory or in the database.

    Students are numbered; ``firsts`` leads from a way to write a given name to the given names it
    may stand for, ``pairs`` from a given and a family name to the students who bear both.
    ``first_deletes`` and ``last_deletes`` hold every name with one letter left out (SymSpell's way
    to find a name that is one edit away by a few look-ups; W. Garbe, 2012).
    """

    students: Sequence[StudentId]
    numbers: Mapping[StudentId, int]
    names: Sequence[NameKeys]
    schools: Sequence[SchoolKey]
    firsts: Mapping[str, tuple[str, ...]]
    lasts: Container[str]
    pairs: Mapping[tuple[str, str], tuple[int, ...]]
    middle_pairs: Mapping[tuple[str, str], tuple[int, ...]]
    district: NameGroup
    first_deletes: Mapping[str, tuple[str, ...]]
    last_deletes: Mapping[str, tuple[str, ...]]
    starts: frozenset[str]
    by_school: Mapping[SchoolKey, NameGroup]
    by_class: Mapping[ClassKey, NameGroup]
    class_members: Mapping[ClassKey, frozenset[int]]


def build_name_index(students: Iterable[Student]) -> NameIndex:
    """The index of these students: some 0.5 s for 5,000.

    Names are folded, so ``Zoë`` and ``Zoe`` are one. A student without a usable name is left out
    of the tables and can never be found by name.
    """
    roster = tuple(students)
    names = tuple(keys_of(student) for student in roster)
    by_school: dict[SchoolKey, list[int]] = defaultdict(list)
    by_class: dict[ClassKey, list[int]] = defaultdict(list)
    for number, student in enumerate(roster):
        by_school[student.school].append(number)
        for key in student.classes:
            by_class[key].append(number)
    firsts = _gathered((way, given) for given in _all_firsts(names) for way in surfaces_of(given))
    lasts = frozenset(chain.from_iterable(name.all_lasts for name in names))
    return NameIndex(
        students=tuple(student.student_id for student in roster),
        numbers={student.student_id: number for number, student in enumerate(roster)},
        names=names,
        schools=tuple(student.school for student in roster),
        firsts=firsts,
        lasts=lasts,
        pairs=_pairs(names, "firsts"),
        middle_pairs=_pairs(names, "middles"),
        district=group_of(range(len(names)), names),
        first_deletes=_deletes({first for name in names for first in name.firsts}),
        last_deletes=_deletes(lasts),
        starts=frozenset(word[:START_LETTERS] for word in chain(firsts, lasts)),
        by_school={key: group_of(numbers, names) for key, numbers in by_school.items()},
        by_class={key: group_of(numbers, names) for key, numbers in by_class.items()},
        class_members={key: frozenset(numbers) for key, numbers in by_class.items()},
    )


def deletes_of(word: str) -> set[str]:
    """``word``, and ``word`` with any one letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _all_firsts(names: tuple[NameKeys, ...]) -> set[str]:
    return {given for name in names for given in chain(name.all_firsts, name.middles)}


def _pairs(names: tuple[NameKeys, ...], part: str) -> dict[tuple[str, str], tuple[int, ...]]:
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        heads = name.firsts if part == "firsts" else name.middles
        for pair in {(first, last) for first in heads for last in name.lasts}:
            pairs[pair].append(number)
        if part == "firsts":
            for pair in name.aliases:
                pairs[pair].append(number)
    return {pair: tuple(dict.fromkeys(numbers)) for pair, numbers in pairs.items()}


def group_of(numbers: Iterable[int], names: Sequence[NameKeys]) -> NameGroup:
    """The names of the students with these numbers."""
    members = tuple(numbers)
    return NameGroup(
        firsts=_gathered(
            (way, number)
            for number in members
            for given in names[number].calls
            for way in surfaces_of(given)
        ),
        lasts=_gathered((last, number) for number in members for last in names[number].lasts),
    )


def _deletes(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return _gathered(
        (rest, key) for key in keys if len(key) >= SHORTEST_FUZZY for rest in deletes_of(key)
    )


def _gathered(entries: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    gathered: dict[Key, dict[Value, None]] = defaultdict(dict)
    for key, value in entries:
        gathered[key][value] = None
    return {key: tuple(values) for key, values in gathered.items()}
