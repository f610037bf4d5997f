"""The index in the database finds what the index in memory finds, and is never behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, Where
from mediacheck.model.post import Box, MediaId
from mediacheck.ports.engines import NameMatcher, NameScope, TextLine
from mediacheck.wiring.engines import RosterMatchers
from release_db import migrate
from release_db.engine import open_engine
from release_db.errors import StaleNames
from release_db.records import ClassGroup, School, Student
from release_db.register import ReleaseRegister
from release_db.schema import StudentRow
from release_db.schema_names import NameBearerRow, NameEntryRow, NameWayRow, StaleNameRow
from release_db.words import ClassKey, SchoolKey, StudentId
from tests.mediacheck.findings.test_names_properties import captions, first_names, surnames

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
SCHOOLS = (SchoolKey("lincoln"), SchoolKey("adams"))
ROOMS = (ClassKey("lincoln/room-1"), ClassKey("lincoln/room-2"), ClassKey("adams/room-1"))
SCOPES = (
    NameScope(school=SCHOOLS[0], class_key=ROOMS[0]),
    NameScope(school=SCHOOLS[0], class_key=None),
    NameScope(school=None, class_key=None),
    NameScope(school=SchoolKey("unknown"), class_key=ClassKey("unknown/room")),
    NameScope(
        school=SCHOOLS[0],
        class_key=ROOMS[0],
        present=frozenset(map(StudentId, ("S0", "S3", "S8", "nobody"))),
    ),
)
WHOLE_BOX = Box(left=0, top=0, width=300, height=40)
middles = st.sampled_from(["", "", "Elena", "Grace", "De La"])
others = st.sampled_from([(), (), ("박민준",), ("Maya Lopes",), ("Ash",)])
SLOW_ENOUGH = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def rosters(draw: st.DrawFn) -> list[Student]:
    """Up to nine students with names that meet those of the captions."""
    names = draw(st.lists(st.tuples(first_names, middles, surnames, others), max_size=9))
    rooms = [draw(st.sampled_from(ROOMS)) for _ in names]
    return [
        Student(
            student_id=StudentId(f"S{number}"),
            given_name=first,
            middle_name=middle,
            family_name=last,
            other_names=tuple(other),
            school=SchoolKey(room.partition("/")[0]),
            classes=(room,),
        )
        for number, ((first, middle, last, other), room) in enumerate(
            zip(names, rooms, strict=True)
        )
    ]


@pytest.fixture(scope="module")
def shared() -> Iterator[Session]:
    engine = open_engine("sqlite://")
    migrate.upgrade(engine)
    with Session(engine) as session, session.begin():
        yield session
        session.rollback()
    engine.dispose()


@pytest.fixture
def register(shared: Session) -> Iterator[ReleaseRegister]:
    """A register with two schools, which forgets what a test does."""
    with shared.begin_nested() as savepoint:
        yield with_schools(shared)
        savepoint.rollback()


def with_schools(session: Session) -> ReleaseRegister:
    register = ReleaseRegister(session, lambda: NOW)
    for key in SCHOOLS:
        register.save_school(School(key=key, name=key))
    for room in ROOMS:
        school = SchoolKey(room.partition("/")[0])
        register.save_class(ClassGroup(key=room, school=school, name=room))
    return register


def a_student(number: int, first: str, last: str) -> Student:
    return Student(
        student_id=StudentId(f"S{number}"),
        given_name=first,
        family_name=last,
        school=SCHOOLS[0],
        classes=(ROOMS[0],),
    )


MAYA = a_student(1, "Maya", "Lopez")
BEN = a_student(2, "Ben", "Okafor")


def found(matcher: NameMatcher, caption: str) -> list[StudentId]:
    findings = matcher.match_names(caption, SCOPES[0], Where.CAPTION)
    sure = [finding for finding in findings if finding.certainty is Certainty.CERTAIN]
    return [student for finding in sure for student in finding.candidates]


def a_line(words: str) -> Sequence[TextLine]:
    return [TextLine(text=words, box=WHOLE_BOX, score=0.9)]


@SLOW_ENOUGH
@given(roster=rosters(), text=captions, scope=st.sampled_from(SCOPES))
def test_both_indexes_find_the_same(
    shared: Session, roster: list[Student], text: str, scope: NameScope
) -> None:
    in_memory = RosterNameMatcher(build_name_index(roster))
    with shared.begin_nested() as savepoint:
        register = with_schools(shared)
        register.save_students(roster)
        stored = RosterMatchers()(register)

        names = stored.match_names(text, scope, Where.CAPTION)
        lines = stored.match_lines(a_line(text), scope, MediaId("m1"))
        savepoint.rollback()

    assert names == in_memory.match_names(text, scope, Where.CAPTION)
    assert lines == in_memory.match_lines(a_line(text), scope, MediaId("m1"))


@contextmanager
def questions(session: Session) -> Iterator[list[str]]:
    """The statements that reach the database."""
    asked: list[str] = []
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_trace_callback(asked.append)
    yield asked
    driver.set_trace_callback(None)


def test_words_that_are_nobodys_name_are_not_looked_up(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA, BEN])
    matcher = RosterMatchers()(register)
    found(matcher, "Maya Lopez won")

    with questions(shared) as asked:
        found(matcher, "Picture day is on Tuesday, bring the signed form! #SchoolPictures")

    assert asked == []


def test_a_name_met_for_the_first_time_takes_two_questions_and_none_later(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA, BEN])
    matcher = RosterMatchers()(register)
    found(matcher, "Maya Lopez won")

    with questions(shared) as asked:
        assert found(matcher, "Well done Ben Okafor!") == [BEN.student_id]
        assert len(asked) == 2
        assert found(matcher, "Ben Okafor, well done") == [BEN.student_id]

    assert len(asked) == 2


def test_a_new_student_is_found_at_once(register: ReleaseRegister) -> None:
    matchers = RosterMatchers()
    register.save_students([MAYA])
    assert found(matchers(register), "Ben Okafor won") == []

    register.save_students([BEN])

    assert found(matchers(register), "Ben Okafor won") == [BEN.student_id]


def test_a_new_name_is_found_and_the_old_one_is_not(register: ReleaseRegister) -> None:
    matchers = RosterMatchers()
    register.save_students([MAYA, BEN])
    assert found(matchers(register), "Maya Lopez won") == [MAYA.student_id]

    register.save_students([replace(MAYA, family_name="Ferreira")])

    assert found(matchers(register), "Maya Lopez won") == []
    assert found(matchers(register), "Maya Ferreira won") == [MAYA.student_id]


def test_the_names_of_an_erased_student_are_nowhere(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA, BEN])
    RosterMatchers()(register)

    register.delete_student(MAYA.student_id, why="asked for", at=NOW)

    for column in (NameBearerRow.name, NameWayRow.name, NameWayRow.way, NameEntryRow.keys):
        assert not any("lope" in one for one in shared.scalars(select(column)))


def test_a_process_that_starts_makes_good_what_was_lost(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA, BEN])
    RosterMatchers()(register)
    for table in (NameBearerRow, NameEntryRow):
        shared.execute(delete(table).where(table.student_id == BEN.student_id))

    assert found(RosterMatchers()(register), "Ben Okafor won") == [BEN.student_id]


def test_keys_of_an_older_edition_are_made_anew(register: ReleaseRegister, shared: Session) -> None:
    register.save_students([MAYA])
    RosterMatchers()(register)
    shared.execute(update(NameEntryRow).values(rules="older"))
    shared.execute(update(NameBearerRow).values(name="spoilt"))

    assert found(RosterMatchers()(register), "Maya Lopez won") == [MAYA.student_id]


def test_a_student_changed_behind_its_back_stops_the_matcher(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA])
    matchers = RosterMatchers()
    matchers(register)
    matchers(register)

    shared.execute(update(StudentRow).values(fingerprint="another"))

    with pytest.raises(StaleNames):
        found(matchers(register), "Maya Lopez won")


def test_what_is_undone_with_its_transaction_is_done_again(
    register: ReleaseRegister, shared: Session
) -> None:
    register.save_students([MAYA])
    matchers = RosterMatchers()
    with shared.begin_nested() as savepoint:
        shared.execute(delete(StaleNameRow))
        matchers(register)
        savepoint.rollback()
    shared.execute(delete(StaleNameRow))

    assert found(matchers(register), "Maya Lopez won") == [MAYA.student_id]
