"""A hold counts at once, is lifted by two people, and is seen by the roles the district names."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediacheck.errors import NotFound
from mediacheck.flow.registrars import may_see_holds, require_student
from mediacheck.flow.registrars_holds import is_due, place_hold, propose_lifting
from mediacheck.flow.registrars_second import decide
from mediacheck.model.people import Role
from release_db.errors import NeedsSecondPerson, UnfitPolicy
from release_db.policy import HOLDS_VISIBLE_KEY
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW, TODAY, a_hold, a_staff_member

MAYA = StudentId("S1")
FIRST = a_staff_member("first", role=Role.REGISTRAR, schools=())
SECOND = a_staff_member("second", role=Role.REGISTRAR, schools=())


@pytest.fixture(autouse=True)
def hold(house: House) -> None:
    house.at_desk(FIRST, lambda desk: place_hold(desk, a_hold()))


def propose(house: House, hold_id: str = "hold-S1") -> str:
    found = house.at_desk(
        FIRST, lambda desk: propose_lifting(desk, require_student(desk, MAYA), hold_id)
    )
    return str(found)


def last_day(house: House) -> object:
    with house.services.transaction() as work:
        return work.register.student_files([MAYA])[MAYA].holds[0].ends_on


def test_lifting_a_hold_needs_a_second_person(house: House) -> None:
    waits = propose(house)
    before = last_day(house)
    with pytest.raises(NeedsSecondPerson):
        house.at_desk(FIRST, lambda desk: decide(desk, waits, is_accepted=True))
    house.at_desk(SECOND, lambda desk: decide(desk, waits, is_accepted=True))

    assert before is None
    assert last_day(house) == TODAY


def test_a_declined_lifting_leaves_the_hold_and_may_be_proposed_again(house: House) -> None:
    waits = propose(house)
    house.at_desk(SECOND, lambda desk: decide(desk, waits, is_accepted=False))

    assert last_day(house) is None
    assert propose(house) != waits


def test_what_waits_already_is_not_proposed_twice(house: House) -> None:
    propose(house)

    with pytest.raises(NotFound):
        propose(house)
    with pytest.raises(NotFound):
        propose(house, "another")


@pytest.mark.parametrize(
    ("policy", "seeing"),
    [
        (None, {Role.REGISTRAR, Role.ADMINISTRATOR}),
        ("administrator", {Role.ADMINISTRATOR}),
        ("registrar", {Role.REGISTRAR}),
        ("registrar;administrator", {Role.REGISTRAR, Role.ADMINISTRATOR}),
    ],
)
def test_the_district_says_who_sees_holds_and_a_teacher_never_does(
    house: House, policy: str | None, seeing: set[Role]
) -> None:
    with house.services.transaction() as work:
        if policy is not None:
            work.register.set_policy(HOLDS_VISIBLE_KEY, policy, school=None, by="a", at=NOW)
        found = {
            role for role in Role if may_see_holds(work.register, a_staff_member("x", role=role))
        }

    assert found == seeing


def test_a_hold_is_due_on_the_day_it_was_to_be_looked_at() -> None:
    assert is_due(TODAY, TODAY)
    assert not is_due(TODAY + timedelta(days=1), TODAY)
    assert not is_due(None, TODAY)


@pytest.mark.parametrize("policy", ["", "teacher", "registrar;teacher", "registrar, administrator"])
def test_no_policy_shows_holds_to_others_or_to_nobody(house: House, policy: str) -> None:
    with house.services.transaction() as work, pytest.raises(UnfitPolicy):
        work.register.set_policy(HOLDS_VISIBLE_KEY, policy, school=None, by="a", at=NOW)
