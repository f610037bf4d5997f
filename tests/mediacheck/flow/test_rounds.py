"""The renewal round: it opens by the clock, and asks each family once, and then seldom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mediacheck.errors import NotAllowed
from mediacheck.flow.rounds import (
    Stage,
    TooSoon,
    UnfitYear,
    Year,
    open_round_now,
    remind,
    set_next_year,
    turn_year,
    year_of,
)
from mediacheck.flow.rounds_mail import STEP, send_rounds
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import Mail, MailKind
from mediacheck.model.people import Role
from release_db.records import Granted, Guardian, Release, School
from release_db.terms import CourtOrder
from release_db.words import (
    Answer,
    GuardianId,
    NameForm,
    OrderEffect,
    OrderId,
    ReleaseId,
    Rights,
    SchoolKey,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import PARENT, SCHOOL, a_channel, a_release, a_staff_member, a_student

ENDS, FOLLOWING = date(2026, 11, 30), date(2027, 11, 26)
CHILDREN = tuple(a_student(name, given=name) for name in ("S1", "S2", "S3"))
REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())


@pytest.fixture
def ending(house: House) -> House:
    """A year that ends in a week; one parent of three children, and a second of one of them."""
    with house.services.transaction() as work:
        work.register.set_policy(
            "school_year_ends_on", ENDS.isoformat(), school=None, by="a", at=house.clock.now()
        )
        work.register.save_students(CHILDREN)
        links = [a_link(child.student_id, PARENT) for child in CHILDREN]
        work.register.save_guardians([*links, a_link("S2", "other@families.example")])
    return house


def a_link(student: str, email: str, rights: Rights = Rights.FULL) -> Guardian:
    return Guardian(
        guardian_id=GuardianId(f"g-{email}"),
        student_id=StudentId(student),
        email=email,
        rights=rights,
    )


def sweep(house: House) -> None:
    turn_year(house.services)
    send_rounds(house.services)


def state(house: House) -> Year:
    with house.services.transaction() as work:
        return year_of(work, house.services)


def mails(house: House, email: str = PARENT) -> tuple[Mail, ...]:
    """The round's mails to an address."""
    with house.services.transaction() as work:
        account = work.families.account_by_email_or_none(email)
        rounds = work.register.terms.rounds()
        if account is None or not rounds:
            return ()
        return work.outbox.about(f"round:{rounds[-1].round_id}", [account.account_id])


def take_all_mail(house: House) -> None:
    """A server takes everything that waits."""
    with house.services.transaction() as work:
        for mail_id in work.outbox.due(house.clock.now()):
            work.outbox.mark_sent(mail_id, house.clock.now())


def set_following(house: House) -> None:
    with house.services.transaction() as work:
        set_next_year(work, house.services, FOLLOWING, by=REGISTRAR)


def open_the_round(house: House) -> None:
    set_following(house)
    house.clock.move(timedelta(days=7))
    sweep(house)


def remind_all(house: House) -> None:
    with house.services.transaction() as work:
        remind(work, house.services, by=REGISTRAR)
    send_rounds(house.services)


def test_no_round_opens_before_the_year_has_ended(ending: House) -> None:
    ending.clock.move(timedelta(days=6))
    sweep(ending)

    assert state(ending).stage is Stage.RUNNING
    assert state(ending).round is None


def test_the_round_opens_by_itself_and_is_recorded(ending: House) -> None:
    ending.clock.move(timedelta(days=7))
    sweep(ending)
    sweep(ending)

    year = state(ending)
    assert year.stage is Stage.WAITING
    assert year.round is not None
    assert year.round.year_ends_on == ENDS
    with ending.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert events.count(Event.ROUND_OPENED) == 1


def test_nobody_is_written_to_until_the_new_year_has_an_end(ending: House) -> None:
    ending.clock.move(timedelta(days=7))
    sweep(ending)
    assert mails(ending) == ()

    set_following(ending)
    sweep(ending)

    assert state(ending).stage is Stage.OPEN
    assert len(mails(ending)) == 1


def test_an_end_that_was_set_before_is_taken_when_the_year_ends(ending: House) -> None:
    open_the_round(ending)

    with ending.services.transaction() as work:
        assert work.register.policy_or_none("school_year_ends_on") == FOLLOWING.isoformat()
    assert state(ending).stage is Stage.OPEN


def test_a_parent_of_three_gets_one_mail_and_no_second(ending: House) -> None:
    open_the_round(ending)
    sweep(ending)

    [mail] = mails(ending)
    assert mail.kind is MailKind.INVITATION
    assert len(mails(ending, "other@families.example")) == 1


