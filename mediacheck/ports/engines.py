"""Protocols of the clock, the engines, the stores and the queue: what lies outside the judging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mediacheck.model.archive import OldPictureId
from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.finding import FaceFinding, NameFinding, UnreadText, Where
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import (
    Box,
    Intake,
    MediaId,
    Picture,
)
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId
from release_db.words import ClassKey, SchoolKey, StudentId


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

    def glance(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
        """One quick reading a box, in the form of a template, or None.

        It is never stored. It shows who is near, never who somebody is.

        Raises:
            EngineFault: the model failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of writing in the pixels. ``score`` is the reader's own, 0 to 1.

    ``readings`` are other readings of the same box (turned round, other case), best first.
    ``odds``, where the reader was in any doubt, hold what it made of every letter in each reading,
    as ``findings.letter_odds`` packs them.
    """

    text: str
    box: Box
    score: float
    readings: tuple[str, ...] = ()
    odds: tuple[bytes, ...] = ()


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

    def drop_before(self, moment: datetime) -> None:
        """Removes whatever was kept before; only for what is all of passing use."""
        ...


class JobQueue(Protocol):
    """Background work. A job carries only ids; a lost job is a delay."""

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        ...

    def send_mail(self, mail_id: MailId) -> None:
        """Asks for one mail to be sent."""
        ...

    def measure_gallery(self, measurement_id: MeasurementId) -> None:
        """Asks for one gallery to be measured."""
        ...

    def see_to_portraits(self, batch_id: BatchId) -> None:
        """Asks for a batch of portraits to be looked at, or enrolled."""
        ...

    def judge_old(self, old_picture_id: OldPictureId) -> None:
        """Asks for one file of an archive to be judged."""
        ...

    def publish(self, dispatch_id: DispatchId) -> None:
        """Asks for one cleared post to be published."""
        ...

    def take_down(self, dispatch_id: DispatchId) -> None:
        """Asks for one published post to be deleted."""
        ...

    def fetch_seen(self, watched_id: WatchedId) -> None:
        """Asks for a post that was found on a timeline to be fetched and judged."""
        ...

    def look_after_account(self, connection_id: ConnectionId) -> None:
        """Asks for one account to be looked at, or let go."""
        ...
