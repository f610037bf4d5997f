"""A roster in a database of its own, as long as it is measured: names are read as they are live."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from mediacheck.ports.engines import NameMatcher
from mediacheck.wiring.engines import RosterMatchers
from mediacheck.wiring.services import upgrade_database
from release_db.engine import open_engine
from release_db.records import ClassGroup, School, Student
from release_db.register import ReleaseRegister
from release_db.words import ClassKey, SchoolKey, StudentId

#: When the roster of a measurement is said to be known; nothing depends on it.
_KNOWN_AT = datetime(2000, 1, 1, tzinfo=UTC)
_SCHOOL_SIZE = 650
_CLASSES = 26


@contextmanager
def matcher_on(students: Sequence[Student]) -> Iterator[NameMatcher]:
    """A matcher over these students, on a new database that is gone afterwards."""
    with TemporaryDirectory(prefix="mediacheck-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'roster.db'}")
        upgrade_database(engine)
        with Session(engine) as session:
            register = ReleaseRegister(session, lambda: _KNOWN_AT)
            with session.begin():
                _save(register, students)
            del students
            with session.begin():
                yield RosterMatchers()(register)
        engine.dispose()


def grown(students: Sequence[Student], size: int) -> tuple[Student, ...]:
    """The roster, with more schools whose students' names are mixed from its own."""
    dice = random.Random(0)  # noqa: S311 - the same roster every time, and no secret.
    more = []
    for number in range(size - len(students)):
        given, family = dice.choice(students), dice.choice(students)
        school = f"grown-{number // _SCHOOL_SIZE}"
        more.append(
            replace(
                given,
                student_id=StudentId(f"grown-{number}"),
                family_name=family.family_name,
                middle_name=family.middle_name,
                school=SchoolKey(school),
                classes=(ClassKey(f"{school}/room-{number % _CLASSES}"),),
            )
        )
    return (*students, *more)


def _save(register: ReleaseRegister, students: Sequence[Student]) -> None:
    for school in dict.fromkeys(student.school for student in students):
        register.save_school(School(key=school, name=school))
    places = {key: student.school for student in students for key in student.classes}
    for key, school in places.items():
        register.save_class(ClassGroup(key=key, school=school, name=key))
    register.save_students(students)
