"""The families who sign in: their accounts, and whoever a request comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

FamilyAccountId = NewType("FamilyAccountId", str)


class FamilyKind(StrEnum):
    """In what capacity somebody of a family signs in."""

    GUARDIAN = "guardian"
    STUDENT = "student"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAccount:
    """An account of a guardian or a grown student.

    ``email`` is what ties it to children: the register's guardians with that address are this
    person. ``language`` is a BCP 47 tag.
    """

    account_id: FamilyAccountId
    kind: FamilyKind
    email: str
    name: str
    language: str = "en"
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyVisitor:
    """Who a family's page is being shown to.

    A visitor from a mailed link has no account, and ``may_grant`` is false: such a visitor may only
    restrict. ``authenticated`` says how this person proved who they are: ``passkey``,
    ``password+totp`` or ``link``.
    """

    account_id: FamilyAccountId | None
    kind: FamilyKind
    email: str
    language: str
    may_grant: bool
    authenticated: str
    session_key: str = ""


class LinkPurpose(StrEnum):
    """What a link in a mail opens."""

    INVITATION = "invitation"
    RESTRICT = "restrict"


#: How a session was opened: ``SET_UP`` opens nothing but the set-up, ``LINK`` only restricts.
BY_SET_UP = "set-up"
BY_LINK = "link"
BY_PASSKEY = "passkey"
BY_PASSWORD = "password+totp"  # noqa: S105 - how somebody signed in.


class AccountChange(StrEnum):
    """What was changed of the ways in to an account; each is told by mail."""

    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PASSWORD_SET = "password-set"  # noqa: S105 - what was changed.
    PASSWORD_REMOVED = "password-removed"  # noqa: S105 - what was changed.
    SIGNED_OUT = "signed-out"
    SET_UP_ANEW = "set-up-anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLink:
    """A link that was mailed. Known by the hash of its secret only."""

    account_id: FamilyAccountId
    purpose: LinkPurpose
    ends_at: datetime
    used_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it still works."""
        return self.used_at is None and at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySession:
    """A browser of a family's. ``link_sha256``: the mailed link that opened it, if one did."""

    account_id: FamilyAccountId
    authenticated: str
    opened_at: datetime
    used_at: datetime
    ended_at: datetime | None = None
    link_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySecrets:
    """What an account signs in with. ``totp_step`` is the newest time step that was used."""

    password_hash: str | None = field(repr=False, default=None)
    totp_secret: str | None = field(repr=False, default=None)
    totp_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of an account: the public half, how often it was used, and when last."""

    credential_id: str
    account_id: FamilyAccountId
    public_key: bytes = field(repr=False)
    sign_count: int
    added_at: datetime
    used_at: datetime | None = None
