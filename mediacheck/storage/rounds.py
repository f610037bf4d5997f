"""The renewal rounds' mailings, on SQLAlchemy."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediacheck.model.rounds import Mailing, MailingId, MailingKind, MailingProgress
from mediacheck.ports.engines import Clock
from mediacheck.storage.rounds_schema import MailingRow, MailingStepRow
from release_db.words import SchoolKey

_BETWEEN = ";"


class SqlRoundMailings:
    """Implements the ``RoundMailings`` port."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session
        self._clock = clock

    def begin(self, mailing: Mailing) -> None:
        """Keeps that a mailing was asked for."""
        row = MailingRow(
            mailing_id=mailing.mailing_id,
            round_id=mailing.round_id,
            kind=mailing.kind.value,
            schools=_BETWEEN.join(mailing.schools),
            asked_by=mailing.asked_by,
            asked_at=mailing.asked_at,
        )
        self._add(row)

    def step(self, mailing_id: MailingId, *, up_to: str, is_last: bool, mails: int) -> None:
        """Keeps that every student up to that id was looked at."""
        row = MailingStepRow(
            mailing_id=mailing_id,
            up_to=up_to,
            is_last=is_last,
            mails=mails,
            at=self._clock.now(),
        )
        self._add(row)

    def progress_of(self, mailing_id: MailingId) -> MailingProgress:
        """How far a mailing has come."""
        mine = MailingStepRow.mailing_id == mailing_id
        newest = select(MailingStepRow).where(mine).order_by(MailingStepRow.number.desc()).limit(1)
        last = self._session.scalar(newest)
        if last is None:
            return MailingProgress()
        mails = self._session.scalar(select(func.sum(MailingStepRow.mails)).where(mine))
        return MailingProgress(up_to=last.up_to, is_done=last.is_last, mails=mails or 0)

    def of_round(self, round_id: str) -> tuple[Mailing, ...]:
        """The mailings of a round, oldest first."""
        query = select(MailingRow).where(MailingRow.round_id == round_id)
        rows = self._session.scalars(query.order_by(MailingRow.number))
        return tuple(map(_mailing_from, rows))

    def unfinished(self) -> tuple[Mailing, ...]:
        """The mailings that are under way, oldest first."""
        done = select(MailingStepRow.mailing_id).where(MailingStepRow.is_last)
        query = select(MailingRow).where(MailingRow.mailing_id.not_in(done))
        rows = self._session.scalars(query.order_by(MailingRow.number))
        return tuple(map(_mailing_from, rows))

    def _add(self, row: object) -> None:
        self._session.add(row)
        self._session.flush()


def _mailing_from(row: MailingRow) -> Mailing:
    return Mailing(
        mailing_id=MailingId(row.mailing_id),
        round_id=row.round_id,
        kind=MailingKind(row.kind),
        schools=tuple(SchoolKey(key) for key in row.schools.split(_BETWEEN) if key),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
    )
