"""One example per rule of what stands around a release: orders, items, notices, scopes, moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from release_db.errors import NeedsSecondPerson, NoticeExists, UnknownChannel, UnknownProposal
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
from release_db.register import ReleaseRegister
from release_db.rules import biometric_consent_or_none, permission_for
from release_db.terms import (
    CourtOrder,
    ItemConsent,
    Notice,
    NoticeDelivery,
    Proposal,
    ReleasePolicy,
)
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
    NoticeId,
    NoticeKind,
    OrderEffect,
    OrderId,
    ProposalId,
    ReleaseId,
    Rights,
    RightsBasis,
    SchoolKey,
    StudentId,
    Use,
)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
S1 = StudentId("S1")
ANA, BEN = "ana@home.example", "ben@home.example"
INSTAGRAM = Channel(key=ChannelKey("instagram"), name="Instagram", audience=Audience.SOCIAL)
YEARBOOK = Channel(key=ChannelKey("yearbook"), name="Yearbook", audience=Audience.PRINT)
ITEM = "a" * 64


def a_guardian(email: str = ANA, **parts: object) -> Guardian:
    guardian = Guardian(guardian_id=GuardianId(email[:3]), student_id=S1, email=email)
    return replace(guardian, **parts)  # type: ignore[arg-type]


def a_release(
    answer: Answer = Answer.ALLOW,
    by: str = ANA,
    *,
    capacity: Capacity = Capacity.GUARDIAN,
    use: Use = Use.IMAGE,
    recorded_at: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC),
    starts_on: date | None = None,
) -> Release:
    return Release(
        release_id=ReleaseId(f"{answer}-{by}-{use}-{starts_on}"),
        student_id=S1,
        scope=Scope(use=use),
        answer=answer,
        capacity=capacity,
        decided_by=by,
        method="portal",
        given_on=recorded_at.date(),
        recorded_at=recorded_at,
        starts_on=starts_on,
    )


def an_order(effect: OrderEffect, of: str | None = None, **parts: object) -> CourtOrder:
    order = CourtOrder(
        order_id=OrderId("o1"),
        student_id=S1,
        effect=effect,
        guardian_id=GuardianId(of[:3]) if of else None,
        starts_on=date(2026, 10, 1),
        recorded_at=NOON,
    )
    return replace(order, **parts)  # type: ignore[arg-type]


def an_item(
    answer: Answer = Answer.ALLOW, by: str = ANA, capacity: Capacity = Capacity.GUARDIAN
) -> ItemConsent:
    return ItemConsent(
        item_consent_id=ItemConsentId(f"i-{answer}-{by}"),
        student_id=S1,
        item=ITEM,
        channel=INSTAGRAM.key,
        use=Use.IMAGE,
        answer=answer,
        capacity=capacity,
        decided_by=by,
        method="portal",
        given_on=TODAY,
        recorded_at=NOON,
    )


def a_delivery(**parts: object) -> NoticeDelivery:
    delivery = NoticeDelivery(
        delivery_id=DeliveryId("d1"),
        student_id=S1,
        notice="release@1",
        language="en",
        address=ANA,
        sent_on=date(2026, 9, 1),
        window_ends_on=date(2026, 9, 21),
        recorded_at=datetime(2026, 9, 1, 8, tzinfo=UTC),
    )
    return replace(delivery, **parts)  # type: ignore[arg-type]


def a_file(*releases: Release, **parts: object) -> StudentFile:
    student = Student(
        student_id=S1,
        given_name="Maya",
        family_name="Lopez",
        school=SchoolKey("lincoln"),
        birth_on=date(2012, 3, 4),
    )
    file = StudentFile(
        student=student,
        guardians=(a_guardian(), a_guardian(BEN)),
        releases=releases,
        year_ends_on=date(2027, 6, 11),
    )
    return replace(file, **parts)  # type: ignore[arg-type]


def ask(
    file: StudentFile,
    channel: Channel = INSTAGRAM,
    on: date = TODAY,
    *,
    use: Use = Use.IMAGE,
    item: str | None = None,
    is_close_up: bool = False,
) -> Permission:
    asked = Appearance(
        student_id=S1,
        use=use,
        channel=channel,
        name_form=NameForm.FULL if use in {Use.NAME, Use.IMAGE_WITH_NAME} else NameForm.NONE,
        item=item,
        is_close_up=is_close_up,
    )
    return permission_for(asked, file, on)


def reason(permission: Permission) -> RefusalReason | None:
    return permission.reason if isinstance(permission, Refused) else None


BOTH_DIFFER = (a_release(), a_release(Answer.DENY, BEN))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (an_order(OrderEffect.REMOVES_RIGHTS, BEN), None),
        (an_order(OrderEffect.REMOVES_RIGHTS, ANA), RefusalReason.GUARDIAN_DENIED),
        (an_order(OrderEffect.SOLE_RIGHTS, ANA), None),
        (an_order(OrderEffect.SOLE_RIGHTS, BEN), RefusalReason.GUARDIAN_DENIED),
        (an_order(OrderEffect.REMOVES_RIGHTS, BEN, ends_on=TODAY), None),
        (
            an_order(OrderEffect.REMOVES_RIGHTS, BEN, ends_on=TODAY - timedelta(days=1)),
            RefusalReason.GUARDIAN_DENIED,
        ),
        (
            an_order(OrderEffect.REMOVES_RIGHTS, BEN, starts_on=TODAY + timedelta(days=1)),
            RefusalReason.GUARDIAN_DENIED,
        ),
        (an_order(OrderEffect.REMOVES_RIGHTS, BEN, uses=(Use.IMAGE,)), None),
        (
            an_order(OrderEffect.REMOVES_RIGHTS, BEN, uses=(Use.WORK,)),
            RefusalReason.GUARDIAN_DENIED,
        ),
        (an_order(OrderEffect.REMOVES_RIGHTS, BEN, audience=Audience.SOCIAL), None),
        (
            an_order(OrderEffect.REMOVES_RIGHTS, BEN, audience=Audience.PRINT),
            RefusalReason.GUARDIAN_DENIED,
        ),
    ],
)
def test_an_order_limits_its_guardian_within_its_dates_and_scope(
    order: CourtOrder, expected: RefusalReason | None
) -> None:
    assert reason(ask(a_file(*BOTH_DIFFER, orders=(order,)))) is expected


def test_an_order_that_takes_the_granting_guardians_rights_takes_the_grant() -> None:
    order = an_order(OrderEffect.REMOVES_RIGHTS, ANA)

    assert reason(ask(a_file(a_release(), orders=(order,)))) is RefusalReason.NO_RECORD


@pytest.mark.parametrize("effect", list(OrderEffect))
def test_an_order_that_names_nobody_lets_only_the_rights_holder_allow(effect: OrderEffect) -> None:
    file = a_file(a_release(), orders=(an_order(effect),))
    holder = a_guardian(basis=RightsBasis.RIGHTS_HOLDER)

    assert reason(ask(file)) is RefusalReason.NO_RECORD
    assert isinstance(ask(replace(file, guardians=(holder,))), Granted)


@pytest.mark.parametrize("capacity", [Capacity.OFFICE, Capacity.SIS])
def test_under_agency_care_the_office_alone_grants_nothing(capacity: Capacity) -> None:
    allow = a_release(by=capacity.value, capacity=capacity)
    order = an_order(OrderEffect.RIGHTS_HOLDER_ONLY)

    assert isinstance(ask(a_file(allow)), Granted)
    assert reason(ask(a_file(allow, orders=(order,)))) is RefusalReason.NO_RECORD


def test_a_relative_without_rights_restricts_and_never_allows() -> None:
    relative = (a_guardian(basis=RightsBasis.OTHER),)

    assert reason(ask(a_file(a_release(), guardians=relative))) is RefusalReason.NO_RECORD
    denied = ask(a_file(a_release(Answer.DENY), guardians=relative))
    assert reason(denied) is RefusalReason.GUARDIAN_DENIED


def test_a_grant_ends_on_the_day_before_an_order_takes_it() -> None:
    order = an_order(OrderEffect.REMOVES_RIGHTS, ANA, starts_on=date(2027, 1, 10))

    permission = ask(a_file(a_release(), orders=(order,)))

    assert isinstance(permission, Granted)
    assert permission.until == date(2027, 1, 9)


def test_an_order_without_scope_ends_biometric_consent_too() -> None:
    consent = BiometricConsent(
        release_id=ReleaseId("b1"),
        student_id=S1,
        answer=Answer.ALLOW,
        capacity=Capacity.GUARDIAN,
        decided_by=ANA,
        method="portal",
        given_on=date(2026, 9, 1),
        recorded_at=NOON,
    )
    order = an_order(OrderEffect.REMOVES_RIGHTS, ANA)
    narrow = replace(order, uses=(Use.IMAGE,))

    assert biometric_consent_or_none(a_file(biometric=(consent,), orders=(narrow,)), TODAY)
    assert not biometric_consent_or_none(a_file(biometric=(consent,), orders=(order,)), TODAY)


@pytest.mark.parametrize("by", ["ana", "ANA@home.example ", "former@home.example"])
def test_a_guardian_is_the_same_person_by_id_and_former_address(by: str) -> None:
    guardian = a_guardian(former_emails=("former@home.example",))

    assert isinstance(ask(a_file(a_release(by=by), guardians=(guardian,))), Granted)


def test_a_later_word_under_a_new_address_supersedes() -> None:
    guardian = a_guardian(former_emails=("former@home.example",))
    early = a_release(Answer.DENY, "former@home.example")
    late = a_release(recorded_at=datetime(2026, 10, 1, 8, tzinfo=UTC))

    assert isinstance(ask(a_file(early, late, guardians=(guardian,))), Granted)


def test_a_decision_counts_from_its_first_day() -> None:
    release = a_release(starts_on=date(2026, 12, 1))

    assert reason(ask(a_file(release))) is RefusalReason.NO_RECORD
    assert isinstance(ask(a_file(release), on=date(2026, 12, 1)), Granted)


def test_a_decision_never_counts_before_it_was_given() -> None:
    release = a_release(starts_on=date(2026, 8, 1))

    assert reason(ask(a_file(release), on=date(2026, 8, 15))) is RefusalReason.NO_RECORD


def test_a_hold_of_one_audience_leaves_the_others() -> None:
    hold = Hold(hold_id=HoldId("h1"), student_id=S1, starts_on=TODAY, audience=Audience.SOCIAL)
    file = a_file(a_release(), holds=(hold,))

    assert ask(file) == Refused(reason=RefusalReason.HOLD, holds=(HoldId("h1"),))
    assert isinstance(ask(file, YEARBOOK), Granted)


def test_a_yes_for_one_picture_lifts_only_the_same_persons_word() -> None:
    asking = a_release(Answer.ASK)
    file = a_file(asking, items=(an_item(),))

    assert reason(ask(file)) is RefusalReason.ASK_FIRST
    assert ask(file, item=ITEM) == Granted(
        releases=(), until=date(2027, 6, 11), items=(an_item().item_consent_id,)
    )
    assert reason(ask(a_file(asking, items=(an_item(by=BEN),)), item=ITEM)) is not None


def test_a_yes_for_one_picture_is_for_that_picture_and_channel() -> None:
    file = a_file(a_release(Answer.ASK), items=(an_item(),))

    assert reason(ask(file, item="b" * 64)) is RefusalReason.ASK_FIRST
    assert reason(ask(file, YEARBOOK, item=ITEM)) is RefusalReason.ASK_FIRST


def test_a_refusal_after_the_yes_for_one_picture_counts() -> None:
    later = a_release(Answer.DENY, recorded_at=NOON + timedelta(seconds=1))

    permission = ask(a_file(later, items=(an_item(),)), item=ITEM)

    assert reason(permission) is RefusalReason.GUARDIAN_DENIED


def test_two_guardians_who_want_to_be_asked_both_have_to_answer() -> None:
    asking = (a_release(Answer.ASK), a_release(Answer.ASK, BEN))

    one = ask(a_file(*asking, items=(an_item(),)), item=ITEM)
    both = ask(a_file(*asking, items=(an_item(), an_item(by=BEN))), item=ITEM)

    assert reason(one) is RefusalReason.ASK_FIRST
    assert isinstance(both, Granted)


def test_a_no_for_one_picture_refuses_it_only() -> None:
    file = a_file(a_release(), items=(an_item(Answer.DENY, BEN),))

    assert isinstance(ask(file), Granted)
    assert ask(file, item=ITEM) == Refused(
        reason=RefusalReason.GUARDIAN_DENIED, items=(an_item(Answer.DENY, BEN).item_consent_id,)
    )


def test_a_guardian_never_lifts_the_students_own_refusal() -> None:
    own = a_release(Answer.DENY, "student", capacity=Capacity.STUDENT)

    permission = ask(a_file(a_release(), own, items=(an_item(),)), item=ITEM)

    assert reason(permission) is RefusalReason.STUDENT_REFUSED


def test_a_student_under_age_lifts_an_own_refusal_and_grants_nothing() -> None:
    own = a_release(Answer.DENY, "student", capacity=Capacity.STUDENT)
    item = an_item(by="student", capacity=Capacity.STUDENT)

    assert isinstance(ask(a_file(a_release(), own, items=(item,)), item=ITEM), Granted)
    assert reason(ask(a_file(own, items=(item,)), item=ITEM)) is RefusalReason.NO_RECORD


OPT_OUT = ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=frozenset({Use.IMAGE}))


@pytest.mark.parametrize(
    ("delivery", "is_granted"),
    [
        (a_delivery(), True),
        (a_delivery(failed_at=NOON), False),
        (a_delivery(window_ends_on=TODAY), False),
        (a_delivery(window_ends_on=TODAY - timedelta(days=1)), True),
        (a_delivery(sent_on=date(2026, 5, 1), window_ends_on=date(2026, 5, 21)), False),
    ],
)
def test_a_blank_means_yes_only_after_a_proven_notice_has_run(
    delivery: NoticeDelivery, is_granted: bool
) -> None:
    file = a_file(policy=OPT_OUT, deliveries=(delivery,))

    assert isinstance(ask(file), Granted) is is_granted
    assert reason(ask(replace(file, policy=ReleasePolicy()))) is RefusalReason.NO_RECORD


def test_a_blank_never_means_yes_for_a_use_the_board_did_not_name() -> None:
    file = a_file(policy=OPT_OUT, deliveries=(a_delivery(),))

    assert reason(ask(file, use=Use.NAME)) is RefusalReason.NO_RECORD
    assert reason(ask(file, use=Use.IMAGE_WITH_NAME)) is RefusalReason.NO_RECORD


def test_a_notice_to_the_guardians_says_nothing_for_a_student_of_age() -> None:
    file = a_file(policy=OPT_OUT, deliveries=(a_delivery(),))
    of_age = replace(file.student, birth_on=date(2008, 11, 24))

    assert reason(ask(replace(file, student=of_age))) is RefusalReason.NO_RECORD


def test_a_refusal_or_a_hold_beats_a_blank() -> None:
    file = a_file(a_release(Answer.DENY), policy=OPT_OUT, deliveries=(a_delivery(),))
    hold = Hold(hold_id=HoldId("h1"), student_id=S1, starts_on=TODAY)

    assert reason(ask(file)) is RefusalReason.GUARDIAN_DENIED
    assert reason(ask(replace(file, releases=(), holds=(hold,)))) is RefusalReason.HOLD


def test_under_agency_care_a_blank_is_a_no() -> None:
    order = an_order(OrderEffect.RIGHTS_HOLDER_ONLY)
    file = a_file(policy=OPT_OUT, deliveries=(a_delivery(),), orders=(order,))

    assert reason(ask(file)) is RefusalReason.NO_RECORD


def test_a_channel_without_close_ups_refuses_one() -> None:
    strict = replace(INSTAGRAM, allows_close_ups=False)
    file = a_file(a_release())

    assert reason(ask(file, strict, is_close_up=True)) is RefusalReason.CLOSE_UP
    assert isinstance(ask(file, strict), Granted)
    assert isinstance(ask(file, is_close_up=True), Granted)


class Clock:
    """The moment that the register takes down, moved on by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def on(self) -> datetime:
        """An hour later."""
        self.moment += timedelta(hours=1)
        return self.moment


