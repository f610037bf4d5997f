"""Families' accounts on SQLAlchemy: ``SqlFamilies`` implements the ``FamilyAccess`` port."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session as SqlSession

from mediacheck.errors import NotFound, Outdated
from mediacheck.model.families import (
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    FamilyLink,
    FamilySecrets,
    FamilySession,
    LinkPurpose,
    Passkey,
)
from mediacheck.ports.engines import Clock
from mediacheck.storage.families_schema import (
    FamilyAccountRow,
    FamilyChallengeRow,
    FamilyCodeRow,
    FamilyLinkRow,
    FamilyPasskeyRow,
    FamilySessionRow,
)
from release_db.sealing import Seal

#: Longer than any session can last.
_SESSIONS_KEPT = timedelta(days=2)
_SEALED_FOR = "family-totp"


class SqlFamilies:
    """The families' accounts as one transaction sees them. Never commits."""

    def __init__(self, session: SqlSession, clock: Clock, key: bytes) -> None:
        """Works inside the transaction of ``session``; ``key`` seals authenticators' secrets."""
        self._session = session
        self._clock = clock
        self._seal = Seal(key)

    def account_or_none(self, account_id: FamilyAccountId) -> FamilyAccount | None:
        """The account with that id."""
        row = self._session.get(FamilyAccountRow, account_id)
        return _account_from(row) if row else None

    def account_by_email_or_none(self, email: str) -> FamilyAccount | None:
        """The account with that address, whatever its case."""
        query = select(FamilyAccountRow).where(FamilyAccountRow.email_key == email.casefold())
        row = self._session.scalar(query)
        return _account_from(row) if row else None

    def save_account(self, account: FamilyAccount) -> None:
        """Adds or changes an account; a closed one's sessions end."""
        row = self._session.get(FamilyAccountRow, account.account_id)
        if row is None:
            row = FamilyAccountRow(account_id=account.account_id, totp_step=0)
            self._session.add(row)
        row.kind, row.name, row.language = account.kind.value, account.name, account.language
        row.email, row.email_key = account.email, account.email.casefold()
        row.is_active = account.is_active
        self._session.flush()
        if not account.is_active:
            self._end_sessions(FamilySessionRow.account_id == account.account_id)

    def secrets_of(self, account_id: FamilyAccountId) -> FamilySecrets:
        """What the account signs in with; the authenticator's secret is unsealed for it."""
        row = self._row(account_id)
        secret = self._unsealed(account_id, row.totp_secret)
        return FamilySecrets(
            password_hash=row.password_hash, totp_secret=secret, totp_step=row.totp_step
        )

    def pending_totp_or_none(self, account_id: FamilyAccountId) -> str | None:
        """The authenticator's secret that a set-up under way has shown."""
        return self._unsealed(account_id, self._row(account_id).totp_pending)

    def keep_pending_totp(self, account_id: FamilyAccountId, secret: str) -> None:
        """Keeps a secret, sealed, until a code of it is given."""
        self._row(account_id).totp_pending = self._sealed(account_id, secret)
        self._session.flush()

    def set_password(
        self, account_id: FamilyAccountId, password_hash: str, totp_secret: str, totp_step: int
    ) -> None:
        """Replaces password and authenticator."""
        row = self._row(account_id)
        row.password_hash, row.totp_step = password_hash, totp_step
        row.totp_secret, row.totp_pending = self._sealed(account_id, totp_secret), None
        self._session.flush()

    def forget_credentials(self, account_id: FamilyAccountId) -> None:
        """Removes everything the account signs in with, and ends its sessions."""
        row = self._row(account_id)
        row.password_hash = row.totp_secret = None
        theirs = FamilyPasskeyRow.account_id == account_id
        self._session.execute(delete(FamilyPasskeyRow).where(theirs))
        self._session.flush()
        self._end_sessions(FamilySessionRow.account_id == account_id)

    def use_totp_step(self, account_id: FamilyAccountId, step: int) -> bool:
        """Counts a time step as used; false when it, or a later one, was used before."""
        change = update(FamilyAccountRow).where(
            FamilyAccountRow.account_id == account_id, FamilyAccountRow.totp_step < step
        )
        used = change.values(totp_step=step).returning(FamilyAccountRow.account_id)
        return self._session.scalar(used) is not None

    def has_credentials(self, account_id: FamilyAccountId) -> bool:
        """Whether the account can sign in."""
        return self._row(account_id).password_hash is not None or bool(self.passkeys_of(account_id))

    def passkeys_of(self, account_id: FamilyAccountId) -> tuple[Passkey, ...]:
        """The account's passkeys, oldest first."""
        rows = self._session.scalars(
            select(FamilyPasskeyRow)
            .where(FamilyPasskeyRow.account_id == account_id)
            .order_by(FamilyPasskeyRow.added_at, FamilyPasskeyRow.credential_id)
        )
        return tuple(map(_passkey_from, rows))

    def passkey_or_none(self, credential_id: str) -> Passkey | None:
        """The passkey with that id."""
        row = self._session.get(FamilyPasskeyRow, credential_id)
        return _passkey_from(row) if row else None

    def add_passkey(self, passkey: Passkey) -> None:
        """Keeps a new passkey."""
        values = {
            "credential_id": passkey.credential_id,
            "account_id": passkey.account_id,
            "public_key": passkey.public_key,
            "sign_count": passkey.sign_count,
            "added_at": passkey.added_at,
            "used_at": passkey.used_at,
        }
        self._session.execute(insert(FamilyPasskeyRow).values(values))

    def count_passkey(self, credential_id: str, sign_count: int) -> None:
        """Keeps the counter that a passkey gave, and that it was used now."""
        change = update(FamilyPasskeyRow).where(FamilyPasskeyRow.credential_id == credential_id)
        values = {"sign_count": sign_count, "used_at": self._clock.now()}
        self._session.execute(change.values(values))

    def remove_passkey(self, credential_id: str) -> None:
        """Removes a passkey."""
        one = FamilyPasskeyRow.credential_id == credential_id
        self._session.execute(delete(FamilyPasskeyRow).where(one))

    def forget_password(self, account_id: FamilyAccountId) -> None:
        """Removes password and authenticator."""
        row = self._row(account_id)
        row.password_hash = row.totp_secret = row.totp_pending = None
        self._session.flush()

    def lock(self, account_id: FamilyAccountId) -> None:
        """Lets nobody else change the account's ways in before this transaction ends."""
        theirs = FamilyAccountRow.account_id == account_id
        self._session.execute(select(FamilyAccountRow.account_id).where(theirs).with_for_update())

    def keep_challenge(
        self, challenge_sha256: str, account_id: FamilyAccountId | None, ends_at: datetime
    ) -> None:
        """Keeps a challenge that a browser was given, and forgets those that ran out."""
        old = FamilyChallengeRow.ends_at <= self._clock.now()
        self._session.execute(delete(FamilyChallengeRow).where(old))
        values = {
            "challenge_sha256": challenge_sha256,
            "account_id": account_id,
            "ends_at": ends_at,
        }
        self._session.execute(insert(FamilyChallengeRow).values(values))

    def take_challenge(
        self, challenge_sha256: str, account_id: FamilyAccountId | None, now: datetime
    ) -> bool:
        """Uses a challenge up; false when it was not given to that account, or has run out."""
        taken = delete(FamilyChallengeRow).where(
            FamilyChallengeRow.challenge_sha256 == challenge_sha256,
            FamilyChallengeRow.account_id.is_not_distinct_from(account_id),
            FamilyChallengeRow.ends_at > now,
        )
        return (
            self._session.scalar(taken.returning(FamilyChallengeRow.challenge_sha256)) is not None
        )

    def keep_link(self, token_sha256: str, link: FamilyLink) -> None:
        """Keeps a link under the hash of its secret."""
        values = {"token_sha256": token_sha256, **asdict(link), "purpose": link.purpose.value}
        self._session.execute(insert(FamilyLinkRow).values(values))

    def link_or_none(self, token_sha256: str) -> FamilyLink | None:
        """The link of that secret."""
        row = self._session.get(FamilyLinkRow, token_sha256, populate_existing=True)
        if row is None:
            return None
        return FamilyLink(
            account_id=FamilyAccountId(row.account_id),
            purpose=LinkPurpose(row.purpose),
            ends_at=row.ends_at,
            used_at=row.used_at,
        )

    def use_link(self, token_sha256: str, at: datetime) -> None:
        """Makes a link void.

        Raises:
            Outdated: it was used before.
        """
        change = update(FamilyLinkRow).where(
            FamilyLinkRow.token_sha256 == token_sha256, FamilyLinkRow.used_at.is_(None)
        )
        used = change.values(used_at=at).returning(FamilyLinkRow.token_sha256)
        if self._session.scalar(used) is None:
            raise Outdated

    def end_links(self, account_id: FamilyAccountId) -> None:
        """Makes the invitations of an account void."""
        change = update(FamilyLinkRow).where(
            FamilyLinkRow.account_id == account_id,
            FamilyLinkRow.purpose == LinkPurpose.INVITATION.value,
            FamilyLinkRow.used_at.is_(None),
        )
        self._session.execute(change.values(used_at=self._clock.now()))

    def keep_code(self, code_sha256: str, account_id: FamilyAccountId, ends_at: datetime) -> None:
        """Keeps a one-time code; the account's earlier ones are void."""
        self.end_codes(account_id)
        values = {"code_sha256": code_sha256, "account_id": account_id, "ends_at": ends_at}
        self._session.execute(insert(FamilyCodeRow).values(values))

    def is_code_of(self, code_sha256: str, account_id: FamilyAccountId, now: datetime) -> bool:
        """Whether the code stands for that account."""
        query = select(FamilyCodeRow.account_id).where(
            FamilyCodeRow.code_sha256 == code_sha256, FamilyCodeRow.ends_at > now
        )
        return self._session.scalar(query) == account_id

    def end_codes(self, account_id: FamilyAccountId) -> None:
        """Makes the account's codes void."""
        theirs = FamilyCodeRow.account_id == account_id
        self._session.execute(delete(FamilyCodeRow).where(theirs))

    def open_session(self, token_sha256: str, session: FamilySession) -> None:
        """Keeps a session under the hash of its token, and forgets those that ended long ago."""
        long_ago = FamilySessionRow.opened_at < session.opened_at - _SESSIONS_KEPT
        self._session.execute(delete(FamilySessionRow).where(long_ago))
        values = {"token_sha256": token_sha256, **asdict(session)}
        self._session.execute(insert(FamilySessionRow).values(values))

    def session_or_none(self, token_sha256: str) -> FamilySession | None:
        """The session of that token, ended or not."""
        row = self._session.get(FamilySessionRow, token_sha256, populate_existing=True)
        if row is None:
            return None
        return FamilySession(
            account_id=FamilyAccountId(row.account_id),
            authenticated=row.authenticated,
            opened_at=row.opened_at,
            used_at=row.used_at,
            ended_at=row.ended_at,
            link_sha256=row.link_sha256,
        )

    def touch_session(self, token_sha256: str, at: datetime) -> None:
        """Counts the session as used."""
        change = update(FamilySessionRow).where(FamilySessionRow.token_sha256 == token_sha256)
        self._session.execute(change.values(used_at=at))

    def end_session(self, token_sha256: str) -> None:
        """Ends one session."""
        self._end_sessions(FamilySessionRow.token_sha256 == token_sha256)

    def end_sessions(self, account_id: FamilyAccountId, *, but: str | None = None) -> None:
        """Ends every session of an account; ``but``: the hash of the one that stays."""
        theirs = FamilySessionRow.account_id == account_id
        self._end_sessions(theirs & (FamilySessionRow.token_sha256 != (but or "")))

    def _end_sessions(self, which: ColumnElement[bool]) -> None:
        open_ones = update(FamilySessionRow).where(which, FamilySessionRow.ended_at.is_(None))
        self._session.execute(open_ones.values(ended_at=self._clock.now()))

    def _row(self, account_id: FamilyAccountId) -> FamilyAccountRow:
        row = self._session.get(FamilyAccountRow, account_id, populate_existing=True)
        if row is None:
            raise NotFound
        return row

    def _sealed(self, account_id: FamilyAccountId, secret: str) -> bytes:
        return self._seal.seal(secret.encode(), _SEALED_FOR, account_id)

    def _unsealed(self, account_id: FamilyAccountId, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        return self._seal.unseal(sealed, _SEALED_FOR, account_id).decode()


def _account_from(row: FamilyAccountRow) -> FamilyAccount:
    return FamilyAccount(
        account_id=FamilyAccountId(row.account_id),
        kind=FamilyKind(row.kind),
        email=row.email,
        name=row.name,
        language=row.language,
        is_active=row.is_active,
    )


def _passkey_from(row: FamilyPasskeyRow) -> Passkey:
    return Passkey(
        credential_id=row.credential_id,
        account_id=FamilyAccountId(row.account_id),
        public_key=row.public_key,
        sign_count=row.sign_count,
        added_at=row.added_at,
        used_at=row.used_at,
    )
