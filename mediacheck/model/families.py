"""The families who sign in: their accounts, and whoever a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
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
    restrict, and the link ends once ``session_key`` is given to ``FamilyAccess.use_link_of`` in
    the transaction of what was done. ``authenticated`` says how this person proved who they are:
    ``passkey``, ``password+totp`` or ``link``.
    """

    account_id: FamilyAccountId | None
    kind: FamilyKind
    email: str
    language: str
    may_grant: bool
    authenticated: str
    session_key: str = ""
