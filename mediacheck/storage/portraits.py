"""Waiting portraits on SQLAlchemy: ``SqlPortraits`` implements the ``Portraits`` port."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mediacheck.errors import NotFound
from mediacheck.model.portraits import (
    BatchId,
    BatchState,
    BatchSummary,
    PortraitBatch,
    PostReference,
)
from mediacheck.model.post import PostId
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.portraits_schema import PortraitBatchRow, PostReferenceRow
from release_db.words import StudentId

_WAIT = (BatchState.TO_LOOK.value, BatchState.TO_ENROL.value)
#: A batch that has brought down its worker so often is not taken up again.
MOST_ATTEMPTS = 3
_GAVE_UP = "These portraits could not be read to the end. Bring them again in smaller parts."


class SqlPortraits:
    """Batches of portraits as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def add(self, batch: PortraitBatch) -> None:
        """Keeps a new batch, to be looked at."""
        row = PortraitBatchRow(
            batch_id=batch.batch_id,
            state=BatchState.TO_LOOK,
            done=0,
            attempts=0,
            claimed_at=None,
            batch=to_json(batch, PortraitBatch),
        )
        self._session.add(row)
        self._session.flush()

    def claim_or_none(self, batch_id: BatchId, at: datetime) -> BatchSummary | None:
        """Takes up a batch that waits for the worker; None when it does not (any more)."""
        taken = self._session.execute(
            update(PortraitBatchRow)
            .where(
                PortraitBatchRow.batch_id == batch_id,
                PortraitBatchRow.state.in_(_WAIT),
                PortraitBatchRow.claimed_at.is_(None),
            )
            .values(claimed_at=at, done=0, attempts=PortraitBatchRow.attempts + 1)
            .returning(PortraitBatchRow.number)
        ).scalar_one_or_none()
        if taken is None:
            return None
        row = self._session.get_one(PortraitBatchRow, taken, populate_existing=True)
        if row.attempts > MOST_ATTEMPTS:
            given_up = replace(_batch_of(row), trouble=_GAVE_UP)
            self.save(given_up, BatchState.FAILED)
            return None
        return _summary_of(row)

    def note_done(self, batch_id: BatchId, done: int, at: datetime) -> None:
        """Keeps how many of the portraits have been seen to, and that a worker still has it."""
        row = self._row(batch_id)
        row.done, row.claimed_at = done, at
        self._session.flush()

    def save(self, batch: PortraitBatch, state: BatchState) -> None:
        """Keeps what became of a batch, and where it stands."""
        row = self._row(batch.batch_id)
        row.batch = to_json(batch, PortraitBatch)
        row.state, row.claimed_at, row.attempts = state.value, None, 0
        self._session.flush()

    def summary_or_none(self, batch_id: BatchId) -> BatchSummary | None:
        """The batch with that id."""
        row = self._row_or_none(batch_id)
        return _summary_of(row) if row is not None else None

    def summaries(self) -> tuple[BatchSummary, ...]:
        """Every batch that is kept, the newest first."""
        query = select(PortraitBatchRow).order_by(PortraitBatchRow.number.desc())
        return tuple(_summary_of(row) for row in self._session.scalars(query))

    def waiting(self, before: datetime) -> tuple[BatchId, ...]:
        """Those that wait for the worker, or that one took up before ``before`` and never ended."""
        self._session.execute(
            update(PortraitBatchRow)
            .where(PortraitBatchRow.state.in_(_WAIT), PortraitBatchRow.claimed_at < before)
            .values(claimed_at=None)
        )
        query = select(PortraitBatchRow.batch_id).where(
            PortraitBatchRow.state.in_(_WAIT), PortraitBatchRow.claimed_at.is_(None)
        )
        return tuple(map(BatchId, self._session.scalars(query)))

    def drop(self, batch_id: BatchId) -> None:
        """Removes a batch."""
        row = self._row_or_none(batch_id)
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def unneeded(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that no batch needs (any more)."""
        return frozenset(keys).difference(*(one.batch.keys for one in self.summaries()))

    def keep_reference(self, reference: PostReference) -> None:
        """Keeps where a reference came from."""
        self.drop_reference(reference)
        row = PostReferenceRow(
            student_id=reference.student_id,
            reference_sha256=reference.reference_sha256,
            post_id=reference.origin.post_id,
            reference=to_json(reference, PostReference),
        )
        self._session.add(row)
        self._session.flush()

    def references_of(
        self, students: Collection[StudentId] | None = None, post: PostId | None = None
    ) -> tuple[PostReference, ...]:
        """The references that came from posts: of these students, of that post, or all."""
        query = select(PostReferenceRow).order_by(PostReferenceRow.number)
        if students is not None:
            query = query.where(PostReferenceRow.student_id.in_(sorted(students)))
        if post is not None:
            query = query.where(PostReferenceRow.post_id == post)
        return tuple(
            from_json(row.reference, PostReference) for row in self._session.scalars(query)
        )

    def drop_reference(self, reference: PostReference) -> None:
        """Forgets where a reference came from, which is in the gallery no more."""
        self._session.execute(
            delete(PostReferenceRow).where(
                PostReferenceRow.student_id == reference.student_id,
                PostReferenceRow.reference_sha256 == reference.reference_sha256,
            )
        )

    def _row_or_none(self, batch_id: BatchId) -> PortraitBatchRow | None:
        query = select(PortraitBatchRow).where(PortraitBatchRow.batch_id == batch_id)
        return self._session.scalars(query).one_or_none()

    def _row(self, batch_id: BatchId) -> PortraitBatchRow:
        row = self._row_or_none(batch_id)
        if row is None:
            raise NotFound
        return row


def _batch_of(row: PortraitBatchRow) -> PortraitBatch:
    return from_json(row.batch, PortraitBatch)


def _summary_of(row: PortraitBatchRow) -> BatchSummary:
    return BatchSummary(batch=_batch_of(row), state=BatchState(row.state), done=row.done)
