"""The plain releases CSV: read strictly, planned openly, recorded whole."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from release_db.errors import ImportProblem, ImportRefused
from release_db.records import (
    Appearance,
    BiometricConsent,
    Channel,
    Granted,
    RefusalReason,
    Refused,
    Release,
    Scope,
)
from release_db.register import ReleaseRegister
from release_db.releases_csv import COLUMNS, plan_releases, read_releases
from release_db.releases_plan import ReleasesPlan, apply_releases
from release_db.rules import biometric_consent_or_none, permission_for
from release_db.words import Answer, Audience, Capacity, ChannelKey, NameForm, StudentId, Use

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MAYA = StudentId("S1")
DEFAULTS = {
    "student_id": "S1",
    "use": "image",
    "answer": "allow",
    "decided_by": "ana@home.example",
    "method": "paper",
    "given_on": "2026-09-01",
}


@pytest.fixture
def kind() -> str:
    """The database in memory will do: these rules do not touch it but through the register."""
    return "memory"


def a_file(*changes: dict[str, str]) -> bytes:
    """A file of these rows; what a row does not say is as in ``DEFAULTS``, else blank."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({**DEFAULTS, **change} for change in changes)
    return out.getvalue().encode()


def plan(register: ReleaseRegister, *changes: dict[str, str]) -> ReleasesPlan:
    return plan_releases(register, read_releases(a_file(*changes)), TODAY)


def apply(register: ReleaseRegister, *changes: dict[str, str], at: datetime = NOW) -> None:
    apply_releases(register, plan(register, *changes), at)


def problems_of(register: ReleaseRegister, *changes: dict[str, str]) -> tuple[ImportProblem, ...]:
    with pytest.raises(ImportRefused) as caught:
        plan(register, *changes)
    return caught.value.problems


def recorded(register: ReleaseRegister, student_id: StudentId = MAYA) -> tuple[Release, ...]:
    return register.student_files([student_id])[student_id].releases


def test_a_row_becomes_a_release(register: ReleaseRegister) -> None:
    apply(
        register,
        {
            "use": "IMAGE+NAME",
            "channel": "instagram",
            "name_form": "first+initial",
            "answer": "deny",
            "decided_by": "ANA@home.example",
            "ends_on": "2027-01-31",
            "notice": "2026-en",
        },
    )

    (release,) = recorded(register)
    assert release == Release(
        release_id=release.release_id,
        student_id=MAYA,
        scope=Scope(
            use=Use.IMAGE_WITH_NAME,
            channel=ChannelKey("instagram"),
            name_form=NameForm.FIRST_INITIAL,
        ),
        answer=Answer.DENY,
        capacity=Capacity.GUARDIAN,
        decided_by="ANA@home.example",
        method="paper",
        notice="2026-en",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
        ends_on=date(2027, 1, 31),
    )


@pytest.mark.parametrize("use", list(Use))
def test_every_use_is_read(register: ReleaseRegister, use: Use) -> None:
    apply(register, {"use": use.value})

    assert recorded(register)[0].scope == Scope(use=use)


@pytest.mark.parametrize(
    ("cell", "capacity"),
    [
        ("student", Capacity.STUDENT),
        ("Office", Capacity.OFFICE),
        ("SIS", Capacity.SIS),
        ("ana@home.example", Capacity.GUARDIAN),
    ],
)
def test_who_decided_is_read_with_the_capacity(
    register: ReleaseRegister, cell: str, capacity: Capacity
) -> None:
    apply(register, {"decided_by": cell})

    assert recorded(register)[0].capacity is capacity


@pytest.mark.parametrize("audience", list(Audience))
def test_a_group_of_channels_is_read(register: ReleaseRegister, audience: Audience) -> None:
    apply(register, {"channel": audience.value})

    assert recorded(register)[0].scope == Scope(use=Use.IMAGE, audience=audience)


def test_a_word_that_is_an_account_and_a_group_is_read_as_both(
    register: ReleaseRegister,
) -> None:
    register.add_channel(
        Channel(key=ChannelKey("print"), name="Print", audience=Audience.PUBLIC_WEB)
    )

    apply(register, {"channel": "print"})

    assert recorded(register)[0].scope == Scope(
        use=Use.IMAGE, channel=ChannelKey("print"), audience=Audience.PRINT
    )