@pytest.fixture
def clock(register: ReleaseRegister) -> Clock:
    """The register's own clock, after everything the fixture holds."""
    moving = Clock()
    moving.moment = datetime(2026, 11, 24, 18, tzinfo=UTC)
    register._now = register.terms._now = moving
    return moving


def at(register: ReleaseRegister, moments: Sequence[datetime]) -> list[RefusalReason | None]:
    return [
        reason(register.permission_for(S1, Use.IMAGE, INSTAGRAM.key, NameForm.NONE, moment))
        for moment in moments
    ]


def test_the_past_stays_as_it_was(register: ReleaseRegister, clock: Clock) -> None:
    allow = a_release(by="Ana@home.example", recorded_at=clock.on())
    register.record([replace(allow, given_on=TODAY)])
    moments = [clock.moment - timedelta(minutes=1), clock.moment]
    register.place_hold(
        Hold(hold_id=HoldId("h1"), student_id=S1, starts_on=TODAY, recorded_at=clock.on())
    )
    moments.append(clock.moment)
    clock.on()
    register.lift_hold(HoldId("h1"), ends_on=TODAY - timedelta(days=1), by="office")
    moments.append(clock.moment)
    clock.on()
    link = register.guardians_of([S1])[S1][0]
    register.save_guardians([replace(link, rights=Rights.REMOVED)])
    moments.append(clock.moment)

    assert at(register, moments) == [
        RefusalReason.NO_RECORD,
        None,
        RefusalReason.HOLD,
        None,
        RefusalReason.NO_RECORD,
    ]


