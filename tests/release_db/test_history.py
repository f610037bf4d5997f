"""An answer about a past moment stays, whatever is recorded afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from release_db.records import Channel, Granted, Hold, Release, Scope
from release_db.register import ReleaseRegister
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    HoldId,
    NameForm,
    ReleaseId,
    Rights,
    StudentId,
    StudentStatus,
    Use,
)

S1 = StudentId("S1")
KEY = ChannelKey("instagram")
THEN = datetime(2026, 11, 24, 18, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def test_nothing_that_is_recorded_later_changes_a_past_answer(register: ReleaseRegister) -> None:
    later = THEN + timedelta(hours=1)
    register._now = register.terms._now = lambda: later
    register.record([a_release("r1", Answer.ALLOW, THEN)])
    before = asked_then(register)

    for change in range(6):
        do_something(register, change, later)

        assert asked_then(register) == before


def asked_then(register: ReleaseRegister) -> object:
    return register.permission_for(S1, Use.IMAGE, KEY, NameForm.NONE, THEN)


def a_release(release_id: str, answer: Answer, at: datetime) -> Release:
    return Release(
        release_id=ReleaseId(release_id),
        student_id=S1,
        scope=Scope(use=Use.IMAGE),
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="portal",
        given_on=TODAY,
        recorded_at=at,
    )


def do_something(register: ReleaseRegister, change: int, at: datetime) -> None:
    """One of the things that would refuse, had it been known."""
    if change == 0:
        register.record([a_release("r2", Answer.DENY, at)])
    elif change == 1:
        register.place_hold(Hold(hold_id=HoldId("h1"), student_id=S1, starts_on=TODAY))
    elif change == 2:
        register.revoke(ReleaseId("r1"), on=TODAY, by="ana", at=at)
    elif change == 3:
        link = register.guardians_of([S1])[S1][0]
        register.save_guardians([replace(link, rights=Rights.REMOVED)])
    elif change == 4:
        student = register.student_files([S1])[S1].student
        register.save_students([replace(student, status=StudentStatus.DEPARTED, left_on=TODAY)])
    else:
        register.save_channel(Channel(key=KEY, name="Instagram", audience=Audience.PRESS))


def test_a_time_zone_that_is_set_later_moves_no_past_day(register: ReleaseRegister) -> None:
    register._now = register.terms._now = lambda: THEN - timedelta(days=2)
    late = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)  # Still the 24th in California.
    release = replace(a_release("r1", Answer.ALLOW, THEN), ends_on=TODAY)
    register.record([release])
    before = register.permission_for(S1, Use.IMAGE, KEY, NameForm.NONE, late)

    register.set_policy(
        "time_zone", "America/New_York", school=None, by="admin", at=late + timedelta(hours=1)
    )

    assert register.permission_for(S1, Use.IMAGE, KEY, NameForm.NONE, late) == before
    assert isinstance(before, Granted)
