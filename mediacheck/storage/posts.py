"""Posts on SQLAlchemy: ``SqlPosts`` implements the ``Posts`` port inside one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from mediacheck.errors import NotFound, Outdated
from mediacheck.model.finding import FindingId
from mediacheck.model.people import StaffId
from mediacheck.model.post import (
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
from mediacheck.model.review import ReviewAct, ReviewNote
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.posts import PostSummary, Seen
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.post_rows import (
    fill_media_row,
    fill_post_row,
    media_of,
    post_of,
    rendition_text,
)
from mediacheck.storage.posts_schema import (
    ClearanceRow,
    MediaRow,
    NoteRow,
    PostRow,
    ResolutionRow,
    SeenRow,
)
from release_db.words import SchoolKey


class SqlPosts:
    """The posts as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def add(self, post: Post) -> None:
        """Keeps a new post."""
        row = PostRow(
            post_id=post.post_id,
            author=post.author,
            created_at=post.created_at,
            version=post.version,
            last_outcome=None,
        )
        fill_post_row(row, post)
        self._session.add(row)
        self._session.flush()

    def save(self, post: Post) -> Post:
        """Keeps changed words, channel, class and state; returns it with the next version.

        Raises:
            Outdated: ``post.version`` is not the stored one.
        """
        row = self._post_row(post.post_id)
        if row.version != post.version:
            raise Outdated
        fill_post_row(row, post)
        row.version += 1
        self._session.flush()
        return replace(post, version=row.version)

    def post_or_none(self, post_id: PostId) -> Post | None:
        """The post with its media in order."""
        row = self._session.get(PostRow, post_id)
        return post_of(row, self._media_of(post_id)) if row is not None else None

    def posts(
        self,
        *,
        schools: Collection[SchoolKey] | None,
        state: PostState | None = None,
        limit: int = 100,
    ) -> tuple[PostSummary, ...]:
        """The newest posts of these schools (None: of the whole district), in that state."""
        query = select(PostRow).order_by(PostRow.created_at.desc()).limit(limit)
        if schools is not None:
            query = query.where(PostRow.school.in_(schools))
        if state is not None:
            query = query.where(PostRow.state == state)
        rows = self._session.scalars(query).all()
        media = self._media_by_post([row.post_id for row in rows])
        return tuple(
            PostSummary(
                post=post_of(row, media.get(row.post_id, ())),
                outcome=Outcome(row.last_outcome) if row.last_outcome else None,
            )
            for row in rows
        )

    def post_of_media_or_none(self, media_id: MediaId) -> Post | None:
        """The post that a picture is in; None: there is none, or it was taken out."""
        row = self._session.get(MediaRow, media_id)
        return self.post_or_none(PostId(row.post_id)) if row is not None else None

    def keep_rendition(self, media_id: MediaId, rendition: Rendition | None) -> None:
        """Keeps what goes out of a checked picture, and touches nothing else of it."""
        self._media_row(media_id).rendition = rendition_text(rendition)
        self._session.flush()

    def add_media(self, post_id: PostId, media: Media) -> None:
        """Appends a picture to a post."""
        row = MediaRow(media_id=media.media_id, post_id=post_id, attempts=0, removed=False)
        fill_media_row(row, media)
        self._session.add(row)
        self._session.flush()

    def save_media(self, media: Media) -> None:
        """Keeps a picture's changed fields.

        A picture that goes back to waiting starts its attempts anew.
        """
        row = self._media_row(media.media_id)
        if media.state is MediaState.WAITING:
            row.attempts, row.claimed_at = 0, None
        fill_media_row(row, media)
        self._session.flush()

    def set_alt_text(self, media_id: MediaId, alt_text: str) -> None:
        """Keeps a picture's description, and touches nothing else of it."""
        self._media_row(media_id).alt_text = alt_text
        self._session.flush()

    def drop_media(self, media_id: MediaId) -> None:
        """Takes a picture out of the post; its record stays as evidence."""
        self._media_row(media_id).removed = True
        self._session.flush()

    def claim_media(self, media_id: MediaId, at: datetime) -> tuple[PostId, Media, int] | None:
        """Takes up a waiting picture for checking and counts the attempt.

        None when it is not waiting (any more). The number is the attempt, from 1.
        """
        taken = self._session.execute(
            update(MediaRow)
            .where(
                MediaRow.media_id == media_id,
                MediaRow.state == MediaState.WAITING,
                MediaRow.removed.is_(False),
            )
            .values(state=MediaState.CHECKING, claimed_at=at, attempts=MediaRow.attempts + 1)
            .returning(MediaRow.post_id)
        ).scalar_one_or_none()
        if taken is None:
            return None
        row = self._media_row(media_id)
        self._session.refresh(row)
        return PostId(taken), media_of(row), row.attempts

    def waiting_media(self, before: datetime) -> tuple[MediaId, ...]:
        """Pictures that wait, or whose check began before ``before`` and never ended.

        The latter are put back to waiting.
        """
        self._session.execute(
            update(MediaRow)
            .where(MediaRow.state == MediaState.CHECKING, MediaRow.claimed_at < before)
            .values(state=MediaState.WAITING)
        )
        query = select(MediaRow.media_id).where(
            MediaRow.state == MediaState.WAITING, MediaRow.removed.is_(False)
        )
        return tuple(MediaId(media_id) for media_id in self._session.scalars(query))

    def set_media_state(
        self, media_id: MediaId, state: MediaState, refused: Refusal | None = None
    ) -> None:
        """Sets the state of a picture, with the reason of a refusal or failure."""
        row = self._media_row(media_id)
        row.state = state
        row.refused_code = refused.code if refused else None
        row.refused_message = refused.message if refused else None
        self._session.flush()

    def is_upload_awaited(self, sha256: str) -> bool:
        """Whether a picture that has these upload bytes has still to be decoded."""
        count = self._session.scalar(
            select(func.count())
            .select_from(MediaRow)
            .where(
                MediaRow.sha256 == sha256,
                MediaRow.original_key.is_(None),
                MediaRow.removed.is_(False),
                or_(
                    MediaRow.state == MediaState.WAITING,
                    MediaRow.state == MediaState.CHECKING,
                    MediaRow.state == MediaState.FAILED,
                ),
            )
        )
        return bool(count)

    def seen(self, post_id: PostId) -> Mapping[MediaId, Seen]:
        """What the engines saw, for each picture that has been checked."""
        query = (
            select(SeenRow)
            .join(MediaRow, MediaRow.media_id == SeenRow.media_id)
            .where(MediaRow.post_id == post_id, MediaRow.removed.is_(False))
        )
        return {
            MediaId(row.media_id): from_json(row.seen, Seen) for row in self._session.scalars(query)
        }

    def keep_seen(self, media_id: MediaId, seen: Seen) -> None:
        """Keeps what the engines saw in a picture, in place of an earlier look."""
        self._session.merge(SeenRow(media_id=media_id, seen=to_json(seen, Seen)))
        self._session.flush()

    def resolutions(self, post_id: PostId) -> Mapping[FindingId, Resolution]:
        """The latest word of a person on each finding."""
        query = (
            select(ResolutionRow)
            .where(ResolutionRow.post_id == post_id)
            .order_by(ResolutionRow.number)
        )
        latest = {row.finding_id: row.resolution for row in self._session.scalars(query)}
        # A union is no class to a type checker, but it is what the codec was told of.
        return {
            FindingId(finding): from_json(text, Resolution)  # type: ignore[arg-type]
            for finding, text in latest.items()
        }

    def resolve(
        self, post_id: PostId, finding: FindingId, resolution: Resolution, at: datetime
    ) -> None:
        """Appends a person's word on a finding."""
        text = to_json(resolution, Resolution)
        self._session.add(
            ResolutionRow(post_id=post_id, finding_id=finding, resolution=text, at=at)
        )
        self._session.flush()

    def keep_outcome(self, post_id: PostId, outcome: Outcome) -> None:
        """Keeps the last outcome, for lists only: nothing is decided from it."""
        self._post_row(post_id).last_outcome = outcome

    def outcome_or_none(self, post_id: PostId) -> Outcome | None:
        """The outcome that was kept last."""
        kept = self._post_row(post_id).last_outcome
        return Outcome(kept) if kept else None

    def notes(self, post_id: PostId) -> tuple[ReviewNote, ...]:
        """What was said between author and office, oldest first."""
        query = select(NoteRow).where(NoteRow.post_id == post_id).order_by(NoteRow.number)
        return tuple(
            ReviewNote(act=ReviewAct(row.act), by=StaffId(row.by), at=row.at, words=row.words)
            for row in self._session.scalars(query)
        )

    def add_note(self, post_id: PostId, note: ReviewNote) -> None:
        """Appends to what was said."""
        self._session.add(
            NoteRow(post_id=post_id, act=note.act, by=note.by, at=note.at, words=note.words)
        )
        self._session.flush()

    def add_clearance(self, clearance: Clearance) -> None:
        """Keeps a clearance. Append-only."""
        self._session.add(
            ClearanceRow(
                clearance_id=clearance.clearance_id,
                post_id=clearance.post_id,
                clearance=to_json(clearance, Clearance),
            )
        )
        self._session.flush()

    def clearance_or_none(self, clearance_id: ClearanceId) -> Clearance | None:
        """The clearance with that id."""
        query = select(ClearanceRow).where(ClearanceRow.clearance_id == clearance_id)
        row = self._session.scalars(query).one_or_none()
        return from_json(row.clearance, Clearance) if row is not None else None

    def latest_clearance_or_none(self, post_id: PostId) -> Clearance | None:
        """The newest clearance of a post."""
        query = (
            select(ClearanceRow)
            .where(ClearanceRow.post_id == post_id)
            .order_by(ClearanceRow.number.desc())
            .limit(1)
        )
        row = self._session.scalars(query).one_or_none()
        return from_json(row.clearance, Clearance) if row is not None else None

    def _post_row(self, post_id: PostId) -> PostRow:
        row = self._session.get(PostRow, post_id)
        if row is None:
            raise NotFound
        return row

    def _media_row(self, media_id: MediaId) -> MediaRow:
        row = self._session.get(MediaRow, media_id)
        if row is None:
            raise NotFound
        return row

    def _media_of(self, post_id: PostId) -> tuple[Media, ...]:
        return self._media_by_post([post_id]).get(post_id, ())

    def _media_by_post(self, post_ids: Collection[str]) -> dict[str, tuple[Media, ...]]:
        query = (
            select(MediaRow)
            .where(MediaRow.post_id.in_(post_ids), MediaRow.removed.is_(False))
            .order_by(MediaRow.position)
        )
        grouped: dict[str, tuple[Media, ...]] = {}
        for row in self._session.scalars(query):
            grouped[row.post_id] = (*grouped.get(row.post_id, ()), media_of(row))
        return grouped
