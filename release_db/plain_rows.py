"""Reads rows about students as plain values: no mapped objects, which cost more than the reading.

A row has the columns of its mapped class by the same names, so that it is typed as one; only those
that find and compare rows are left out.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Select, Table, and_, exists, select
from sqlalchemy.orm import Session

from release_db.schema import (
    Base,
    BiometricRow,
    GuardianRow,
    HoldRow,
    ReleaseRow,
    RevocationRow,
)
from release_db.schema_terms import (
    DeliveryRow,
    GuardianVersionRow,
    ItemConsentRow,
    OrderRow,
    StudentVersionRow,
)
from release_db.store import chunks_of
from release_db.word_lists import is_one_of
from release_db.words import StudentId

_Row = TypeVar("_Row", bound=Base)
_Dated = TypeVar(
    "_Dated",
    ReleaseRow,
    RevocationRow,
    HoldRow,
    BiometricRow,
    OrderRow,
    ItemConsentRow,
    DeliveryRow,
    StudentVersionRow,
    GuardianVersionRow,
)

#: What few students have: one question tells which of these tables are worth reading at all.
_RARE: tuple[type[Base], ...] = (
    RevocationRow,
    HoldRow,
    BiometricRow,
    OrderRow,
    ItemConsentRow,
    DeliveryRow,
)


#: What stands for a table where a guardian's address was another one once.
_FORMER_ADDRESS = "former address"

#: Columns that find and compare rows, and that no record takes.
_ONLY_FIND = frozenset({"email_key", "fingerprint", "search_words"})

#: What is asked about at once, in the order of the answers.
_ASKED = (*(kind.__tablename__ for kind in _RARE), _FORMER_ADDRESS)


class KnownRows:
    """The rows about some students that had been recorded by a moment (None: by now)."""

    def __init__(
        self, session: Session, students: Collection[StudentId], at: datetime | None
    ) -> None:
        """Asks at once which of the rarer tables hold anything."""
        self.session, self.students, self.at = session, students, at
        self._filled = _filled(session, students)

    def of(self, kind: type[_Dated]) -> Mapping[StudentId, list[_Dated]]:
        """The rows of that kind, by student. One without a moment has always been known."""
        if kind in _RARE and kind.__tablename__ not in self._filled:
            return {}
        rows = rows_of(self.session, kind, self.students)
        if self.at is None:
            return rows
        known: defaultdict[StudentId, list[_Dated]] = defaultdict(list)
        for student_id, held in rows.items():
            known[student_id] = [row for row in held if is_known(row.recorded_at, self.at)]
        return known

    def versions_of_guardians(self) -> Mapping[StudentId, list[GuardianVersionRow]]:
        """How guardians' links were; nothing where the present ones tell all that is asked."""
        if self.at is None and _FORMER_ADDRESS not in self._filled:
            return {}
        return self.of(GuardianVersionRow)


def plain_table(kind: type[Base]) -> Table:
    """The table of a mapped class, to ask for its plain columns."""
    return Base.metadata.tables[kind.__tablename__]


def is_known(recorded_at: datetime | None, at: datetime | None) -> bool:
    """Whether what was recorded then was known at that moment (None: now)."""
    return at is None or recorded_at is None or recorded_at <= at


def rows_of(
    session: Session,
    kind: type[_Row],
    students: Collection[StudentId],
) -> defaultdict[StudentId, list[_Row]]:
    """Every row of that kind about these students, by student."""
    rows: defaultdict[StudentId, list[_Row]] = defaultdict(list)
    query, make, place = _about(kind)
    for chunk in chunks_of(students):
        for values in session.connection().execute(query, {"students": chunk}).all():
            # The plain row has the columns that records take, and nothing of ours asks for more.
            rows[values[place]].append(cast(_Row, make(values)))
    return rows


def _filled(session: Session, students: Collection[StudentId]) -> frozenset[str]:
    found: set[str] = set()
    for chunk in chunks_of(students):
        held = session.connection().execute(_rare(), {"students": chunk}).one()
        found.update(name for name, is_held in zip(_ASKED, held, strict=True) if is_held)
    return frozenset(found)


@cache
def _about(kind: type[Base]) -> tuple[Select[Any], Callable[[Iterable[Any]], object], int]:
    """The question for the rows, what makes one of its values, and where the student is in them.

    Whatever a column holds stays as it is; what only finds rows is not read.
    """
    table = plain_table(kind)
    columns = [column for column in table.c if column.key not in _ONLY_FIND]
    names = [column.key for column in columns]
    row = namedtuple("row", names)  # type: ignore[misc]  # The columns are the table's.
    query = select(*columns).where(is_one_of(table.c.student_id, "students"))
    return query, row._make, names.index("student_id")


@cache
def _rare() -> Select[Any]:
    """Whether the rarer tables hold anything and an address has changed, as in ``_ASKED``."""
    held = [
        exists().where(is_one_of(table.c.student_id, "students"))
        for table in map(plain_table, _RARE)
    ]
    said, now = plain_table(GuardianVersionRow), plain_table(GuardianRow)
    is_same = and_(said.c.student_id == now.c.student_id, said.c.guardian_id == now.c.guardian_id)
    is_former = and_(is_same, said.c.email != now.c.email)
    changed = exists().where(is_former, is_one_of(now.c.student_id, "students"))
    # One column for each of ``_ASKED``, which the types of SQLAlchemy count up to ten.
    return cast(Select[Any], select(*held, changed))
