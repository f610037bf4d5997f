"""Signing in through the district: an attempt, who came back from it, and whom the roster lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mediacheck.model.people import StaffId
from mediacheck.settings import ProviderKind
from release_db.words import SchoolKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnAttempt:
    """An attempt on its way to the provider and back; used once, by the browser that began it.

    What proves it to the provider (nonce and verifier) follows from its state and our key.

    ``staff_id``: who is signed in already and asks to have the two accounts tied together; None:
    somebody who wants in. ``wanted`` is the page that was asked for.
    """

    state_sha256: str
    browser_sha256: str
    kind: ProviderKind
    begun_at: datetime
    wanted: str = ""
    staff_id: StaffId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person of this district, as its provider knows them.

    ``subject`` never changes and is never given to another; the address may be both, so it finds
    an account once and never opens one again.
    """

    kind: ProviderKind
    subject: str
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTeacher:
    """A teacher whom the roster lists. ``staff_id``: whose account that is, once there is one."""

    roster_id: str
    email: str = field(repr=False)
    name: str = field(repr=False)
    schools: tuple[SchoolKey, ...]
    staff_id: StaffId | None = None
