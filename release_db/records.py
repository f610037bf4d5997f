"""The words of the release register: frozen records that every rule is written in.

Nothing here reads, writes or asks the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from release_db.terms import OPT_IN, CourtOrder, ItemConsent, NoticeDelivery, ReleasePolicy
from release_db.words import (
    ActId,
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    ClassKey,
    DeliveryId,
    Ground,
    GuardianId,
    HoldId,
    ItemConsentId,
    NameForm,
    ReleaseId,
    Rights,
    RightsBasis,
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
    email: str = ""

    @property
    def display_name(self) -> str:
        """The name a teacher knows: preferred (else given) and family name."""
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A guardian's link to one student, with the rights that hold for it.

    ``language`` is a BCP 47 tag, and empty where nobody knows it. ``sis_id`` is the person's own in
    the student information system, empty where no roster told it. ``former_emails``: the addresses
    under which earlier decisions may have been recorded.
    """

    guardian_id: GuardianId
    student_id: StudentId
    email: str
    rights: Rights = Rights.FULL
    name: str = ""
    language: str = ""
    basis: RightsBasis = RightsBasis.PARENT
    verified_how: str = ""
    sis_id: str = ""
    former_emails: tuple[str, ...] = ()


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
    allows_close_ups: bool = True
    largest_side_px: int | None = None
    """The longest side of a picture that goes there; None: as the account takes it."""


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
    """One signed answer. Append-only: a change is a new release that supersedes this one.

    It counts from ``starts_on`` (None: from ``given_on``). ``evidence`` is a JSON object: what was
    typed as the signature, how the signer was authenticated, from where, or the scan's hash.
    """

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
    starts_on: date | None = None
    language: str = ""
    evidence: str = ""
    reason: str = ""
    act: ActId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A protective hold: beats everything and looks like a plain refusal to a teacher.

    ``audience`` and ``channel`` both None: every channel. ``recorded_at`` None: before moments
    were kept.
    """

    hold_id: HoldId
    student_id: StudentId
    starts_on: date
    ends_on: date | None = None
    kind: str = "other"
    audience: Audience | None = None
    channel: ChannelKey | None = None
    review_on: date | None = None
    reference: str = ""
    placed_by: str = ""
    recorded_at: datetime | None = None


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
    starts_on: date | None = None
    language: str = ""
    evidence: str = ""
    reason: str = ""
    act: ActId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A student's face template: ``vector`` is little-endian float32 of the model's length.

    ``reference_sha256`` names the picture it was made of (empty: it is not in the gallery yet).
    """

    student_id: StudentId
    model: str
    vector: bytes = field(repr=False)
    quality: float | None = None
    reference_sha256: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionRecord:
    """The certificate that a student's templates and portrait were destroyed with their key."""

    certificate_id: str
    student_id: StudentId
    templates: int
    why: str
    destroyed_at: datetime
    destroyed_by: str = ""
    backups_until: date | None = None


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
    every year, and the last of June where it is None. ``ended_years``: the last days of years that
    a renewal round has recorded as ended, oldest first; those stay. ``is_rights_holder_only`` is
    never kept: an order sets it, for what it covers.
    """

    student: Student
    guardians: tuple[Guardian, ...] = ()
    releases: tuple[Release, ...] = ()
    holds: tuple[Hold, ...] = ()
    biometric: tuple[BiometricConsent, ...] = ()
    year_ends_on: date | None = None
    ended_years: tuple[date, ...] = ()
    orders: tuple[CourtOrder, ...] = ()
    items: tuple[ItemConsent, ...] = ()
    deliveries: tuple[NoticeDelivery, ...] = ()
    policy: ReleasePolicy = OPT_IN
    is_rights_holder_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One student, one use, on one channel, in one form of the name.

    ``item`` is the SHA-256 of the one upload it is about, for answers that were given for it alone.
    ``is_close_up``: the student is alone in the picture, and large. ``tells_school_and_grade``: the
    words beside the name do, so that it says as much as the full name.
    """

    student_id: StudentId
    use: Use
    channel: Channel
    name_form: NameForm = NameForm.NONE
    item: str | None = None
    is_close_up: bool = False
    tells_school_and_grade: bool = False


class RefusalReason(StrEnum):
    """Why a permission is refused. For the register's own people; a teacher sees one wording."""

    HOLD = "hold"
    STUDENT_REFUSED = "student-refused"
    GUARDIAN_DENIED = "guardian-denied"
    SIS_DENIED = "sis-denied"
    OFFICE_DENIED = "office-denied"
    ASK_FIRST = "ask-first"
    NAME_FORM = "name-form"
    SCHOOL_AND_GRADE = "school-and-grade"
    CLOSE_UP = "close-up"
    EXPIRED = "expired"
    DEPARTED = "departed"
    NO_RECORD = "no-record"
    UNKNOWN_STUDENT = "unknown-student"


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """The use is allowed until the end of ``until`` (None: no end known), and on what.

    It rests on releases, on an answer for this one item, or on a notice that nobody objected to.
    """

    releases: tuple[ReleaseId, ...]
    until: date | None = None
    items: tuple[ItemConsentId, ...] = ()
    deliveries: tuple[DeliveryId, ...] = ()

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The ids of everything that it rests on."""
        return tuple(Ground(one) for one in (*self.releases, *self.items, *self.deliveries))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The use is not allowed, and on what that rests.

    ``allowed_form`` is a narrower form of the name that would be allowed.
    """

    reason: RefusalReason
    releases: tuple[ReleaseId, ...] = ()
    allowed_form: NameForm | None = None
    holds: tuple[HoldId, ...] = ()
    items: tuple[ItemConsentId, ...] = ()


Permission = Granted | Refused
