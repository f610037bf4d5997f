"""What became of the pictures of an archive."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from mediacheck.model.archive import ArchivePicture, Triage
from release_db.words import ChannelKey


class Archive(Protocol):
    """The pictures that were judged, as one transaction sees them. Never commits."""

    def keep(self, picture: ArchivePicture) -> None:
        """Keeps how a picture was judged for a channel, in the place of an earlier day."""
        ...

    def judged_on(self, channel: ChannelKey, day: date) -> frozenset[str]:
        """The hashes of the files that were judged for a channel on that day."""
        ...

    def counts(self) -> dict[tuple[ChannelKey, Triage], int]:
        """How many pictures of each channel have come out how."""
        ...

    def pictures(
        self, channel: ChannelKey, triage: Triage, *, limit: int
    ) -> tuple[ArchivePicture, ...]:
        """The pictures of a channel that came out so, in the order of their paths."""
        ...
