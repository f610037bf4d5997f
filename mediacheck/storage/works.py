"""Words on student work on SQLAlchemy: ``SqlWorks`` implements the ``Works`` port."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediacheck.model.post import MediaId, PostId
from mediacheck.model.works import Credit, KnownWork, WorkWord
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.works_schema import WorkWordRow

#: What a work may be known by again; a picture without work, or with an open question, is none.
_KNOWN = frozenset({Credit.STUDENTS, Credit.UNNAMED})


class SqlWorks:
    """The words on works as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def say(self, post_id: PostId, word: WorkWord, prints: tuple[str, ...]) -> None:
        """Appends a person's word on a picture, with the prints by which it is known again."""
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
        """The works whose latest word says whose they are, or that nobody is credited."""
        last = select(func.max(WorkWordRow.number)).group_by(WorkWordRow.media_id)
        query = (
            select(WorkWordRow)
            .where(WorkWordRow.number.in_(last), WorkWordRow.prints != "")
            .order_by(WorkWordRow.number)
        )
        works = (
            KnownWork(word=from_json(row.word, WorkWord), prints=tuple(row.prints.split()))
            for row in self._session.scalars(query)
        )
        return tuple(work for work in works if work.word.credit in _KNOWN)
