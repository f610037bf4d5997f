"""Where the system and the family, or two guardians, say different things."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from release_db.disagreements import guardian_differences, sis_disagreements
from release_db.records import Guardian, Release, Scope, Student, StudentFile
from release_db.terms import CourtOrder
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    GuardianId,
    NameForm,
    OrderEffect,
    OrderId,
    ReleaseId,
    SchoolKey,
    StudentId,
    Use,
)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
S1 = StudentId("S1")
EVERYWHERE = Scope(use=Use.IMAGE)


def said(
    answer: Answer,
    by: str = "ana@home.example",
    capacity: Capacity = Capacity.GUARDIAN,
    scope: Scope = EVERYWHERE,
) -> Release:
    return Release(
        release_id=ReleaseId(f"{by}-{answer}"),
        student_id=S1,
        scope=scope,
        answer=answer,
        capacity=capacity,
        decided_by=by,
        method="portal",
        given_on=NOON.date(),
        recorded_at=NOON,
    )


def a_file(*releases: Release) -> StudentFile:
    guardians = tuple(
        Guardian(guardian_id=GuardianId(name), student_id=S1, email=f"{name}@home.example")
        for name in ("ana", "ben")
    )
    student = Student(
        student_id=S1, given_name="Maya", family_name="Lopez", school=SchoolKey("lincoln")
    )
    return StudentFile(student=student, guardians=guardians, releases=releases)


ALLOW, DENY = said(Answer.ALLOW), said(Answer.DENY, "ben@home.example")
SIS_DENY = said(Answer.DENY, "sis", Capacity.SIS)
SIS_ALLOW = said(Answer.ALLOW, "sis", Capacity.SIS)


def test_the_system_and_the_family_disagree_either_way() -> None:
    (one,) = sis_disagreements(a_file(ALLOW, SIS_DENY), TODAY)
    (other,) = sis_disagreements(a_file(SIS_ALLOW, DENY), TODAY)

    assert (one.allow, one.refusal) == (ALLOW, SIS_DENY)
    assert (other.allow, other.refusal) == (SIS_ALLOW, DENY)
    assert one.key != other.key


def test_who_says_the_same_does_not_disagree() -> None:
    assert sis_disagreements(a_file(ALLOW, SIS_ALLOW), TODAY) == ()
    assert sis_disagreements(a_file(DENY, SIS_DENY), TODAY) == ()


def test_two_guardians_differ_and_one_does_not_differ_from_herself() -> None:
    own = replace(DENY, decided_by="ana@home.example", scope=Scope(use=Use.IMAGE, channel=None))

    assert [pair.refusal for pair in guardian_differences(a_file(ALLOW, DENY), TODAY)] == [DENY]
    assert guardian_differences(a_file(ALLOW, replace(own, scope=EVERYWHERE)), TODAY) == ()
    assert guardian_differences(a_file(ALLOW, SIS_DENY), TODAY) == ()


def test_a_guardian_whose_rights_an_order_removed_differs_from_nobody() -> None:
    order = CourtOrder(
        order_id=OrderId("o1"),
        student_id=S1,
        effect=OrderEffect.REMOVES_RIGHTS,
        guardian_id=GuardianId("ben"),
        starts_on=NOON.date(),
        recorded_at=NOON,
    )

    assert guardian_differences(replace(a_file(ALLOW, DENY), orders=(order,)), TODAY) == ()


@pytest.mark.parametrize(
    ("allowed", "refused", "do_meet"),
    [
        (Scope(use=Use.IMAGE), Scope(use=Use.WORK), False),
        (Scope(use=Use.IMAGE), Scope(use=Use.IMAGE, audience=Audience.SOCIAL), True),
        (
            Scope(use=Use.IMAGE, audience=Audience.PRINT),
            Scope(use=Use.IMAGE, audience=Audience.SOCIAL),
            False,
        ),
        (
            Scope(use=Use.IMAGE, channel=ChannelKey("a")),
            Scope(use=Use.IMAGE, channel=ChannelKey("b")),
            False,
        ),
        (
            Scope(use=Use.NAME, name_form=NameForm.FIRST),
            Scope(use=Use.NAME, name_form=NameForm.FULL),
            False,
        ),
        (
            Scope(use=Use.NAME, name_form=NameForm.FULL),
            Scope(use=Use.NAME, name_form=NameForm.FIRST),
            True,
        ),
    ],
)
def test_only_what_both_are_about_is_a_disagreement(
    allowed: Scope, refused: Scope, do_meet: bool
) -> None:
    file = a_file(replace(ALLOW, scope=allowed), replace(DENY, scope=refused))

    assert bool(guardian_differences(file, TODAY)) is do_meet
