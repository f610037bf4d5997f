"""A paper form: what it refuses counts at once, and what it allows waits for a second person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import IntakeError, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.families_choices import Choice, Choices, Place
from mediacheck.flow.registrars import require_student, waiting
from mediacheck.flow.registrars_papers import (
    AnsweredSince,
    Entered,
    NothingNew,
    PaperEntry,
    UnfitDay,
    enter_form,
    read_scan,
)
from mediacheck.flow.registrars_second import decide
from mediacheck.intake.scans import IncompleteScan
from mediacheck.model.audit import Event
from mediacheck.model.office import ScanKind
from mediacheck.model.people import Role
from release_db.errors import NeedsSecondPerson
from release_db.records import Granted, Guardian, Permission
from release_db.words import (
    Audience,
    ChannelKey,
    GuardianId,
    NameForm,
    Rights,
    SchoolKey,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_release, a_staff_member
from tests.mediacheck.intake.test_scans import PDF

TEDDY, ANA = StudentId("S2"), GuardianId("S2-ana")
FIRST = a_staff_member("first", role=Role.REGISTRAR, schools=())
SECOND = a_staff_member("second", role=Role.REGISTRAR, schools=())
IMAGE = Place(audience=Audience.SOCIAL, use=Use.IMAGE)
NAME = Place(audience=Audience.SOCIAL, use=Use.NAME)


@pytest.fixture(autouse=True)
def guardian(house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_guardians([Guardian(guardian_id=ANA, student_id=TEDDY, email=PARENT)])


def enter(house: House, answers: Choices, signer: GuardianId | None = ANA) -> Entered:
    read = read_scan(house.services, PDF, "form.pdf")
    entry = PaperEntry(signer=signer, signed_on=TODAY - timedelta(days=1), answers=answers)

    def act(desk: Desk) -> Entered:
        return enter_form(desk, require_student(desk, TEDDY), entry, read)

    entered = house.at_desk(FIRST, act)
    assert isinstance(entered, Entered)
    return entered


def permission(house: House, use: Use = Use.IMAGE) -> Permission:
    with house.services.transaction() as work:
        return work.register.permission_for(
            TEDDY, use, ChannelKey("lincoln-instagram"), NameForm.NONE, NOW
        )


def events(house: House) -> list[str]:
    with house.services.transaction() as work:
        return [entry.event for entry in work.audit.entries()]


def test_a_no_on_paper_counts_at_once_and_names_its_scan(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.NO, NAME: Choice.ASK})

    assert (entered.refusals, entered.proposal_id) == (2, None)
    with house.services.transaction() as work:
        words = work.register.student_files([TEDDY])[TEDDY].releases
        (form,) = work.office.forms_of(TEDDY)
    proofs = [json.loads(word.evidence) for word in words]
    assert {proof["scan_sha256"] for proof in proofs} == {form.scan.sha256}
    assert {word.decided_by for word in words} == {PARENT}
    assert house.services.papers.get(form.scan.sha256) == PDF
    assert Event.PAPER_ENTERED in events(house)


def test_a_yes_on_paper_counts_only_after_a_second_person(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.YES})
    before = permission(house)
    house.at_desk(SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True))

    assert not isinstance(before, Granted)
    assert isinstance(permission(house), Granted)
    with house.services.transaction() as work:
        (word,) = work.register.student_files([TEDDY])[TEDDY].releases
    proof = json.loads(word.evidence)
    assert (proof["entered_by"], proof["confirmed_by"]) == ("first", "second")


def test_whoever_entered_a_form_cannot_confirm_it(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.YES})

    with pytest.raises(NeedsSecondPerson):
        house.at_desk(FIRST, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True))
    assert not isinstance(permission(house), Granted)


def test_a_declined_form_allows_nothing_and_cannot_be_accepted_later(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.YES})
    house.at_desk(SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=False))

    with pytest.raises(NotFound):
        house.at_desk(
            SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True)
        )
    assert not isinstance(permission(house), Granted)


def test_of_a_mixed_form_the_no_counts_at_once_and_the_yes_waits(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.YES, NAME: Choice.NO})

    assert entered.refusals == 1
    assert entered.proposal_id is not None
    house.at_desk(SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True))
    assert isinstance(permission(house), Granted)
    assert not isinstance(permission(house, Use.NAME), Granted)


def test_a_milder_answer_waits_too(house: House) -> None:
    enter(house, {IMAGE: Choice.NO})

    assert enter(house, {IMAGE: Choice.ASK}).proposal_id is not None


@pytest.mark.parametrize(
    ("days", "method", "is_in_time"),
    [(0, "portal", False), (-1, "portal", False), (-2, "portal", True), (-1, "paper", True)],
)
def test_a_form_is_not_confirmed_over_what_the_signer_may_have_said_later(
    house: House, days: int, method: str, is_in_time: bool
) -> None:
    said = replace(
        a_release("S2", use=Use.WORK), given_on=TODAY + timedelta(days=days), method=method
    )
    with house.services.transaction() as work:
        work.register.record([said])
    entered = enter(house, {IMAGE: Choice.YES, NAME: Choice.NO})

    if is_in_time:
        house.at_desk(
            SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True)
        )
    else:
        with pytest.raises(AnsweredSince):
            house.at_desk(
                SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True)
            )
    assert isinstance(permission(house), Granted) is is_in_time


def test_a_newer_form_is_the_last_word(house: House) -> None:
    older = enter(house, {IMAGE: Choice.YES})
    house.clock.move(timedelta(minutes=5))
    enter(house, {IMAGE: Choice.NO})

    with pytest.raises(AnsweredSince):
        house.at_desk(SECOND, lambda desk: decide(desk, older.proposal_id or "", is_accepted=True))
    assert not isinstance(permission(house), Granted)


def test_the_yes_of_somebody_unverified_allows_nothing(house: House) -> None:
    link = Guardian(guardian_id=ANA, student_id=TEDDY, email=PARENT, rights=Rights.UNVERIFIED)
    with house.services.transaction() as work:
        work.register.save_guardians([link])
    entered = enter(house, {IMAGE: Choice.YES})
    house.at_desk(SECOND, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True))

    assert not isinstance(permission(house), Granted)


def test_the_students_own_no_on_paper_is_the_students(house: House) -> None:
    enter(house, {IMAGE: Choice.NO}, signer=None)

    with house.services.transaction() as work:
        (word,) = work.register.student_files([TEDDY])[TEDDY].releases
    assert word.decided_by == "student"


@pytest.mark.parametrize("days", [1, -500])
def test_a_day_that_cannot_be_is_refused(house: House, days: int) -> None:
    read = read_scan(house.services, PDF, "form.pdf")
    entry = PaperEntry(
        signer=ANA, signed_on=TODAY + timedelta(days=days), answers={IMAGE: Choice.NO}
    )

    with pytest.raises(UnfitDay):
        house.at_desk(
            FIRST, lambda desk: enter_form(desk, require_student(desk, TEDDY), entry, read)
        )


def test_a_form_that_says_nothing_new_is_not_kept(house: House) -> None:
    with pytest.raises(NothingNew):
        enter(house, {IMAGE: Choice.UNSAID})
    with pytest.raises(NotFound):
        enter(house, {IMAGE: Choice.NO}, signer=GuardianId("S1-somebody"))
    with house.services.transaction() as work:
        assert work.office.forms_of(TEDDY) == ()


def test_a_picture_is_kept_as_it_is_and_shown_as_our_own_encoding(house: House) -> None:
    read = read_scan(house.services, b"grey:120", "form.jpg")

    assert read.kind is ScanKind.PICTURE
    assert read.data == b"grey:120"
    assert read.view.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [(b"", IntakeError), (b"PK\3\4", IntakeError), (b"%PDF-1.4", IncompleteScan)],
)
def test_a_file_that_is_no_scan_is_refused(
    house: House, data: bytes, refusal: type[IntakeError]
) -> None:
    with pytest.raises(refusal):
        read_scan(house.services, data, "form.pdf")


def test_a_registrar_of_another_school_sees_nothing_wait(house: House) -> None:
    entered = enter(house, {IMAGE: Choice.YES})
    of_the_school = a_staff_member("third", role=Role.REGISTRAR)
    elsewhere = a_staff_member("fourth", role=Role.REGISTRAR, schools=(SchoolKey("roosevelt"),))

    assert house.at_desk(elsewhere, waiting) == ()
    assert house.at_desk(of_the_school, waiting) != ()
    with pytest.raises(NotFound):
        house.at_desk(
            elsewhere, lambda desk: decide(desk, entered.proposal_id or "", is_accepted=True)
        )
