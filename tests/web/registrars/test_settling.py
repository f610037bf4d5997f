"""What the office found out closes a disagreement until a side changes, and decides nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.records import Granted, Guardian, Release
from release_db.words import (
    Answer,
    Capacity,
    ChannelKey,
    GuardianId,
    NameForm,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import NOW, PARENT, a_release
from tests.web.conftest import Browser, BrowserAs

TEDDY = StudentId("S2")
PAGE = "/registrars/disagreements"
FORM = {"how": "signed-again", "note": "Ms Ramos on the phone, 24 November"}


@pytest.fixture
def registrar(browser_as: BrowserAs, house: House) -> Browser:
    """Ana allows what the student information system refuses."""
    links = [
        Guardian(guardian_id=GuardianId(f"S2-{name}"), student_id=TEDDY, email=email)
        for name, email in (("ana", PARENT), ("bo", "bo@home.example"))
    ]
    with house.services.transaction() as work:
        work.register.save_guardians(links)
    record(house, a_release("S2"), by_sis())
    return browser_as(Role.REGISTRAR)


def by_sis() -> Release:
    return a_release("S2", answer=Answer.DENY, capacity=Capacity.SIS, decided_by="sis")


def record(house: House, *words: Release) -> None:
    with house.services.transaction() as work:
        work.register.record(words)


def is_granted(house: House) -> bool:
    with house.services.transaction() as work:
        found = work.register.permission_for(
            TEDDY, Use.IMAGE, ChannelKey("lincoln-instagram"), NameForm.NONE, NOW
        )
    return isinstance(found, Granted)


def test_what_was_found_out_closes_the_item_and_the_stricter_counts_on(
    registrar: Browser, house: House
) -> None:
    before = registrar.get(PAGE).text
    answer = registrar.post(f"{PAGE}/S2/sis", FORM)
    page = registrar.get(PAGE).text

    assert "What did you find out?" in before
    assert answer.status_code == 302
    assert "None is open" in page
    assert "The family signed again on paper: Pat Registrar, 2026-11-24" in page
    assert FORM["note"] in page
    assert not is_granted(house)


def test_a_settlement_is_audited_without_its_words(registrar: Browser, house: House) -> None:
    registrar.post(f"{PAGE}/S2/sis", FORM)

    with house.services.transaction() as work:
        entry = work.audit.entries()[-1]
    assert (entry.event, entry.subject) == (Event.DISAGREEMENT_SETTLED, "S2")
    assert "Ramos" not in entry.details


def test_an_item_opens_again_when_a_side_changes(registrar: Browser, house: House) -> None:
    registrar.post(f"{PAGE}/S2/sis", FORM)
    again = a_release("S2", name_form=NameForm.FULL)
    record(house, again)

    assert "What did you find out?" in registrar.get(PAGE).text


def test_an_item_disappears_when_both_sides_agree(registrar: Browser, house: House) -> None:
    registrar.post(f"{PAGE}/S2/sis", FORM)
    deny = a_release("S2", answer=Answer.DENY)
    record(house, deny)

    page = registrar.get(PAGE).text
    assert "None is open" in page
    assert "Written down, until" not in page


def test_guardians_who_differ_may_be_talked_to_and_stay_refused(
    registrar: Browser, house: House
) -> None:
    record(house, a_release("S2", answer=Answer.DENY, decided_by="bo@home.example"))
    wrong = registrar.post(f"{PAGE}/S2/guardians", FORM)
    registrar.post(f"{PAGE}/S2/guardians", {**FORM, "how": "talked"})
    page = registrar.get(PAGE).text

    assert wrong.status_code == 400
    assert "We talked to both: Pat Registrar" in page
    assert not is_granted(house)


def test_a_note_is_asked_for(registrar: Browser) -> None:
    answer = registrar.post(f"{PAGE}/S2/sis", {**FORM, "note": ""})

    assert answer.status_code == 422
    assert '<a href="#note-S2-sis">' in answer.get_data(as_text=True)
    assert "What did you find out?" in registrar.get(PAGE).text


def test_what_is_not_there_cannot_be_settled(registrar: Browser, browser_as: BrowserAs) -> None:
    registrar.post(f"{PAGE}/S2/sis", FORM)

    assert registrar.post(f"{PAGE}/S2/sis", FORM).status_code == 404
    assert registrar.post(f"{PAGE}/S1/sis", FORM).status_code == 404
    assert registrar.post(f"{PAGE}/S2/moon", FORM).status_code == 400
    assert registrar.post(f"{PAGE}/S2/sis", {**FORM, "how": "gossip"}).status_code == 400
    assert browser_as(Role.REGISTRAR, "hoover").post(f"{PAGE}/S2/sis", FORM).status_code == 404


def test_every_pair_between_the_same_two_sides_closes_together(
    registrar: Browser, house: House
) -> None:
    later = a_release("S2", use=Use.WORK)
    refusal = a_release(
        "S2", use=Use.WORK, answer=Answer.DENY, capacity=Capacity.SIS, decided_by="sis"
    )
    record(house, later, refusal)
    registrar.post(f"{PAGE}/S2/sis", FORM)
    house.clock.move(timedelta(minutes=1))

    page = registrar.get(PAGE).text
    assert "None is open" in page
    assert "Picture" in page
    assert "Work" in page
