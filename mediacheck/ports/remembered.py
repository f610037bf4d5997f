"""What is remembered of words that are no student's, class by class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.remembered import KeptWord, RememberedWord, Remembering
from release_db.words import ClassKey


class RememberedWords(Protocol):
    """The remembered words of one transaction. Append-only; no name stands in them in clear."""

    def keep(
        self, class_key: ClassKey, about: Remembering, post_id: PostId, by: StaffId, at: datetime
    ) -> int:
        """Remembers that this is not a student; returns the number of the word."""
        ...

    def said_of(
        self, class_key: ClassKey, asked: Collection[Remembering]
    ) -> Mapping[Remembering, tuple[RememberedWord, ...]]:
        """What was said in the class of each of these, and not taken back; the newest first."""
        ...

    def take_back(self, number: int, by: StaffId, at: datetime) -> None:
        """Lets a word count no more. Nothing happens where it was taken back before."""
        ...

    def kept_in(self, classes: Collection[ClassKey], most: int) -> tuple[KeptWord, ...]:
        """The words of these classes, those that were taken back too; the newest first."""
        ...

    def kept_or_none(self, number: int) -> KeptWord | None:
        """The word with that number."""
        ...
