"""What became of the pictures of an archive, on SQLAlchemy."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from mediacheck.model.archive import ArchivePicture, OldPicture, OldPictureId, Triage
from mediacheck.storage.archive_schema import ArchivePictureRow, OldPictureRow
from mediacheck.storage.codec import from_json, to_json
from release_db.words import ChannelKey


class SqlArchive:
    """Implements the ``Archive`` port. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def keep(self, picture: ArchivePicture, *, in_open_sweep: bool = False) -> None:
        """Keeps how a picture was judged for a channel, in the place of an earlier time.

        Of the same bytes under two names the stricter judgement of a day stays.
        ``in_open_sweep``: by a sweep that goes on behind it if it is cut off.
        """
        stricter = self._stricter_or_none(picture)
        if stricter is not None:
            stricter.in_open_sweep = in_open_sweep
            self._session.flush()
            return
        row = ArchivePictureRow(
            channel=picture.channel,
            sha256=picture.sha256,
            path=picture.path,
            judged_on=picture.judged_on,
            triage=picture.triage,
            picture=to_json(picture, ArchivePicture),
            in_open_sweep=in_open_sweep,
        )
        self._session.merge(row)
        self._session.flush()

    def _stricter_or_none(self, picture: ArchivePicture) -> ArchivePictureRow | None:
        """A stricter judgement of the same bytes under another name on the same day."""
        before = self._session.get(ArchivePictureRow, (picture.channel, picture.sha256))
        if before is None or before.judged_on != picture.judged_on or before.path == picture.path:
            return None
        is_stricter = Triage(before.triage).strictness > picture.triage.strictness
        return before if is_stricter else None

    def judged_in_open_sweep(self, channel: ChannelKey, day: date) -> dict[tuple[str, str], Triage]:
        """What a sweep of that day that has not ended has judged: by hash and path."""
        row = ArchivePictureRow
        query = select(row.sha256, row.path, row.triage).where(
            row.channel == channel, row.judged_on == day, row.in_open_sweep
        )
        return {
            (sha256, path): Triage(triage) for sha256, path, triage in self._session.execute(query)
        }

    def end_sweeps(self, channel: ChannelKey | None = None) -> None:
        """Nothing of that channel (None: of any) is in an open sweep any more."""
        row = ArchivePictureRow
        ended = update(row).where(row.in_open_sweep).values(in_open_sweep=False)
        self._session.execute(ended if channel is None else ended.where(row.channel == channel))

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

    def add_old(self, picture: OldPicture) -> None:
        """Keeps a file that waits to be judged."""
        row = OldPictureRow(
            old_picture_id=picture.old_picture_id,
            channel=picture.channel,
            sha256=picture.sha256,
            attempts=0,
            picture=to_json(picture, OldPicture),
        )
        self._session.add(row)
        self._session.flush()

    def claim_old_or_none(
        self, old_picture_id: OldPictureId, at: datetime
    ) -> tuple[OldPicture, int] | None:
        """Takes up a file that waits, and how often that was done; None when it does not wait."""
        taken = self._session.execute(
            update(OldPictureRow)
            .where(
                OldPictureRow.old_picture_id == old_picture_id, OldPictureRow.claimed_at.is_(None)
            )
            .values(claimed_at=at, attempts=OldPictureRow.attempts + 1)
            .returning(OldPictureRow.picture, OldPictureRow.attempts)
        ).one_or_none()
        return None if taken is None else (from_json(taken.picture, OldPicture), taken.attempts)

    def waiting_old_or_none(self, before: datetime) -> OldPictureId | None:
        """The first that waits, or that a worker took up before ``before`` and never ended."""
        row = OldPictureRow
        self._session.execute(update(row).where(row.claimed_at < before).values(claimed_at=None))
        query = select(row.old_picture_id).where(row.claimed_at.is_(None))
        found = self._session.scalars(query.order_by(row.number).limit(1)).one_or_none()
        return None if found is None else OldPictureId(found)

    def count_old(self) -> dict[ChannelKey, int]:
        """How many files of each channel are not judged yet."""
        query = select(OldPictureRow.channel, func.count()).group_by(OldPictureRow.channel)
        return {ChannelKey(channel): number for channel, number in self._session.execute(query)}

    def drop_old(self, picture: OldPicture) -> bool:
        """Forgets a file that was judged, and says whether its bytes are of no more use."""
        row = OldPictureRow
        self._session.execute(delete(row).where(row.old_picture_id == picture.old_picture_id))
        same = select(func.count()).select_from(row).where(row.sha256 == picture.sha256)
        return not self._session.scalar(same)