def test_a_biometric_row_becomes_a_consent_and_no_release(register: ReleaseRegister) -> None:
    apply(register, {"use": "biometric", "ends_on": "2027-06-01", "notice": "bio-en"})

    file = register.student_files([MAYA])[MAYA]
    (consent,) = file.biometric
    assert file.releases == ()
    assert consent == BiometricConsent(
        release_id=consent.release_id,
        student_id=MAYA,
        answer=Answer.ALLOW,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="paper",
        notice="bio-en",
        given_on=date(2026, 9, 1),
        recorded_at=NOW,
        ends_on=date(2027, 6, 1),
    )
    assert biometric_consent_or_none(file, TODAY) == consent


@pytest.mark.parametrize("use", ["image", "work", "voice"])
def test_a_blank_form_and_none_mean_the_same_where_no_name_is_shown(
    register: ReleaseRegister, use: str
) -> None:
    same = plan(register, {"use": use}, {"use": use, "name_form": "none"})

    assert len(same.added) == 1
    assert same.unchanged == 1


def test_the_form_none_is_kept_where_a_name_is_shown(register: ReleaseRegister) -> None:
    apply(register, {"use": "name", "name_form": "none", "answer": "deny"})

    assert recorded(register)[0].scope.name_form is NameForm.NONE


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"student_id": ""}, "student_id"),
        ({"use": ""}, "use"),
        ({"use": "video"}, "use"),
        ({"name_form": "nickname"}, "name_form"),
        ({"name_form": "first"}, "name_form"),
        ({"use": "biometric", "name_form": "first"}, "name_form"),
        ({"use": "biometric", "channel": "instagram"}, "channel"),
        ({"answer": ""}, "answer"),
        ({"answer": "yes"}, "answer"),
        ({"decided_by": ""}, "decided_by"),
        ({"method": "m" * 201}, "method"),
        ({"given_on": ""}, "given_on"),
        ({"given_on": "9/1/2026"}, "given_on"),
        ({"ends_on": "next June"}, "ends_on"),
        ({"ends_on": "2026-08-31"}, "ends_on"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_row_and_column(
    change: dict[str, str], column: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_releases(a_file({}, change))

    assert [(one.row, one.column) for one in caught.value.problems] == [(3, column)]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"student_id": "S404", "decided_by": "office"}, "student_id"),
        ({"channel": "Instagram"}, "channel"),
        ({"channel": "myspace"}, "channel"),
        ({"decided_by": "eve@home.example"}, "decided_by"),
        ({"decided_by": "ana"}, "decided_by"),
        ({"given_on": "2026-11-25"}, "given_on"),
    ],
)
def test_what_the_register_does_not_know_is_refused_by_row_and_column(
    register: ReleaseRegister, change: dict[str, str], column: str
) -> None:
    (problem,) = problems_of(register, {}, change)

    assert (problem.row, problem.column) == (3, column)
    assert recorded(register) == ()


def test_the_guardian_of_another_student_is_none_of_this_one(register: ReleaseRegister) -> None:
    (problem,) = problems_of(register, {"student_id": "S3"})

    assert problem.column == "decided_by"
    assert "S3" in problem.message
    assert "ana@" not in problem.message


def test_a_refused_file_can_be_planned_again_with_the_same_problems(
    register: ReleaseRegister,
) -> None:
    file = read_releases(a_file({"channel": "myspace"}))

    for _ in range(2):
        with pytest.raises(ImportRefused) as caught:
            plan_releases(register, file, TODAY)
        assert len(caught.value.problems) == 1


def test_the_same_file_twice_plans_no_change(register: ReleaseRegister) -> None:
    rows = ({}, {"use": "biometric"}, {"use": "name", "answer": "deny"}, {"student_id": "S2"})
    apply(register, *rows)

    again = plan(register, *rows)

    assert again.is_empty
    assert again == ReleasesPlan(
        on=TODAY, added=(), unchanged=4, loosened=(), tightened=(), refusals_before=1
    )


def test_an_answer_that_is_in_no_file_any_more_still_stands(register: ReleaseRegister) -> None:
    apply(register, {"answer": "deny"})

    apply(register, {"use": "work"})

    assert [release.answer for release in recorded(register)] == [Answer.DENY, Answer.ALLOW]


def test_ids_go_on_from_those_on_record_and_name_what_is_superseded(
    register: ReleaseRegister,
) -> None:
    apply(register, {}, {"use": "biometric"})

    apply(register, {"given_on": "2026-10-01", "answer": "deny"}, at=LATER)

    first, second = recorded(register)
    assert (first.release_id, second.release_id) == ("S1-r1", "S1-r3")
    assert (first.supersedes, second.supersedes) == (None, "S1-r1")


