"""What people said of student work in the pictures, and the works that are known by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mediacheck.model.post import MediaId, PostId
from mediacheck.model.works import KnownWork, WorkWord


class Works(Protocol):
    """Words on student work. One transaction's view."""

    def say(self, post_id: PostId, word: WorkWord, prints: tuple[str, ...]) -> None:
        """Appends a person's word on a picture, with the prints by which it is known again.

        Without prints it is not known again, and an earlier word does not count either.
        """
        ...

    def of_post(self, post_id: PostId) -> Mapping[MediaId, WorkWord]:
        """The latest word on each picture of a post."""
        ...

    def known(self) -> tuple[KnownWork, ...]:
        """Every picture whose latest word came with prints."""
        ...

    def word_or_none(self, media_id: MediaId) -> WorkWord | None:
        """The latest word on a picture of any post."""
        ...
