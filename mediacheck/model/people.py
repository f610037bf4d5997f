"""The people who work with the tool, and what they may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from release_db.words import SchoolKey

StaffId = NewType("StaffId", str)


class Role(StrEnum):
    """What somebody who signs in is here for. A view is closed until it names its roles."""

    TEACHER = "teacher"
    COMMUNICATIONS = "communications"
    REGISTRAR = "registrar"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """A staff member with an account. ``schools`` empty: the whole district."""

    staff_id: StaffId
    email: str
    name: str
    role: Role
    schools: tuple[SchoolKey, ...] = ()
    is_active: bool = True

    def works_at(self, school: SchoolKey | None) -> bool:
        """Whether ``school`` (None: the district's own) is one of this person's."""
        if not self.schools:
            return self.role is not Role.TEACHER
        return school is not None and school in self.schools


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. Known by the hash of its token only."""

    staff_id: StaffId
    opened_at: datetime
    used_at: datetime
    ended_at: datetime | None = None
