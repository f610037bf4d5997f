"""Protocols for everything outside the judging code, and ``Services``, the set a process holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from mediacheck.model.audit import AuditEntry, ChainReport, Event
from mediacheck.model.finding import FaceFinding, FindingId, NameFinding, UnreadText, Where
from mediacheck.model.people import Session, StaffId, StaffMember
from mediacheck.model.post import (
    Box,
    Intake,
    Media,
    MediaId,
    MediaState,
    Picture,
    Post,
    PostId,
    PostState,
    Refusal,
)
from mediacheck.model.resolution import Resolution
from mediacheck.model.review import ReviewNote
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.settings import Settings
from release_db import records
from release_db.records import (
    Channel,
    ChannelKey,
    ClassGroup,
    ClassKey,
    School,
    SchoolKey,
    Student,
    StudentFile,
    StudentId,
)
from release_db.register import ReleaseRegister


class Clock(Protocol):
    """The time, always in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class Ids(Protocol):
    """Fresh, unguessable identifiers."""

    def new(self) -> str:
        """A new id: at least 128 random bits, safe in URLs."""
        ...


class PictureDecoder(Protocol):
    """Turns upload bytes into canonical pixels, in a cage."""

    def decode(self, data: bytes, file_name: str) -> Intake:
        """The canonical picture and the words it carried.

        Raises:
            IntakeError: the file is not taken; one subclass per cause.
        """
        ...


class FaceFinder(Protocol):
    """Finds every face in a picture."""

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        """Every face, merged over detectors and scales, top to bottom then left to right.

        Raises:
            EngineFault: a detector failed. Never a partial list.
        """
        ...


class TemplateExtractor(Protocol):
    """Turns faces into templates of one model."""

    @property
    def model(self) -> str:
        """The tag of model and reading, stored with each template."""
        ...

    def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        """One template a box (little-endian float32), or None: a failure to acquire.

        Raises:
            EngineFault: the model failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of writing in the pixels. ``score`` is the reader's own, 0 to 1.

    ``readings`` are other readings of the same box (turned round, other case), best first.
    """

    text: str
    box: Box
    score: float
    readings: tuple[str, ...] = ()


class TextReader(Protocol):
    """Reads writing in pixels."""

    def read_text(self, picture: Picture) -> tuple[TextLine, ...]:
        """Every piece of writing that was seen, read or not.

        Raises:
            EngineFault: the reader failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NameScope:
    """Where a post comes from; decides how far a first name alone reaches."""

    school: SchoolKey | None
    class_key: ClassKey | None
    present: frozenset[StudentId] = frozenset()
    """Students known to be in the pictures: they count as members of the class."""


class NameMatcher(Protocol):
    """Finds the roster's people in words."""

    def match_names(
        self,
        text: str,
        scope: NameScope,
        where: Where,
        media_id: MediaId | None = None,
        source: str = "",
    ) -> tuple[NameFinding, ...]:
        """Every name in ``text``, with spans in the original string, left to right."""
        ...

    def match_lines(
        self, lines: Sequence[TextLine], scope: NameScope, media_id: MediaId
    ) -> tuple[NameFinding | UnreadText, ...]:
        """Names in lines read from pixels, and the lines that nobody could read."""
        ...


#: The register keeps templates, so the word is its own.
Template = records.Template


class Gallery(Protocol):
    """The enrolled templates and portraits. Holds none without a live biometric consent."""

    def templates(
        self, students: Collection[StudentId], model: str, on: date
    ) -> tuple[Template, ...]:
        """The live templates of these students made by ``model``.

        Raises:
            GalleryUnreadable: a template is of another model, or cannot be decrypted.
        """
        ...

    def enroll(
        self, template: Template, *, reference_sha256: str, portrait: bytes, at: datetime
    ) -> None:
        """Keeps a template and a small JPEG portrait, both encrypted under the student's own key.

        Raises:
            NoBiometricConsent: the student has no live biometric consent.
        """
        ...

    def portrait_or_none(self, student_id: StudentId, on: date) -> bytes | None:
        """A small JPEG, when the family has consented to one being held."""
        ...

    def enrolled(self, on: date) -> frozenset[StudentId]:
        """The students who have a live template."""
        ...

    def destroy(self, student_id: StudentId, *, why: str, at: datetime) -> int:
        """Destroys key, templates and portraits; returns how many templates there were."""
        ...