def test_a_channel_that_was_not_there_has_no_permission(register: ReleaseRegister) -> None:
    with pytest.raises(UnknownChannel):
        at(register, [datetime(2020, 1, 1, tzinfo=UTC)])


def test_an_order_is_kept_and_ended(register: ReleaseRegister) -> None:
    order = an_order(OrderEffect.REMOVES_RIGHTS, ANA, uses=(Use.IMAGE, Use.WORK))

    register.terms.record_order(order)
    register.terms.end_order(order.order_id, ends_on=TODAY, by="office")

    assert register.student_files([S1])[S1].orders == (replace(order, ends_on=TODAY),)


def test_items_and_deliveries_are_kept_with_the_file(register: ReleaseRegister) -> None:
    register.terms.record_items([an_item()])
    register.terms.record_deliveries([a_delivery()])
    register.terms.fail_delivery(DeliveryId("d1"))
    register.terms.fail_delivery(DeliveryId("d1"))

    file = register.student_files([S1])[S1]
    assert file.items == (an_item(),)
    assert file.deliveries[0].failed_at is not None


def test_a_published_notice_is_never_changed(register: ReleaseRegister) -> None:
    notice = Notice(
        notice_id=NoticeId("release"),
        version=1,
        language="es",
        kind=NoticeKind.RELEASE,
        title="Fotos",
        body="Texto.",
        sha256="0" * 64,
        effective_on=TODAY,
        approved_by="admin",
        recorded_at=NOON,
    )
    register.terms.publish_notice(notice)

    with pytest.raises(NoticeExists):
        register.terms.publish_notice(replace(notice, body="Otro."))
    assert register.terms.notice_or_none(NoticeKind.RELEASE, "es", TODAY) == notice
    assert register.terms.notice_or_none(NoticeKind.RELEASE, "en", TODAY) is None
    yesterday = TODAY - timedelta(days=1)
    assert register.terms.notice_or_none(NoticeKind.RELEASE, "es", yesterday) is None


def test_nobody_confirms_what_they_entered_themselves(register: ReleaseRegister) -> None:
    register.terms.propose(
        Proposal(
            proposal_id=ProposalId("p1"),
            student_id=S1,
            kind="release",
            payload="{}",
            proposed_by="rosa",
            proposed_at=NOON,
        )
    )

    with pytest.raises(NeedsSecondPerson):
        register.terms.decide_proposal(ProposalId("p1"), is_accepted=True, by="rosa")
    assert [one.proposal_id for one in register.terms.waiting_proposals()] == ["p1"]
    assert register.terms.decide_proposal(ProposalId("p1"), is_accepted=True, by="sam").is_accepted
    with pytest.raises(UnknownProposal):
        register.terms.decide_proposal(ProposalId("p1"), is_accepted=False, by="rosa")
    assert register.terms.waiting_proposals() == ()
