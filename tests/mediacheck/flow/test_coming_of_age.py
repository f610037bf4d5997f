"""An 18th birthday: the student is told once, and nobody else gets the way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediacheck.errors import NotFound
from mediacheck.flow.coming_of_age import (
    Handing,
    UnfitAddress,
    deciding_alone,
    hand_over,
    invite_grown,
)
from mediacheck.flow.desk import Desk
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyKind
from mediacheck.model.mail import MailKind
from mediacheck.model.people import Role
from release_db.records import Guardian, Student
from release_db.words import GuardianId, SchoolKey, StudentId
from tests.conftest import House
from tests.factories import PARENT, SCHOOL, a_staff_member, a_student

BIRTHDAY = date(2026, 11, 25)
OWN = "luz@students.example"
LUZ = replace(a_student("S3", given="Luz"), birth_on=BIRTHDAY.replace(year=2008), email=OWN)
REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())


@pytest.fixture
def eve(house: House) -> House:
    """The day before Luz turns 18; her parent is on file."""
    save(house, LUZ)
    return house


def save(house: House, *students: Student, guardian: str = PARENT) -> None:
    links = [
        Guardian(guardian_id=GuardianId("g"), student_id=one.student_id, email=guardian)
        for one in students
    ]
    with house.services.transaction() as work:
        work.register.save_students(students)
        work.register.save_guardians(links)


def sweep_on_the_day(house: House) -> None:
    house.clock.move(timedelta(days=1))
    hand_over(house.services)


def kinds_to(house: House, email: str = OWN) -> list[MailKind]:
    with house.services.transaction() as work:
        account = work.families.account_by_email_or_none(email)
        if account is None:
            return []
        return [mail.kind for mail in work.outbox.about("of-age:S3", [account.account_id])]


def listed(house: House, *schools: SchoolKey) -> list[tuple[StudentId, Handing]]:
    staff = replace(REGISTRAR, schools=schools)
    with house.services.transaction() as work:
        desk = Desk(services=house.services, work=work, staff=staff)
        return [(one.student.student_id, one.handing) for one in deciding_alone(desk)]


def invite_at_desk(house: House, address: str, student: str = "S3") -> str | None:
    with house.services.transaction() as work:
        desk = Desk(services=house.services, work=work, staff=REGISTRAR)
        return invite_grown(desk, student, address)


def test_nothing_goes_out_on_the_day_before(eve: House) -> None:
    hand_over(eve.services)

    assert kinds_to(eve) == []
    assert listed(eve) == []


def test_on_the_birthday_the_student_is_invited_once(eve: House) -> None:
    sweep_on_the_day(eve)
    hand_over(eve.services)
    sweep_on_the_day(eve)

    assert kinds_to(eve) == [MailKind.OF_AGE]
    with eve.services.transaction() as work:
        account = work.families.account_by_email_or_none(OWN)
        events = [entry.event for entry in work.audit.entries() if entry.subject == "S3"]
    assert account is not None
    assert account.kind is FamilyKind.STUDENT
    assert events == [Event.CAME_OF_AGE]


def test_the_day_is_that_of_the_district_s_zone(eve: House) -> None:
    eve.clock.move(timedelta(hours=5))
    hand_over(eve.services)
    assert kinds_to(eve) == []

    # Midnight in Los Angeles, where the 25th begins at eight in the morning of London.
    eve.clock.move(timedelta(hours=7))
    hand_over(eve.services)
    assert kinds_to(eve) == [MailKind.OF_AGE]


@pytest.mark.parametrize("email", ["", PARENT, PARENT.upper()])
def test_an_address_that_is_none_or_a_guardian_s_gets_no_mail(house: House, email: str) -> None:
    save(house, replace(LUZ, email=email))
    sweep_on_the_day(house)

    assert kinds_to(house, PARENT) == []
    assert listed(house) == [("S3", Handing.NO_ADDRESS)]


def test_an_address_that_two_students_share_is_nobody_s_own(house: House) -> None:
    save(house, LUZ, replace(LUZ, student_id=StudentId("S4"), given_name="Sol"))
    sweep_on_the_day(house)

    assert kinds_to(house) == []
    assert listed(house) == [("S3", Handing.NO_ADDRESS), ("S4", Handing.NO_ADDRESS)]


def test_who_turned_18_long_ago_is_on_the_list_and_gets_no_mail(house: House) -> None:
    save(house, replace(LUZ, birth_on=date(2008, 1, 2)))
    hand_over(house.services)

    assert kinds_to(house) == []
    assert listed(house) == [("S3", Handing.NOT_INVITED)]
    assert listed(house, SCHOOL) == [("S3", Handing.NOT_INVITED)]
    assert listed(house, SchoolKey("hoover")) == []


def test_who_signs_in_already_is_neither_invited_nor_listed(eve: House) -> None:
    sweep_on_the_day(eve)
    with eve.services.transaction() as work:
        account = work.families.account_by_email_or_none(OWN)
        assert account is not None
        work.families.set_password(account.account_id, "hash", "SECRET", 0)
    hand_over(eve.services)

    assert kinds_to(eve) == [MailKind.OF_AGE]
    assert listed(eve) == []


def test_the_office_hands_a_code_over_for_an_address_that_the_student_tells(house: House) -> None:
    save(house, replace(LUZ, email=""))
    house.clock.move(timedelta(days=1))

    code = invite_at_desk(house, OWN)

    assert code
    assert kinds_to(house) == [MailKind.OF_AGE]
    assert listed(house) == [("S3", Handing.INVITED)]
    with house.services.transaction() as work:
        student = work.register.student_or_none(StudentId("S3"))
    assert student is not None
    assert student.email == OWN


@pytest.mark.parametrize("address", ["", "luz", "a@b@c", PARENT, "teddy@students.example"])
def test_the_office_cannot_give_the_way_in_to_somebody_else(house: House, address: str) -> None:
    teddy = replace(a_student("S2", given="Teddy"), email="teddy@students.example")
    save(house, LUZ)
    save(house, teddy, guardian="other@families.example")
    house.clock.move(timedelta(days=1))

    with pytest.raises(UnfitAddress):
        invite_at_desk(house, address)


def test_nobody_under_18_is_handed_anything(eve: House) -> None:
    with pytest.raises(NotFound):
        invite_at_desk(eve, OWN)
