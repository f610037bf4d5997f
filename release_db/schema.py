"""The register's tables. Only ``store`` and the migrations see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    Date,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    event,
    true,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from release_db.append_only import guard_statements
from release_db.moments import UtcMoment
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    NameForm,
    Rights,
    RightsBasis,
    StudentStatus,
    Use,
)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Holds the metadata that the migrations are held to."""

    metadata = MetaData(naming_convention=_NAMES)


class _Words(Enum):
    """A closed choice of words, read by looking the word up; an unknown one raises ``KeyError``."""

    inherit_cache = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Turns the word into its choice; one look-up a value, since every question reads many."""
        del dialect, coltype
        # SQLAlchemy types what an Enum reads as the text that it is kept as.
        choices: dict[str | None, Any] = {word.value: word for word in self.enum_class or ()}
        return {**choices, None: None}.__getitem__


def word_column(kind: type[StrEnum], name: str, *, is_checked: bool = True) -> Enum:
    """A closed choice, kept as its own word and checked by the database.

    ``is_checked`` False: for a column added to a table that was there, which SQLite cannot check.
    """
    return _Words(
        kind,
        name=name,
        native_enum=False,
        create_constraint=is_checked,
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )


def student_key(*, primary_key: bool = False) -> Mapped[str]:
    """The student that a row is about."""
    return mapped_column(
        ForeignKey("student.student_id"), primary_key=primary_key, index=not primary_key
    )


class SchoolRow(Base):
    """A school."""

    __tablename__ = "school"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class ClassRow(Base):
    """A class, team or event list."""

    __tablename__ = "class_group"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    school: Mapped[str] = mapped_column(ForeignKey("school.key"), index=True)
    name: Mapped[str] = mapped_column(String(200))


class ChannelRow(Base):
    """A channel."""

    __tablename__ = "channel"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    audience: Mapped[Audience] = mapped_column(word_column(Audience, "audience"))
    school: Mapped[str | None] = mapped_column(ForeignKey("school.key"))
    name_form: Mapped[NameForm] = mapped_column(word_column(NameForm, "name_form"))
    is_official: Mapped[bool]
    allows_close_ups: Mapped[bool] = mapped_column(server_default=true())
    largest_side_px: Mapped[int | None]


class StudentRow(Base):
    """A student. ``erased_at`` makes the row a tombstone: an id, and nothing personal.

    ``fingerprint`` is a hash of all that the names, classes and standing of the student are, so
    that a change of the roster is seen without reading the roster. ``search_words``: what the
    student is found by, in plain letters. ``email_key`` is the address in one case.
    """

    __tablename__ = "student"

    student_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    given_name: Mapped[str] = mapped_column(String(200))
    middle_name: Mapped[str] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(200))
    suffix: Mapped[str] = mapped_column(String(200))
    preferred_name: Mapped[str] = mapped_column(String(200))
    other_names: Mapped[list[str]] = mapped_column(JSON)
    birth_on: Mapped[date | None] = mapped_column(Date)
    grade: Mapped[str] = mapped_column(String(200))
    school: Mapped[str] = mapped_column(ForeignKey("school.key"), index=True)
    status: Mapped[StudentStatus] = mapped_column(word_column(StudentStatus, "status"))
    left_on: Mapped[date | None] = mapped_column(Date)
    erased_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    fingerprint: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(320), server_default="")
    search_words: Mapped[str] = mapped_column(Text, server_default="")
    email_key: Mapped[str] = mapped_column(String(320), server_default="", index=True)


class ClassMemberRow(Base):
    """A student's place in a class."""

    __tablename__ = "class_member"

    student_id: Mapped[str] = student_key(primary_key=True)
    class_key: Mapped[str] = mapped_column(
        ForeignKey("class_group.key"), primary_key=True, index=True
    )


class GuardianRow(Base):
    """A guardian's link to one student. ``email_key`` is the address in one case."""

    __tablename__ = "guardian"
    __table_args__ = (UniqueConstraint("student_id", "email_key"),)

    guardian_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), index=True)
    rights: Mapped[Rights] = mapped_column(word_column(Rights, "rights"))
    name: Mapped[str] = mapped_column(String(200), server_default="")
    language: Mapped[str] = mapped_column(String(35), server_default="")
    basis: Mapped[RightsBasis] = mapped_column(
        word_column(RightsBasis, "basis", is_checked=False), server_default=RightsBasis.PARENT.value
    )
    verified_how: Mapped[str] = mapped_column(String(200), server_default="")
    sis_id: Mapped[str] = mapped_column(String(100), server_default="", index=True)


class ReleaseRow(Base):
    """A release. Append-only."""

    __tablename__ = "media_release"

    release_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key()
    use: Mapped[Use] = mapped_column(word_column(Use, "use"))
    channel: Mapped[str | None] = mapped_column(String(100))
    audience: Mapped[Audience | None] = mapped_column(word_column(Audience, "audience"))
    name_form: Mapped[NameForm | None] = mapped_column(word_column(NameForm, "name_form"))
    answer: Mapped[Answer] = mapped_column(word_column(Answer, "answer"))
    capacity: Mapped[Capacity] = mapped_column(word_column(Capacity, "capacity"))
    decided_by: Mapped[str] = mapped_column(String(320))
    method: Mapped[str] = mapped_column(String(200))
    notice: Mapped[str] = mapped_column(String(200))
    given_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    ends_on: Mapped[date | None] = mapped_column(Date)
    supersedes: Mapped[str | None] = mapped_column(String(100))
    starts_on: Mapped[date | None] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(35), server_default="")
    evidence: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    act: Mapped[str | None] = mapped_column(String(64), index=True)


