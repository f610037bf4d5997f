"""What the stages ask of the release register and of the gallery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from mediacheck.ports.names import NameRows
from release_db.gallery_overview import HeldStudent, HeldTemplates
from release_db.records import (
    Channel,
    ClassGroup,
    DestructionRecord,
    School,
    Student,
    StudentFile,
    Template,
)
from release_db.rekeying import Rewrapped
from release_db.words import ChannelKey, ClassKey, SchoolKey, StudentId


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
        self, template: Template, *, reference_sha256: str, portrait: bytes | None, at: datetime
    ) -> None:
        """Keeps a template and a small JPEG portrait, both encrypted under the student's own key.

        ``portrait`` None: the one that there is stays.

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

    def held_at(self, schools: Collection[SchoolKey]) -> int:
        """How many templates there are of students of these schools, expired ones too."""
        ...

    def overdue(self, on: date) -> frozenset[StudentId]:
        """The students of whom something is held that should be destroyed by now."""
        ...

    def holders(self) -> tuple[HeldStudent, ...]:
        """What is held of each student, by id; expired templates count until they are destroyed."""
        ...

    def overview(self, *, weak_below: float) -> tuple[HeldTemplates, ...]:
        """What is held, by model."""
        ...

    def destructions(self) -> tuple[DestructionRecord, ...]:
        """Every certificate of a destruction, oldest first."""
        ...

    def destruction_or_none(self, certificate_id: str) -> DestructionRecord | None:
        """The certificate with that id."""
        ...

    def rewrap(self, *, after: StudentId | None, most: int) -> Rewrapped:
        """Wraps the next students' keys under the gallery's present key."""
        ...

    def wrapped_under(self) -> Mapping[str, int]:
        """How many students' keys are wrapped under each of the gallery's keys, by its id."""
        ...

    def destroy(self, student_id: StudentId, *, why: str, at: datetime) -> int:
        """Destroys key, templates and portraits; returns how many templates there were."""
        ...

    def holds_reference(self, student_id: StudentId, reference_sha256: str) -> bool:
        """Whether there is a template of that reference, expired ones too."""
        ...

    def destroy_reference(
        self, student_id: StudentId, reference_sha256: str, *, why: str, by: str, at: datetime
    ) -> int:
        """Destroys the templates of one reference; returns how many there were."""
        ...


class GalleryKeys(Protocol):
    """The gallery's own keys, which lie outside the database."""

    def present_id(self) -> str:
        """The id of the key that wraps from now on."""
        ...

    def old_ids(self) -> tuple[str, ...]:
        """The ids of the keys that are kept to unwrap what they wrapped."""
        ...

    def begin_new(self) -> str:
        """Makes a new key the present one, and keeps the one before; returns the new id."""
        ...

    def destroy_old(self) -> None:
        """Destroys every old key; what is still wrapped under one is lost."""
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

    def count_students(self, school: SchoolKey | None = None) -> int:
        """How many active students the district or a school has."""
        ...

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too, by family name."""
        ...

    def student_files(self, students: Collection[StudentId]) -> Mapping[StudentId, StudentFile]:
        """What the rules may look at, for each of these students that exists."""
        ...

    @property
    def names(self) -> NameRows:
        """The index of the roster's names."""
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