def test_an_id_that_is_taken_is_not_given_again(register: ReleaseRegister) -> None:
    apply(register, {}, {"use": "work"})
    (taken, _) = recorded(register)
    other = Release(
        release_id=type(taken.release_id)("S1-r4"),
        student_id=MAYA,
        scope=Scope(use=Use.VOICE),
        answer=Answer.DENY,
        capacity=Capacity.OFFICE,
        decided_by="office",
        method="paper",
        given_on=TODAY,
        recorded_at=NOW,
    )
    register.record([other])

    apply(register, {"use": "name"}, at=LATER)

    assert recorded(register)[-1].release_id == "S1-r5"


def test_a_lifted_refusal_is_told_as_loosened(register: ReleaseRegister) -> None:
    apply(register, {"answer": "deny"}, {"answer": "deny", "use": "work"})

    planned = plan(register, {"given_on": "2026-10-01"})

    assert [decision.answer for decision in planned.loosened] == [Answer.ALLOW]
    assert planned.refusals_before == 2
    assert planned.share_loosened == pytest.approx(0.5)
    assert planned.needs_confirmation


@pytest.mark.parametrize(
    "change",
    [
        {"given_on": "2026-08-31"},
        {"given_on": "2026-10-01", "decided_by": "office"},
        {"given_on": "2026-10-01", "channel": "instagram"},
        {"given_on": "2026-10-01", "use": "name"},
        {"given_on": "2026-10-01", "answer": "ask"},
        {"given_on": "2026-10-01", "ends_on": "2026-10-31"},
    ],
)
def test_an_answer_that_lifts_nothing_loosens_nothing(
    register: ReleaseRegister, change: dict[str, str]
) -> None:
    apply(register, {"answer": "deny"})

    planned = plan(register, change)

    assert len(planned.added) == 1
    assert planned.loosened == ()
    assert not planned.needs_confirmation


def test_a_biometric_refusal_that_is_lifted_is_told(register: ReleaseRegister) -> None:
    apply(register, {"use": "biometric", "answer": "deny"})

    planned = plan(register, {"use": "biometric", "given_on": "2026-10-01"})

    assert len(planned.loosened) == 1
    assert planned.share_loosened == 1


def test_one_refusal_of_a_hundred_may_be_lifted_without_a_person(
    register: ReleaseRegister,
) -> None:
    uses = [{"channel": one.value, "use": use.value} for one in Audience for use in Use]
    deciders = ("ana@home.example", "office", "sis")
    rows = [{**use, "decided_by": who, "answer": "deny"} for use in uses for who in deciders]
    apply(register, *rows[:100])
    lifted = [{**row, "answer": "allow", "given_on": "2026-10-01"} for row in rows]

    assert not plan(register, lifted[0]).needs_confirmation
    assert plan(register, *lifted[:2]).needs_confirmation


def test_a_new_refusal_is_told_as_tightened(register: ReleaseRegister) -> None:
    apply(register, {}, {"use": "work", "answer": "deny"})

    planned = plan(
        register,
        {"given_on": "2026-10-01", "answer": "deny"},
        {"use": "work", "given_on": "2026-10-01", "answer": "ask"},
        {"use": "name", "answer": "ask"},
    )

    scopes = {one.scope.use for one in planned.tightened if isinstance(one, Release)}
    assert scopes == {Use.IMAGE, Use.NAME}
    assert planned.loosened == ()


def test_two_answers_of_one_file_on_one_matter_are_read_strictly(
    register: ReleaseRegister,
) -> None:
    apply(register, {"answer": "allow"}, {"answer": "deny"})
    channel = register.channel_or_none(ChannelKey("instagram"))
    assert channel is not None
    asked = Appearance(student_id=MAYA, use=Use.IMAGE, channel=channel)

    permission = permission_for(asked, register.student_files([MAYA])[MAYA], TODAY)

    assert isinstance(permission, Refused)
    assert permission.reason is RefusalReason.GUARDIAN_DENIED


def test_an_imported_release_grants(register: ReleaseRegister) -> None:
    apply(register, {"channel": "social"})
    channel = register.channel_or_none(ChannelKey("instagram"))
    assert channel is not None
    asked = Appearance(student_id=MAYA, use=Use.IMAGE, channel=channel)

    permission = permission_for(asked, register.student_files([MAYA])[MAYA], TODAY)

    assert isinstance(permission, Granted)
