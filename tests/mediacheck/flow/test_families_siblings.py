"""One signature for several children, on a real register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from mediacheck.errors import NotFound
from mediacheck.flow.families import (
    FamilyDesk,
    Signed,
    WouldWiden,
    children_of,
    choices_of,
    sign_choices,
)
from mediacheck.flow.families_choices import PLACES, Choice, Choices, Place
from mediacheck.flow.families_siblings import LeftOut, siblings_of, sign_like, sign_together
from release_db.records import Granted, Guardian, Hold, StudentFile
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.terms import CourtOrder
from release_db.words import (
    Audience,
    ChannelKey,
    GuardianId,
    HoldId,
    NameForm,
    OrderEffect,
    OrderId,
    Rights,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_student
from tests.mediacheck.flow.test_families import EVERYTHING, INSIDE, NOTHING, SIGNATURE, a_visitor

FIRST, SECOND, THIRD = "S3", "S4", "S5"
T = TypeVar("T")


@pytest.fixture
def family(house: House) -> House:
    """A mother of three, with both notices approved."""
    with house.services.transaction() as work:
        work.register.save_students([a_student(one, given=one) for one in (FIRST, SECOND, THIRD)])
        work.register.save_guardians([a_link(one) for one in (FIRST, SECOND, THIRD)])
        for text in STANDARD_NOTICES:
            work.register.terms.publish_notice(approved(text, by="the-boss", on=TODAY, at=NOW))
    return house


def a_link(student: str, rights: Rights = Rights.FULL) -> Guardian:
    return Guardian(
        guardian_id=GuardianId("mother"), student_id=StudentId(student), email=PARENT, rights=rights
    )


def at_desk(house: House, act: Callable[[FamilyDesk], T], *, may_grant: bool = True) -> T:
    with house.services.transaction() as work:
        visitor = a_visitor(may_grant=may_grant)
        return act(FamilyDesk(services=house.services, work=work, visitor=visitor))


def sign(
    house: House, also: Sequence[str], choices: Choices = EVERYTHING, *, may_grant: bool = True
) -> tuple[Signed, ...]:
    return at_desk(
        house,
        lambda desk: sign_together(desk, FIRST, also, choices, SIGNATURE),
        may_grant=may_grant,
    )


def is_allowed(house: House, student: str) -> bool:
    with house.services.transaction() as work:
        key = ChannelKey("lincoln-instagram")
        found = work.register.permission_for(StudentId(student), Use.IMAGE, key, NameForm.NONE, NOW)
    return isinstance(found, Granted)


def file_of(desk: FamilyDesk, student: str) -> StudentFile:
    return next(file for file in children_of(desk) if file.student.student_id == student)


def left_out(house: House) -> dict[str, LeftOut | None]:
    return at_desk(
        house,
        lambda desk: {
            one.file.student.student_id: one.left_out
            for one in siblings_of(desk, file_of(desk, FIRST))
        },
    )


def test_one_signature_covers_three_children_with_an_act_each(family: House) -> None:
    signed = sign(family, [SECOND, THIRD])

    assert [one.student_id for one in signed] == [FIRST, SECOND, THIRD]
    assert len({one.act for one in signed}) == 3
    assert all(is_allowed(family, one) for one in (FIRST, SECOND, THIRD))


def test_each_child_has_an_entry_in_the_audit(family: House) -> None:
    sign(family, [SECOND, THIRD])

    with family.services.transaction() as work:
        entries = [one for one in work.audit.entries() if one.event == "releases:signed"]
    assert [entry.subject for entry in entries] == [FIRST, SECOND, THIRD]


def test_a_child_that_was_not_ticked_stays_unanswered(family: House) -> None:
    sign(family, [SECOND])

    assert not is_allowed(family, THIRD)


def test_what_was_answered_before_serves_the_siblings_later(family: House) -> None:
    sign(family, [], INSIDE)

    at_desk(family, lambda desk: sign_like(desk, FIRST, [SECOND], SIGNATURE))

    shown = at_desk(
        family, lambda desk: [choices_of(desk, file_of(desk, one)) for one in (FIRST, SECOND)]
    )
    assert shown[0] == shown[1]


def test_what_was_not_answered_says_nothing_for_a_sibling(family: House) -> None:
    social = Place(audience=Audience.SOCIAL, use=Use.IMAGE)
    at_desk(family, lambda desk: sign_choices(desk, SECOND, {social: Choice.YES}, SIGNATURE))

    sign(family, [SECOND], {Place(audience=Audience.CLASS, use=Use.IMAGE): Choice.NO})

    assert is_allowed(family, SECOND)


def test_a_sibling_of_18_is_left_out(family: House) -> None:
    grown = replace(a_student(SECOND), birth_on=date(2008, 1, 1))
    with family.services.transaction() as work:
        work.register.save_students([grown])

    assert left_out(family) == {SECOND: LeftOut.OF_AGE, THIRD: None}
    with pytest.raises(NotFound):
        sign(family, [SECOND])


def test_a_sibling_under_a_hold_is_managed_by_the_office(family: House) -> None:
    hold = Hold(hold_id=HoldId("h"), student_id=StudentId(SECOND), starts_on=TODAY)
    with family.services.transaction() as work:
        work.register.place_hold(hold)

    assert left_out(family)[SECOND] is LeftOut.OFFICE


@pytest.mark.parametrize("audience", [Audience.SOCIAL, Audience.PRESS])
def test_a_sibling_for_whom_an_order_limits_her_is_left_out(
    family: House, audience: Audience
) -> None:
    order = CourtOrder(
        order_id=OrderId("o"),
        student_id=StudentId(SECOND),
        effect=OrderEffect.REMOVES_RIGHTS,
        guardian_id=GuardianId("mother"),
        audience=audience,
        starts_on=TODAY,
        recorded_at=NOW,
    )
    with family.services.transaction() as work:
        work.register.terms.record_order(order)

    assert left_out(family)[SECOND] is LeftOut.RIGHTS


@pytest.mark.parametrize(
    ("rights", "expected"),
    [(Rights.UNVERIFIED, {SECOND: LeftOut.RIGHTS, THIRD: None}), (Rights.REMOVED, {THIRD: None})],
)
def test_a_sibling_for_whom_she_has_other_rights_is_left_out(
    family: House, rights: Rights, expected: dict[str, LeftOut | None]
) -> None:
    with family.services.transaction() as work:
        work.register.save_guardians([a_link(SECOND, rights)])

    assert left_out(family) == expected


def test_if_one_child_cannot_be_covered_none_is_recorded(family: House) -> None:
    with pytest.raises(NotFound):
        sign(family, [SECOND, "S1"])

    assert not is_allowed(family, FIRST)


def test_a_mailed_link_restricts_all_three_and_widens_none(family: House) -> None:
    sign(family, [SECOND])

    sign(family, [SECOND, THIRD], NOTHING, may_grant=False)

    assert not any(is_allowed(family, one) for one in (FIRST, SECOND, THIRD))
    with pytest.raises(WouldWiden):
        sign(family, [SECOND, THIRD], may_grant=False)


def test_a_mailed_link_leaves_a_siblings_stricter_answer(family: House) -> None:
    sign(family, [])
    at_desk(family, lambda desk: sign_choices(desk, SECOND, NOTHING, SIGNATURE))
    kept = dict.fromkeys(PLACES, Choice.YES) | {
        Place(audience=Audience.PRESS, use=Use.VOICE): Choice.NO
    }

    sign(family, [SECOND], kept, may_grant=False)

    assert is_allowed(family, FIRST)
    assert not is_allowed(family, SECOND)
