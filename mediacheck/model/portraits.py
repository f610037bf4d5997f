"""Portraits that wait to be enrolled, and where the references came from that posts have given.

A batch is looked at first, which keeps nothing in the gallery; what a registrar then says yes to is
enrolled in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.finding import FindingId
from mediacheck.model.people import StaffId
from mediacheck.model.post import MediaId, PostId
from mediacheck.model.verdict import ClearanceId
from release_db.words import SchoolKey, StudentId

BatchId = NewType("BatchId", str)


class BatchSource(StrEnum):
    """Where the portraits of a batch come from."""

    FILES = "files"
    PICTURE_DAY = "picture-day"
    POSTS = "posts"


class BatchState(StrEnum):
    """How far a batch has come. The worker takes up the two that wait."""

    TO_LOOK = "to-look"
    LOOKED = "looked"
    TO_ENROL = "to-enrol"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The face in a post that a reference was cut out of, and who said whose it is."""

    post_id: PostId
    media_id: MediaId
    finding: FindingId
    clearance_id: ClearanceId
    confirmed_by: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class PortraitLine:
    """One portrait of a batch.

    ``key`` and ``crop`` name its bytes and the face in it among the waiting portraits (empty: none
    are kept). ``refused`` says why it cannot be enrolled; ``doubt`` why a person has to look first;
    ``is_sure``: one has. ``is_wanted``: it is to be enrolled; ``is_enrolled``: it is.
    """

    student_id: StudentId
    name: str
    key: str = ""
    crop: str = ""
    refused: str = ""
    doubt: str = ""
    quality: float | None = None
    origin: Origin | None = None
    is_wanted: bool = False
    is_sure: bool = False
    is_enrolled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PortraitBatch:
    """Portraits that somebody brought, or asked for, together.

    ``student_id`` None: the batch holds several students' (a picture day), in one file of that
    ``key``. ``schools`` are those of whoever brought it (empty: the whole district), and no other
    school's student is enrolled by it. ``trouble`` says why nothing of it could be read.
    """

    batch_id: BatchId
    source: BatchSource
    asked_by: StaffId
    asked_at: datetime
    student_id: StudentId | None = None
    schools: tuple[SchoolKey, ...] = ()
    key: str = ""
    lines: tuple[PortraitLine, ...] = ()
    trouble: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """What it needs of the waiting portraits."""
        mine = {self.key, *(key for line in self.lines for key in (line.key, line.crop))}
        return frozenset(mine - {""})


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """A batch, its state, and how many of its portraits have been seen to."""

    batch: PortraitBatch
    state: BatchState
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReference:
    """A reference in the gallery that came from a post, by the hash of its bytes."""

    student_id: StudentId
    reference_sha256: str
    origin: Origin
    accepted_by: StaffId
    accepted_at: datetime
