"""The audit log, the staff accounts and their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from mediacheck.model.audit import AuditEntry, ChainReport, Event
from mediacheck.model.people import Session, StaffId, StaffMember


class AuditSealer(Protocol):
    """Makes the entries of the audit's chain, and checks a whole chain."""

    def next_entry(
        self,
        previous: AuditEntry | None,
        event: Event,
        *,
        at: datetime,
        actor: str,
        subject: str,
        details: Mapping[str, str | int | bool],
    ) -> AuditEntry:
        """The sealed entry that follows ``previous`` (None: the first of all)."""
        ...

    def verify(
        self, entries: Iterable[AuditEntry], expected_head: str | None = None
    ) -> ChainReport:
        """Everything that does not fit in a chain, from its first entry to its newest."""
        ...


class AuditLog(Protocol):
    """The chained log. An entry is written in the transaction of the act that it records."""

    def write(
        self, event: Event, *, actor: str, subject: str = "", **details: str | int | bool
    ) -> None:
        """Appends an entry. Ids, counts and hashes only; never a name or a caption."""
        ...

    def entries(self, *, after: int = 0, limit: int = 1000) -> tuple[AuditEntry, ...]:
        """Entries in order of their numbers."""
        ...

    def head(self) -> AuditEntry | None:
        """The newest entry."""
        ...

    def verify(self, expected_head: str | None = None) -> ChainReport:
        """Walks the chain. ``expected_head``: the ``mac`` of an entry, recorded elsewhere."""
        ...


class Accounts(Protocol):
    """Staff accounts, their secrets and their sessions."""

    def staff(self) -> tuple[StaffMember, ...]:
        """Everybody with an account, by name."""
        ...

    def staff_or_none(self, staff_id: StaffId) -> StaffMember | None:
        """The staff member with that id."""
        ...

    def staff_by_email_or_none(self, email: str) -> StaffMember | None:
        """The staff member with that address, whatever its case."""
        ...

    def save_staff(self, member: StaffMember) -> None:
        """Adds or changes a staff member; ends the sessions when role or schools change."""
        ...

    def password_hash_or_none(self, staff_id: StaffId) -> str | None:
        """The argon2id hash, or None before the first set-up."""
        ...

    def set_password_hash(self, staff_id: StaffId, password_hash: str) -> None:
        """Keeps a new hash and ends every session of that person."""
        ...

    def open_session(self, token_sha256: str, session: Session) -> None:
        """Keeps a session under the hash of its token."""
        ...

    def session_or_none(self, token_sha256: str) -> Session | None:
        """The session of that token, ended or not."""
        ...

    def touch_session(self, token_sha256: str, at: datetime) -> None:
        """Counts the session as used."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Ends one session."""
        ...

    def end_sessions(self, staff_id: StaffId) -> None:
        """Ends every session of that person."""
        ...

    def set_up_code_or_none(self, code_sha256: str) -> tuple[StaffId | None, datetime] | None:
        """Whom a one-time set-up code is for (None: the first administrator), and its end."""
        ...

    def keep_set_up_code(
        self, code_sha256: str, staff_id: StaffId | None, ends_at: datetime
    ) -> None:
        """Keeps a one-time code; earlier ones for the same person are void."""
        ...

    def use_set_up_code(self, code_sha256: str) -> None:
        """Makes the code void."""
        ...

    def failures_since(self, key: str, since: datetime) -> int:
        """Failed sign-ins counted for a key (an account's or an address's hash)."""
        ...

    def latest_failure_or_none(self, key: str) -> datetime | None:
        """When the newest failed sign-in of that key was counted."""
        ...

    def count_failure(self, key: str, at: datetime) -> None:
        """Counts a failed sign-in."""
        ...

    def forget_failures(self, key: str) -> None:
        """After a good sign-in."""
        ...
