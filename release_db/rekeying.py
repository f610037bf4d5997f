"""Wraps the students' keys under the gallery's present key, a batch a transaction.

Only the wrapping changes: templates stay sealed under their student's own key, so that a search in
another transaction reads either the old wrapping or the new one, and both open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from release_db.schema import KeyRow
from release_db.sealing import KeyRing, Seal, Unsealable
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrapped:
    """What became of a batch. ``last`` None: there was nothing left to wrap."""

    count: int = 0
    unreadable: tuple[StudentId, ...] = ()
    last: StudentId | None = None


def unwrapped(row: KeyRow, ring: KeyRing) -> Seal:
    """The student's own key; it opens for its own student and key id alone.

    Raises:
        Unsealable: the gallery's key is gone, or the row was changed or swapped.
    """
    return Seal(_opened(row, ring))


def rewrap_batch(
    session: Session, ring: KeyRing, *, after: StudentId | None, most: int
) -> Rewrapped:
    """Wraps the next keys, by student, that are not under the present key.

    A key that cannot be read is left as it is, and named.
    """
    present = ring.current()
    query = select(KeyRow).where(KeyRow.key_id != present.key_id)
    if after is not None:
        query = query.where(KeyRow.student_id > after)
    rows = list(session.scalars(query.order_by(KeyRow.student_id).limit(most)))
    unreadable: list[StudentId] = []
    for row in rows:
        try:
            key = _opened(row, ring)
        except Unsealable:
            unreadable.append(StudentId(row.student_id))
            continue
        row.wrapped = present.seal(key, row.student_id, present.key_id)
        row.key_id = present.key_id
    session.flush()
    return Rewrapped(
        count=len(rows) - len(unreadable),
        unreadable=tuple(unreadable),
        last=StudentId(rows[-1].student_id) if rows else None,
    )


def wrapped_under(session: Session) -> Mapping[str, int]:
    """How many students' keys are wrapped under each of the gallery's keys, by its id."""
    query = select(KeyRow.key_id, func.count()).group_by(KeyRow.key_id)
    counted: dict[str, int] = dict(session.execute(query).all())
    return counted


def _opened(row: KeyRow, ring: KeyRing) -> bytes:
    seal = ring.seal_or_none(row.key_id)
    if seal is None:
        raise Unsealable
    return seal.unseal(row.wrapped, row.student_id, row.key_id)
