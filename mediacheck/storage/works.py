"""Words on student work on SQLAlchemy: ``SqlWorks`` implements the ``Works`` port."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediacheck.model.post import MediaId, PostId
from mediacheck.model.works import KnownWork, WorkWord
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.works_schema import WorkWordRow


class SqlWorks:
    """The words on works as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def say(self, post_id: PostId, word: WorkWord, prints: tuple[str, ...]) -> None:
        """Appends a person's word on a picture, with the prints by which it is known again.

        Without prints it is not known again, and an earlier word does not count either.
        """
        row = WorkWordRow(
            post_id=post_id,
            media_id=word.media_id,
            word=to_json(word, WorkWord),
            prints=" ".join(prints),
            at=word.at,
        )
        self._session.add(row)
        self._session.flush()

    def of_post(self, post_id: PostId) -> Mapping[MediaId, WorkWord]:
        """The latest word on each picture of a post."""
        query = (
            select(WorkWordRow).where(WorkWordRow.post_id == post_id).order_by(WorkWordRow.number)
        )
        latest = {row.media_id: row.word for row in self._session.scalars(query)}
        return {MediaId(media_id): from_json(text, WorkWord) for media_id, text in latest.items()}

    def known(self) -> tuple[KnownWork, ...]:
        """Every picture whose latest word came with prints."""
        last = select(func.max(WorkWordRow.number)).group_by(WorkWordRow.media_id)
        query = select(WorkWordRow.media_id, WorkWordRow.prints).where(
            WorkWordRow.number.in_(last), WorkWordRow.prints != ""
        )
        return tuple(
            KnownWork(media_id=MediaId(media_id), prints=tuple(prints.split()))
            for media_id, prints in self._session.execute(query)
        )

    def word_or_none(self, media_id: MediaId) -> WorkWord | None:
        """The latest word on a picture of any post."""
        query = (
            select(WorkWordRow.word)
            .where(WorkWordRow.media_id == media_id)
            .order_by(WorkWordRow.number.desc())
            .limit(1)
        )
        text = self._session.scalar(query)
        return from_json(text, WorkWord) if text is not None else None
