"""The edges of the rules: what mutants of them showed that no other example asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from release_db.records import (
    Appearance,
    Granted,
    Guardian,
    Hold,
    Permission,
    RefusalReason,
    Refused,
    Release,
    Scope,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.standing import end_of_year_with, ended_grants
from release_db.terms import CourtOrder, ItemConsent, NoticeDelivery, ReleasePolicy
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    DefaultRule,
    DeliveryId,
    GuardianId,
    HoldId,
    ItemConsentId,
    NameForm,
    OrderEffect,
    OrderId,
    ReleaseId,
    Rights,
    RightsBasis,
    StudentId,
    Use,
)
from tests.factories import PARENT, a_channel, a_file, a_release, a_student

TODAY = date(2026, 11, 24)
STUDENT = StudentId("S1")
PICTURE = "a" * 64
CHANNEL = a_channel()
NAMES = (Use.NAME, Use.IMAGE_WITH_NAME)
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def ask(
    file: StudentFile,
    use: Use = Use.IMAGE,
    form: NameForm = NameForm.NONE,
    *,
    on: date = TODAY,
) -> Permission:
    asked = Appearance(student_id=STUDENT, use=use, channel=CHANNEL, name_form=form, item=PICTURE)
    return permission_for(asked, file, on)


def reason(permission: Permission) -> RefusalReason | None:
    return permission.reason if isinstance(permission, Refused) else None


def for_picture(
    answer: Answer,
    use: Use = Use.IMAGE,
    form: NameForm = NameForm.NONE,
    *,
    by: str = PARENT,
    capacity: Capacity = Capacity.GUARDIAN,
    at: datetime = MORNING,
) -> ItemConsent:
    return ItemConsent(
        item_consent_id=ItemConsentId(f"i-{answer}-{use}-{form}-{by}"),
        student_id=STUDENT,
        item=PICTURE,
        channel=CHANNEL.key,
        use=use,
        name_form=form,
        answer=answer,
        capacity=capacity,
        decided_by=by,
        method="portal",
        given_on=at.date(),
        recorded_at=at,
    )


def with_pictures(*items: ItemConsent, releases: tuple[Release, ...] = ()) -> StudentFile:
    return replace(a_file(releases=releases), items=items)


def a_guardian(name: str, basis: RightsBasis = RightsBasis.PARENT, email: str = "") -> Guardian:
    return Guardian(
        guardian_id=GuardianId(name),
        student_id=STUDENT,
        email=email or f"{name}@families.example",
        rights=Rights.FULL,
        basis=basis,
    )


# Answers for one picture.


def test_a_yes_for_another_use_of_the_picture_allows_nothing() -> None:
    assert (
        reason(ask(with_pictures(for_picture(Answer.ALLOW, Use.WORK)))) is RefusalReason.NO_RECORD
    )


def test_a_no_to_another_use_of_the_picture_refuses_nothing() -> None:
    file = with_pictures(for_picture(Answer.DENY, Use.WORK), releases=(a_release(),))

    assert isinstance(ask(file), Granted)


@pytest.mark.parametrize("use", NAMES)
def test_a_yes_for_the_picture_allows_no_wider_form_of_the_name(use: Use) -> None:
    file = with_pictures(for_picture(Answer.ALLOW, use, NameForm.FIRST))

    assert isinstance(ask(file, use, NameForm.FIRST), Granted)
    assert reason(ask(file, use, NameForm.FULL)) is RefusalReason.NO_RECORD


@pytest.mark.parametrize("use", NAMES)
def test_a_no_to_the_full_name_of_a_picture_leaves_the_first_name(use: Use) -> None:
    file = with_pictures(
        for_picture(Answer.DENY, use, NameForm.FULL), releases=(a_release(use=use),)
    )

    assert isinstance(ask(file, use, NameForm.FIRST), Granted)
    assert reason(ask(file, use, NameForm.FULL)) is RefusalReason.GUARDIAN_DENIED


@pytest.mark.parametrize("use", NAMES)
@pytest.mark.parametrize("answer", [Answer.DENY, Answer.ASK])
def test_a_no_to_the_full_name_of_a_picture_allows_nothing(use: Use, answer: Answer) -> None:
    file = with_pictures(for_picture(answer, use, NameForm.FULL))

    assert reason(ask(file, use, NameForm.FIRST)) is RefusalReason.NO_RECORD


def test_a_student_under_age_allows_no_picture() -> None:
    file = with_pictures(for_picture(Answer.ALLOW, by="S1", capacity=Capacity.STUDENT))

    assert reason(ask(file)) is RefusalReason.NO_RECORD


def test_a_yes_for_the_picture_lifts_a_no_only_to_what_it_allows() -> None:
    releases = (
        a_release(use=Use.IMAGE_WITH_NAME, answer=Answer.DENY),
        a_release(use=Use.IMAGE_WITH_NAME, capacity=Capacity.OFFICE, decided_by="office"),
    )
    file = with_pictures(
        for_picture(Answer.ALLOW, Use.IMAGE_WITH_NAME, NameForm.FIRST), releases=releases
    )

    assert isinstance(ask(file, Use.IMAGE_WITH_NAME, NameForm.FIRST), Granted)
    full = ask(file, Use.IMAGE_WITH_NAME, NameForm.FULL)
    assert reason(full) is RefusalReason.GUARDIAN_DENIED


def test_the_office_lifts_no_guardians_no_in_the_guardians_name() -> None:
    yes = for_picture(Answer.ALLOW, by="g-S1", capacity=Capacity.OFFICE)
    file = with_pictures(yes, releases=(a_release(answer=Answer.DENY),))

    assert reason(ask(file)) is RefusalReason.GUARDIAN_DENIED


def test_the_form_of_a_name_means_nothing_for_a_picture_that_shows_none() -> None:
    assert isinstance(ask(with_pictures(for_picture(Answer.ALLOW)), form=NameForm.FULL), Granted)


def test_a_no_for_the_picture_lifts_no_earlier_no() -> None:
    denied = a_release(answer=Answer.DENY)
    file = with_pictures(for_picture(Answer.DENY), releases=(denied,))

    assert ask(file) == Refused(
        reason=RefusalReason.GUARDIAN_DENIED,
        releases=(denied.release_id,),
        items=(for_picture(Answer.DENY).item_consent_id,),
    )


def test_a_yes_for_the_picture_at_the_moment_of_a_no_lifts_nothing() -> None:
    denied = replace(a_release(answer=Answer.DENY), recorded_at=MORNING)
    file = with_pictures(for_picture(Answer.ALLOW), releases=(denied,))

    assert reason(ask(file)) is RefusalReason.GUARDIAN_DENIED


def test_a_refusal_names_only_the_answers_for_the_picture_that_say_so() -> None:
    file = with_pictures(
        for_picture(Answer.DENY), for_picture(Answer.ASK, by="S1", capacity=Capacity.STUDENT)
    )

    refused = ask(file)

    assert isinstance(refused, Refused)
    assert refused.items == (for_picture(Answer.DENY).item_consent_id,)


# Who decided.


def test_a_member_of_staff_is_not_the_guardian_of_the_same_address() -> None:
    """Two people of the office do not supersede each other because one is a parent, too."""
    denied = a_release(answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by=PARENT)
    allowed = replace(
        a_release(capacity=Capacity.OFFICE, decided_by="g-S1"),
        recorded_at=MORNING,
        given_on=MORNING.date(),
    )

    assert reason(ask(a_file(releases=[denied, allowed]))) is RefusalReason.OFFICE_DENIED


def test_an_id_stays_its_own_persons_when_another_has_taken_the_address() -> None:
    ana, ben = a_guardian("ana@old.example"), a_guardian("ben", email="ana@old.example")
    denied = a_release(answer=Answer.DENY, decided_by="ana@old.example")
    later = replace(a_release(decided_by="ben"), recorded_at=MORNING, given_on=MORNING.date())
    file = replace(a_file(releases=[denied, later]), guardians=(ana, ben))

    assert reason(ask(file)) is RefusalReason.GUARDIAN_DENIED


def test_what_a_student_under_age_took_back_stays_so_at_18() -> None:
    """The student refused one channel, took that back, and allows everything once of age."""
    student = replace(a_student(), birth_on=date(2008, 11, 1))
    own = {"capacity": Capacity.STUDENT, "decided_by": "S1"}
    denied = a_release(answer=Answer.DENY, channel=CHANNEL.key, **own)  # type: ignore[arg-type]
    taken_back = replace(
        a_release(channel=CHANNEL.key, ends_on=date(2027, 6, 1), **own),  # type: ignore[arg-type]
        recorded_at=datetime(2026, 9, 8, 8, tzinfo=UTC),
        given_on=date(2026, 9, 8),
    )
    of_age = replace(
        a_release(**own),  # type: ignore[arg-type]
        recorded_at=MORNING,
        given_on=MORNING.date(),
    )
    file = replace(a_file(releases=[denied, taken_back, of_age]), student=student)

    assert isinstance(ask(file), Granted)


# What orders leave.


def an_order(guardian: str | None) -> CourtOrder:
    return CourtOrder(
        order_id=OrderId("o1"),
        student_id=STUDENT,
        effect=OrderEffect.RIGHTS_HOLDER_ONLY,
        guardian_id=GuardianId(guardian) if guardian else None,
        starts_on=date(2026, 9, 1),
        recorded_at=MORNING,
    )


@pytest.mark.parametrize("named", [None, "ana"])
def test_an_order_for_the_rights_holder_binds_whoever_it_names(named: str | None) -> None:
    file = replace(
        a_file(releases=[a_release(decided_by="ana")]),
        guardians=(a_guardian("ana"), a_guardian("ben", RightsBasis.RIGHTS_HOLDER)),
        orders=(an_order(named),),
    )

    assert reason(ask(file)) is RefusalReason.NO_RECORD


def test_an_order_for_the_rights_holder_takes_none_of_the_holders_rights() -> None:
    file = replace(
        a_file(releases=[a_release(decided_by="ben")]),
        guardians=(a_guardian("ana"), a_guardian("ben", RightsBasis.RIGHTS_HOLDER)),
        orders=(an_order("ana"),),
    )

    assert isinstance(ask(file), Granted)


# Where a grant reaches, and until when.


def test_a_grant_for_another_channel_of_the_audience_is_no_grant_here() -> None:
    scope = Scope(use=Use.IMAGE, channel=ChannelKey("other"), audience=Audience.SOCIAL)

    assert reason(ask(a_file(releases=[replace(a_release(), scope=scope)]))) is (
        RefusalReason.NO_RECORD
    )


def test_a_hold_on_a_grants_last_day_ends_it_the_day_before() -> None:
    hold = Hold(hold_id=HoldId("h1"), student_id=STUDENT, starts_on=date(2027, 6, 1))
    file = a_file(releases=[a_release(ends_on=date(2027, 6, 1))], holds=[hold])

    granted = ask(file)

    assert isinstance(granted, Granted)
    assert granted.until == date(2027, 5, 31)


def test_only_a_grant_that_is_over_has_ended() -> None:
    over, last_day = date(2026, 11, 23), TODAY
    ended = replace(a_release(ends_on=over), release_id=ReleaseId("ended"))
    living = replace(a_release(use=Use.WORK, ends_on=last_day), release_id=ReleaseId("living"))

    assert ended_grants(a_file(releases=[ended, living]), TODAY) == (ended,)


# The years.


@pytest.mark.parametrize(
    ("day", "ends_on", "why"),
    [
        (date(2026, 6, 10), date(2026, 6, 10), "its last day is in the year that ended"),
        (date(2025, 6, 10), date(2025, 6, 20), "a year of 365 days does not hold its first day"),
        (date(2026, 6, 11), date(2027, 6, 20), "the year after it"),
    ],
)
def test_a_year_that_ended_holds_its_last_day_and_not_the_one_a_year_before(
    day: date, ends_on: date, why: str
) -> None:
    file = replace(a_file(), year_ends_on=date(2027, 6, 20), ended_years=(date(2026, 6, 10),))

    assert end_of_year_with(day, file) == ends_on, why


def test_a_year_may_have_four_hundred_days() -> None:
    file = replace(
        a_file(),
        year_ends_on=date(2028, 6, 1),
        ended_years=(date(2026, 6, 10), date(2027, 7, 15)),
    )

    assert end_of_year_with(date(2026, 9, 1), file) == date(2027, 7, 15)


def test_after_the_last_year_that_ended_june_counts_where_nothing_is_set() -> None:
    file = replace(a_file(), year_ends_on=None, ended_years=(date(2026, 6, 10),))

    assert end_of_year_with(date(2026, 9, 1), file) == date(2027, 6, 30)


# Blanks after a notice.


def a_notice(delivery: str = "d1", sent: date = date(2026, 9, 1), days: int = 9) -> NoticeDelivery:
    return NoticeDelivery(
        delivery_id=DeliveryId(delivery),
        student_id=STUDENT,
        notice="release",
        language="en",
        address="1 Elm Street",
        sent_on=sent,
        window_ends_on=date.fromordinal(sent.toordinal() + days),
        recorded_at=MORNING,
    )


def noticed(*deliveries: NoticeDelivery, born: date | None = date(2016, 5, 1)) -> StudentFile:
    policy = ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=frozenset({Use.IMAGE}))
    student = replace(a_student(), birth_on=born)
    return replace(a_file(), student=student, policy=policy, deliveries=deliveries)


def test_a_notice_counts_where_nobody_knows_the_birth_date() -> None:
    assert isinstance(ask(noticed(a_notice(), born=None)), Granted)


@pytest.mark.parametrize(
    ("sent", "is_allowed"),
    [(date(2026, 9, 9), False), (date(2026, 9, 10), True), (date(2026, 9, 11), True)],
)
def test_from_18_on_a_notice_counts_if_it_was_sent_to_the_student(
    sent: date, is_allowed: bool
) -> None:
    file = noticed(a_notice(sent=sent), born=date(2008, 9, 10))

    assert isinstance(ask(file), Granted) is is_allowed


def test_a_window_may_close_on_the_day_it_opens() -> None:
    assert isinstance(ask(noticed(a_notice(days=0))), Granted)


def test_of_two_notices_the_later_is_named() -> None:
    file = noticed(a_notice("first"), a_notice("second", sent=date(2026, 10, 1)))

    granted = ask(file)

    assert isinstance(granted, Granted)
    assert granted.deliveries == (DeliveryId("second"),)
