"""What people said of words that are no student's, as it is remembered for a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from release_db.words import ClassKey, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembering:
    """By what a word on a name is found again.

    ``phrase`` is the name alone or, ``with_words``, the name and the words beside it. ``near`` are
    the students of the class whom it may be, ``far`` all the others.
    """

    phrase: str
    with_words: bool
    near: frozenset[StudentId]
    far: frozenset[StudentId]


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedWord:
    """Somebody's word that this is not a student, which nobody has taken back.

    ``fits`` says whether everybody whom the phrase may be now was among those it was said of.
    """

    number: int
    by: StaffId
    at: datetime
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWord:
    """A remembered word as the office looks through them.

    ``phrase`` is empty once somebody whom it may be was erased; ``ended`` is who took it back and
    when.
    """

    number: int
    class_key: ClassKey
    post_id: PostId
    by: StaffId
    at: datetime
    phrase: str
    ended: tuple[StaffId, datetime] | None = None
