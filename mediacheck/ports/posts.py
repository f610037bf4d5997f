"""The posts, what was seen in them, and what people said of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.post import (
    Box,
    Media,
    MediaId,
    MediaState,
    Post,
    PostId,
    PostState,
    Refusal,
    Rendition,
)
from mediacheck.model.resolution import Resolution
from mediacheck.model.review import ReviewNote
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.engines import TextLine
from release_db.words import SchoolKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the engines saw in one picture. Names are matched anew from it at every judging.

    ``matches`` holds what the face search made of each face; ``lines`` the writing that was read;
    ``prints`` what the picture looks like without its covers, by which a work is known again;
    ``painted`` what covers had changed in it.
    """

    faces: tuple[FaceFinding, ...] = ()
    matches: Mapping[FindingId, Resolution] = field(default_factory=dict)
    lines: tuple[TextLine, ...] = ()
    prints: tuple[str, ...] = ()
    painted: tuple[Box, ...] = ()


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

    def post_of_media_or_none(self, media_id: MediaId) -> Post | None:
        """The post that a picture is in; None: there is none, or it was taken out."""
        ...

    def keep_rendition(self, media_id: MediaId, rendition: Rendition | None) -> None:
        """Keeps what goes out of a checked picture, and touches nothing else of it."""
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
