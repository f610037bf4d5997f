"""Remembered words in the real tables: append-only, by class, and with no name in clear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from mediacheck.model.remembered import Remembering
from mediacheck.ports.services import Work
from release_db.engine import open_engine, read_only
from release_db.words import ClassKey, StudentId
from tests.conftest import House
from tests.factories import AUTHOR, CLASS, NOW, REVIEWER, a_post

S1, S2, S3 = StudentId("S1"), StudentId("S2"), StudentId("S3")
TEDDA = Remembering(phrase="tedda", with_words=False, near=frozenset({S1}), far=frozenset({S2}))
OTHER = ClassKey("lincoln/room-14")


@pytest.fixture
def said(house: House) -> House:
    """One word, said in a post of room 12."""
    with house.services.transaction() as work:
        work.posts.add(a_post())
        assert keep(work) == 1
    return house


def keep(work: Work, about: Remembering = TEDDA, class_key: ClassKey = CLASS) -> int:
    return work.remembered.keep(class_key, about, a_post().post_id, AUTHOR, NOW)


def fitting(work: Work, about: Remembering, class_key: ClassKey = CLASS) -> list[bool]:
    return [word.fits for word in work.remembered.said_of(class_key, [about]).get(about, ())]


def test_a_word_is_found_by_its_class_and_phrase_alone(said: House) -> None:
    with said.services.transaction() as work:
        assert fitting(work, TEDDA) == [True]
        assert fitting(work, TEDDA, OTHER) == []
        assert fitting(work, replace(TEDDA, phrase="teddo")) == []
        assert fitting(work, replace(TEDDA, with_words=True)) == []


def test_it_fits_while_everybody_was_among_those_it_was_said_of(said: House) -> None:
    with said.services.transaction() as work:
        assert fitting(work, replace(TEDDA, far=frozenset())) == [True]
        assert fitting(work, replace(TEDDA, near=frozenset({S1, S3}))) == [False]
        assert fitting(work, replace(TEDDA, far=frozenset({S2, S3}))) == [False]
        # Whoever came into the class since was not in it then.
        assert fitting(work, replace(TEDDA, near=frozenset({S1, S2}))) == [False]


def test_a_word_that_was_taken_back_is_kept_and_counts_no_more(said: House) -> None:
    with said.services.transaction() as work:
        work.remembered.take_back(1, REVIEWER, NOW)
        work.remembered.take_back(1, AUTHOR, NOW)

    with said.services.transaction() as work:
        assert fitting(work, TEDDA) == []
        (kept,) = work.remembered.kept_in([CLASS], 10)
        assert kept == work.remembered.kept_or_none(1)
        assert kept.ended == (REVIEWER, NOW)
        assert (kept.by, kept.at, kept.phrase) == (AUTHOR, NOW, "tedda")
        assert work.remembered.kept_in([OTHER], 10) == ()


def test_the_newest_words_come_first(said: House) -> None:
    with said.services.transaction() as work:
        keep(work)
        assert [word.number for word in work.remembered.said_of(CLASS, [TEDDA])[TEDDA]] == [2, 1]
        assert [word.number for word in work.remembered.kept_in([CLASS], 1)] == [2]


def test_no_name_and_no_student_stand_in_clear(said: House) -> None:
    engine = open_engine(said.services.settings.database_url)
    with read_only(engine).connect() as database:
        for table in ("remembered_words", "remembered_phrases"):
            row = database.execute(text(f"SELECT * FROM {table}")).one()  # noqa: S608
            cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
            assert not any(b"tedda" in cell for cell in cells)
            assert not any(cell in {b"S1", b"S2"} for cell in cells)
    engine.dispose()


@pytest.mark.parametrize("student", [S1, S2])
def test_erasing_a_student_removes_the_phrases_that_may_be_hers(
    said: House, student: StudentId
) -> None:
    with said.services.transaction() as work:
        keep(work, replace(TEDDA, phrase="nora", near=frozenset({S3}), far=frozenset()))
        work.traces.forget(student)

    with said.services.transaction() as work:
        newer, older = work.remembered.kept_in([CLASS], 10)
        assert (newer.phrase, older.phrase) == ("nora", "")
        assert (older.by, older.at) == (AUTHOR, NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE remembered_words SET said_by = 'somebody'",
        "DELETE FROM remembered_words",
        "UPDATE remembered_ends SET ended_by = 'somebody'",
        "DELETE FROM remembered_ends",
    ],
)
def test_the_database_itself_refuses_a_change(said: House, statement: str) -> None:
    with said.services.transaction() as work:
        work.remembered.take_back(1, REVIEWER, NOW)
    engine = open_engine(said.services.settings.database_url)

    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
