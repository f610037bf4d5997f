"""Protocols for everything outside the judging code, and ``Services``, the set a process holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mediacheck.model.finding import FaceFinding, NameFinding, UnreadText, Where
from mediacheck.model.post import Box, Intake, MediaId, Picture
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A student's face template: ``vector`` is little-endian float32 of the model's length."""

    student_id: StudentId
    model: str
    vector: bytes


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
    """The one doorway to the release register, inside one transaction."""

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
        self, students: Collection[StudentId], *, school: SchoolKey, channel: ChannelKey
    ) -> str:
        """A hash of all that a clearance rests on.

        It covers the school's roster, the channel, and every release and hold of the students.
        """
        ...
