"""Verifying guardians, and orders: what restricts counts at once, what widens needs two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import require_student
from mediacheck.flow.registrars_guardians import (
    RightsRemoved,
    VerifiedHow,
    require_guardian,
    verify,
    withdraw_verification,
)
from mediacheck.flow.registrars_orders import OrderEntry, UnfitOrder, propose_end, record_order
from mediacheck.flow.registrars_second import decide
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from release_db.errors import NeedsSecondPerson
from release_db.records import Granted, Guardian, Permission, StudentFile
from release_db.words import (
    Answer,
    ChannelKey,
    GuardianId,
    NameForm,
    OrderEffect,
    Rights,
    RightsBasis,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_release, a_staff_member

TEDDY, ANA, BO = StudentId("S2"), GuardianId("S2-ana"), GuardianId("S2-bo")
BO_MAIL = "bo@families.example"
FIRST = a_staff_member("first", role=Role.REGISTRAR, schools=())
SECOND = a_staff_member("second", role=Role.ADMINISTRATOR, schools=())
REMOVES = OrderEntry(
    effect=OrderEffect.REMOVES_RIGHTS,
    guardian_id=ANA,
    uses=(),
    audience=None,
    starts_on=TODAY,
    ends_on=None,
    review_on=TODAY + timedelta(days=90),
    reference="Case 26-1234",
)


@pytest.fixture(autouse=True)
def guardians(house: House) -> None:
    """Ana has said yes to pictures of Teddy; Bo has said nothing."""
    with house.services.transaction() as work:
        work.register.save_guardians(
            [
                Guardian(guardian_id=ANA, student_id=TEDDY, email=PARENT),
                Guardian(guardian_id=BO, student_id=TEDDY, email=BO_MAIL),
            ]
        )
        work.register.record([a_release("S2")])


def permission(house: House) -> Permission:
    with house.services.transaction() as work:
        return work.register.permission_for(
            TEDDY, Use.IMAGE, ChannelKey("lincoln-instagram"), NameForm.NONE, NOW
        )


def file_of(house: House) -> StudentFile:
    with house.services.transaction() as work:
        return work.register.student_files([TEDDY])[TEDDY]


def record(house: House, entry: OrderEntry) -> str | None:
    found = house.at_desk(
        FIRST, lambda desk: record_order(desk, require_student(desk, TEDDY), entry)
    )
    return str(found) if found is not None else None


def say(house: House, answer: Answer, by: str) -> None:
    with house.services.transaction() as work:
        word = a_release("S2", answer=answer, decided_by=by)
        work.register.record([word])


def test_an_order_that_only_takes_a_yes_counts_at_once(house: House) -> None:
    before = permission(house)
    waits = record(house, REMOVES)

    assert waits is None
    assert isinstance(before, Granted)
    assert not isinstance(permission(house), Granted)
    (order,) = file_of(house).orders
    assert (order.recorded_by, order.reference) == ("first", "Case 26-1234")


def test_an_order_for_the_rights_holder_alone_counts_at_once(house: House) -> None:
    say(house, Answer.DENY, BO_MAIL)
    entry = replace(REMOVES, effect=OrderEffect.RIGHTS_HOLDER_ONLY, guardian_id=None)

    assert record(house, entry) is None
    assert not isinstance(permission(house), Granted)


def test_an_order_that_would_lift_a_no_waits_and_the_no_counts_on(house: House) -> None:
    say(house, Answer.DENY, BO_MAIL)
    waits = record(house, replace(REMOVES, guardian_id=BO))

    assert waits is not None
    assert file_of(house).orders == ()
    assert not isinstance(permission(house), Granted)
    with pytest.raises(NeedsSecondPerson):
        house.at_desk(FIRST, lambda desk: decide(desk, waits, is_accepted=True))
    house.at_desk(SECOND, lambda desk: decide(desk, waits, is_accepted=True))
    assert isinstance(permission(house), Granted)


def test_while_an_order_waits_the_yes_of_whom_it_names_stops(house: House) -> None:
    with house.services.transaction() as work:
        no_to_work = a_release("S2", use=Use.WORK, answer=Answer.DENY)
        work.register.record([no_to_work])
    waits = record(house, REMOVES)

    assert waits is not None
    assert require_guardian(file_of(house), ANA).rights is Rights.UNVERIFIED
    assert not isinstance(permission(house), Granted)


def test_an_order_that_begins_later_suspends_nobody_meanwhile(house: House) -> None:
    say(house, Answer.DENY, BO_MAIL)
    record(house, replace(REMOVES, guardian_id=BO, starts_on=TODAY + timedelta(days=3)))

    assert require_guardian(file_of(house), BO).rights is Rights.FULL


def test_sole_rights_silence_everybody_else(house: House) -> None:
    entry = replace(REMOVES, effect=OrderEffect.SOLE_RIGHTS, guardian_id=BO)

    assert record(house, entry) is None
    assert not isinstance(permission(house), Granted)


def test_ending_an_order_needs_a_second_person(house: House) -> None:
    record(house, REMOVES)
    (order,) = file_of(house).orders

    def end(desk: Desk) -> str:
        file = require_student(desk, TEDDY)
        return propose_end(desk, file, order.order_id, ends_on=TODAY, reference="Case 27-1")

    waits = str(house.at_desk(FIRST, end))
    assert file_of(house).orders[0].ends_on is None
    house.at_desk(SECOND, lambda desk: decide(desk, waits, is_accepted=True))
    assert file_of(house).orders[0].ends_on == TODAY


def test_an_order_has_no_end_that_has_passed(house: House) -> None:
    record(house, REMOVES)
    (order,) = file_of(house).orders
    yesterday = TODAY - timedelta(days=1)

    with pytest.raises(UnfitOrder):
        house.at_desk(
            FIRST,
            lambda desk: propose_end(
                desk, require_student(desk, TEDDY), order.order_id, ends_on=yesterday, reference=""
            ),
        )
    with pytest.raises(NotFound):
        house.at_desk(
            FIRST,
            lambda desk: propose_end(
                desk, require_student(desk, TEDDY), "another", ends_on=TODAY, reference=""
            ),
        )


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (replace(REMOVES, guardian_id=None), "guardian"),
        (replace(REMOVES, ends_on=TODAY - timedelta(days=1)), "ends_on"),
        (replace(REMOVES, review_on=TODAY - timedelta(days=1)), "review_on"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused(
    house: House, entry: OrderEntry, field: str
) -> None:
    with pytest.raises(UnfitOrder) as unfit:
        record(house, entry)

    assert unfit.value.field == field
    assert file_of(house).orders == ()


def test_whoever_is_not_verified_may_only_restrict_until_the_office_has_looked(
    house: House,
) -> None:
    house.at_desk(
        FIRST,
        lambda desk: withdraw_verification(
            desk,
            require_student(desk, TEDDY),
            require_guardian(require_student(desk, TEDDY), ANA),
        ),
    )
    meanwhile = permission(house)
    house.at_desk(FIRST, verify_ana)

    assert not isinstance(meanwhile, Granted)
    assert isinstance(permission(house), Granted)
    with house.services.transaction() as work:
        newest = work.register.terms.guardian_changes(TEDDY)[0]
        events = [entry.event for entry in work.audit.entries()]
    assert (newest.verified_how, newest.recorded_by) == ("photo-id", "first")
    assert events[-2:] == [Event.VERIFICATION_WITHDRAWN, Event.GUARDIAN_VERIFIED]


def test_removed_rights_are_not_given_back_by_a_verification(house: House) -> None:
    link = Guardian(guardian_id=ANA, student_id=TEDDY, email=PARENT, rights=Rights.REMOVED)
    with house.services.transaction() as work:
        work.register.save_guardians([link])

    with pytest.raises(RightsRemoved):
        house.at_desk(FIRST, verify_ana)


def verify_ana(desk: Desk) -> None:
    file = require_student(desk, TEDDY)
    ana = require_guardian(file, ANA)
    verify(desk, file, ana, how=VerifiedHow.PHOTO_ID, basis=RightsBasis.PARENT)
