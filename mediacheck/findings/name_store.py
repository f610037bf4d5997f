"""The index of names in the database: a process holds the names it met, and not the roster.

The keys are the very ones of the index in memory, so both find the same. What a process remembers
belongs to one turn of the roster; after a change it begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from threading import Lock
from typing import TypeVar
from unicodedata import unidata_version

from mediacheck.findings.name_asking import AskedTable
from mediacheck.findings.name_index import (
    SHORTEST_FUZZY,
    START_LETTERS,
    NameGroup,
    NameIndex,
    deletes_of,
    group_of,
)
from mediacheck.findings.name_keys import NameKeys, keys_of
from mediacheck.findings.name_sieve import NameSieve
from mediacheck.findings.name_variants import surfaces_of
from mediacheck.ports.names import NameRows
from release_db.names import NamedStudent, NameEntry, NameKind
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

#: What the keys are made by, so that a change of it makes every key anew.
_MAKERS = ("name_folding.py", "name_index.py", "name_keys.py", "name_store.py", "name_variants.py")
_LISTS = ("lookalikes.txt", "nicknames_en.txt", "nicknames_es.txt", "spelling_groups.txt")

#: So many remembered answers, and schools, make a process begin anew.
_MOST_ANSWERS = 200_000
_MOST_SCHOOLS = 24

#: Students whose keys are made and kept in one go.
_AT_A_TIME = 500

Shown = Callable[[Sequence[Student]], Iterable[Student]]
Pair = tuple[str, str]
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class NameMemory:
    """What one process has learnt of the index in one turn. Shared between threads."""

    turn: str
    students: list[StudentId] = field(default_factory=list)
    names: list[NameKeys] = field(default_factory=list)
    schools: list[SchoolKey] = field(default_factory=list)
    numbers: dict[StudentId, int] = field(default_factory=dict)
    firsts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lasts: dict[str, tuple[bool, ...]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    middle_pairs: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    first_deletes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    last_deletes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calls: dict[str, tuple[int, ...]] = field(default_factory=dict)
    families: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sieve: NameSieve | None = None
    by_school: dict[SchoolKey, NameGroup | None] = field(default_factory=dict)
    by_class: dict[ClassKey, NameGroup | None] = field(default_factory=dict)
    members: dict[ClassKey, frozenset[int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    @property
    def is_full(self) -> bool:
        """Whether it has grown so large that another had better take its place."""
        answers = (self.numbers, self.firsts, self.lasts, self.pairs, self.middle_pairs)
        spread = (self.first_deletes, self.last_deletes, self.calls, self.families)
        total = sum(len(table) for table in (*answers, *spread))
        return total > _MOST_ANSWERS or len(self.by_school) > _MOST_SCHOOLS

    def number_of(self, student: NamedStudent) -> int:
        """The number of a student in this process."""
        if (number := self.numbers.get(student.student_id)) is not None:
            return number
        with self.lock:
            if student.student_id not in self.numbers:
                self.students.append(student.student_id)
                self.names.append(_keys_from(student.keys))
                self.schools.append(student.school)
                self.numbers[student.student_id] = len(self.students) - 1
            return self.numbers[student.student_id]


def bring_up_to_date(rows: NameRows, shown: Shown = iter) -> int:
    """Makes the keys of every student whose names have changed, and says of how many.

    ``shown`` goes through the students, and may show how far it is.
    """
    stale = rows.stale()
    rest = iter(shown(stale))
    while some := list(islice(rest, _AT_A_TIME)):
        rows.keep([entry_of(student) for student in some], rules(), ways_of)
    return len(stale)


@cache
def rules() -> str:
    """The edition of the keys: of the code that makes them and of the lists it rests on."""
    folder = files("mediacheck.findings")
    parts = [folder.joinpath(name).read_bytes() for name in _MAKERS]
    lists = [folder.joinpath("data", name).read_bytes() for name in _LISTS]
    others = [f"{name} {version(name)}".encode() for name in ("anyascii", "nicknames")]
    return sha256(b"|".join([*parts, *lists, *others, unidata_version.encode()])).hexdigest()


def entry_of(student: Student) -> NameEntry:
    """All keys of one student."""
    keys = keys_of(student)
    heads = {(first, last) for first in keys.firsts for last in keys.lasts} | set(keys.aliases)
    middles = {(middle, last) for middle in keys.middles for last in keys.lasts}
    bears = (
        *((NameKind.GIVEN, name) for name in (*keys.all_firsts, *keys.middles)),
        *((NameKind.FIRST, name) for name in keys.firsts),
        *((NameKind.LAST, name) for name in keys.all_lasts),
        *((NameKind.CALL, name) for name in keys.calls),
        *((NameKind.FAMILY, name) for name in keys.lasts),
        *((NameKind.PAIR, _joined(pair)) for pair in heads),
        *((NameKind.MIDDLE_PAIR, _joined(pair)) for pair in middles),
    )
    words = json.dumps(asdict(keys) | {"extras": sorted(keys.extras)})
    return NameEntry(student_id=student.student_id, keys=words, bears=frozenset(bears))


def ways_of(kind: NameKind, name: str) -> Iterable[str]:
    """Every way to write a key that has several; of ``FIRST`` and ``LAST`` a letter left out.

    A family name is a way to write itself, so that it is known to be one without its bearers.
    """
    match kind:
        case NameKind.GIVEN | NameKind.CALL:
            return surfaces_of(name)
        case NameKind.FIRST | NameKind.LAST if len(name) >= SHORTEST_FUZZY:
            return deletes_of(name)
        case NameKind.LAST:
            return (name,)
        case _:
            return ()


def stored_index(rows: NameRows, memory: NameMemory) -> NameIndex:
    """The index that ``rows`` hold, for the life of their transaction."""
    if memory.sieve is None:
        memory.sieve = NameSieve(rows.every_word(), START_LETTERS)
    sifted = memory.sieve.sifted
    asking = _Asking(rows, memory)
    return NameIndex(
        students=memory.students,
        numbers=_Kept(asking.number, {}),
        names=memory.names,
        schools=memory.schools,
        firsts=AskedTable(asking.firsts, memory.firsts, sifted),
        lasts=AskedTable(asking.lasts, memory.lasts, sifted),
        pairs=AskedTable(asking.pairs, memory.pairs),
        middle_pairs=AskedTable(asking.middle_pairs, memory.middle_pairs),
        district=NameGroup(
            firsts=AskedTable(asking.called, memory.calls),
            lasts=AskedTable(asking.families, memory.families),
        ),
        first_deletes=AskedTable(asking.written(NameKind.FIRST), memory.first_deletes),
        last_deletes=AskedTable(asking.written(NameKind.LAST), memory.last_deletes),
        starts=memory.sieve.starts,
        by_school=_Kept(asking.school, memory.by_school),
        by_class=_Kept(asking.class_group, memory.by_class),
        class_members=_Kept(lambda key: asking.members(key) or None, {}),
    )


class _Kept(Mapping[Key, Value]):
    """A mapping whose values are made when they are first wanted; None: there is none."""

    def __init__(self, make: Callable[[Key], Value | None], known: dict[Key, Value | None]) -> None:
        self._make = make
        self._known = known

    def __getitem__(self, key: Key) -> Value:
        if key not in self._known:
            self._known[key] = self._make(key)
        value = self._known[key]
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[Key]:
        raise TypeError("this table can only be asked")

    def __len__(self) -> int:
        raise TypeError("this table can only be asked")


class _Asking:
    """The questions of the index, put to the rows of one transaction."""

    def __init__(self, rows: NameRows, memory: NameMemory) -> None:
        self._rows = rows
        self._memory = memory

    def written(self, kind: NameKind) -> Callable[[list[str]], Mapping[str, tuple[str, ...]]]:
        return lambda ways: self._rows.names_written(kind, ways)

    def firsts(self, ways: list[str]) -> Mapping[str, tuple[str, ...]]:
        written, borne = self._rows.words(ways)
        for way in ways:
            self._memory.lasts[way] = (True,) if way in borne else ()
        return written

    def lasts(self, names: list[str]) -> Mapping[str, tuple[bool, ...]]:
        written, borne = self._rows.words(names)
        for name in names:
            self._memory.firsts[name] = written.get(name, ())
        return dict.fromkeys(borne, (True,))

    def pairs(self, pairs: list[Pair]) -> Mapping[Pair, tuple[int, ...]]:
        found, by_middle = self._both(pairs)
        for pair in pairs:
            self._memory.middle_pairs[pair] = by_middle.get(pair, ())
        return found

    def middle_pairs(self, pairs: list[Pair]) -> Mapping[Pair, tuple[int, ...]]:
        by_first, found = self._both(pairs)
        for pair in pairs:
            self._memory.pairs[pair] = by_first.get(pair, ())
        return found

    def _both(self, pairs: list[Pair]) -> tuple[Mapping[Pair, tuple[int, ...]], ...]:
        joined = {_joined(pair): pair for pair in pairs}
        return tuple(
            {joined[name]: numbers for name, numbers in self._numbered(bearers).items()}
            for bearers in self._rows.pairs(joined)
        )

    def called(self, ways: list[str]) -> Mapping[str, tuple[int, ...]]:
        meant = self._rows.names_written(NameKind.CALL, ways)
        names = {name for some in meant.values() for name in some}
        bearers = self._numbered(self._rows.bearers(NameKind.CALL, names))
        return {
            way: tuple(dict.fromkeys(one for name in some for one in bearers.get(name, ())))
            for way, some in meant.items()
        }

    def families(self, names: list[str]) -> Mapping[str, tuple[int, ...]]:
        return self._numbered(self._rows.bearers(NameKind.FAMILY, names))

    def number(self, student: StudentId) -> int | None:
        self._learn((student,))
        return self._memory.numbers.get(student)

    def school(self, key: SchoolKey) -> NameGroup | None:
        return self._group([*map(self._memory.number_of, self._rows.of_school(key))])

    def class_group(self, key: ClassKey) -> NameGroup | None:
        return self._group(self.members(key))

    def members(self, key: ClassKey) -> frozenset[int]:
        members = self._memory.members
        if key not in members:
            students = self._rows.of_class(key)
            self._learn(students)
            known = self._memory.numbers
            members[key] = frozenset(known[one] for one in students if one in known)
        return members[key]

    def _group(self, numbers: Collection[int]) -> NameGroup | None:
        return group_of(numbers, self._memory.names) if numbers else None

    def _numbered(self, bearers: Mapping[str, tuple[StudentId, ...]]) -> dict[str, tuple[int, ...]]:
        known = self._memory.numbers
        self._learn(one for students in bearers.values() for one in students)
        return {name: tuple(known[one] for one in some) for name, some in bearers.items()}

    def _learn(self, students: Iterable[StudentId]) -> None:
        """Gives a number to those of these students of the index who have none yet."""
        known = self._memory.numbers
        new = {one for one in students if one not in known}
        for student in self._rows.of_students(new) if new else ():
            self._memory.number_of(student)


def _joined(pair: tuple[str, str]) -> str:
    return f"{pair[0]} {pair[1]}"


def _keys_from(text: str) -> NameKeys:
    said = json.loads(text)
    return NameKeys(
        firsts=tuple(said["firsts"]),
        calls=tuple(said["calls"]),
        middles=tuple(said["middles"]),
        lasts=tuple(said["lasts"]),
        aliases=tuple((first, last) for first, last in said["aliases"]),
        extras=frozenset(said["extras"]),
    )
