"""Families' accounts and how they are let in, the mail that waits for them, and the mail server."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from mediacheck.model.families import (
    FamilyAccount,
    FamilyAccountId,
    FamilyLink,
    FamilySecrets,
    FamilySession,
    Passkey,
)
from mediacheck.model.mail import Mail, MailId, MailKind


class FamilyAccess(Protocol):
    """Accounts, secrets, links and sessions of families."""

    def account_or_none(self, account_id: FamilyAccountId) -> FamilyAccount | None:
        """The account with that id."""
        ...

    def account_by_email_or_none(self, email: str) -> FamilyAccount | None:
        """The account with that address, whatever its case."""
        ...

    def save_account(self, account: FamilyAccount) -> None:
        """Adds or changes an account; a closed one's sessions end."""
        ...

    def secrets_of(self, account_id: FamilyAccountId) -> FamilySecrets:
        """What the account signs in with; the authenticator's secret is unsealed for it."""
        ...

    def pending_totp_or_none(self, account_id: FamilyAccountId) -> str | None:
        """The authenticator's secret that a set-up under way has shown."""
        ...

    def keep_pending_totp(self, account_id: FamilyAccountId, secret: str) -> None:
        """Keeps a secret, sealed, until a code of it is given."""
        ...

    def set_password(
        self, account_id: FamilyAccountId, password_hash: str, totp_secret: str, totp_step: int
    ) -> None:
        """Replaces password and authenticator."""
        ...

    def forget_credentials(self, account_id: FamilyAccountId) -> None:
        """Removes everything the account signs in with, and ends its sessions."""
        ...

    def use_totp_step(self, account_id: FamilyAccountId, step: int) -> bool:
        """Counts a time step as used; false when it, or a later one, was used before."""
        ...

    def has_credentials(self, account_id: FamilyAccountId) -> bool:
        """Whether the account can sign in."""
        ...

    def passkeys_of(self, account_id: FamilyAccountId) -> tuple[Passkey, ...]:
        """The account's passkeys, oldest first."""
        ...

    def passkey_or_none(self, credential_id: str) -> Passkey | None:
        """The passkey with that id."""
        ...

    def add_passkey(self, passkey: Passkey) -> None:
        """Keeps a new passkey."""
        ...

    def count_passkey(self, credential_id: str, sign_count: int) -> None:
        """Keeps the counter that a passkey gave, and that it was used now."""
        ...

    def remove_passkey(self, credential_id: str) -> None:
        """Removes a passkey."""
        ...

    def forget_password(self, account_id: FamilyAccountId) -> None:
        """Removes password and authenticator."""
        ...

    def lock(self, account_id: FamilyAccountId) -> None:
        """Lets nobody else change the account's ways in before this transaction ends."""
        ...

    def keep_challenge(
        self, challenge_sha256: str, account_id: FamilyAccountId | None, ends_at: datetime
    ) -> None:
        """Keeps a challenge that a browser was given."""
        ...

    def take_challenge(
        self, challenge_sha256: str, account_id: FamilyAccountId | None, now: datetime
    ) -> bool:
        """Uses a challenge up; false when it was not given to that account, or has run out."""
        ...

    def keep_link(self, token_sha256: str, link: FamilyLink) -> None:
        """Keeps a link under the hash of its secret."""
        ...

    def link_or_none(self, token_sha256: str) -> FamilyLink | None:
        """The link of that secret."""
        ...

    def use_link(self, token_sha256: str, at: datetime) -> None:
        """Makes a link void; raises ``Outdated`` when it was used before."""
        ...

    def end_links(self, account_id: FamilyAccountId) -> None:
        """Makes the invitations of an account void."""
        ...

    def keep_code(self, code_sha256: str, account_id: FamilyAccountId, ends_at: datetime) -> None:
        """Keeps a one-time code; the account's earlier ones are void."""
        ...

    def is_code_of(self, code_sha256: str, account_id: FamilyAccountId, now: datetime) -> bool:
        """Whether the code stands for that account."""
        ...

    def end_codes(self, account_id: FamilyAccountId) -> None:
        """Makes the account's codes void."""
        ...

    def open_session(self, token_sha256: str, session: FamilySession) -> None:
        """Keeps a session under the hash of its token."""
        ...

    def session_or_none(self, token_sha256: str) -> FamilySession | None:
        """The session of that token, ended or not."""
        ...

    def touch_session(self, token_sha256: str, at: datetime) -> None:
        """Counts the session as used."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Ends one session."""
        ...

    def end_sessions(self, account_id: FamilyAccountId, *, but: str | None = None) -> None:
        """Ends every session of an account; ``but``: the hash of the one that stays."""
        ...


class Outbox(Protocol):
    """The mail that waits, and what became of it."""

    def queue(self, mail: Mail) -> None:
        """Keeps a mail to be sent."""
        ...

    def mail_or_none(self, mail_id: MailId) -> Mail | None:
        """The mail with that id."""
        ...

    def due(self, now: datetime) -> tuple[MailId, ...]:
        """Waiting mails whose time has come, oldest first."""
        ...

    def claim_or_none(self, mail_id: MailId, now: datetime, until: datetime) -> Mail | None:
        """The waiting mail, counted as tried and put off ``until`` then; None: not due."""
        ...

    def mark_sent(self, mail_id: MailId, at: datetime) -> None:
        """A server has taken it."""
        ...

    def mark_deferred(self, mail_id: MailId, code: int | None, due_at: datetime) -> None:
        """A server has not taken it yet."""
        ...

    def mark_bounced(self, mail_id: MailId, code: int | None) -> None:
        """No server will take it."""
        ...

    def latest_or_none(self, account_id: FamilyAccountId, kind: MailKind) -> Mail | None:
        """The newest mail of that kind to that account."""
        ...

    def about(self, about: str, accounts: Collection[FamilyAccountId]) -> tuple[Mail, ...]:
        """The mails to these accounts that tell of that, oldest first."""
        ...

    def undelivered(self) -> tuple[Mail, ...]:
        """Mails that came back, and those that were tried in vain or wait, newest first."""
        ...


class MailServer(Protocol):
    """Takes mails."""

    def send(self, message: EmailMessage) -> None:
        """Hands one mail over.

        Raises:
            MailDeferred: not now; try later.
            MailRefused: never.
        """
        ...
