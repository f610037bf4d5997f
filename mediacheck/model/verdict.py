"""May the post go? A verdict with its reasons, and the clearance that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.finding import FindingId
from mediacheck.model.post import MediaId, PixelHash, PostId
from release_db.records import Permission
from release_db.words import ChannelKey, Ground, StudentId

ClearanceId = NewType("ClearanceId", str)


class Outcome(StrEnum):
    """The verdict on a post."""

    CLEARED = "cleared"
    BLOCKED = "blocked"
    NEEDS_REVIEW = "needs_review"


class ReasonCode(StrEnum):
    """Why a post is not cleared. One code for every kind of refusal: no reason may tell which."""

    RELEASE_REFUSED = "release-refused"
    NAME_FORM = "name-form"
    SCHOOL_AND_GRADE = "school-and-grade"
    IMAGE_WITH_NAME = "image-with-name"
    CLOSE_UP = "close-up"
    LIKELY_REFUSED = "likely-refused"
    UNKNOWN_FACE = "unknown-face"
    CONFIRM_FACE = "confirm-face"
    UNSETTLED_NAME = "unsettled-name"
    UNREAD_TEXT = "unread-text"
    FILE_REFUSED = "file-refused"
    FILE_WAITING = "file-waiting"
    STAGE_FAILED = "stage-failed"
    ALT_TEXT_MISSING = "alt-text-missing"
    NOTHING_TO_CHECK = "nothing-to-check"
    EMPTY_ROSTER = "empty-roster"
    UNKNOWN_CHANNEL = "unknown-channel"
    SAME_STUDENT_TWICE = "same-student-twice"
    SECOND_LOOK = "second-look"
    WHOSE_WORK = "whose-work"
    IS_ARTIST = "is-artist"
    KNOWN_WORK = "known-work"
    LIKELY_WORK = "likely-work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason, with words a teacher can act on."""

    code: ReasonCode
    message: str
    finding: FindingId | None = None
    media: MediaId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """May the post go, and why not.

    ``permissions`` holds the strictest permission for each finding that points at students, and
    ``credits`` that of each student whose work a picture shows; ``rests_on`` every answer and
    notice that was counted; ``good_until`` the last moment (UTC) at which the verdict can still be
    true.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    permissions: Mapping[FindingId, Permission] = field(default_factory=dict)
    credits: Mapping[tuple[MediaId, StudentId], Permission] = field(default_factory=dict)
    rests_on: tuple[Ground, ...] = ()
    good_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """The proof that a post may go: exactly these pixels and words, on this channel, until then.

    ``files`` are the hashes of the very files that go out, with all that they carry.

    Only ``mediacheck.decision.clearance`` builds one.
    """

    clearance_id: ClearanceId
    post_id: PostId
    channel: ChannelKey
    pixels: tuple[PixelHash, ...]
    files: tuple[str, ...] = ()
    words_sha256: str
    register_state: str
    rests_on: tuple[Ground, ...]
    cleared_at: datetime
    good_until: datetime
