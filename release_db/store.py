"""Reads the register's tables and returns frozen records. Nobody else sees a row.

Every function works in the session it is given, and asks a fixed number of questions per chunk of
students, never one per student.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from release_db.records import (
    Channel,
    ClassGroup,
    School,
    Student,
)
from release_db.rows import record_from, student_from
from release_db.schema import (
    BiometricRow,
    ChannelRow,
    ClassMemberRow,
    ClassRow,
    GuardianRow,
    HoldRow,
    PolicyRow,
    ReleaseRow,
    RevocationRow,
    SchoolRow,
    StudentRow,
)
from release_db.words import ClassKey, SchoolKey, StudentId, StudentStatus

#: Students asked for in one query: more than the largest school, fewer than any driver's limit.
CHUNK = 4_000

_Row = TypeVar("_Row", GuardianRow, ReleaseRow, RevocationRow, HoldRow, BiometricRow)
_Key = TypeVar("_Key", bound=Hashable)

#: The policy that says on which day a school year ends, as an ISO date.
YEAR_END_KEY = "school_year_ends_on"


def chunks_of(keys: Iterable[_Key]) -> Iterator[list[_Key]]:
    """The keys, each once, in lists that a query can take."""
    rest = iter(dict.fromkeys(keys))
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def all_schools(session: Session) -> tuple[School, ...]:
    """Every school, by name."""
    rows = session.scalars(select(SchoolRow))
    schools = [record_from(School, row) for row in rows]
    return tuple(sorted(schools, key=lambda school: (school.name.casefold(), school.key)))


def all_classes(session: Session, school: SchoolKey | None) -> tuple[ClassGroup, ...]:
    """Every class (of one school), by name."""
    query = select(ClassRow)
    if school is not None:
        query = query.where(ClassRow.school == school)
    groups = [record_from(ClassGroup, row) for row in session.scalars(query)]
    return tuple(sorted(groups, key=lambda group: (group.name.casefold(), group.key)))


def all_channels(session: Session) -> tuple[Channel, ...]:
    """Every channel, by name."""
    channels = [record_from(Channel, row) for row in session.scalars(select(ChannelRow))]
    return tuple(sorted(channels, key=lambda channel: (channel.name.casefold(), channel.key)))


def known_students(session: Session, students: Collection[StudentId]) -> set[StudentId]:
    """Those of the ids that are on the roster, departed ones too, and no tombstones."""
    known: set[StudentId] = set()
    for chunk in chunks_of(students):
        query = select(StudentRow.student_id).where(_is_here(), StudentRow.student_id.in_(chunk))
        known.update(StudentId(student_id) for student_id in session.scalars(query))
    return known


def students_by_id(session: Session, students: Collection[StudentId]) -> dict[StudentId, Student]:
    """The students with these ids, departed ones too."""
    found: dict[StudentId, Student] = {}
    for chunk in chunks_of(students):
        wanted = and_(_is_here(), StudentRow.student_id.in_(chunk))
        found |= {student.student_id: student for student in _students_where(session, wanted)}
    return found


def active_students(
    session: Session, school: SchoolKey | None, class_key: ClassKey | None
) -> tuple[Student, ...]:
    """The active students, by family name."""
    wanted = _is_active(school)
    if class_key is not None:
        members = select(ClassMemberRow.student_id).where(ClassMemberRow.class_key == class_key)
        wanted = and_(wanted, StudentRow.student_id.in_(members))
    return tuple(sorted(_students_where(session, wanted), key=_by_family_name))


def count_active(session: Session, school: SchoolKey | None) -> int:
    """How many active students there are, without reading them."""
    query = select(func.count()).select_from(StudentRow).where(_is_active(school))
    return session.scalar(query) or 0


def everyone(session: Session) -> tuple[Student, ...]:
    """Every student, departed ones too, by family name."""
    return tuple(sorted(_students_where(session, _is_here()), key=_by_family_name))


def policy_or_none(session: Session, key: str, school: SchoolKey | None) -> str | None:
    """The school's own value that was set last, else the district's, else None."""
    for whose in dict.fromkeys((school, None)):
        query = (
            select(PolicyRow.value)
            .where(PolicyRow.key == key, PolicyRow.school.is_not_distinct_from(whose))
            .order_by(PolicyRow.number.desc())
            .limit(1)
        )
        value = session.scalar(query)
        if value is not None:
            return value
    return None


def roster_fingerprints(session: Session, school: SchoolKey | None) -> list[tuple[str, str]]:
    """Id and fingerprint of every student (of one school), by id; departed ones too."""
    query = select(StudentRow.student_id, StudentRow.fingerprint)
    if school is not None:
        query = query.where(StudentRow.school == school)
    return sorted((student_id, digest) for student_id, digest in session.execute(query))


def _is_here() -> ColumnElement[bool]:
    return StudentRow.erased_at.is_(None)


def _is_active(school: SchoolKey | None) -> ColumnElement[bool]:
    is_active = and_(_is_here(), StudentRow.status == StudentStatus.ACTIVE)
    return and_(is_active, StudentRow.school == school) if school is not None else is_active


def _students_where(session: Session, wanted: ColumnElement[bool]) -> list[Student]:
    members = (
        select(ClassMemberRow.student_id, ClassMemberRow.class_key)
        .join(StudentRow, StudentRow.student_id == ClassMemberRow.student_id)
        .where(wanted)
    )
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for student_id, class_key in session.execute(members):
        classes[student_id].append(class_key)
    rows = session.scalars(select(StudentRow).where(wanted))
    return [student_from(row, classes[row.student_id]) for row in rows]


def _by_family_name(student: Student) -> tuple[str, str, str]:
    return student.family_name.casefold(), student.given_name.casefold(), student.student_id
