"""The mailings of a round: what was asked for stays, and how far each has come."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError

from mediacheck.model.rounds import Mailing, MailingId, MailingKind, MailingProgress
from mediacheck.storage.rounds_schema import MailingRow
from tests.conftest import House
from tests.factories import NOW, SCHOOL

FIRST = MailingId("m1")


def a_mailing(mailing_id: MailingId = FIRST) -> Mailing:
    return Mailing(
        mailing_id=mailing_id,
        round_id="r1",
        kind=MailingKind.REMINDER,
        schools=(SCHOOL,),
        asked_by="registrar",
        asked_at=NOW,
    )


def test_a_mailing_comes_back_as_it_was_asked_for(house: House) -> None:
    with house.services.transaction() as work:
        work.mailings.begin(a_mailing())

        assert work.mailings.of_round("r1") == (a_mailing(),)
        assert work.mailings.of_round("r2") == ()


def test_its_steps_add_up_until_the_last_one(house: House) -> None:
    with house.services.transaction() as work:
        work.mailings.begin(a_mailing())
        assert work.mailings.progress_of(FIRST) == MailingProgress()
        work.mailings.step(FIRST, up_to="S100", is_last=False, mails=3)
        assert work.mailings.unfinished() == (a_mailing(),)
        work.mailings.step(FIRST, up_to="S200", is_last=True, mails=2)

        assert work.mailings.unfinished() == ()
        progress = work.mailings.progress_of(FIRST)
        assert progress == MailingProgress(up_to="S200", is_done=True, mails=5)


def test_the_database_refuses_to_change_a_mailing(house: House) -> None:
    def change() -> None:
        with house.services.transaction() as work:
            work.mailings.begin(a_mailing())
            session = work.mailings._session  # type: ignore[attr-defined]  # the real one's.
            session.query(MailingRow).update({"asked_by": "somebody else"})

    with pytest.raises(DatabaseError):
        change()
