"""Portraits that wait to be enrolled, and references that came from posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from mediacheck.model.portraits import (
    BatchId,
    BatchState,
    BatchSummary,
    PortraitBatch,
    PostReference,
)
from mediacheck.model.post import PostId
from release_db.words import StudentId


class Portraits(Protocol):
    """Batches of portraits, and origins of references. One transaction's view."""

    def add(self, batch: PortraitBatch) -> None:
        """Keeps a new batch, to be looked at."""
        ...

    def claim_or_none(self, batch_id: BatchId, at: datetime) -> BatchSummary | None:
        """Takes up a batch that waits for the worker; None when it does not (any more)."""
        ...

    def note_done(self, batch_id: BatchId, done: int, at: datetime) -> None:
        """Keeps how many of the portraits have been seen to, and that a worker still has it."""
        ...

    def save(self, batch: PortraitBatch, state: BatchState) -> None:
        """Keeps what became of a batch, and where it stands."""
        ...

    def summary_or_none(self, batch_id: BatchId) -> BatchSummary | None:
        """The batch with that id."""
        ...

    def summaries(self) -> tuple[BatchSummary, ...]:
        """Every batch that is kept, the newest first."""
        ...

    def waiting(self, before: datetime) -> tuple[BatchId, ...]:
        """Those that wait for the worker, or that one took up before ``before`` and never ended."""
        ...

    def drop(self, batch_id: BatchId) -> None:
        """Removes a batch."""
        ...

    def unneeded(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that no batch needs (any more)."""
        ...

    def keep_reference(self, reference: PostReference) -> None:
        """Keeps where a reference came from."""
        ...

    def references_of(
        self, students: Collection[StudentId] | None = None, post: PostId | None = None
    ) -> tuple[PostReference, ...]:
        """The references that came from posts: of these students, of that post, or all."""
        ...

    def drop_reference(self, reference: PostReference) -> None:
        """Forgets where a reference came from, which is in the gallery no more."""
        ...
