"""The words of the release register: frozen records that every rule is written in.

Nothing here reads, writes or asks the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    ClassKey,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A student of the roster. ``other_names`` are nicknames, former names, native spellings."""

    student_id: StudentId
    given_name: str
    family_name: str
    middle_name: str = ""
    suffix: str = ""
    preferred_name: str = ""
    other_names: tuple[str, ...] = ()
    birth_on: date | None = None
    grade: str = ""
    school: SchoolKey
    classes: tuple[ClassKey, ...] = ()
    status: StudentStatus = StudentStatus.ACTIVE
    left_on: date | None = None

    @property
    def display_name(self) -> str:
        """The name a teacher knows: preferred (else given) and family name."""
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A guardian's link to one student, with the rights that hold for it."""

    guardian_id: GuardianId
    student_id: StudentId
    email: str
    rights: Rights = Rights.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school of the district."""

    key: SchoolKey
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassGroup:
    """A class, team or event list: the scope within which a face may be searched."""

    key: ClassKey
    school: SchoolKey
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One account on one platform, or one printed thing. ``school`` None: the district's."""

    key: ChannelKey
    name: str
    audience: Audience
    school: SchoolKey | None = None
    name_form: NameForm = NameForm.FULL
    is_official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a release covers. ``channel`` and ``audience`` both None: every channel.

    ``name_form`` None: every form.
    """

    use: Use
    channel: ChannelKey | None = None
    audience: Audience | None = None
    name_form: NameForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One signed answer. Append-only: a change is a new release that supersedes this one."""

    release_id: ReleaseId
    student_id: StudentId
    scope: Scope
    answer: Answer
    capacity: Capacity
    decided_by: str
    method: str
    notice: str = ""
    given_on: date
    recorded_at: datetime
    ends_on: date | None = None
    supersedes: ReleaseId | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A protective hold: beats everything and looks like a plain refusal to a teacher."""

    hold_id: HoldId
    student_id: StudentId
    starts_on: date
    ends_on: date | None = None
    kind: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BiometricConsent:
    """Consent to hold a face template. Its own record, never implied by a release."""

    release_id: ReleaseId
    student_id: StudentId
    answer: Answer
    capacity: Capacity
    decided_by: str
    method: str
    notice: str = ""
    given_on: date
    recorded_at: datetime
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A student's face template: ``vector`` is little-endian float32 of the model's length."""

    student_id: StudentId
    model: str
    vector: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionRecord:
    """The certificate that a student's templates and portrait were destroyed with their key."""

    certificate_id: str
    student_id: StudentId
    templates: int
    why: str
    destroyed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValue:
    """A policy value that was set, by whom and when. ``school`` None: the district's."""

    key: str
    school: SchoolKey | None
    value: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFile:
    """Everything the rules may look at for one student.

    ``year_ends_on`` is the last day of any one school year; the rules take its month and day for
    every year, and the last of June where it is None.
    """

    student: Student
    guardians: tuple[Guardian, ...] = ()
    releases: tuple[Release, ...] = ()
    holds: tuple[Hold, ...] = ()
    biometric: tuple[BiometricConsent, ...] = ()
    year_ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One student, one use, on one channel, in one form of the name."""

    student_id: StudentId
    use: Use
    channel: Channel
    name_form: NameForm = NameForm.NONE


class RefusalReason(StrEnum):
    """Why a permission is refused. For the register's own people; a teacher sees one wording."""

    HOLD = "hold"
    STUDENT_REFUSED = "student-refused"
    GUARDIAN_DENIED = "guardian-denied"
    SIS_DENIED = "sis-denied"
    OFFICE_DENIED = "office-denied"
    ASK_FIRST = "ask-first"
    NAME_FORM = "name-form"
    EXPIRED = "expired"
    DEPARTED = "departed"
    NO_RECORD = "no-record"
    UNKNOWN_STUDENT = "unknown-student"


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """The use is allowed, on these releases, until the end of ``until`` (None: no end known)."""

    releases: tuple[ReleaseId, ...]
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The use is not allowed. ``allowed_form`` is a narrower name form that would be."""

    reason: RefusalReason
    releases: tuple[ReleaseId, ...] = field(default=())
    allowed_form: NameForm | None = None


Permission = Granted | Refused
