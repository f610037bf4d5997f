"""The index of names beside the roster: which students bear a key, and how a key is written.

What the keys are is not this module's business: whoever reads names makes them. This module knows
whose keys are out of date, in the transaction that saves the student; so the index is never
silently behind the roster.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import (
    Connection,
    String,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Session, SessionTransaction

from release_db import store
from release_db.errors import StaleNames
from release_db.lookups import KEYS, Lookup
from release_db.names import NamedStudent, NameEntry, NameKind
from release_db.records import Student
from release_db.schema import ClassMemberRow, StudentRow
from release_db.schema_names import (
    NameBearerRow,
    NameEntryRow,
    NameTurnRow,
    NameWayRow,
    StaleNameRow,
)
from release_db.words import ClassKey, SchoolKey, StudentId

_TURN = 1

# Made once: they are asked with every text, and to make one costs more than to answer it.
_KIND = bindparam("kind", type_=String)
_WRITTEN = Lookup(
    select(NameWayRow.way, NameWayRow.name).where(
        NameWayRow.kind == _KIND, NameWayRow.way.in_(KEYS)
    )
)
_BEARERS = Lookup(
    select(NameBearerRow.name, NameBearerRow.student_id).where(
        NameBearerRow.kind == _KIND, NameBearerRow.name.in_(KEYS)
    )
)
# A family name is written as it is, too; its bearers may be many, and nobody asks for them here.
_IS_WORD = or_(NameWayRow.kind == NameKind.GIVEN.value, NameWayRow.way == NameWayRow.name)
_HAS_WORDS = NameWayRow.kind.in_([NameKind.GIVEN.value, NameKind.LAST.value])
_WORDS = Lookup(
    select(NameWayRow.way, NameWayRow.name, NameWayRow.kind).where(
        _HAS_WORDS, NameWayRow.way.in_(KEYS), _IS_WORD
    )
)
_PAIRS = Lookup(
    select(NameBearerRow.name, NameBearerRow.student_id, NameBearerRow.kind).where(
        NameBearerRow.kind.in_([NameKind.PAIR.value, NameKind.MIDDLE_PAIR.value]),
        NameBearerRow.name.in_(KEYS),
    )
)
_EVERY_WORD = select(NameWayRow.way).where(_HAS_WORDS, _IS_WORD).distinct()
_ENTRIES = select(
    StudentRow.student_id,
    StudentRow.school,
    NameEntryRow.keys,
    NameEntryRow.fingerprint,
    StudentRow.fingerprint,
).join(NameEntryRow, NameEntryRow.student_id == StudentRow.student_id)
_OF_STUDENTS = Lookup(_ENTRIES.where(StudentRow.student_id.in_(KEYS)))
_OF_SCHOOL = Lookup(_ENTRIES.where(StudentRow.school.in_(KEYS)))
_OF_CLASS = Lookup(select(ClassMemberRow.student_id).where(ClassMemberRow.class_key.in_(KEYS)))


def note_renamed(session: Session, students: Collection[str]) -> None:
    """Marks students whose names may have changed. Belongs into the transaction that saves them."""
    for chunk in store.chunks_of(students):
        query = select(StaleNameRow.student_id).where(StaleNameRow.student_id.in_(chunk))
        known = set(session.scalars(query))
        rows = [{"student_id": one} for one in chunk if one not in known]
        if rows:
            session.execute(insert(StaleNameRow), rows)
    _turn(session)


def forget_names(session: Session, student_id: StudentId) -> None:
    """Takes everything out of the index that only this student brought into it."""
    _drop(session, [student_id])
    session.execute(delete(StaleNameRow).where(StaleNameRow.student_id == student_id))
    _turn(session)


def _turn(session: Session) -> None:
    """A token and no count: a count could be given twice, when the first is rolled back."""
    session.merge(NameTurnRow(number=_TURN, token=secrets.token_hex(16)))
    session.flush()


def _drop(session: Session, students: Sequence[str]) -> None:
    """Takes out the students, and the ways to write keys that nobody else bears."""
    borne = select(NameBearerRow.kind, NameBearerRow.name).where(
        NameBearerRow.student_id.in_(students)
    )
    keys = {(kind, name) for kind, name in session.execute(borne)}
    session.execute(delete(NameBearerRow).where(NameBearerRow.student_id.in_(students)))
    session.execute(delete(NameEntryRow).where(NameEntryRow.student_id.in_(students)))
    for kind, names in _by_kind(keys):
        query = select(NameBearerRow.name).where(
            NameBearerRow.kind == kind, NameBearerRow.name.in_(names)
        )
        gone = set(names) - set(session.scalars(query.distinct()))
        if gone:
            ways = and_(NameWayRow.name.in_(gone), NameWayRow.kind == kind)
            session.execute(delete(NameWayRow).where(ways))


def _by_kind(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The names of each kind, in lists that a query can take: a list of pairs uses no index."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for kind, name in keys:
        kinds[kind].append(name)
    for kind, names in kinds.items():
        for chunk in store.chunks_of(names):
            yield kind, chunk


class NameRows:
    """Asks and keeps the index of names, inside a transaction that somebody else opens."""

    def __init__(self, session: Session) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session
        self._asked: tuple[SessionTransaction | None, Connection] | None = None

    def turn(self) -> str:
        """Changes whenever any student's names, school, classes or standing may have changed."""
        query = select(NameTurnRow.token).where(NameTurnRow.number == _TURN)
        return self._session.scalar(query) or ""

    def stale(self) -> tuple[Student, ...]:
        """The students whose keys have to be made before the index may be asked."""
        ids = [StudentId(one) for one in self._session.scalars(select(StaleNameRow.student_id))]
        return tuple(store.students_by_id(self._session, ids).values()) if ids else ()

    def missing(self, rules: str) -> tuple[StudentId, ...]:
        """The students whose keys are missing, of changed names, or of other rules than these.

        It reads every student's fingerprint: once in the life of a process.
        """
        fresh = select(NameEntryRow.student_id).where(
            NameEntryRow.student_id == StudentRow.student_id,
            NameEntryRow.fingerprint == StudentRow.fingerprint,
            NameEntryRow.rules == rules,
        )
        query = select(StudentRow.student_id).where(StudentRow.erased_at.is_(None), ~fresh.exists())
        return tuple(StudentId(one) for one in self._session.scalars(query))

    def mark_missing(self, rules: str) -> int:
        """Marks those who are ``missing``, and clears the index where any of it is of old rules.

        Says how many it marked, all of which is undone if the transaction is.
        """
        older = select(NameEntryRow.student_id).where(NameEntryRow.rules != rules).limit(1)
        if self._session.scalar(older) is not None:
            for table in (NameEntryRow, NameBearerRow, NameWayRow):
                self._session.execute(delete(table))
        missing = self.missing(rules)
        if missing:
            note_renamed(self._session, missing)
        return len(missing)

    def keep(
        self,
        entries: Sequence[NameEntry],
        rules: str,
        ways_of: Callable[[NameKind, str], Iterable[str]],
    ) -> None:
        """Puts students into the index in place of what it held of them; they are stale no more.

        ``ways_of`` gives every way to write a key, and depends on nothing but the key.
        """
        for chunk in store.chunks_of(entries):
            ids = [entry.student_id for entry in chunk]
            _drop(self._session, ids)
            query = select(StudentRow.student_id, StudentRow.fingerprint)
            found = self._session.execute(query.where(StudentRow.student_id.in_(ids)))
            prints = {row[0]: row[1] for row in found}
            rows = [
                {
                    "student_id": entry.student_id,
                    "fingerprint": prints[entry.student_id],
                    "rules": rules,
                    "keys": entry.keys,
                }
                for entry in chunk
            ]
            self._connection.execute(insert(NameEntryRow), rows)
            self._add_bearers(chunk)
            self._add_ways({key for entry in chunk for key in entry.bears}, ways_of)
            self._session.execute(delete(StaleNameRow).where(StaleNameRow.student_id.in_(ids)))

    def _add_bearers(self, entries: Sequence[NameEntry]) -> None:
        rows = [
            {"kind": kind, "name": name, "student_id": entry.student_id}
            for entry in entries
            for kind, name in entry.bears
        ]
        if rows:
            self._connection.execute(insert(NameBearerRow), rows)

    def _add_ways(
        self,
        keys: Collection[tuple[NameKind, str]],
        ways_of: Callable[[NameKind, str], Iterable[str]],
    ) -> None:
        for kind, names in _by_kind(keys):
            query = select(NameWayRow.name).where(
                NameWayRow.kind == kind, NameWayRow.name.in_(names)
            )
            known = set(self._session.scalars(query.distinct()))
            rows = [
                {"kind": kind, "way": way, "name": name}
                for name in names
                if name not in known
                for way in ways_of(NameKind(kind), name)
            ]
            if rows:
                self._connection.execute(insert(NameWayRow), rows)

    def names_written(self, kind: NameKind, ways: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """For each of these ways that is known, the keys that may be meant."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for chunk in store.chunks_of(ways):
            for way, name in _WRITTEN.ask(self._connection, chunk, kind=kind.value):
                found[way].append(name)
        return {way: tuple(names) for way, names in found.items()}

    def words(self, words: Iterable[str]) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
        """What ``names_written`` says of given names, and which of the words are family names."""
        written: defaultdict[str, list[str]] = defaultdict(list)
        borne: set[str] = set()
        for chunk in store.chunks_of(words):
            for word, name, kind in _WORDS.ask(self._connection, chunk):
                if kind == NameKind.GIVEN:
                    written[word].append(name)
                else:
                    borne.add(word)
        return {way: tuple(names) for way, names in written.items()}, frozenset(borne)

    def bearers(self, kind: NameKind, names: Iterable[str]) -> Mapping[str, tuple[StudentId, ...]]:
        """For each of these keys that anybody bears, who does."""
        found: defaultdict[str, list[StudentId]] = defaultdict(list)
        for chunk in store.chunks_of(names):
            for name, student_id in _BEARERS.ask(self._connection, chunk, kind=kind.value):
                found[name].append(StudentId(student_id))
        return {name: tuple(students) for name, students in found.items()}

    def pairs(self, names: Iterable[str]) -> tuple[Mapping[str, tuple[StudentId, ...]], ...]:
        """What ``bearers`` says of pairs, and of pairs with a middle name."""
        heads: defaultdict[str, list[StudentId]] = defaultdict(list)
        middles: defaultdict[str, list[StudentId]] = defaultdict(list)
        for chunk in store.chunks_of(names):
            for name, student_id, kind in _PAIRS.ask(self._connection, chunk):
                bearers = heads if kind == NameKind.PAIR else middles
                bearers[name].append(StudentId(student_id))
        return tuple(
            {name: tuple(some) for name, some in all_.items()} for all_ in (heads, middles)
        )

    def every_word(self) -> Iterator[str]:
        """Every way to write a given name, and every family name."""
        return (word for (word,) in self._connection.execute(_EVERY_WORD))

    def of_students(self, students: Iterable[StudentId]) -> tuple[NamedStudent, ...]:
        """These students of the index."""
        return tuple(
            one
            for chunk in store.chunks_of(students)
            for one in _named(_OF_STUDENTS.ask(self._connection, chunk))
        )

    def of_school(self, school: SchoolKey) -> tuple[NamedStudent, ...]:
        """The students of a school."""
        return _named(_OF_SCHOOL.ask(self._connection, [school]))

    def of_class(self, class_key: ClassKey) -> tuple[StudentId, ...]:
        """The students of a class, team or event list."""
        found = _OF_CLASS.ask(self._connection, [class_key])
        return tuple(StudentId(student_id) for (student_id,) in found)

    @property
    def _connection(self) -> Connection:
        """The session's, which has seen all that the session was told."""
        self._session.flush()
        transaction = self._session.get_transaction()
        if self._asked is None or transaction is not self._asked[0]:
            # To ask the session for it costs as much as a short query.
            connection = self._session.connection()
            self._asked = (self._session.get_transaction(), connection)
        return self._asked[1]


def _named(rows: Sequence[Sequence[str]]) -> tuple[NamedStudent, ...]:
    if any(kept != current for _, _, _, kept, current in rows):
        raise StaleNames
    return tuple(
        NamedStudent(student_id=StudentId(student_id), school=SchoolKey(school), keys=keys)
        for student_id, school, keys, _, _ in rows
    )
