"""What a family may see and sign, on a real register."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from mediacheck.errors import NotFound
from mediacheck.flow.families import (
    FamilyDesk,
    Signature,
    WouldWiden,
    children_of,
    choices_of,
    sign_biometric,
    sign_choices,
)
from mediacheck.flow.families_choices import PLACES, Choice, Choices, Place, choices_of_preset
from mediacheck.model.families import FamilyAccountId, FamilyKind, FamilyVisitor
from release_db.presets import STANDARD_PRESETS
from release_db.records import (
    BiometricConsent,
    Granted,
    Guardian,
    Permission,
    StudentFile,
    Template,
)
from release_db.rules import biometric_consent_or_none
from release_db.standard_notices import STANDARD_NOTICES, approved
from release_db.words import (
    Answer,
    Audience,
    ChannelKey,
    GuardianId,
    NameForm,
    Rights,
    StudentId,
    Use,
)
from tests.conftest import House
from tests.factories import NOW, PARENT, TODAY, a_channel, a_release, a_student

OTHER = "other@families.example"
CHILD = "S3"
SIGNATURE = Signature(typed="Ana Lopez", language="es", ip="127.0.0.1", browser="a browser")
INSIDE, NO_NAMES, EVERYTHING, NOTHING = map(choices_of_preset, STANDARD_PRESETS)
T = TypeVar("T")


def a_visitor(email: str = PARENT, *, may_grant: bool = True) -> FamilyVisitor:
    return FamilyVisitor(
        account_id=FamilyAccountId("an-account") if may_grant else None,
        kind=FamilyKind.GUARDIAN,
        email=email,
        language="es",
        may_grant=may_grant,
        authenticated="passkey" if may_grant else "link",
    )


@pytest.fixture
def family(house: House) -> House:
    """A child with two guardians, a class page, and both notices approved."""
    with house.services.transaction() as work:
        work.register.save_students([a_student(CHILD, given="Luz")])
        work.register.save_guardians([a_guardian(PARENT), a_guardian(OTHER)])
        work.register.add_channel(a_channel("class-page", audience=Audience.CLASS))
        for text in STANDARD_NOTICES:
            work.register.terms.publish_notice(approved(text, by="the-boss", on=TODAY, at=NOW))
    return house


def a_guardian(email: str, rights: Rights = Rights.FULL) -> Guardian:
    return Guardian(
        guardian_id=GuardianId(f"g-{email}"),
        student_id=StudentId(CHILD),
        email=email,
        rights=rights,
    )


def at_desk(house: House, act: Callable[[FamilyDesk], T], visitor: FamilyVisitor) -> T:
    with house.services.transaction() as work:
        return act(FamilyDesk(services=house.services, work=work, visitor=visitor))


def sign(house: House, choices: Choices, visitor: FamilyVisitor | None = None) -> None:
    at_desk(
        house, lambda desk: sign_choices(desk, CHILD, choices, SIGNATURE), visitor or a_visitor()
    )


def permission(
    house: House,
    use: Use = Use.IMAGE,
    channel: str = "lincoln-instagram",
    form: NameForm = NameForm.FULL,
) -> Permission:
    with house.services.transaction() as work:
        return work.register.permission_for(StudentId(CHILD), use, ChannelKey(channel), form, NOW)


def file_of(house: House) -> StudentFile:
    with house.services.transaction() as work:
        return work.register.student_files([StudentId(CHILD)])[StudentId(CHILD)]


def test_a_yes_to_everything_is_granted_on_every_channel(family: House) -> None:
    sign(family, EVERYTHING)

    assert isinstance(permission(family), Granted)
    assert isinstance(permission(family, Use.IMAGE_WITH_NAME, "class-page"), Granted)


def test_everything_inside_school_is_refused_in_public(family: House) -> None:
    sign(family, INSIDE)

    assert isinstance(permission(family, channel="class-page"), Granted)
    assert not isinstance(permission(family), Granted)


def test_one_signature_is_one_act_with_its_evidence(family: House) -> None:
    sign(family, EVERYTHING)

    words = file_of(family).releases
    assert {word.act for word in words if word.act} == {words[0].act}
    assert {(word.decided_by, word.method, word.notice) for word in words} == {
        (PARENT, "portal", "media-release@1")
    }
    evidence = json.loads(words[0].evidence)
    assert (evidence["signature"], evidence["authenticated"]) == ("Ana Lopez", "passkey")


def test_the_audit_names_the_account_and_never_the_address(family: House) -> None:
    sign(family, EVERYTHING)

    with family.services.transaction() as work:
        entry = work.audit.head()
    assert entry is not None
    assert (entry.event, entry.subject) == ("releases:signed", CHILD)
    assert PARENT not in entry.actor + entry.details


def test_first_name_only_refuses_the_full_name(family: House) -> None:
    sign(family, EVERYTHING)
    sign(family, {Place(audience=Audience.SOCIAL, use=Use.NAME): Choice.FIRST_NAME})

    assert isinstance(permission(family, Use.NAME, form=NameForm.FIRST), Granted)
    assert not isinstance(permission(family, Use.NAME, form=NameForm.INITIALS), Granted)
    assert not isinstance(permission(family, Use.NAME), Granted)


def test_what_was_signed_is_what_the_form_shows_again(family: House) -> None:
    sign(family, INSIDE)
    changed = {Place(audience=Audience.CLASS, use=Use.NAME): Choice.FIRST_NAME}
    sign(family, changed)

    file = file_of(family)
    shown = at_desk(family, lambda desk: choices_of(desk, file), a_visitor())
    assert shown[Place(audience=Audience.CLASS, use=Use.NAME)] is Choice.FIRST_NAME
    assert shown[Place(audience=Audience.SOCIAL, use=Use.IMAGE)] is Choice.NO


@pytest.mark.parametrize("scope", [{}, {"channel": "lincoln-instagram"}])
def test_an_own_older_no_on_paper_is_lifted_by_a_signed_yes(
    family: House, scope: dict[str, str]
) -> None:
    old = replace(a_release(CHILD, answer=Answer.DENY), given_on=date(2026, 9, 1))
    narrower = replace(old, scope=replace(old.scope, **scope))
    with family.services.transaction() as work:
        work.register.record([narrower])

    sign(family, EVERYTHING)

    assert isinstance(permission(family), Granted)


def test_lifting_an_older_no_allows_nothing_else(family: House) -> None:
    with family.services.transaction() as work:
        work.register.record([a_release(CHILD, answer=Answer.DENY)])

    sign(family, INSIDE)

    assert isinstance(permission(family, channel="class-page"), Granted)
    assert not isinstance(permission(family), Granted)


def test_the_other_guardians_no_still_refuses(family: House) -> None:
    sign(family, NOTHING, a_visitor(OTHER))
    sign(family, EVERYTHING)

    assert not isinstance(permission(family), Granted)


@pytest.mark.parametrize("choices", [EVERYTHING, INSIDE, NO_NAMES])
def test_a_mailed_link_cannot_grant(family: House, choices: Choices) -> None:
    with pytest.raises(WouldWiden):
        sign(family, choices, a_visitor(may_grant=False))

    assert file_of(family).releases == ()


def test_a_mailed_link_cannot_take_back_a_no_that_another_no_hides(family: House) -> None:
    sign(family, NOTHING)
    sign(family, NOTHING, a_visitor(OTHER))

    with pytest.raises(WouldWiden):
        sign(family, EVERYTHING, a_visitor(may_grant=False))


def test_a_mailed_link_can_restrict(family: House) -> None:
    sign(family, EVERYTHING)
    place = Place(audience=Audience.SOCIAL, use=Use.IMAGE)

    sign(family, EVERYTHING | {place: Choice.NO}, a_visitor(may_grant=False))

    assert not isinstance(permission(family), Granted)
    assert isinstance(permission(family, channel="class-page"), Granted)


def test_a_mailed_links_first_name_only_records_no_yes(family: House) -> None:
    sign(family, EVERYTHING)
    before = len(file_of(family).releases)

    sign(
        family,
        {Place(audience=Audience.SOCIAL, use=Use.NAME): Choice.FIRST_NAME},
        a_visitor(may_grant=False),
    )

    assert {word.answer for word in file_of(family).releases[before:]} == {Answer.DENY}


def test_somebody_unverified_may_only_restrict(family: House) -> None:
    with family.services.transaction() as work:
        work.register.save_guardians([a_guardian(PARENT, Rights.UNVERIFIED)])

    with pytest.raises(WouldWiden):
        sign(family, EVERYTHING)
    sign(family, NOTHING)

    assert len(file_of(family).releases) == len(PLACES)


def test_a_student_of_18_vanishes_from_the_guardian(family: House) -> None:
    with family.services.transaction() as work:
        grown = replace(a_student(CHILD), birth_on=date(2008, 11, 24), email="luz@school.example")
        work.register.save_students([grown])
    student = replace(a_visitor("luz@school.example"), kind=FamilyKind.STUDENT)

    assert at_desk(family, children_of, a_visitor()) == ()
    assert [one.student.student_id for one in at_desk(family, children_of, student)] == [CHILD]


def test_a_guardian_whose_rights_were_removed_sees_nobody(family: House) -> None:
    with family.services.transaction() as work:
        work.register.save_guardians([a_guardian(PARENT, Rights.REMOVED)])

    assert at_desk(family, children_of, a_visitor()) == ()


def test_somebody_elses_child_is_not_found(family: House) -> None:
    with pytest.raises(NotFound):
        at_desk(family, lambda desk: sign_choices(desk, "S1", EVERYTHING, SIGNATURE), a_visitor())


def test_a_biometric_yes_is_apart_from_every_release(family: House) -> None:
    sign(family, EVERYTHING)
    assert biometric_consent_or_none(file_of(family), TODAY) is None

    at_desk(family, lambda desk: sign_biometric(desk, CHILD, Answer.ALLOW, SIGNATURE), a_visitor())

    consent = biometric_consent_or_none(file_of(family), TODAY)
    assert isinstance(consent, BiometricConsent)
    assert consent.notice == "face-template@1"


def test_a_biometric_no_destroys_what_is_held(family: House) -> None:
    at_desk(family, lambda desk: sign_biometric(desk, CHILD, Answer.ALLOW, SIGNATURE), a_visitor())

    with family.services.transaction() as work:
        template = Template(student_id=StudentId(CHILD), model="a-model", vector=bytes(512))
        work.gallery.enroll(template, reference_sha256="0" * 64, portrait=b"a jpeg", at=NOW)

    at_desk(
        family,
        lambda desk: sign_biometric(desk, CHILD, Answer.DENY, SIGNATURE),
        a_visitor(may_grant=False),
    )

    assert biometric_consent_or_none(file_of(family), TODAY) is None
    with family.services.transaction() as work:
        assert work.gallery.enrolled(TODAY) == frozenset()
        assert work.gallery.destroy(StudentId(CHILD), why="", at=NOW) == 0
