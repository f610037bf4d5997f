"""What became of the pictures of an archive, on SQLAlchemy."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.storage.archive_schema import ArchivePictureRow
from mediacheck.storage.codec import from_json, to_json
from release_db.words import ChannelKey


class SqlArchive:
    """Implements the ``Archive`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def keep(self, picture: ArchivePicture) -> None:
        """Keeps how a picture was judged for a channel, in the place of an earlier day."""
        row = ArchivePictureRow(
            channel=picture.channel,
            sha256=picture.sha256,
            path=picture.path,
            judged_on=picture.judged_on,
            triage=picture.triage,
            picture=to_json(picture, ArchivePicture),
        )
        self._session.merge(row)
        self._session.flush()

    def judged_on(self, channel: ChannelKey, day: date) -> frozenset[str]:
        """The hashes of the files that were judged for a channel on that day."""
        query = select(ArchivePictureRow.sha256).where(
            ArchivePictureRow.channel == channel, ArchivePictureRow.judged_on == day
        )
        return frozenset(self._session.scalars(query))

    def counts(self) -> dict[tuple[ChannelKey, Triage], int]:
        """How many pictures of each channel have come out how."""
        row = ArchivePictureRow
        query = select(row.channel, row.triage, func.count()).group_by(row.channel, row.triage)
        return {
            (ChannelKey(channel), Triage(triage)): number
            for channel, triage, number in self._session.execute(query)
        }

    def pictures(
        self, channel: ChannelKey, triage: Triage, *, limit: int
    ) -> tuple[ArchivePicture, ...]:
        """The pictures of a channel that came out so, in the order of their paths."""
        query = select(ArchivePictureRow.picture).where(
            ArchivePictureRow.channel == channel, ArchivePictureRow.triage == triage
        )
        rows = self._session.scalars(query.order_by(ArchivePictureRow.path).limit(limit))
        return tuple(from_json(text, ArchivePicture) for text in rows)