def test_who_signs_in_already_is_asked_to_answer_and_not_to_set_up(ending: House) -> None:
    account = FamilyAccount(
        account_id=FamilyAccountId("mother"), kind=FamilyKind.GUARDIAN, email=PARENT, name="M"
    )
    with ending.services.transaction() as work:
        work.families.save_account(account)
        work.families.set_password(account.account_id, "hash", "SECRET", 0)
    open_the_round(ending)

    assert [mail.kind for mail in mails(ending)] == [MailKind.RENEWAL]


def test_who_has_answered_for_the_new_year_is_left_in_peace(ending: House) -> None:
    set_following(ending)
    ending.clock.move(timedelta(days=7))
    answers = [an_answer(one.student_id) for one in CHILDREN]
    with ending.services.transaction() as work:
        work.register.record(answers)
    sweep(ending)

    assert mails(ending) == ()


def an_answer(student: str) -> Release:
    """What a parent signed after the year had ended."""
    new = a_release(student, use=Use.VOICE)
    return replace(new, release_id=ReleaseId(f"new-{student}"), given_on=date(2026, 12, 1))


def test_who_only_ever_refused_is_not_asked_to_think_again(ending: House) -> None:
    with ending.services.transaction() as work:
        work.register.terms.record_order(an_order("S2", "g-other@families.example"))
        answered = work.register.terms.students_who_answered(ENDS)
    assert answered == frozenset()

    refusal = a_release("S3", answer=Answer.DENY)
    with ending.services.transaction() as work:
        work.register.record([refusal])
        assert work.register.terms.students_who_answered(ENDS) == {"S3"}


def an_order(student: str, guardian: str) -> CourtOrder:
    return CourtOrder(
        order_id=OrderId("o1"),
        student_id=StudentId(student),
        effect=OrderEffect.REMOVES_RIGHTS,
        guardian_id=GuardianId(guardian),
        starts_on=date(2026, 9, 1),
        recorded_at=datetime(2026, 9, 1, tzinfo=UTC),
    )


def test_whose_rights_a_court_or_the_office_removed_is_not_written_to(ending: House) -> None:
    removed = a_link("S1", "rex@families.example", Rights.REMOVED)
    with ending.services.transaction() as work:
        work.register.terms.record_order(an_order("S2", "g-other@families.example"))
        work.register.save_guardians([removed])
    open_the_round(ending)

    assert mails(ending, "other@families.example") == ()
    assert mails(ending, "rex@families.example") == ()


def test_at_18_the_student_is_written_to_and_no_guardian(ending: House) -> None:
    grown = replace(CHILDREN[1], birth_on=date(2008, 11, 1), email="own@students.example")
    with ending.services.transaction() as work:
        work.register.save_students([grown])
    open_the_round(ending)

    assert [mail.kind for mail in mails(ending, "own@students.example")] == [MailKind.OF_AGE]
    assert mails(ending, "other@families.example") == ()


def test_a_reminder_waits_for_its_time_and_ends_with_the_policy(ending: House) -> None:
    open_the_round(ending)
    take_all_mail(ending)
    with pytest.raises(TooSoon):
        remind_all(ending)

    for _ in range(2):
        ending.clock.move(timedelta(days=14))
        remind_all(ending)
        take_all_mail(ending)
    assert len(mails(ending)) == 3
    ending.clock.move(timedelta(days=60))
    with pytest.raises(TooSoon):
        remind_all(ending)


def test_a_reminder_leaves_out_who_has_answered_meanwhile(ending: House) -> None:
    open_the_round(ending)
    take_all_mail(ending)
    answer = an_answer("S2")
    with ending.services.transaction() as work:
        work.register.record([answer])
    ending.clock.move(timedelta(days=14))
    remind_all(ending)

    assert len(mails(ending)) == 2
    assert len(mails(ending, "other@families.example")) == 1


def test_an_address_that_sent_mail_back_is_not_tried_again(ending: House) -> None:
    open_the_round(ending)
    with ending.services.transaction() as work:
        for mail_id in work.outbox.due(ending.clock.now()):
            work.outbox.mark_bounced(mail_id, 550)
    ending.clock.move(timedelta(days=14))
    remind_all(ending)

    assert len(mails(ending)) == 1


def test_a_policy_of_no_reminder_allows_none(ending: House) -> None:
    with ending.services.transaction() as work:
        at = ending.clock.now()
        work.register.set_policy("renewal_reminders", "0", school=None, by="a", at=at)
    open_the_round(ending)
    ending.clock.move(timedelta(days=60))

    with pytest.raises(TooSoon):
        remind_all(ending)


