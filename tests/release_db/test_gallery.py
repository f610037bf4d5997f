"""What the gallery promises: consent first, sealed rows, and destruction with a certificate."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from release_db.destruction import BACKUP_DAYS, is_unaltered
from release_db.errors import (
    GalleryUnreadable,
    NoBiometricConsent,
    RecognitionOff,
    UnfitPolicy,
    UnfitTemplate,
)
from release_db.expiry import expiry_of
from release_db.gallery import StudentGallery
from release_db.records import BiometricConsent, DestructionRecord, Template
from release_db.register import ReleaseRegister
from release_db.schema import Base, KeyRow, PortraitRow, TemplateRow
from release_db.sealing import Seal, Unsealable
from release_db.words import Answer, Capacity, ReleaseId, SchoolKey, StudentId, StudentStatus

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MAYA, BEN, CLEO = StudentId("S1"), StudentId("S2"), StudentId("S3")
LINCOLN, ROOSEVELT = SchoolKey("lincoln"), SchoolKey("roosevelt")
KEY = bytes(range(32))
MODEL = "model-one"
PORTRAIT = b"\xff\xd8 a small portrait"


def a_vector(*numbers: float) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


VECTOR = a_vector(0.25, -1.5, 3.0)


@pytest.fixture
def gallery(session: Session, register: ReleaseRegister) -> StudentGallery:
    """A gallery in which Maya and Ben may be enrolled."""
    register.set_policy("recognition", "suggest", school=None, by="admin", at=NOW)
    for student_id in (MAYA, BEN):
        register.record_biometric([a_consent(student_id)])
    return StudentGallery(session, KEY)


def a_consent(student_id: StudentId, answer: Answer = Answer.ALLOW) -> BiometricConsent:
    return BiometricConsent(
        release_id=ReleaseId(f"{student_id}-{answer}"),
        student_id=student_id,
        answer=answer,
        capacity=Capacity.GUARDIAN,
        decided_by="ana@home.example",
        method="paper",
        given_on=date(2026, 9, 1) if answer is Answer.ALLOW else TODAY,
        recorded_at=NOW,
    )


def enroll(
    gallery: StudentGallery,
    student_id: StudentId = MAYA,
    vector: bytes = VECTOR,
    model: str = MODEL,
    reference: str = "a",
) -> None:
    gallery.enroll(
        Template(student_id=student_id, model=model, vector=vector),
        reference_sha256=reference * 64,
        portrait=PORTRAIT,
        at=NOW,
    )


def test_a_template_and_a_portrait_come_back_as_enrolled(gallery: StudentGallery) -> None:
    enroll(gallery)

    assert gallery.templates([MAYA], MODEL, TODAY) == (
        Template(student_id=MAYA, model=MODEL, vector=VECTOR),
    )
    assert gallery.portrait_or_none(MAYA, TODAY) == PORTRAIT
    assert gallery.enrolled(TODAY) == {MAYA}


def test_without_a_consent_nothing_is_kept(gallery: StudentGallery, session: Session) -> None:
    with pytest.raises(NoBiometricConsent, match="S3"):
        enroll(gallery, CLEO)

    assert session.get(KeyRow, CLEO) is None


def test_nothing_is_kept_where_nobody_switched_recognition_on(
    session: Session, register: ReleaseRegister
) -> None:
    register.record_biometric([a_consent(MAYA)])

    with pytest.raises(RecognitionOff, match="S1"):
        enroll(StudentGallery(session, KEY))


def test_moving_to_a_school_without_recognition_destroys(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    register.set_policy("recognition", "off", school=ROOSEVELT, by="admin", at=NOW)
    maya = register.student_or_none(MAYA)
    assert maya is not None

    register.save_students([replace(maya, school=ROOSEVELT, classes=())])

    assert [record.why for record in gallery.destructions()] == ["recognition is off"]
    assert gallery.held_at([ROOSEVELT, LINCOLN]) == 0


def test_a_consent_that_was_taken_back_destroys_what_is_held(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    enroll(gallery, BEN)

    register.record_biometric([a_consent(MAYA, Answer.DENY)])

    assert [one.student_id for one in gallery.templates([MAYA, BEN], MODEL, TODAY)] == [BEN]
    assert gallery.portrait_or_none(MAYA, TODAY) is None
    assert gallery.enrolled(TODAY) == {BEN}
    assert gallery.lapsed(TODAY) == frozenset()
    (record,) = gallery.destructions()
    assert (record.student_id, record.why) == (MAYA, "the consent has ended")
    assert record.destroyed_by == Capacity.GUARDIAN
    assert record.backups_until == TODAY + timedelta(days=BACKUP_DAYS)
    assert is_unaltered(record)
    assert not is_unaltered(replace(record, templates=9))
    with pytest.raises(NoBiometricConsent):
        enroll(gallery)


def test_a_departed_students_templates_are_destroyed(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    maya = register.student_or_none(MAYA)
    assert maya is not None

    register.save_students([replace(maya, status=StudentStatus.DEPARTED, left_on=TODAY)])

    assert gallery.templates([MAYA], MODEL, TODAY) == ()
    assert gallery.lapsed(TODAY) == frozenset()
    assert [record.why for record in gallery.destructions()] == ["the student has left"]


def test_what_ends_by_itself_is_destroyed_by_the_clock(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    maya = register.student_or_none(MAYA)
    assert maya is not None
    assert register.destroy_lapsed(by="clock") == ()

    # The roster learns that she is of age already: her guardian's consent has ended.
    register.save_students([replace(maya, birth_on=date(2008, 11, 1))])

    assert [record.why for record in gallery.destructions()] == ["the student came of age"]
    assert register.destroy_lapsed(by="clock") == ()


def test_an_expired_template_is_not_given_out_and_is_destroyed_by_the_clock(
    gallery: StudentGallery, session: Session
) -> None:
    enroll(gallery)
    year_on = date(2027, 11, 24)
    later = ReleaseRegister(session, lambda: datetime(2027, 11, 25, 17, 0, tzinfo=UTC))

    assert gallery.templates([MAYA], MODEL, year_on - timedelta(days=1)) != ()
    assert gallery.templates([MAYA], MODEL, year_on) == ()
    assert gallery.enrolled(year_on) == frozenset()
    assert [record.why for record in later.destroy_lapsed()] == ["the template has expired"]
    assert session.get(KeyRow, MAYA) is None


def test_the_template_that_is_still_good_outlives_the_expired_one(
    gallery: StudentGallery, register: ReleaseRegister, session: Session
) -> None:
    enroll(gallery)
    enroll(gallery, reference="b", vector=a_vector(1.0, 2.0, 3.0))
    old = update(TemplateRow).where(TemplateRow.reference_sha256 == "a" * 64)
    session.execute(old.values(expires_on=TODAY))

    (record,) = register.destroy_lapsed()

    assert record.templates == 1
    (kept,) = gallery.templates([MAYA], MODEL, TODAY)
    assert kept.vector == a_vector(1.0, 2.0, 3.0)


def test_a_shorter_policy_shortens_what_is_held_and_a_longer_one_does_not(
    gallery: StudentGallery, register: ReleaseRegister, session: Session
) -> None:
    enroll(gallery)

    for months in ("2", "9"):
        register.set_policy("template_months", months, school=None, by="admin", at=NOW)

    assert list(session.scalars(select(TemplateRow.expires_on))) == [date(2027, 1, 24)]


def test_a_template_that_a_new_policy_ends_goes_at_once(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    in_summer = NOW + timedelta(days=200)

    destroyed = register.set_policy("template_months", "3", school=None, by="admin", at=in_summer)

    assert [(record.why, record.destroyed_by) for record in destroyed] == [
        ("the template has expired", "admin")
    ]


@pytest.mark.parametrize(
    ("birth_on", "months", "expires_on"),
    [
        (date(2020, 1, 1), None, date(2027, 5, 24)),
        (date(2015, 3, 4), None, date(2027, 11, 24)),
        (date(2011, 3, 4), None, date(2028, 11, 24)),
        (None, None, date(2027, 5, 24)),
        (date(2011, 3, 4), "3", date(2027, 2, 24)),
    ],
)
def test_a_young_face_expires_sooner(
    birth_on: date | None, months: str | None, expires_on: date
) -> None:
    assert expiry_of(birth_on, TODAY, months) == expires_on


def test_the_days_of_the_backups_are_a_policy(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)
    register.set_policy("backup_days", "7", school=None, by="admin", at=NOW)

    register.record_biometric([a_consent(MAYA, Answer.DENY)])

    assert gallery.destructions()[0].backups_until == TODAY + timedelta(days=7)
    with pytest.raises(UnfitPolicy):
        register.set_policy("backup_days", "soon", school=None, by="admin", at=NOW)


def test_only_the_students_asked_for_are_given_out(gallery: StudentGallery) -> None:
    enroll(gallery)
    enroll(gallery, BEN)

    assert [one.student_id for one in gallery.templates([BEN], MODEL, TODAY)] == [BEN]
    assert gallery.templates([], MODEL, TODAY) == ()
    assert gallery.portrait_or_none(CLEO, TODAY) is None


def test_templates_of_another_model_are_never_given_out(gallery: StudentGallery) -> None:
    enroll(gallery)
    enroll(gallery, vector=a_vector(1.0), model="model-two")

    (template,) = gallery.templates([MAYA], "model-two", TODAY)

    assert template.vector == a_vector(1.0)
    assert gallery.templates([MAYA], "model-three", TODAY) == ()


def test_a_student_may_have_several_templates_and_one_of_a_reference(
    gallery: StudentGallery,
) -> None:
    enroll(gallery, reference="a")
    enroll(gallery, reference="b", vector=a_vector(1.0, 2.0, 3.0))
    enroll(gallery, reference="b", vector=a_vector(4.0, 5.0, 6.0))

    vectors = [one.vector for one in gallery.templates([MAYA], MODEL, TODAY)]

    assert vectors == [VECTOR, a_vector(4.0, 5.0, 6.0)]


@pytest.mark.parametrize(
    "vector",
    [b"", b"\x00" * 5, a_vector(1.0, 2.0), a_vector(1.0, float("nan"), 2.0)],
    ids=["nothing", "broken", "another length", "not a number"],
)
def test_a_vector_that_does_not_fit_its_model_is_refused(
    gallery: StudentGallery, vector: bytes
) -> None:
    enroll(gallery, BEN)

    with pytest.raises(UnfitTemplate, match="S1"):
        enroll(gallery, vector=vector)


def test_nothing_readable_is_in_the_rows(gallery: StudentGallery, session: Session) -> None:
    enroll(gallery)

    held = b"".join(
        bytes(value)
        for table in ("gallery_key", "gallery_template", "gallery_portrait")
        for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        for value in row
        if isinstance(value, bytes | memoryview)
    )

    assert VECTOR not in held
    assert PORTRAIT not in held
    assert KEY not in held


def test_no_vector_and_no_key_shows_in_a_representation(gallery: StudentGallery) -> None:
    enroll(gallery)

    shown = repr([gallery, gallery.templates([MAYA], MODEL, TODAY), Seal(KEY), vars(gallery)])

    assert repr(VECTOR) not in shown
    assert repr(KEY) not in shown
    assert KEY.hex() not in shown


@pytest.mark.parametrize(
    ("table", "column"),
    [(TemplateRow, "sealed"), (KeyRow, "wrapped"), (PortraitRow, "sealed")],
)
def test_a_row_that_was_swapped_between_students_cannot_be_read(
    gallery: StudentGallery, session: Session, table: type[Base], column: str
) -> None:
    enroll(gallery)
    enroll(gallery, BEN)
    rows = {row.student_id: row for row in session.query(table)}
    mayas, bens = getattr(rows[MAYA], column), getattr(rows[BEN], column)
    setattr(rows[MAYA], column, bens)
    setattr(rows[BEN], column, mayas)
    session.flush()

    def read() -> object:
        is_portrait = table is PortraitRow
        return (
            gallery.portrait_or_none(MAYA, TODAY)
            if is_portrait
            else gallery.templates([MAYA], MODEL, TODAY)
        )

    with pytest.raises(GalleryUnreadable):
        read()


@pytest.mark.parametrize(
    "change",
    [
        {"model": "model-two"},
        {"sealed": b""},
        {"sealed": b"\x00" * 40},
        {"vector_bytes": 16},
    ],
)
def test_a_template_that_is_not_what_its_row_says_cannot_be_read(
    gallery: StudentGallery, session: Session, change: dict[str, object]
) -> None:
    enroll(gallery)
    session.execute(update(TemplateRow).values(**change))
    session.expire_all()

    with pytest.raises(GalleryUnreadable, match="S1"):
        gallery.templates([MAYA], str(change.get("model", MODEL)), TODAY)


def test_a_template_without_its_key_cannot_be_read(
    gallery: StudentGallery, session: Session
) -> None:
    enroll(gallery)
    session.execute(text("DELETE FROM gallery_key"))
    session.expire_all()

    with pytest.raises(GalleryUnreadable):
        gallery.templates([MAYA], MODEL, TODAY)


def test_another_gallery_key_reads_nothing(gallery: StudentGallery, session: Session) -> None:
    enroll(gallery)
    other = StudentGallery(session, bytes(32))

    with pytest.raises(GalleryUnreadable):
        other.templates([MAYA], MODEL, TODAY)
    with pytest.raises(GalleryUnreadable):
        enroll(other, reference="b")


def test_a_gallery_key_has_32_bytes(session: Session) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        StudentGallery(session, b"short")


def test_destroying_removes_key_templates_and_portrait_and_certifies_it(
    gallery: StudentGallery, session: Session
) -> None:
    enroll(gallery)
    enroll(gallery, reference="b")
    enroll(gallery, BEN)

    assert gallery.destroy(MAYA, why="consent taken back", at=NOW) == 2

    assert gallery.enrolled(TODAY) == {BEN}
    assert gallery.portrait_or_none(MAYA, TODAY) is None
    assert session.get(KeyRow, MAYA) is None
    (record,) = gallery.destructions()
    assert record == DestructionRecord(
        certificate_id=record.certificate_id,
        student_id=MAYA,
        templates=2,
        why="consent taken back",
        destroyed_at=NOW,
        backups_until=TODAY + timedelta(days=BACKUP_DAYS),
    )
    assert gallery.destruction_or_none(record.certificate_id) == record


def test_a_copy_from_before_the_destruction_cannot_be_read(
    gallery: StudentGallery, session: Session
) -> None:
    enroll(gallery)
    (kept,) = session.query(TemplateRow)
    copy = {
        column.name: getattr(kept, column.name)
        for column in TemplateRow.__table__.columns
        if column.name != "number"
    }
    gallery.destroy(MAYA, why="asked", at=NOW)

    enroll(gallery, reference="b")
    session.add(TemplateRow(**copy))
    session.flush()

    with pytest.raises(GalleryUnreadable):
        gallery.templates([MAYA], MODEL, TODAY)


def test_where_nothing_is_held_nothing_is_certified(gallery: StudentGallery) -> None:
    assert gallery.destroy(MAYA, why="asked", at=NOW) == 0
    assert gallery.destructions() == ()


def test_erasing_a_student_destroys_the_templates_in_the_same_transaction(
    gallery: StudentGallery, register: ReleaseRegister
) -> None:
    enroll(gallery)

    register.delete_student(MAYA, why="the family asked", at=NOW)

    assert gallery.enrolled(TODAY) == frozenset()
    assert gallery.lapsed(TODAY) == frozenset()
    assert [record.why for record in gallery.destructions()] == ["the family asked"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE destruction_record SET templates = 0", "DELETE FROM destruction_record"],
)
def test_a_certificate_is_never_changed(
    gallery: StudentGallery, session: Session, statement: str
) -> None:
    enroll(gallery)
    gallery.destroy(MAYA, why="asked", at=NOW)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def test_what_is_sealed_opens_with_its_key_and_purpose_alone() -> None:
    sealed = Seal(KEY).seal(b"secret", "ab", "c")

    assert Seal(KEY).unseal(sealed, "ab", "c") == b"secret"
    assert Seal(KEY).seal(b"secret", "ab", "c") != sealed
    for seal, purpose in ((Seal(KEY), ("a", "bc")), (Seal(bytes(32)), ("ab", "c"))):
        with pytest.raises(Unsealable):
            seal.unseal(sealed, *purpose)


def test_a_template_says_which_picture_it_is_of(gallery: StudentGallery) -> None:
    enroll(gallery)

    (template,) = gallery.templates([MAYA], MODEL, TODAY)

    assert template.reference_sha256 == "a" * 64
    assert gallery.holds_reference(MAYA, "a" * 64)
    assert not gallery.holds_reference(BEN, "a" * 64)


def test_one_reference_is_destroyed_with_a_certificate_and_the_others_stay(
    gallery: StudentGallery,
) -> None:
    enroll(gallery)
    enroll(gallery, reference="b")

    assert gallery.destroy_reference(MAYA, "b" * 64, why="withdrawn", by="boss", at=NOW) == 1
    assert gallery.destroy_reference(MAYA, "b" * 64, why="withdrawn", by="boss", at=NOW) == 0

    (record,) = gallery.destructions()
    assert (record.templates, record.destroyed_by, is_unaltered(record)) == (1, "boss", True)
    (left,) = gallery.templates([MAYA], MODEL, TODAY)
    assert left.reference_sha256 == "a" * 64
    assert gallery.portrait_or_none(MAYA, TODAY) == PORTRAIT


def test_with_the_last_reference_the_key_goes(gallery: StudentGallery, session: Session) -> None:
    enroll(gallery)

    assert gallery.destroy_reference(MAYA, "a" * 64, why="withdrawn", by="boss", at=NOW) == 1

    assert session.get(KeyRow, MAYA) is None
    assert session.get(PortraitRow, MAYA) is None


def test_the_portrait_stays_where_a_reference_brings_none(gallery: StudentGallery) -> None:
    enroll(gallery)
    gallery.enroll(
        Template(student_id=MAYA, model=MODEL, vector=VECTOR),
        reference_sha256="b" * 64,
        portrait=None,
        at=NOW,
    )

    assert gallery.portrait_or_none(MAYA, TODAY) == PORTRAIT


def test_what_is_held_is_told_by_student(gallery: StudentGallery) -> None:
    enroll(gallery, BEN)
    enroll(gallery)
    enroll(gallery, reference="b")

    ben, maya = sorted(gallery.holders(), key=lambda held: held.templates)

    assert (ben.student_id, maya.student_id, maya.templates) == (BEN, MAYA, 2)
    assert maya.first_expiry_on == maya.last_expiry_on
    assert maya.best_quality is None
