"""The mail that waits, on SQLAlchemy: ``SqlOutbox`` implements the ``Outbox`` port."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session as SqlSession

from mediacheck.model.families import FamilyAccountId
from mediacheck.model.mail import Mail, MailId, MailKind, MailState
from mediacheck.storage.families_schema import MailRow


class SqlOutbox:
    """The outbox as one transaction sees it. Never commits."""

    def __init__(self, session: SqlSession) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def queue(self, mail: Mail) -> None:
        """Keeps a mail to be sent."""
        values = {**asdict(mail), "kind": mail.kind.value, "state": mail.state.value}
        self._session.execute(insert(MailRow).values(values))

    def mail_or_none(self, mail_id: MailId) -> Mail | None:
        """The mail with that id."""
        row = self._session.get(MailRow, mail_id, populate_existing=True)
        return _mail_from(row) if row else None

    def due(self, now: datetime) -> tuple[MailId, ...]:
        """Waiting mails whose time has come, oldest first."""
        query = (
            select(MailRow.mail_id)
            .where(MailRow.state == MailState.QUEUED.value, MailRow.due_at <= now)
            .order_by(MailRow.queued_at, MailRow.mail_id)
        )
        return tuple(map(MailId, self._session.scalars(query)))

    def claim_or_none(self, mail_id: MailId, now: datetime, until: datetime) -> Mail | None:
        """The waiting mail, counted as tried and put off ``until`` then; None: not due.

        Whoever else wants it meanwhile gets None; a sender that dies leaves it for later.
        """
        change = update(MailRow).where(
            MailRow.mail_id == mail_id,
            MailRow.state == MailState.QUEUED.value,
            MailRow.due_at <= now,
        )
        claimed = change.values(due_at=until, attempts=MailRow.attempts + 1)
        if self._session.scalar(claimed.returning(MailRow.mail_id)) is None:
            return None
        return self.mail_or_none(mail_id)

    def mark_sent(self, mail_id: MailId, at: datetime) -> None:
        """A server has taken it."""
        self._change(mail_id, state=MailState.SENT.value, sent_at=at, last_code=None)

    def mark_deferred(self, mail_id: MailId, code: int | None, due_at: datetime) -> None:
        """A server has not taken it yet."""
        self._change(mail_id, last_code=code, due_at=due_at)

    def mark_bounced(self, mail_id: MailId, code: int | None) -> None:
        """No server will take it."""
        self._change(mail_id, state=MailState.BOUNCED.value, last_code=code)

    def latest_or_none(self, account_id: FamilyAccountId, kind: MailKind) -> Mail | None:
        """The newest mail of that kind to that account."""
        row = self._session.scalar(
            select(MailRow)
            .where(MailRow.account_id == account_id, MailRow.kind == kind.value)
            .order_by(MailRow.queued_at.desc())
            .limit(1)
        )
        return _mail_from(row) if row else None

    def about(self, about: str, accounts: Collection[FamilyAccountId]) -> tuple[Mail, ...]:
        """The mails to these accounts that tell of that, oldest first."""
        rows = self._session.scalars(
            select(MailRow)
            .where(MailRow.about == about, MailRow.account_id.in_(accounts))
            .order_by(MailRow.queued_at, MailRow.mail_id)
        )
        return tuple(map(_mail_from, rows))

    def undelivered(self) -> tuple[Mail, ...]:
        """Mails that came back, and those that were tried in vain or wait, newest first."""
        rows = self._session.scalars(
            select(MailRow)
            .where(
                or_(
                    MailRow.state == MailState.BOUNCED.value,
                    MailRow.state == MailState.QUEUED.value,
                )
            )
            .order_by(MailRow.queued_at.desc(), MailRow.mail_id)
        )
        return tuple(map(_mail_from, rows))

    def _change(self, mail_id: MailId, **values: object) -> None:
        self._session.execute(update(MailRow).where(MailRow.mail_id == mail_id).values(**values))


def _mail_from(row: MailRow) -> Mail:
    return Mail(
        mail_id=MailId(row.mail_id),
        kind=MailKind(row.kind),
        account_id=FamilyAccountId(row.account_id),
        about=row.about,
        state=MailState(row.state),
        attempts=row.attempts,
        queued_at=row.queued_at,
        due_at=row.due_at,
        last_code=row.last_code,
        sent_at=row.sent_at,
    )
