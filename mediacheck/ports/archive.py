"""What became of the pictures of an archive."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from mediacheck.model.archive import ArchivePicture, OldPicture, OldPictureId, Triage
from release_db.words import ChannelKey


class Archive(Protocol):
    """The pictures that were judged, as one transaction sees them. Never commits."""

    def keep(self, picture: ArchivePicture, *, in_open_sweep: bool = False) -> None:
        """Keeps how a picture was judged for a channel, in the place of an earlier time.

        Of the same bytes under two names the stricter judgement of a day stays.
        ``in_open_sweep``: by a sweep that goes on behind it if it is cut off.
        """
        ...

    def judged_in_open_sweep(self, channel: ChannelKey, day: date) -> dict[tuple[str, str], Triage]:
        """What a sweep of that day that has not ended has judged: by hash and path."""
        ...

    def end_sweeps(self, channel: ChannelKey | None = None) -> None:
        """Nothing of that channel (None: of any) is in an open sweep any more."""
        ...

    def counts(self) -> dict[tuple[ChannelKey, Triage], int]:
        """How many pictures of each channel have come out how."""
        ...

    def pictures(
        self, channel: ChannelKey, triage: Triage, *, limit: int
    ) -> tuple[ArchivePicture, ...]:
        """The pictures of a channel that came out so, in the order of their paths."""
        ...

    def add_old(self, picture: OldPicture) -> None:
        """Keeps a file that waits to be judged."""
        ...

    def claim_old_or_none(
        self, old_picture_id: OldPictureId, at: datetime
    ) -> tuple[OldPicture, int] | None:
        """Takes up a file that waits, and how often that was done; None when it does not wait."""
        ...

    def waiting_old_or_none(self, before: datetime) -> OldPictureId | None:
        """The first that waits, or that a worker took up before ``before`` and never ended."""
        ...

    def count_old(self) -> dict[ChannelKey, int]:
        """How many files of each channel are not judged yet."""
        ...

    def drop_old(self, picture: OldPicture) -> bool:
        """Forgets a file that was judged, and says whether its bytes are of no more use."""
        ...
