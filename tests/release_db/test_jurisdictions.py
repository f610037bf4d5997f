"""What a jurisdiction's profile forbids, and that choosing it destroys what it does not allow."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from release_db.errors import RecognitionOff, UnfitPolicy
from release_db.gallery import StudentGallery
from release_db.jurisdictions import PROFILES, is_review_due, profile_named
from release_db.records import Template
from release_db.register import ReleaseRegister
from release_db.words import DefaultRule, SchoolKey, StudentId
from tests.release_db.conftest import NOW
from tests.release_db.test_gallery import BEN, KEY, MAYA, MODEL, TODAY, VECTOR, a_consent

LINCOLN = SchoolKey("lincoln")


@pytest.fixture
def gallery(session: Session, register: ReleaseRegister) -> StudentGallery:
    """A gallery that holds Maya and Ben."""
    register.set_policy("recognition", "suggest", school=None, by="admin", at=NOW)
    gallery = StudentGallery(session, KEY)
    register.record_biometric([a_consent(MAYA), a_consent(BEN)])
    for student_id in (MAYA, BEN):
        enroll(gallery, student_id)
    return gallery


def enroll(gallery: StudentGallery, student_id: StudentId) -> None:
    gallery.enroll(
        Template(student_id=student_id, model=MODEL, vector=VECTOR),
        reference_sha256="a" * 64,
        portrait=b"jpeg",
        at=NOW,
    )


def set_policy(
    register: ReleaseRegister, key: str, value: str, school: SchoolKey | None = None
) -> int:
    return len(register.set_policy(key, value, school=school, by="admin", at=NOW))


def test_switching_recognition_off_destroys_every_template(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    assert set_policy(register, "recognition", "off") == 2

    assert gallery.templates([MAYA, BEN], MODEL, TODAY) == ()
    assert {record.destroyed_by for record in gallery.destructions()} == {"admin"}
    with pytest.raises(RecognitionOff):
        enroll(gallery, MAYA)


def test_a_school_that_keeps_recognition_keeps_its_templates(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    set_policy(register, "recognition", "suggest", LINCOLN)

    assert set_policy(register, "recognition", "off") == 0
    assert set_policy(register, "recognition", "off", LINCOLN) == 2


def test_new_york_keeps_recognition_off_everywhere(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    set_policy(register, "recognition", "identify", LINCOLN)

    assert set_policy(register, "jurisdiction", "NY") == 2

    assert register.policy_or_none("recognition", LINCOLN) == "off"
    assert gallery.enrolled(TODAY) == frozenset()
    with pytest.raises(UnfitPolicy, match="New York"):
        set_policy(register, "recognition", "suggest", LINCOLN)


def test_colorado_needs_a_document_and_named_roles_first(register: ReleaseRegister) -> None:
    set_policy(register, "jurisdiction", "CO")
    set_policy(register, "co_policy_document", "board policy 7.1")
    with pytest.raises(UnfitPolicy, match="Colorado"):
        set_policy(register, "recognition", "suggest")

    set_policy(register, "co_named_roles", "registrar")
    set_policy(register, "recognition", "suggest")

    assert register.policy_or_none("recognition") == "suggest"


def test_the_united_kingdom_forbids_opt_out(register: ReleaseRegister) -> None:
    opt_out = next(rule.value for rule in DefaultRule if rule is not DefaultRule.OPT_IN)
    set_policy(register, "default_rule", opt_out, LINCOLN)

    set_policy(register, "jurisdiction", "UK")

    assert register.policy_or_none("default_rule", LINCOLN) == DefaultRule.OPT_IN
    with pytest.raises(UnfitPolicy, match="opt-out"):
        set_policy(register, "default_rule", opt_out)
    with pytest.raises(UnfitPolicy, match="opt-out"):
        set_policy(register, "opt_out_uses", "image")


def test_illinois_shortens_the_backups(register: ReleaseRegister) -> None:
    set_policy(register, "jurisdiction", "IL")

    assert register.policy_or_none("backup_days") == "30"
    with pytest.raises(UnfitPolicy, match="30 days"):
        set_policy(register, "backup_days", "35")


def test_a_profile_is_one_of_the_known_and_the_whole_districts(register: ReleaseRegister) -> None:
    with pytest.raises(UnfitPolicy):
        set_policy(register, "jurisdiction", "Atlantis")
    with pytest.raises(UnfitPolicy):
        set_policy(register, "jurisdiction", "NY", LINCOLN)


def test_every_profile_says_where_it_comes_from_and_grows_old() -> None:
    assert all(profile.source for profile in PROFILES if profile.key != "none")
    assert not is_review_due(profile_named("NY"), date(2027, 11, 1))
    assert is_review_due(profile_named("NY"), date(2027, 12, 1))