@pytest.mark.parametrize("ends_on", [ENDS, date(2026, 11, 1), date(2028, 7, 1)])
def test_a_day_that_no_next_year_ends_on_is_refused(ending: House, ends_on: date) -> None:
    with pytest.raises(UnfitYear), ending.services.transaction() as work:
        set_next_year(work, ending.services, ends_on, by=REGISTRAR)


def test_a_registrar_of_one_school_does_not_set_the_district_s_year(ending: House) -> None:
    of_one = replace(REGISTRAR, schools=(SCHOOL,))
    with pytest.raises(NotAllowed), ending.services.transaction() as work:
        set_next_year(work, ending.services, FOLLOWING, by=of_one)


def test_what_ended_stays_ended_when_the_next_year_ends_later(ending: House) -> None:
    with ending.services.transaction() as work:
        set_next_year(work, ending.services, date(2027, 12, 17), by=REGISTRAR)
    assert is_maya_allowed(ending)
    ending.clock.move(timedelta(days=7))
    sweep(ending)

    assert not is_maya_allowed(ending)


def is_maya_allowed(house: House) -> bool:
    with house.services.transaction() as work:
        permission = work.register.permission_for(
            StudentId("S1"), Use.IMAGE, a_channel().key, NameForm.NONE, house.clock.now()
        )
    return isinstance(permission, Granted)


def test_a_large_mailing_goes_on_where_it_stopped(ending: House) -> None:
    many = [a_student(f"T{number:03d}") for number in range(STEP + 10)]
    with ending.services.transaction() as work:
        work.register.save_students(many)
        work.register.save_guardians(
            [a_link(one.student_id, f"{one.student_id}@home.example") for one in many]
        )
    open_the_round(ending)

    with ending.services.transaction() as work:
        [mailing] = work.mailings.of_round(work.register.terms.rounds()[0].round_id)
        progress = work.mailings.progress_of(mailing.mailing_id)
    assert (progress.is_done, progress.mails) == (True, STEP + 12)
    assert len(mails(ending, f"T{STEP:03d}@home.example")) == 1


def test_a_school_s_registrar_reminds_that_school_only(ending: House) -> None:
    elsewhere = replace(a_student("H1"), school=SchoolKey("hoover"), classes=())
    with ending.services.transaction() as work:
        work.register.save_school(School(key=SchoolKey("hoover"), name="Hoover"))
        work.register.save_students([elsewhere])
        work.register.save_guardians([a_link("H1", "h@home.example")])
    open_the_round(ending)
    take_all_mail(ending)
    ending.clock.move(timedelta(days=14))
    with ending.services.transaction() as work:
        remind(work, ending.services, by=replace(REGISTRAR, schools=(SCHOOL,)))
    send_rounds(ending.services)

    assert len(mails(ending)) == 2
    assert len(mails(ending, "h@home.example")) == 1


def set_year_end(house: House, value: str) -> None:
    with house.services.transaction() as work:
        at = house.clock.now()
        work.register.set_policy("school_year_ends_on", value, school=None, by="a", at=at)


def test_a_day_that_had_passed_when_it_was_set_ends_nothing_by_itself(ending: House) -> None:
    set_year_end(ending, "2026-11-01")
    sweep(ending)
    assert state(ending).stage is Stage.PASSED
    assert state(ending).round is None

    with ending.services.transaction() as work:
        set_next_year(work, ending.services, date(2027, 6, 11), by=REGISTRAR)

    assert (state(ending).stage, state(ending).ends_on) == (Stage.RUNNING, date(2027, 6, 11))
    assert is_maya_allowed(ending)


def test_the_office_opens_the_round_of_a_year_that_was_entered_late(ending: House) -> None:
    set_year_end(ending, "2026-11-01")
    with ending.services.transaction() as work:
        open_round_now(work, ending.services, by=REGISTRAR)

    year = state(ending)
    assert year.stage is Stage.WAITING
    assert year.round is not None
    assert year.round.opened_by == REGISTRAR.staff_id
    with pytest.raises(NotAllowed), ending.services.transaction() as work:
        open_round_now(work, ending.services, by=REGISTRAR)


def test_a_round_that_was_left_for_years_can_still_be_turned(ending: House) -> None:
    ending.clock.move(timedelta(days=900))
    sweep(ending)
    with ending.services.transaction() as work:
        set_next_year(work, ending.services, date(2030, 6, 14), by=REGISTRAR)

    assert state(ending).stage is Stage.OPEN


def test_a_district_without_a_year_has_no_round(house: House) -> None:
    sweep(house)

    assert state(house).stage is Stage.UNSET
