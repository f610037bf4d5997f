"""What holds for every file and every question: nothing that is added on the strict side clears."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    Granted,
    Guardian,
    Hold,
    Refused,
    Release,
    Scope,
    Student,
    StudentFile,
)
from release_db.rules import biometric_consent_or_none, live_refusals, permission_for
from release_db.standing import matter_of
from release_db.words import (
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

STUDENT_ID = StudentId("S1")
TODAY = date(2026, 11, 24)

# Few values each, and close together, so that decisions meet on one matter and days on one day.
days = st.sampled_from([TODAY + timedelta(days=offset) for offset in (-400, -60, -1, 0, 1, 90)])
any_days = st.one_of(days, st.dates())
moments = st.sampled_from(
    [datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 9, 1, 9, tzinfo=UTC)]
)
emails = st.sampled_from(["ana@home.example", "BEN@home.example", "cy@home.example", "eve"])
keys = st.sampled_from([ChannelKey("instagram"), ChannelKey("facebook")])
scopes = st.builds(
    Scope,
    use=st.sampled_from(Use),
    channel=st.none() | keys,
    audience=st.none() | st.sampled_from([Audience.SOCIAL, Audience.PRINT]),
    name_form=st.none() | st.sampled_from(NameForm),
)
deciders = st.one_of(
    st.tuples(st.just(Capacity.GUARDIAN), emails),
    st.sampled_from([(who, who.value) for who in Capacity if who is not Capacity.GUARDIAN]),
)


@st.composite
def releases(draw: st.DrawFn, answers: tuple[Answer, ...] = tuple(Answer)) -> Release:
    capacity, decided_by = draw(deciders)
    return Release(
        release_id=ReleaseId(draw(st.uuids()).hex),
        student_id=STUDENT_ID,
        scope=draw(scopes),
        answer=draw(st.sampled_from(answers)),
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        given_on=draw(any_days),
        recorded_at=draw(moments),
        ends_on=draw(st.none() | any_days),
        revoked_on=draw(st.none() | st.none() | any_days),
    )


@st.composite
def consents(draw: st.DrawFn, answers: tuple[Answer, ...] = tuple(Answer)) -> BiometricConsent:
    capacity, decided_by = draw(deciders)
    return BiometricConsent(
        release_id=ReleaseId(draw(st.uuids()).hex),
        student_id=STUDENT_ID,
        answer=draw(st.sampled_from(answers)),
        capacity=capacity,
        decided_by=decided_by,
        method="paper",
        given_on=draw(any_days),
        recorded_at=draw(moments),
        ends_on=draw(st.none() | any_days),
    )


holds = st.builds(
    Hold,
    hold_id=st.just(HoldId("h")),
    student_id=st.just(STUDENT_ID),
    starts_on=any_days,
    ends_on=st.none() | any_days,
)
guardians = st.builds(
    Guardian,
    guardian_id=st.just(GuardianId("g")),
    student_id=st.just(STUDENT_ID),
    email=emails,
    rights=st.sampled_from(Rights),
)
students = st.builds(
    Student,
    student_id=st.just(STUDENT_ID),
    given_name=st.just("Maya"),
    family_name=st.just("Lopez"),
    school=st.just(SchoolKey("lincoln")),
    birth_on=st.none()
    | st.dates()
    | st.sampled_from(
        [date(2008, 11, 23), date(2008, 11, 24), date(2009, 1, 1), date(2012, 2, 29)]
    ),
    status=st.sampled_from([StudentStatus.ACTIVE] * 5 + [StudentStatus.DEPARTED]),
    left_on=st.none() | st.none() | any_days,
)
files = st.builds(
    StudentFile,
    student=students,
    guardians=st.lists(guardians, max_size=3).map(tuple),
    releases=st.lists(releases(), max_size=8).map(tuple),
    holds=st.lists(holds, max_size=1).map(tuple),
    biometric=st.lists(consents(), max_size=4).map(tuple),
    year_ends_on=st.none() | any_days,
)
questions = st.builds(
    Appearance,
    student_id=st.just(STUDENT_ID),
    use=st.sampled_from(Use),
    channel=st.builds(
        Channel,
        key=keys,
        name=st.just("A channel"),
        audience=st.sampled_from([Audience.SOCIAL, Audience.PRINT]),
        name_form=st.sampled_from(NameForm),
    ),
    name_form=st.sampled_from(NameForm),
)


@st.composite
def granted_files(draw: st.DrawFn) -> tuple[Appearance, StudentFile]:
    """A question and a file that often grants it, so that the strict side has work to do."""
    question = draw(questions)
    grant = replace(
        draw(releases(answers=(Answer.ALLOW,))),
        scope=Scope(use=question.use),
        capacity=draw(st.sampled_from([Capacity.OFFICE, Capacity.SIS, Capacity.STUDENT])),
        ends_on=draw(st.none() | any_days),
        revoked_on=None,
    )
    file = draw(files)
    return question, replace(file, releases=(*file.releases, grant))


cases = st.one_of(st.tuples(questions, files), granted_files())


@given(case=cases, on=any_days)
def test_no_input_makes_permission_for_raise(
    case: tuple[Appearance, StudentFile], on: date
) -> None:
    question, file = case

    assert isinstance(permission_for(question, file, on), Granted | Refused)
    assert isinstance(permission_for(question, None, on), Refused)


@given(file=files, on=any_days)
def test_no_file_makes_the_other_questions_raise(file: StudentFile, on: date) -> None:
    consent = biometric_consent_or_none(file, on)

    assert consent is None or consent.answer is Answer.ALLOW
    assert all(word.answer is not Answer.ALLOW for word in live_refusals(file, on))


@given(case=cases, on=days, data=st.data())
def test_the_order_on_file_does_not_matter(
    case: tuple[Appearance, StudentFile], on: date, data: st.DataObject
) -> None:
    question, file = case
    shuffled = replace(
        file,
        releases=tuple(data.draw(st.permutations(file.releases))),
        guardians=tuple(data.draw(st.permutations(file.guardians))),
        biometric=tuple(data.draw(st.permutations(file.biometric))),
    )

    assert permission_for(question, shuffled, on) == permission_for(question, file, on)
    assert biometric_consent_or_none(shuffled, on) == biometric_consent_or_none(file, on)


@given(case=cases, on=days, data=st.data())
def test_taking_an_allow_away_never_clears(
    case: tuple[Appearance, StudentFile], on: date, data: st.DataObject
) -> None:
    """Taken with the earlier ones on its matter: a later shorter allow has replaced those."""
    question, file = case
    allows = [release for release in file.releases if release.answer is Answer.ALLOW]
    if not allows:
        return
    gone = matter_of(data.draw(st.sampled_from(allows)), file)
    left = tuple(
        release
        for release in file.releases
        if release.answer is not Answer.ALLOW or matter_of(release, file) != gone
    )

    before = permission_for(question, file, on)
    after = permission_for(question, replace(file, releases=left), on)

    assert isinstance(after, Refused) or isinstance(before, Granted)


@given(case=cases, on=days, refusal=releases(answers=(Answer.DENY, Answer.ASK)))
def test_adding_a_refusal_never_clears(
    case: tuple[Appearance, StudentFile], on: date, refusal: Release
) -> None:
    question, file = case

    before = permission_for(question, file, on)
    after = permission_for(question, replace(file, releases=(*file.releases, refusal)), on)

    assert isinstance(after, Refused) or isinstance(before, Granted)


@given(case=cases, on=days, hold=holds)
def test_adding_a_hold_never_clears(
    case: tuple[Appearance, StudentFile], on: date, hold: Hold
) -> None:
    question, file = case

    before = permission_for(question, file, on)
    after = permission_for(question, replace(file, holds=(*file.holds, hold)), on)

    assert isinstance(after, Refused) or isinstance(before, Granted)


@given(case=cases, on=days, data=st.data())
def test_revoking_never_clears(
    case: tuple[Appearance, StudentFile], on: date, data: st.DataObject
) -> None:
    question, file = case
    if not file.releases:
        return
    chosen = data.draw(st.sampled_from(file.releases))
    revoked = replace(chosen, revoked_on=min(on, chosen.revoked_on or on))
    rest = tuple(release for release in file.releases if release is not chosen)

    before = permission_for(question, file, on)
    after = permission_for(question, replace(file, releases=(*rest, revoked)), on)

    assert isinstance(after, Refused) or isinstance(before, Granted)


@given(case=cases, on=days)
def test_a_guardian_who_is_no_longer_verified_never_clears(
    case: tuple[Appearance, StudentFile], on: date
) -> None:
    question, file = case
    unverified = tuple(
        replace(who, rights=Rights.UNVERIFIED) if who.rights is Rights.FULL else who
        for who in file.guardians
    )

    before = permission_for(question, file, on)
    after = permission_for(question, replace(file, guardians=unverified), on)

    assert isinstance(after, Refused) or isinstance(before, Granted)


@given(case=granted_files(), on=days, step=st.integers(min_value=0, max_value=400))
def test_a_grant_is_good_on_every_day_until_its_end(
    case: tuple[Appearance, StudentFile], on: date, step: int
) -> None:
    question, file = case
    permission = permission_for(question, file, on)
    if isinstance(permission, Refused):
        return
    assert permission.until is not None
    assert permission.until >= on
    later = min(permission.until, on + timedelta(days=step))

    assert isinstance(permission_for(question, file, later), Granted)


@given(case=cases, on=days)
def test_the_form_that_is_told_would_be_granted(
    case: tuple[Appearance, StudentFile], on: date
) -> None:
    question, file = case
    permission = permission_for(question, file, on)
    if isinstance(permission, Granted) or permission.allowed_form in {None, NameForm.NONE}:
        return
    assert permission.allowed_form is not None

    narrower = replace(question, name_form=permission.allowed_form)

    assert isinstance(permission_for(narrower, file, on), Granted)


@given(file=files, on=days, refusal=consents(answers=(Answer.DENY, Answer.ASK)))
def test_adding_a_refusal_of_biometrics_never_gives_consent(
    file: StudentFile, on: date, refusal: BiometricConsent
) -> None:
    before = biometric_consent_or_none(file, on)
    after = biometric_consent_or_none(replace(file, biometric=(*file.biometric, refusal)), on)

    assert after is None or before is not None
