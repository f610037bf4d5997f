"""Paper forms and settlements are kept for good, and come back as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mediacheck.model.office import FormId, PaperForm, Scan, ScanKind, SettledAs, Settlement
from mediacheck.model.people import StaffId
from mediacheck.storage.office import SqlOfficeRecords
from mediacheck.wiring.services import open_database
from release_db.words import GuardianId, StudentId
from tests.conftest import House
from tests.factories import NOW, TODAY

FORM = PaperForm(
    form_id=FormId("f1"),
    student_id=StudentId("S1"),
    scan=Scan(kind=ScanKind.PICTURE, sha256="a" * 64, view="b" * 64),
    signer=GuardianId("S1-g1"),
    signed_on=TODAY,
    answers={"social.image": "no"},
    entered_by=StaffId("registrar"),
    entered_at=NOW,
)
SETTLEMENT = Settlement(
    key="r1:r2",
    student_id=StudentId("S1"),
    how=SettledAs.TALKED,
    note="On the phone with both.",
    settled_by=StaffId("registrar"),
    settled_at=NOW,
)


def test_a_form_comes_back_as_it_was(house: House) -> None:
    by_student = replace(FORM, form_id=FormId("f2"), signer=None)
    with house.services.transaction() as work:
        work.office.keep_form(FORM)
        work.office.keep_form(by_student)

    with house.services.transaction() as work:
        assert work.office.form_or_none(FormId("f1")) == FORM
        assert work.office.form_or_none(FormId("f3")) is None
        assert work.office.forms_of(StudentId("S1")) == (FORM, by_student)
        assert work.office.forms_of(StudentId("S2")) == ()


def test_the_last_word_on_a_disagreement_counts(house: House) -> None:
    last = replace(SETTLEMENT, how=SettledAs.SIGNED_AGAIN, note="They sign again on Monday.")
    with house.services.transaction() as work:
        work.office.keep_settlement(SETTLEMENT)
        work.office.keep_settlement(last)

    with house.services.transaction() as work:
        assert work.office.settlements(["r1:r2", "r1:r3"]) == {"r1:r2": last}
        assert work.office.settlements([]) == {}


@pytest.mark.parametrize("act", ["UPDATE paper_forms SET signer = 'x'", "DELETE FROM paper_forms"])
def test_the_database_itself_refuses_to_change_a_form(house: House, act: str) -> None:
    engine = open_database(house.services.settings)
    with Session(engine) as session, session.begin():
        SqlOfficeRecords(session).keep_form(FORM)

    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(act))
