"""One example per rule of who may appear where; each fails when its rule is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    Granted,
    Guardian,
    Hold,
    Permission,
    RefusalReason,
    Refused,
    Release,
    Scope,
    Student,
    StudentFile,
)
from release_db.rules import biometric_consent_or_none, live_refusals, permission_for
from release_db.words import (
    ERASED,
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    GuardianId,
    HoldId,
    NameForm,
    ReleaseId,
    Rights,
    SchoolKey,
    StudentId,
    StudentStatus,
    Use,
)

TODAY = date(2026, 11, 24)
YEAR_END = date(2027, 6, 11)
MAYA = Student(
    student_id=StudentId("S1"),
    given_name="Maya",
    family_name="Lopez",
    school=SchoolKey("lincoln"),
    birth_on=date(2012, 3, 4),
)
INSTAGRAM = Channel(key=ChannelKey("instagram"), name="Instagram", audience=Audience.SOCIAL)
OF_AGE = replace(MAYA, birth_on=date(2008, 11, 24))
LAST_DAY_UNDER_AGE = replace(MAYA, birth_on=date(2008, 11, 25))


def a_guardian(email: str = "ana@home.example", rights: Rights = Rights.FULL) -> Guardian:
    return Guardian(
        guardian_id=GuardianId(email), student_id=MAYA.student_id, email=email, rights=rights
    )


def a_release(
    release_id: str = "r1",
    *,
    use: Use = Use.IMAGE,
    answer: Answer = Answer.ALLOW,
    capacity: Capacity = Capacity.GUARDIAN,
    decided_by: str | None = None,
    channel: str | None = None,
    audience: Audience | None = None,
    name_form: NameForm | None = None,
    given_on: date = date(2026, 9, 1),
    recorded_at: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC),
    ends_on: date | None = None,
    revoked_on: date | None = None,
) -> Release:
    deciders = {Capacity.GUARDIAN: "ana@home.example"}
    return Release(
        release_id=ReleaseId(release_id),
        student_id=MAYA.student_id,
        scope=Scope(
            use=use,
            channel=ChannelKey(channel) if channel else None,
            audience=audience,
            name_form=name_form,
        ),
        answer=answer,
        capacity=capacity,
        decided_by=decided_by or deciders.get(capacity, capacity.value),
        method="paper",
        given_on=given_on,
        recorded_at=recorded_at,
        ends_on=ends_on,
        revoked_on=revoked_on,
    )


def a_consent(
    release_id: str = "b1",
    *,
    answer: Answer = Answer.ALLOW,
    capacity: Capacity = Capacity.GUARDIAN,
    decided_by: str = "ana@home.example",
    given_on: date = date(2026, 9, 1),
    ends_on: date | None = None,
) -> BiometricConsent:
    return BiometricConsent(
        release_id=ReleaseId(release_id),
        student_id=MAYA.student_id,
        answer=answer,
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        given_on=given_on,
        recorded_at=datetime(2026, 9, 1, 8, tzinfo=UTC),
        ends_on=ends_on,
    )


def a_file(*releases: Release, student: Student = MAYA, **parts: object) -> StudentFile:
    file = StudentFile(
        student=student, guardians=(a_guardian(),), releases=releases, year_ends_on=YEAR_END
    )
    # ``replace`` takes the parts by name, and each test names existing ones.
    return replace(file, **parts)  # type: ignore[arg-type]


def a_hold(starts_on: date, ends_on: date | None = None) -> Hold:
    return Hold(
        hold_id=HoldId("h1"), student_id=MAYA.student_id, starts_on=starts_on, ends_on=ends_on
    )


def ask(
    file: StudentFile | None,
    use: Use = Use.IMAGE,
    form: NameForm = NameForm.NONE,
    *,
    channel: Channel = INSTAGRAM,
    on: date = TODAY,
    placed: bool = False,
) -> Permission:
    appearance = Appearance(
        student_id=MAYA.student_id,
        use=use,
        channel=channel,
        name_form=form,
        tells_school_and_grade=placed,
    )
    return permission_for(appearance, file, on)


def reason(permission: Permission) -> RefusalReason | None:
    return permission.reason if isinstance(permission, Refused) else None


def is_granted(permission: Permission) -> bool:
    return isinstance(permission, Granted)


def test_a_guardian_grants_until_the_end_of_the_school_year() -> None:
    permission = ask(a_file(a_release("r7")))

    assert permission == Granted(releases=(ReleaseId("r7"),), until=YEAR_END)


def test_a_student_nobody_knows_is_refused() -> None:
    assert ask(None) == Refused(reason=RefusalReason.UNKNOWN_STUDENT)


def test_the_file_of_another_student_is_no_file() -> None:
    file = a_file(a_release(), student=replace(MAYA, student_id=StudentId("S2")))

    assert reason(ask(file)) is RefusalReason.UNKNOWN_STUDENT


def test_another_students_release_on_the_file_grants_nothing() -> None:
    foreign = replace(a_release(capacity=Capacity.OFFICE), student_id=StudentId("S2"))

    assert reason(ask(a_file(foreign))) is RefusalReason.NO_RECORD


def test_another_students_allow_does_not_take_back_a_refusal() -> None:
    deny = a_release("r1", capacity=Capacity.STUDENT, answer=Answer.DENY)
    foreign = replace(
        a_release("r2", capacity=Capacity.STUDENT, given_on=date(2026, 10, 1)),
        student_id=StudentId("S2"),
    )

    assert reason(ask(a_file(deny, foreign, a_release("r3")))) is RefusalReason.STUDENT_REFUSED


def test_no_record_means_no() -> None:
    assert ask(a_file()) == Refused(reason=RefusalReason.NO_RECORD)


@pytest.mark.parametrize(
    ("status", "left_on", "expected"),
    [
        (StudentStatus.DEPARTED, TODAY, RefusalReason.DEPARTED),
        (StudentStatus.DEPARTED, date(2026, 11, 25), None),
        (StudentStatus.DEPARTED, None, RefusalReason.DEPARTED),
        (StudentStatus.ACTIVE, date(2026, 11, 23), RefusalReason.DEPARTED),
    ],
)
def test_a_departed_student_has_no_live_release_from_the_day_of_leaving(
    status: StudentStatus, left_on: date | None, expected: RefusalReason | None
) -> None:
    student = replace(MAYA, status=status, left_on=left_on)

    assert reason(ask(a_file(a_release(), student=student))) is expected


def test_departure_is_told_before_a_hold() -> None:
    student = replace(MAYA, status=StudentStatus.DEPARTED, left_on=TODAY)

    file = a_file(student=student, holds=(a_hold(TODAY),))

    assert reason(ask(file)) is RefusalReason.DEPARTED


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_held"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 25), None, False),
        (date(2026, 11, 1), date(2026, 11, 23), False),
    ],
)
def test_a_hold_beats_everything_on_each_of_its_days(
    starts_on: date, ends_on: date | None, is_held: bool
) -> None:
    file = a_file(a_release(), holds=(a_hold(starts_on, ends_on),))

    assert (reason(ask(file)) is RefusalReason.HOLD) is is_held


def test_a_hold_is_told_before_a_refusal() -> None:
    deny = a_release(answer=Answer.DENY, capacity=Capacity.STUDENT)

    assert reason(ask(a_file(deny, holds=(a_hold(TODAY),)))) is RefusalReason.HOLD


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (Capacity.STUDENT, RefusalReason.STUDENT_REFUSED),
        (Capacity.GUARDIAN, RefusalReason.GUARDIAN_DENIED),
        (Capacity.SIS, RefusalReason.SIS_DENIED),
        (Capacity.OFFICE, RefusalReason.OFFICE_DENIED),
    ],
)
def test_any_live_refusal_beats_a_later_grant_of_another(
    capacity: Capacity, expected: RefusalReason
) -> None:
    deny = a_release("no", answer=Answer.DENY, capacity=capacity, decided_by="x@home.example")
    grants = [
        a_release(f"yes-{giver}", capacity=giver, given_on=date(2026, 11, 1)) for giver in Capacity
    ]

    permission = ask(a_file(deny, *grants))

    assert permission == Refused(reason=expected, releases=(ReleaseId("no"),))


def test_refusals_are_named_in_their_order() -> None:
    order = [Capacity.STUDENT, Capacity.GUARDIAN, Capacity.SIS, Capacity.OFFICE]
    denials = [a_release(c, capacity=c, answer=Answer.DENY) for c in reversed(order)]
    asks_first = a_release("ask", answer=Answer.ASK, audience=Audience.SOCIAL)

    named = []
    while denials:
        named.append(reason(ask(a_file(asks_first, *denials))))
        denials.pop()

    assert named == [
        RefusalReason.STUDENT_REFUSED,
        RefusalReason.GUARDIAN_DENIED,
        RefusalReason.SIS_DENIED,
        RefusalReason.OFFICE_DENIED,
    ]


@pytest.mark.parametrize("capacity", list(Capacity))
def test_an_ask_refuses_until_this_item_is_answered(capacity: Capacity) -> None:
    asks_first = a_release("ask", answer=Answer.ASK, capacity=capacity, audience=Audience.SOCIAL)

    permission = ask(a_file(asks_first, a_release("yes")))

    assert permission == Refused(reason=RefusalReason.ASK_FIRST, releases=(ReleaseId("ask"),))


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (Rights.FULL, RefusalReason.GUARDIAN_DENIED),
        (Rights.UNVERIFIED, RefusalReason.GUARDIAN_DENIED),
        (Rights.REMOVED, None),
    ],
)
def test_a_guardian_denies_unless_the_rights_were_removed(
    rights: Rights, expected: RefusalReason | None
) -> None:
    deny = a_release("no", answer=Answer.DENY, decided_by="Ben@Home.example ")
    guardians = (a_guardian(), a_guardian("ben@home.example", rights))

    assert reason(ask(a_file(deny, a_release(), guardians=guardians))) is expected


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        (Rights.FULL, None),
        (Rights.UNVERIFIED, RefusalReason.NO_RECORD),
        (Rights.REMOVED, RefusalReason.NO_RECORD),
    ],
)
def test_only_a_guardian_with_full_rights_grants(
    rights: Rights, expected: RefusalReason | None
) -> None:
    file = a_file(a_release(), guardians=(a_guardian(rights=rights),))

    assert reason(ask(file)) is expected


def test_somebody_who_is_no_guardian_on_record_may_only_refuse() -> None:
    allow = a_release("yes", decided_by="eve@home.example")
    deny = a_release("no", answer=Answer.DENY, decided_by="eve@home.example", given_on=TODAY)

    assert reason(ask(a_file(allow))) is RefusalReason.NO_RECORD
    assert reason(ask(a_file(a_release(), deny))) is RefusalReason.GUARDIAN_DENIED


def test_an_address_with_two_kinds_of_rights_may_only_refuse() -> None:
    guardians = (a_guardian(), a_guardian(rights=Rights.REMOVED))
    deny = a_release(answer=Answer.DENY)

    assert reason(ask(a_file(a_release(), guardians=guardians))) is RefusalReason.NO_RECORD
    assert reason(ask(a_file(deny, guardians=guardians))) is RefusalReason.GUARDIAN_DENIED


@pytest.mark.parametrize("capacity", [Capacity.OFFICE, Capacity.SIS])
def test_the_office_and_the_sis_grant(capacity: Capacity) -> None:
    assert is_granted(ask(a_file(a_release(capacity=capacity))))


def test_a_student_under_age_can_only_refuse() -> None:
    file = a_file(a_release(capacity=Capacity.STUDENT), student=LAST_DAY_UNDER_AGE)

    assert reason(ask(file)) is RefusalReason.NO_RECORD


def test_a_student_of_age_grants_from_the_birthday_on() -> None:
    on_the_day = a_release(capacity=Capacity.STUDENT, given_on=TODAY)
    the_day_before = a_release(capacity=Capacity.STUDENT, given_on=date(2026, 11, 23))

    assert is_granted(ask(a_file(on_the_day, student=OF_AGE)))
    assert reason(ask(a_file(the_day_before, student=OF_AGE))) is RefusalReason.NO_RECORD


def test_without_a_birth_date_nobody_is_of_age() -> None:
    student = replace(MAYA, birth_on=None)

    grant = ask(a_file(a_release(capacity=Capacity.STUDENT), student=student))
    deny = ask(a_file(a_release(answer=Answer.DENY), student=student))

    assert reason(grant) is RefusalReason.NO_RECORD
    assert reason(deny) is RefusalReason.GUARDIAN_DENIED


@pytest.mark.parametrize("capacity", [Capacity.GUARDIAN, Capacity.OFFICE, Capacity.SIS])
def test_what_others_granted_ends_the_day_before_the_birthday(capacity: Capacity) -> None:
    grant = a_release(capacity=capacity, ends_on=date(2030, 1, 1))

    still = ask(a_file(grant, student=LAST_DAY_UNDER_AGE))
    no_more = ask(a_file(grant, student=OF_AGE))

    assert still == Granted(releases=(ReleaseId("r1"),), until=TODAY)
    assert reason(no_more) is RefusalReason.EXPIRED


def test_a_guardian_grants_nothing_for_somebody_of_age() -> None:
    grant = a_release(given_on=TODAY, ends_on=YEAR_END)

    assert not is_granted(ask(a_file(grant, student=OF_AGE)))


@pytest.mark.parametrize("capacity", [Capacity.OFFICE, Capacity.SIS])
def test_the_office_grants_for_somebody_of_age_from_the_birthday_on(capacity: Capacity) -> None:
    grant = a_release(capacity=capacity, given_on=TODAY)

    assert is_granted(ask(a_file(grant, student=OF_AGE)))


def test_a_guardians_refusal_passes_at_majority_and_the_students_own_stays() -> None:
    grant = a_release("yes", capacity=Capacity.STUDENT, use=Use.IMAGE, given_on=TODAY)
    guardian = a_release("no", answer=Answer.DENY)
    own = a_release("never", answer=Answer.DENY, capacity=Capacity.STUDENT, channel="instagram")

    assert is_granted(ask(a_file(grant, guardian, student=OF_AGE)))
    assert reason(ask(a_file(grant, own, student=OF_AGE))) is RefusalReason.STUDENT_REFUSED
    assert reason(ask(a_file(guardian, student=LAST_DAY_UNDER_AGE))) is (
        RefusalReason.GUARDIAN_DENIED
    )


def test_somebody_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    student = replace(MAYA, birth_on=date(2008, 2, 29))
    grant = a_release(capacity=Capacity.STUDENT, given_on=date(2026, 3, 1))
    too_early = replace(grant, given_on=date(2026, 2, 28))

    assert is_granted(ask(a_file(grant, student=student), on=date(2026, 3, 1)))
    assert not is_granted(ask(a_file(too_early, student=student), on=date(2026, 3, 1)))


def test_a_birth_date_at_the_end_of_time_is_no_fault() -> None:
    never = replace(MAYA, birth_on=date(9982, 1, 1))
    just = replace(MAYA, birth_on=date(9981, 1, 1))
    own = a_release(capacity=Capacity.STUDENT, given_on=date(9999, 1, 1))

    assert is_granted(ask(a_file(a_release(), student=never)))
    assert is_granted(ask(a_file(own, student=just), on=date(9999, 1, 2)))


@pytest.mark.parametrize(
    ("given_on", "on", "expected"),
    [
        (date(2026, 6, 11), date(2026, 6, 11), None),
        (date(2026, 6, 11), date(2026, 6, 12), RefusalReason.EXPIRED),
        (date(2026, 6, 12), TODAY, None),
        (date(2025, 9, 1), TODAY, RefusalReason.EXPIRED),
    ],
)
def test_a_release_without_an_end_ends_with_its_own_school_year(
    given_on: date, on: date, expected: RefusalReason | None
) -> None:
    assert reason(ask(a_file(a_release(given_on=given_on)), on=on)) is expected


def test_without_a_policy_the_school_year_ends_in_june() -> None:
    permission = ask(a_file(a_release(), year_ends_on=None))

    assert permission == Granted(releases=(ReleaseId("r1"),), until=date(2027, 6, 30))


def test_a_school_year_that_ends_on_a_leap_day_ends_every_year() -> None:
    ordinary = ask(a_file(a_release(), year_ends_on=date(2028, 2, 29)))
    grant = a_release(given_on=date(2028, 1, 10))
    leap = ask(a_file(grant, year_ends_on=date(2028, 2, 29)), on=date(2028, 2, 1))

    assert ordinary == Granted(releases=(ReleaseId("r1"),), until=date(2027, 3, 1))
    assert leap == Granted(releases=(ReleaseId("r1"),), until=date(2028, 2, 29))


def test_a_release_of_the_last_year_there_is_is_no_fault() -> None:
    file = a_file(a_release(given_on=date(9999, 12, 1)), student=replace(MAYA, birth_on=None))

    assert reason(ask(file, on=date(9999, 12, 31))) is RefusalReason.EXPIRED


def test_the_end_of_a_release_is_its_last_good_day() -> None:
    file = a_file(a_release(ends_on=TODAY))

    assert ask(file) == Granted(releases=(ReleaseId("r1"),), until=TODAY)
    assert reason(ask(file, on=date(2026, 11, 25))) is RefusalReason.EXPIRED


def test_an_end_on_the_release_may_outlast_the_school_year() -> None:
    file = a_file(a_release(ends_on=date(2028, 1, 1)))

    assert ask(file) == Granted(releases=(ReleaseId("r1"),), until=date(2028, 1, 1))


def test_an_answer_given_tomorrow_is_not_live_today() -> None:
    tomorrow = date(2026, 11, 25)

    assert reason(ask(a_file(a_release(given_on=tomorrow)))) is RefusalReason.NO_RECORD
    assert is_granted(
        ask(
            a_file(
                a_release(),
                a_release("no", capacity=Capacity.OFFICE, answer=Answer.DENY, given_on=tomorrow),
            )
        )
    )


def test_a_refusal_does_not_end_with_the_school_year() -> None:
    deny = a_release("no", answer=Answer.DENY, given_on=date(2020, 9, 1))
    grant = a_release("yes", capacity=Capacity.OFFICE)

    assert reason(ask(a_file(deny, grant))) is RefusalReason.GUARDIAN_DENIED


def test_a_refusal_with_an_end_passes_after_its_last_day() -> None:
    deny = a_release("no", answer=Answer.DENY, ends_on=TODAY)
    grant = a_release("yes", capacity=Capacity.OFFICE)

    assert reason(ask(a_file(deny, grant))) is RefusalReason.GUARDIAN_DENIED
    assert is_granted(ask(a_file(deny, grant), on=date(2026, 11, 25)))


def test_a_revoked_release_refuses() -> None:
    revoked = a_release(revoked_on=TODAY)

    assert reason(ask(a_file(revoked))) is RefusalReason.EXPIRED
    assert ask(a_file(revoked), on=date(2026, 11, 23)) == Granted(
        releases=(ReleaseId("r1"),), until=date(2026, 11, 23)
    )


def test_a_revoked_refusal_still_refuses() -> None:
    deny = a_release("no", answer=Answer.DENY, revoked_on=date(2026, 10, 1))
    grant = a_release("yes", capacity=Capacity.OFFICE)

    assert reason(ask(a_file(deny, grant))) is RefusalReason.GUARDIAN_DENIED


def test_a_decider_takes_back_an_own_refusal() -> None:
    deny = a_release("no", answer=Answer.DENY)
    later = a_release("yes", decided_by="ANA@home.example", given_on=date(2026, 9, 2))

    assert ask(a_file(deny, later)) == Granted(releases=(ReleaseId("yes"),), until=YEAR_END)


@pytest.mark.parametrize(
    "other",
    [
        {"decided_by": "ben@home.example"},
        {"capacity": Capacity.OFFICE, "decided_by": "ana@home.example"},
        {"channel": "instagram"},
        {"audience": Audience.SOCIAL},
        {"name_form": NameForm.FIRST},
    ],
)
def test_a_later_answer_by_another_or_on_another_scope_lifts_nothing(
    other: dict[str, object],
) -> None:
    deny = a_release("no", answer=Answer.DENY)
    # The builder takes each of these by name.
    later = a_release("yes", given_on=date(2026, 9, 2), **other)  # type: ignore[arg-type]
    guardians = (a_guardian(), a_guardian("ben@home.example"))

    permission = ask(a_file(deny, later, guardians=guardians))

    assert reason(permission) is RefusalReason.GUARDIAN_DENIED


def test_an_earlier_grant_lifts_nothing_even_when_recorded_later() -> None:
    deny = a_release("no", answer=Answer.DENY)
    earlier = a_release(
        "yes", given_on=date(2026, 8, 31), recorded_at=datetime(2026, 10, 1, tzinfo=UTC)
    )

    assert reason(ask(a_file(deny, earlier))) is RefusalReason.GUARDIAN_DENIED


def test_on_one_day_the_answer_recorded_last_counts() -> None:
    deny = a_release("no", answer=Answer.DENY)
    later = a_release("yes", recorded_at=datetime(2026, 9, 1, 9, tzinfo=UTC))

    assert is_granted(ask(a_file(deny, later)))


def test_moments_of_different_zones_are_told_apart() -> None:
    east = timezone(timedelta(hours=2))
    deny = a_release("no", answer=Answer.DENY, recorded_at=datetime(2026, 9, 1, 9, tzinfo=east))
    later = a_release("yes", recorded_at=datetime(2026, 9, 1, 8, tzinfo=UTC))

    assert is_granted(ask(a_file(deny, later)))


def test_a_moment_without_a_zone_is_read_as_utc() -> None:
    deny = a_release("no", answer=Answer.DENY, recorded_at=datetime(2026, 9, 1, 7))  # noqa: DTZ001
    later = a_release("yes", recorded_at=datetime(2026, 9, 1, 8, tzinfo=UTC))

    assert is_granted(ask(a_file(deny, later)))


@pytest.mark.parametrize("strict", [Answer.DENY, Answer.ASK])
def test_of_two_answers_given_at_once_the_stricter_counts(strict: Answer) -> None:
    refusal = a_release("a", answer=strict)
    grant = a_release("b")

    assert not is_granted(ask(a_file(refusal, grant)))
    assert not is_granted(ask(a_file(grant, refusal)))


def test_a_denial_given_at_once_with_an_ask_is_the_stricter() -> None:
    file = a_file(a_release("b", answer=Answer.ASK), a_release("a", answer=Answer.DENY))

    assert reason(ask(file)) is RefusalReason.GUARDIAN_DENIED


def test_of_two_grants_given_at_once_the_shorter_counts() -> None:
    short = a_release("a", ends_on=date(2026, 12, 1))
    long = a_release("b", ends_on=date(2027, 1, 1))

    assert ask(a_file(short, long)) == Granted(releases=(ReleaseId("a"),), until=date(2026, 12, 1))


def test_of_two_refusals_given_at_once_the_longer_counts() -> None:
    short = a_release("b", answer=Answer.DENY, ends_on=date(2026, 10, 1))
    long = a_release("a", answer=Answer.DENY)

    assert reason(ask(a_file(short, long))) is RefusalReason.GUARDIAN_DENIED


def test_a_later_shorter_grant_replaces_the_longer_one() -> None:
    long = a_release("long")
    short = a_release("short", given_on=date(2026, 10, 1), ends_on=date(2026, 11, 1))

    assert reason(ask(a_file(long, short))) is RefusalReason.EXPIRED


def test_a_refusal_counts_again_when_the_grant_that_lifted_it_ends() -> None:
    deny = a_release("no", answer=Answer.DENY)
    lifted = a_release("yes", given_on=date(2026, 10, 1), ends_on=TODAY)
    other = a_release("office", capacity=Capacity.OFFICE)
    file = a_file(deny, lifted, other)

    assert ask(file) == Granted(releases=(ReleaseId("office"),), until=TODAY)
    assert reason(ask(file, on=date(2026, 11, 25))) is RefusalReason.GUARDIAN_DENIED


def test_a_refusal_that_has_ended_does_not_lift_an_earlier_one() -> None:
    for_good = a_release("no", answer=Answer.DENY)
    for_a_while = a_release(
        "not-yet", answer=Answer.DENY, given_on=date(2026, 9, 2), ends_on=date(2026, 10, 1)
    )
    other = a_release("office", capacity=Capacity.OFFICE)

    assert reason(ask(a_file(for_good, for_a_while, other))) is RefusalReason.GUARDIAN_DENIED


def test_an_unverified_guardian_does_not_lift_an_own_refusal() -> None:
    deny = a_release("no", answer=Answer.DENY)
    later = a_release("yes", given_on=date(2026, 9, 2))
    other = a_release("office", capacity=Capacity.OFFICE)
    guardians = (a_guardian(rights=Rights.UNVERIFIED),)

    permission = ask(a_file(deny, later, other, guardians=guardians))

    assert reason(permission) is RefusalReason.GUARDIAN_DENIED


def test_a_student_under_age_takes_back_an_own_refusal() -> None:
    deny = a_release("no", answer=Answer.DENY, capacity=Capacity.STUDENT)
    later = a_release("yes", capacity=Capacity.STUDENT, given_on=date(2026, 9, 2))
    guardian = a_release("g")

    assert ask(a_file(deny, later, guardian)) == Granted(releases=(ReleaseId("g"),), until=YEAR_END)


def test_somebody_who_was_erased_grants_nothing_and_still_refuses() -> None:
    grant = a_release("yes", capacity=Capacity.OFFICE, decided_by=ERASED)
    deny = a_release("no", capacity=Capacity.STUDENT, decided_by=ERASED, answer=Answer.DENY)
    lift = a_release(
        "lift", capacity=Capacity.STUDENT, decided_by=ERASED, given_on=date(2026, 10, 1)
    )

    assert reason(ask(a_file(grant))) is RefusalReason.NO_RECORD
    assert reason(ask(a_file(deny, lift, a_release()))) is RefusalReason.STUDENT_REFUSED


@pytest.mark.parametrize(
    ("where", "is_covered"),
    [
        ({}, True),
        ({"channel": "instagram"}, True),
        ({"channel": "facebook"}, False),
        ({"audience": Audience.SOCIAL}, True),
        ({"audience": Audience.PRINT}, False),
        ({"channel": "instagram", "audience": Audience.PRINT}, False),
    ],
)
def test_a_grant_reaches_its_channel_its_group_or_all(
    where: dict[str, object], is_covered: bool
) -> None:
    # The builder takes each of these by name.
    grant = a_release(**where)  # type: ignore[arg-type]

    expected = None if is_covered else RefusalReason.NO_RECORD
    assert reason(ask(a_file(grant))) is expected


@pytest.mark.parametrize(
    ("where", "is_refused"),
    [
        ({}, True),
        ({"channel": "instagram"}, True),
        ({"channel": "facebook"}, False),
        ({"audience": Audience.SOCIAL}, True),
        ({"audience": Audience.PRINT}, False),
        ({"channel": "instagram", "audience": Audience.PRINT}, True),
        ({"channel": "facebook", "audience": Audience.SOCIAL}, True),
    ],
)
def test_a_refusal_reaches_its_channel_and_its_group_and_everywhere(
    where: dict[str, object], is_refused: bool
) -> None:
    # The builder takes each of these by name.
    deny = a_release(
        "no",
        answer=Answer.DENY,
        capacity=Capacity.OFFICE,
        **where,  # type: ignore[arg-type]
    )

    expected = RefusalReason.OFFICE_DENIED if is_refused else None
    assert reason(ask(a_file(deny, a_release()))) is expected


@pytest.mark.parametrize("granted", list(Use))
@pytest.mark.parametrize("asked", list(Use))
def test_a_grant_covers_its_own_use_and_no_other(granted: Use, asked: Use) -> None:
    permission = ask(a_file(a_release(use=granted)), asked, NameForm.FULL)

    assert is_granted(permission) is (granted is asked)


@pytest.mark.parametrize("denied", list(Use))
@pytest.mark.parametrize("asked", list(Use))
def test_a_refusal_of_image_or_name_refuses_both_together(denied: Use, asked: Use) -> None:
    grant = a_release("yes", use=asked)
    deny = a_release("no", use=denied, answer=Answer.DENY, capacity=Capacity.OFFICE)

    permission = ask(a_file(grant, deny), asked, NameForm.FULL)

    parts = {Use.IMAGE, Use.NAME}
    is_part = asked is Use.IMAGE_WITH_NAME and denied in parts
    assert is_granted(permission) is not (denied is asked or is_part)


@pytest.mark.parametrize("use", [Use.NAME, Use.IMAGE_WITH_NAME])
@pytest.mark.parametrize("granted", list(NameForm))
@pytest.mark.parametrize("asked", [form for form in NameForm if form is not NameForm.NONE])
def test_a_grant_covers_the_forms_that_show_no_more(
    use: Use, granted: NameForm, asked: NameForm
) -> None:
    permission = ask(a_file(a_release(use=use, name_form=granted)), use, asked)

    if granted.covers(asked):
        assert is_granted(permission)
    else:
        assert permission == Refused(reason=RefusalReason.NAME_FORM, allowed_form=granted)


@pytest.mark.parametrize("use", [Use.NAME, Use.IMAGE_WITH_NAME])
@pytest.mark.parametrize("denied", list(NameForm))
@pytest.mark.parametrize("asked", [form for form in NameForm if form is not NameForm.NONE])
def test_a_refusal_of_a_form_refuses_every_form_that_shows_as_much(
    use: Use, denied: NameForm, asked: NameForm
) -> None:
    grant = a_release("yes", use=use)
    deny = a_release("no", use=use, answer=Answer.DENY, capacity=Capacity.OFFICE, name_form=denied)

    permission = ask(a_file(grant, deny), use, asked)

    assert is_granted(permission) is not asked.covers(denied)


def test_a_refusal_of_one_form_tells_the_widest_form_that_is_left() -> None:
    grant = a_release("yes", use=Use.NAME)
    deny = a_release("no", use=Use.NAME, answer=Answer.DENY, name_form=NameForm.FIRST_INITIAL)

    permission = ask(a_file(grant, replace(deny, capacity=Capacity.SIS)), Use.NAME, NameForm.FULL)

    assert permission == Refused(
        reason=RefusalReason.SIS_DENIED,
        releases=(ReleaseId("no"),),
        allowed_form=NameForm.FIRST,
    )


def test_a_name_in_no_form_is_read_as_the_full_name() -> None:
    grant = a_release(use=Use.NAME, name_form=NameForm.FIRST)

    permission = ask(a_file(grant), Use.NAME)

    assert permission == Refused(reason=RefusalReason.NAME_FORM, allowed_form=NameForm.FIRST)


@pytest.mark.parametrize("use", [Use.IMAGE, Use.WORK, Use.VOICE])
def test_the_form_of_a_name_means_nothing_where_no_name_is_shown(use: Use) -> None:
    channel = replace(INSTAGRAM, name_form=NameForm.NONE)
    grant = a_release(use=use, name_form=NameForm.NONE)
    deny = a_release("no", use=use, name_form=NameForm.FULL, answer=Answer.DENY)

    assert is_granted(ask(a_file(grant), use, NameForm.FULL, channel=channel))
    assert reason(ask(a_file(deny), use, NameForm.FIRST)) is RefusalReason.GUARDIAN_DENIED


@pytest.mark.parametrize("use", [Use.NAME, Use.IMAGE_WITH_NAME])
def test_the_channels_own_rule_caps_the_form(use: Use) -> None:
    channel = replace(INSTAGRAM, name_form=NameForm.FIRST)
    file = a_file(a_release(use=use))

    assert is_granted(ask(file, use, NameForm.FIRST, channel=channel))
    assert ask(file, use, NameForm.INITIALS, channel=channel) == Refused(
        reason=RefusalReason.NAME_FORM,
        releases=(ReleaseId("r1"),),
        allowed_form=NameForm.FIRST,
    )


def test_beyond_the_channels_cap_the_usual_refusal_is_told() -> None:
    channel = replace(INSTAGRAM, name_form=NameForm.FIRST)

    nothing = ask(a_file(), Use.NAME, NameForm.FULL, channel=channel)
    narrower = a_release(use=Use.NAME, name_form=NameForm.NONE)
    too_narrow = ask(a_file(narrower), Use.NAME, NameForm.FULL, channel=channel)

    assert nothing == Refused(reason=RefusalReason.NO_RECORD)
    assert too_narrow == Refused(reason=RefusalReason.NAME_FORM, allowed_form=NameForm.NONE)


def test_beyond_the_channels_cap_a_refusal_of_a_wider_form_is_not_the_reason() -> None:
    channel = replace(INSTAGRAM, name_form=NameForm.FIRST)
    grant = a_release("yes", use=Use.NAME)
    deny = a_release("no", use=Use.NAME, answer=Answer.DENY, name_form=NameForm.FULL)

    permission = ask(a_file(grant, deny), Use.NAME, NameForm.FULL, channel=channel)

    assert permission == Refused(
        reason=RefusalReason.NAME_FORM,
        releases=(ReleaseId("yes"),),
        allowed_form=NameForm.FIRST,
    )


@pytest.mark.parametrize("use", [Use.NAME, Use.IMAGE_WITH_NAME])
@pytest.mark.parametrize("asked", [NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL])
def test_school_and_grade_beside_a_short_name_ask_for_the_full_one(
    use: Use, asked: NameForm
) -> None:
    short = a_file(a_release(use=use, name_form=NameForm.FIRST_INITIAL))
    whole = a_file(
        a_release("short", use=use, name_form=NameForm.FIRST), a_release("full", use=use)
    )

    assert is_granted(ask(short, use, asked))
    assert ask(short, use, asked, placed=True) == Refused(reason=RefusalReason.SCHOOL_AND_GRADE)
    assert ask(whole, use, asked, placed=True) == ask(whole, use, NameForm.FULL)


def test_school_and_grade_tell_a_refusal_of_the_full_name_and_no_shorter_form() -> None:
    grant = a_release("yes", use=Use.NAME)
    deny = a_release("no", use=Use.NAME, answer=Answer.DENY, name_form=NameForm.FULL)

    permission = ask(a_file(grant, deny), Use.NAME, NameForm.FIRST, placed=True)

    assert permission == Refused(reason=RefusalReason.SCHOOL_AND_GRADE, releases=(ReleaseId("no"),))


def test_school_and_grade_change_no_refusal_and_nothing_without_a_name() -> None:
    short = a_file(a_release(use=Use.NAME, name_form=NameForm.INITIALS))
    seen = a_file(a_release(use=Use.IMAGE))

    assert ask(short, Use.NAME, NameForm.FIRST, placed=True) == ask(short, Use.NAME, NameForm.FIRST)
    assert is_granted(ask(seen, Use.IMAGE, placed=True))


def test_school_and_grade_reach_as_far_as_the_channels_cap() -> None:
    channel = replace(INSTAGRAM, name_form=NameForm.FIRST)
    file = a_file(a_release(use=Use.NAME))

    permission = ask(file, Use.NAME, NameForm.FIRST, channel=channel, placed=True)

    assert reason(permission) is RefusalReason.SCHOOL_AND_GRADE


def test_a_form_that_was_never_granted_is_told_before_one_that_expired() -> None:
    live = a_release("live", use=Use.NAME, name_form=NameForm.FIRST)
    ended = a_release("ended", use=Use.NAME, ends_on=date(2026, 10, 1))

    permission = ask(a_file(live, ended), Use.NAME, NameForm.FULL)

    assert reason(permission) is RefusalReason.NAME_FORM


@pytest.mark.parametrize(
    "other", [{"use": Use.WORK}, {"answer": Answer.DENY}, {"decided_by": "eve@home.example"}]
)
def test_only_a_grant_that_would_have_covered_counts_as_expired(other: dict[str, object]) -> None:
    # The builder takes each of these by name.
    ended = a_release(ends_on=date(2026, 10, 1), **other)  # type: ignore[arg-type]

    assert reason(ask(a_file(ended))) is RefusalReason.NO_RECORD


def test_of_two_grants_the_longer_is_named() -> None:
    short = a_release("short", ends_on=date(2026, 12, 1))
    long = a_release("long", capacity=Capacity.OFFICE)

    assert ask(a_file(short, long)) == Granted(releases=(ReleaseId("long"),), until=YEAR_END)


@pytest.mark.parametrize(
    "parts",
    [
        {"holds": (a_hold(date(2026, 12, 2)),)},
        {"student": replace(MAYA, status=StudentStatus.DEPARTED, left_on=date(2026, 12, 2))},
        {"student": replace(MAYA, birth_on=date(2008, 12, 2))},
        {
            "releases": (
                a_release(),
                a_release("no", answer=Answer.DENY, given_on=date(2026, 12, 2)),
            )
        },
    ],
)
def test_a_grant_is_good_until_the_day_before_what_is_known_to_end_it(
    parts: dict[str, object],
) -> None:
    permission = ask(a_file(a_release(), **parts))

    assert permission == Granted(releases=(ReleaseId("r1"),), until=date(2026, 12, 1))


def test_a_grant_is_good_no_longer_than_the_release_it_names() -> None:
    now = a_release("now", ends_on=date(2026, 12, 1))
    next_year = a_release("next", capacity=Capacity.OFFICE, given_on=date(2026, 12, 1))

    assert ask(a_file(now, next_year)) == Granted(
        releases=(ReleaseId("now"),), until=date(2026, 12, 1)
    )


def test_a_grant_without_an_end_in_time_is_good_until_the_last_day() -> None:
    grant = a_release(ends_on=date.max)

    assert ask(a_file(grant, student=replace(MAYA, birth_on=None))) == Granted(
        releases=(ReleaseId("r1"),), until=date.max
    )


def test_a_revocation_before_time_began_is_no_fault() -> None:
    assert not is_granted(ask(a_file(a_release(revoked_on=date.min))))


def test_live_refusals_are_the_ones_that_count() -> None:
    deny = a_release("no", answer=Answer.DENY, channel="facebook")
    asks_first = a_release("ask", answer=Answer.ASK)
    lifted = a_release("old", answer=Answer.DENY, use=Use.WORK)
    grant = a_release("yes", use=Use.WORK, given_on=date(2026, 10, 1))
    consent = a_consent("bio", answer=Answer.DENY)

    file = a_file(deny, asks_first, lifted, grant, biometric=(consent,))

    assert {word.release_id for word in live_refusals(file, TODAY)} == {"no", "ask", "bio"}


def consents(*given: BiometricConsent, student: Student = MAYA) -> str | None:
    guardians = (
        a_guardian(),
        a_guardian("ben@home.example", Rights.UNVERIFIED),
        a_guardian("cy@home.example", Rights.REMOVED),
    )
    file = StudentFile(student=student, guardians=guardians, biometric=given)
    consent = biometric_consent_or_none(file, TODAY)
    return consent.release_id if consent else None


def test_biometric_consent_is_never_implied_by_a_release() -> None:
    file = a_file(*(a_release(use, use=use) for use in Use))

    assert biometric_consent_or_none(file, TODAY) is None


@pytest.mark.parametrize(
    ("capacity", "decided_by", "is_enough"),
    [
        (Capacity.GUARDIAN, "ana@home.example", True),
        (Capacity.GUARDIAN, "ben@home.example", False),
        (Capacity.GUARDIAN, "cy@home.example", False),
        (Capacity.OFFICE, "office", True),
        (Capacity.SIS, "sis", False),
        (Capacity.STUDENT, "student", False),
    ],
)
def test_biometric_consent_is_given_by_a_guardian_or_the_office(
    capacity: Capacity, decided_by: str, is_enough: bool
) -> None:
    given = a_consent(capacity=capacity, decided_by=decided_by)

    assert (consents(given) is not None) is is_enough


@pytest.mark.parametrize("answer", [Answer.DENY, Answer.ASK])
@pytest.mark.parametrize(
    ("capacity", "decided_by", "is_heard"),
    [
        (Capacity.STUDENT, "student", True),
        (Capacity.GUARDIAN, "ben@home.example", True),
        (Capacity.GUARDIAN, "cy@home.example", False),
        (Capacity.OFFICE, "office", True),
        (Capacity.SIS, "sis", True),
    ],
)
def test_any_live_refusal_of_biometrics_beats_a_consent(
    answer: Answer, capacity: Capacity, decided_by: str, is_heard: bool
) -> None:
    refusal = a_consent("no", answer=answer, capacity=capacity, decided_by=decided_by)

    assert (consents(a_consent(), refusal) is None) is is_heard


def test_biometric_consent_outlasts_the_school_year() -> None:
    assert consents(a_consent(given_on=date(2020, 9, 1))) == "b1"


def test_biometric_consent_ends_on_its_day_at_majority_and_at_departure() -> None:
    departed = replace(MAYA, status=StudentStatus.DEPARTED)

    assert consents(a_consent(ends_on=TODAY)) == "b1"
    assert consents(a_consent(ends_on=date(2026, 11, 23))) is None
    assert consents(a_consent(), student=LAST_DAY_UNDER_AGE) == "b1"
    assert consents(a_consent(), student=OF_AGE) is None
    assert consents(a_consent(), student=departed) is None


def test_a_student_of_age_consents_alone() -> None:
    own = a_consent(capacity=Capacity.STUDENT, decided_by="student", given_on=TODAY)

    assert consents(own, student=OF_AGE) == "b1"


def test_a_later_consent_by_the_same_guardian_lifts_the_refusal() -> None:
    deny = a_consent("no", answer=Answer.DENY)
    later = a_consent("yes", given_on=date(2026, 10, 1))

    assert consents(deny, later) == "yes"


def test_another_students_consent_on_the_file_counts_for_nothing() -> None:
    assert consents(replace(a_consent(), student_id=StudentId("S2"))) is None


def test_the_longest_lasting_consent_is_named() -> None:
    short = a_consent("short", ends_on=date(2026, 12, 1))
    long = a_consent("long", capacity=Capacity.OFFICE, decided_by="office")

    assert consents(short, long) == "long"


def every_order(releases: Iterable[Release]) -> list[tuple[Release, ...]]:
    first, second = releases
    return [(first, second), (second, first)]


def test_the_order_of_two_grants_that_last_as_long_does_not_matter() -> None:
    two = (a_release("a"), a_release("b", capacity=Capacity.OFFICE))

    named = {ask(a_file(*order)) for order in every_order(two)}

    assert named == {Granted(releases=(ReleaseId("b"),), until=YEAR_END)}