class RevocationRow(Base):
    """The taking back of a release. Append-only; the earliest day counts."""

    __tablename__ = "release_revocation"

    number: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("media_release.release_id"), index=True)
    student_id: Mapped[str] = student_key()
    revoked_on: Mapped[date] = mapped_column(Date)
    revoked_by: Mapped[str] = mapped_column(String(320))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


class HoldRow(Base):
    """A protective hold. Append-only."""

    __tablename__ = "protective_hold"

    hold_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key()
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(200))
    audience: Mapped[Audience | None] = mapped_column(
        word_column(Audience, "audience", is_checked=False)
    )
    channel: Mapped[str | None] = mapped_column(String(100))
    review_on: Mapped[date | None] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(200), server_default="")
    placed_by: Mapped[str] = mapped_column(String(200), server_default="")
    recorded_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class HoldEndRow(Base):
    """A last day set on a hold afterwards. Append-only; the last row counts."""

    __tablename__ = "protective_hold_end"

    number: Mapped[int] = mapped_column(primary_key=True)
    hold_id: Mapped[str] = mapped_column(ForeignKey("protective_hold.hold_id"), index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    ended_by: Mapped[str] = mapped_column(String(200), server_default="")
    recorded_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class BiometricRow(Base):
    """A biometric consent. Append-only."""

    __tablename__ = "biometric_consent"

    release_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    student_id: Mapped[str] = student_key()
    answer: Mapped[Answer] = mapped_column(word_column(Answer, "answer"))
    capacity: Mapped[Capacity] = mapped_column(word_column(Capacity, "capacity"))
    decided_by: Mapped[str] = mapped_column(String(320))
    method: Mapped[str] = mapped_column(String(200))
    notice: Mapped[str] = mapped_column(String(200))
    given_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    ends_on: Mapped[date | None] = mapped_column(Date)
    starts_on: Mapped[date | None] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(35), server_default="")
    evidence: Mapped[str] = mapped_column(Text, server_default="")
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    act: Mapped[str | None] = mapped_column(String(64), index=True)


class PolicyRow(Base):
    """A policy value. Append-only; the last row for a key and school counts."""

    __tablename__ = "policy_value"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), index=True)
    school: Mapped[str | None] = mapped_column(ForeignKey("school.key"))
    value: Mapped[str] = mapped_column(String(500))
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcMoment)


class KeyRow(Base):
    """A student's own data key, wrapped under the gallery's key."""

    __tablename__ = "gallery_key"

    student_id: Mapped[str] = student_key(primary_key=True)
    key_id: Mapped[str] = mapped_column(String(64))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class TemplateRow(Base):
    """A template, sealed. ``vector_bytes`` is the length of the vector in bytes."""

    __tablename__ = "gallery_template"
    __table_args__ = (UniqueConstraint("student_id", "model", "reference_sha256"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[str] = student_key()
    model: Mapped[str] = mapped_column(String(200), index=True)
    reference_sha256: Mapped[str] = mapped_column(String(64))
    vector_bytes: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    enrolled_at: Mapped[datetime] = mapped_column(UtcMoment)
    quality: Mapped[float | None]
    expires_on: Mapped[date | None] = mapped_column(Date)


class PortraitRow(Base):
    """A small portrait, sealed."""

    __tablename__ = "gallery_portrait"

    student_id: Mapped[str] = student_key(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class DestructionRow(Base):
    """The certificate of a destruction. Append-only."""

    __tablename__ = "destruction_record"

    certificate_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    student_id: Mapped[str] = student_key()
    templates: Mapped[int]
    why: Mapped[str] = mapped_column(String(200))
    destroyed_at: Mapped[datetime] = mapped_column(UtcMoment)
    destroyed_by: Mapped[str] = mapped_column(String(200), server_default="")
    backups_until: Mapped[date | None] = mapped_column(Date)


#: The append-only tables, with the columns that are emptied when a student is erased.
APPEND_ONLY: dict[type[Base], tuple[str, ...]] = {
    ReleaseRow: ("decided_by", "evidence"),
    RevocationRow: ("revoked_by",),
    HoldRow: ("kind", "reference"),
    HoldEndRow: (),
    BiometricRow: ("decided_by", "evidence"),
    PolicyRow: (),
    DestructionRow: (),
}


def guard_tables(tables: Mapping[type[Base], tuple[str, ...]]) -> None:
    """Lets the database refuse to change what is append-only, once its tables are made."""
    for row, personal in tables.items():
        table = Base.metadata.tables[row.__tablename__]
        fixed = [column.name for column in table.columns if column.name not in personal]
        for dialect in ("sqlite", "postgresql"):
            for statement in guard_statements(
                dialect, table=table.name, fixed=fixed, personal=personal
            ):
                # SQLAlchemy 2.1 leaves the constructor of DDL without types.
                trigger = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", trigger)


guard_tables(APPEND_ONLY)
