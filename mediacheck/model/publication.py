"""What went out, who appears in it, and the cases in which it has to come down again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.finding import Where
from mediacheck.model.people import StaffId
from mediacheck.model.post import Box, Media, MediaId, PostId
from mediacheck.model.verdict import ClearanceId
from release_db.words import ChannelKey, Ground, NameForm, StudentId

PublicationId = NewType("PublicationId", str)
CaseId = NewType("CaseId", str)


class Manner(StrEnum):
    """How a student appears in a publication."""

    FACE = "face"
    NAME = "name"
    WORK = "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAppearance:
    """One student, seen or named at one place of a publication, and what allowed it.

    ``media_id`` None: in the words of the post. ``box`` is in pixels of the picture as published,
    ``span`` the characters of the text that ``where`` names.
    """

    student_id: StudentId
    manner: Manner
    grounds: tuple[Ground, ...]
    media_id: MediaId | None = None
    box: Box | None = None
    where: Where | None = None
    span: tuple[int, int] | None = None
    text: str = ""
    name_form: NameForm = NameForm.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A post that was handed over to be published, as it was then. Append-only."""

    publication_id: PublicationId
    post_id: PostId
    clearance_id: ClearanceId
    channel: ChannelKey
    published_at: datetime
    published_by: StaffId
    caption: str
    media: tuple[Media, ...]
    appearances: tuple[PublishedAppearance, ...]

    def of(self, student: StudentId) -> tuple[PublishedAppearance, ...]:
        """Where that student appears."""
        return tuple(one for one in self.appearances if one.student_id == student)

    def media_or_none(self, media_id: MediaId | None) -> Media | None:
        """The picture with that id, as it was published."""
        return next((media for media in self.media if media.media_id == media_id), None)


class Trigger(StrEnum):
    """Why something has to be stopped, or to come down. Only the register's own people see it."""

    ANSWER = "answer"
    HOLD = "hold"
    ORDER = "order"
    ROSTER = "roster"
    ERASURE = "erasure"
    FAMILY_ASKED = "family-asked"
    ARCHIVE = "archive"
    ERROR = "error"
    EXPIRY = "expiry"


class TakedownAct(StrEnum):
    """What the communications office did about one publication of a case."""

    REMOVED = "removed"
    REPLACED = "replaced"
    NEVER_POSTED = "never-posted"
    CANNOT_REMOVE = "cannot-remove"
    COVERED_COPY = "covered-copy"

    @property
    def settles(self) -> bool:
        """Whether nothing is left to do after it."""
        return self is not TakedownAct.COVERED_COPY


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownStep:
    """One act, with what was said of it. Append-only. ``post_id`` names a covered copy."""

    publication_id: PublicationId
    act: TakedownAct
    at: datetime
    by: StaffId
    words: str = ""
    post_id: PostId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownCase:
    """One student and every publication that has to come down for one reason. Append-only."""

    case_id: CaseId
    student_id: StudentId
    trigger: Trigger
    opened_at: datetime
    opened_by: str
    publications: tuple[PublicationId, ...]
    steps: tuple[TakedownStep, ...] = ()

    def last_step_of(self, publication: PublicationId) -> TakedownStep | None:
        """What was done last about that publication."""
        mine = [step for step in self.steps if step.publication_id == publication]
        return mine[-1] if mine else None

    def is_settled_for(self, publication: PublicationId) -> bool:
        """Whether nothing is left to do about that publication."""
        return any(step.act.settles for step in self.steps if step.publication_id == publication)

    def stays_out(self, publication: PublicationId) -> bool:
        """Whether somebody said that it cannot be taken down: it is settled, and public still."""
        last = self.last_step_of(publication)
        return last is not None and last.act is TakedownAct.CANNOT_REMOVE

    @property
    def left(self) -> tuple[PublicationId, ...]:
        """The publications about which something is left to do."""
        return tuple(one for one in self.publications if not self.is_settled_for(one))
