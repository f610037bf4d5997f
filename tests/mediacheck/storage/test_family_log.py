"""Who looked, and what families ask for, is kept for good."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from mediacheck.errors import NotFound
from mediacheck.model.family_log import FamilyRequest, Look, Looked, RequestKind
from mediacheck.wiring.services import open_database
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW

STUDENT = StudentId("S1")
REQUEST = FamilyRequest(
    request_id="r1",
    student_id=STUDENT,
    kind=RequestKind.ERASURE,
    asked_by="an-account",
    asked_at=NOW,
)
LOOK = Look(student_id=STUDENT, at=NOW, actor="the-registrar", is_staff=True, what=Looked.FILE)


def test_a_look_is_told_of(house: House) -> None:
    with house.services.transaction() as work:
        work.family_log.note(LOOK)

        assert work.family_log.looks_at(STUDENT) == (LOOK,)
        assert work.family_log.looks_at(StudentId("S2")) == ()


def test_a_request_waits_until_the_office_answers(house: House) -> None:
    with house.services.transaction() as work:
        work.family_log.ask(REQUEST)
        assert work.family_log.open_requests() == (REQUEST,)

        work.family_log.answer("r1", is_granted=False, by="the-registrar")

        assert work.family_log.open_requests() == ()
        assert work.family_log.requests_of(STUDENT)[0].is_granted is False


@pytest.mark.parametrize("request_id", ["r1", "another"])
def test_a_request_is_answered_once(house: House, request_id: str) -> None:
    with house.services.transaction() as work:
        work.family_log.ask(REQUEST)
        work.family_log.answer("r1", is_granted=True, by="the-registrar")

        with pytest.raises(NotFound):
            work.family_log.answer(request_id, is_granted=True, by="the-registrar")


@pytest.mark.parametrize("act", ["UPDATE family_looks SET actor = ''", "DELETE FROM family_looks"])
def test_the_database_itself_refuses_to_change_a_look(house: House, act: str) -> None:
    with house.services.transaction() as work:
        work.family_log.note(LOOK)
    engine = open_database(house.services.settings)

    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text(act))
    engine.dispose()