class Register(Protocol):
    """What the stages ask of the release register. ``ReleaseRegister`` is it, and writes too."""

    def schools(self) -> tuple[School, ...]:
        """Every school, by name."""
        ...

    def classes(self, school: SchoolKey | None = None) -> tuple[ClassGroup, ...]:
        """Every class, team and event list (of one school), by name."""
        ...

    def channels(self) -> tuple[Channel, ...]:
        """Every channel, by name."""
        ...

    def channel_or_none(self, key: ChannelKey) -> Channel | None:
        """The channel with that key."""
        ...

    def student_or_none(self, student_id: StudentId) -> Student | None:
        """The student with that id, departed ones too."""
        ...

    def students(
        self, *, school: SchoolKey | None = None, class_key: ClassKey | None = None
    ) -> tuple[Student, ...]:
        """The active students of the district, a school or a class, by family name."""
        ...

    def student_files(self, students: Collection[StudentId]) -> Mapping[StudentId, StudentFile]:
        """What the rules may look at, for each of these students that exists."""
        ...

    def roster_version(self) -> str:
        """Changes whenever any student's names, school, classes or status change."""
        ...

    def state_of(
        self, students: Collection[StudentId], *, school: SchoolKey | None, channel: ChannelKey
    ) -> str:
        """A hash of all that a clearance rests on.

        It covers the roster of the school (None: of the district), the channel, and every release
        and hold of the students.
        """
        ...

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        """A policy value: the school's own, else the district's, else None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the engines saw in one picture. Names are matched anew from it at every judging.

    ``matches`` holds what the face search made of each face; ``lines`` the writing that was read.
    """

    faces: tuple[FaceFinding, ...] = ()
    matches: Mapping[FindingId, Resolution] = field(default_factory=dict)
    lines: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSummary:
    """A line of a list of posts."""

    post: Post
    outcome: Outcome | None


class Posts(Protocol):
    """The posts, what was seen in them, and what people said of it. One transaction's view."""

    def add(self, post: Post) -> None:
        """Keeps a new post."""
        ...

    def save(self, post: Post) -> Post:
        """Keeps changed words, channel, class and state; returns it with the next version.

        Raises:
            Outdated: ``post.version`` is not the stored one.
        """
        ...

    def post_or_none(self, post_id: PostId) -> Post | None:
        """The post with its media in order."""
        ...

    def posts(
        self,
        *,
        schools: Collection[SchoolKey] | None,
        state: PostState | None = None,
        limit: int = 100,
    ) -> tuple[PostSummary, ...]:
        """The newest posts of these schools (None: of the whole district), in that state."""
        ...

    def add_media(self, post_id: PostId, media: Media) -> None:
        """Appends a picture to a post."""
        ...

    def save_media(self, media: Media) -> None:
        """Keeps a picture's changed fields."""
        ...

    def set_alt_text(self, media_id: MediaId, alt_text: str) -> None:
        """Keeps a picture's description, and touches nothing else of it."""
        ...

    def drop_media(self, media_id: MediaId) -> None:
        """Takes a picture out of the post; its record stays as evidence."""
        ...

    def claim_media(self, media_id: MediaId, at: datetime) -> tuple[PostId, Media, int] | None:
        """Takes up a waiting picture for checking and counts the attempt.

        None when it is not waiting (any more). The number is the attempt, from 1.
        """
        ...

    def waiting_media(self, before: datetime) -> tuple[MediaId, ...]:
        """Pictures that wait, or whose check began before ``before`` and never ended."""
        ...

    def set_media_state(
        self, media_id: MediaId, state: MediaState, refused: Refusal | None = None
    ) -> None:
        """Sets the state of a picture, with the reason of a refusal or failure."""
        ...

    def is_upload_awaited(self, sha256: str) -> bool:
        """Whether a picture that has these upload bytes has still to be decoded."""
        ...

    def seen(self, post_id: PostId) -> Mapping[MediaId, Seen]:
        """What the engines saw, for each picture that has been checked."""
        ...

    def keep_seen(self, media_id: MediaId, seen: Seen) -> None:
        """Keeps what the engines saw in a picture, in place of an earlier look."""
        ...

    def resolutions(self, post_id: PostId) -> Mapping[FindingId, Resolution]:
        """The latest word of a person on each finding."""
        ...

    def resolve(
        self, post_id: PostId, finding: FindingId, resolution: Resolution, at: datetime
    ) -> None:
        """Appends a person's word on a finding."""
        ...

    def keep_outcome(self, post_id: PostId, outcome: Outcome) -> None:
        """Keeps the last outcome, for lists only: nothing is decided from it."""
        ...

    def outcome_or_none(self, post_id: PostId) -> Outcome | None:
        """The outcome that was kept last."""
        ...

    def notes(self, post_id: PostId) -> tuple[ReviewNote, ...]:
        """What was said between author and office, oldest first."""
        ...

    def add_note(self, post_id: PostId, note: ReviewNote) -> None:
        """Appends to what was said."""
        ...

    def add_clearance(self, clearance: Clearance) -> None:
        """Keeps a clearance. Append-only."""
        ...

    def clearance_or_none(self, clearance_id: ClearanceId) -> Clearance | None:
        """The clearance with that id."""
        ...

    def latest_clearance_or_none(self, post_id: PostId) -> Clearance | None:
        """The newest clearance of a post."""
        ...


class AuditSealer(Protocol):
    """Makes the entries of the audit's chain, and checks a whole chain."""

    def next_entry(
        self,
        previous: AuditEntry | None,
        event: Event,
        *,
        at: datetime,
        actor: str,
        subject: str,
        details: Mapping[str, str | int | bool],
    ) -> AuditEntry:
        """The sealed entry that follows ``previous`` (None: the first of all)."""
        ...

    def verify(
        self, entries: Iterable[AuditEntry], expected_head: str | None = None
    ) -> ChainReport:
        """Everything that does not fit in a chain, from its first entry to its newest."""
        ...


class AuditLog(Protocol):
    """The chained log. An entry is written in the transaction of the act that it records."""

    def write(
        self, event: Event, *, actor: str, subject: str = "", **details: str | int | bool
    ) -> None:
        """Appends an entry. Ids, counts and hashes only; never a name or a caption."""
        ...

    def entries(self, *, after: int = 0, limit: int = 1000) -> tuple[AuditEntry, ...]:
        """Entries in order of their numbers."""
        ...

    def head(self) -> AuditEntry | None:
        """The newest entry."""
        ...

    def verify(self, expected_head: str | None = None) -> ChainReport:
        """Walks the chain. ``expected_head``: the ``mac`` of an entry, recorded elsewhere."""
        ...


class Accounts(Protocol):
    """Staff accounts, their secrets and their sessions."""

    def staff(self) -> tuple[StaffMember, ...]:
        """Everybody with an account, by name."""
        ...

    def staff_or_none(self, staff_id: StaffId) -> StaffMember | None:
        """The staff member with that id."""
        ...

    def staff_by_email_or_none(self, email: str) -> StaffMember | None:
        """The staff member with that address, whatever its case."""
        ...

    def save_staff(self, member: StaffMember) -> None:
        """Adds or changes a staff member; ends the sessions when role or schools change."""
        ...

    def password_hash_or_none(self, staff_id: StaffId) -> str | None:
        """The argon2id hash, or None before the first set-up."""
        ...

    def set_password_hash(self, staff_id: StaffId, password_hash: str) -> None:
        """Keeps a new hash and ends every session of that person."""
        ...

    def open_session(self, token_sha256: str, session: Session) -> None:
        """Keeps a session under the hash of its token."""
        ...

    def session_or_none(self, token_sha256: str) -> Session | None:
        """The session of that token, ended or not."""
        ...

    def touch_session(self, token_sha256: str, at: datetime) -> None:
        """Counts the session as used."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Ends one session."""
        ...

    def set_up_code_or_none(self, code_sha256: str) -> tuple[StaffId | None, datetime] | None:
        """Whom a one-time set-up code is for (None: the first administrator), and its end."""
        ...

    def keep_set_up_code(
        self, code_sha256: str, staff_id: StaffId | None, ends_at: datetime
    ) -> None:
        """Keeps a one-time code; earlier ones for the same person are void."""
        ...

    def use_set_up_code(self, code_sha256: str) -> None:
        """Makes the code void."""
        ...

    def failures_since(self, key: str, since: datetime) -> int:
        """Failed sign-ins counted for a key (an account's or an address's hash)."""
        ...

    def latest_failure_or_none(self, key: str) -> datetime | None:
        """When the newest failed sign-in of that key was counted."""
        ...

    def count_failure(self, key: str, at: datetime) -> None:
        """Counts a failed sign-in."""
        ...

    def forget_failures(self, key: str) -> None:
        """After a good sign-in."""
        ...


class PictureStore(Protocol):
    """Content-addressed bytes: our own encodings, and uploads until they are decoded."""

    def put(self, data: bytes) -> str:
        """Keeps bytes; the key is their SHA-256."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes, verified against their key.

        Raises:
            PictureLost: missing or changed.
        """
        ...

    def drop(self, key: str) -> None:
        """Removes bytes; no error when they are gone."""
        ...


class JobQueue(Protocol):
    """Background work. A job carries only ids; a lost job is a delay."""

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        ...


class Work(Protocol):
    """One transaction: everything in it happens, or nothing."""

    @property
    def register(self) -> ReleaseRegister:
        """The release register, for reading and writing."""
        ...

    @property
    def gallery(self) -> Gallery:
        """The enrolled templates."""
        ...

    @property
    def posts(self) -> Posts:
        """The posts."""
        ...

    @property
    def audit(self) -> AuditLog:
        """The audit log."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Accounts and sessions."""
        ...

    def after_commit(self, act: Callable[[], None]) -> None:
        """Does something once everything here has really happened, and never otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The set a process holds. The engines come from functions, so that none loads unasked."""

    settings: Settings
    clock: Clock
    ids: Ids
    pictures: PictureStore
    uploads: PictureStore
    jobs: JobQueue
    begin: Callable[[], AbstractContextManager[Work]]
    decoder: Callable[[], PictureDecoder]
    face_finder: Callable[[], FaceFinder]
    template_extractor: Callable[[], TemplateExtractor]
    text_reader: Callable[[], TextReader]
    name_matcher: Callable[[Register], NameMatcher]
    secret_key: bytes = field(repr=False)
    is_demo: bool = False
    demo_sign_ins: tuple[tuple[str, str, str], ...] = ()
    """Of a made-up district only: what each sign-in shows, its e-mail and its password."""
    recorded_audit_head: Callable[[], str | None] = lambda: None
    """The ``mac`` of the newest audit entry, as it was recorded outside the database."""

    def transaction(self) -> AbstractContextManager[Work]:
        """A transaction that commits at its end, or does nothing at all."""
        return self.begin()
