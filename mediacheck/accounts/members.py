"""What has to be true of a staff member's account, and who may change it."""

from __future__ import annotations

import re
from dataclasses import replace

from mediacheck.errors import MediacheckError, NotAllowed
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.ports.services import Work

#: Enough to catch a slip of the hand. Whether the address exists, only a mail can tell.
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+")


class MemberRefused(MediacheckError):
    """An account that cannot be kept as it is. ``field`` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        """Keeps the field beside the words for a person."""
        self.field = field
        super().__init__(message)


def require_acceptable_member(member: StaffMember) -> None:
    """Passes a member with a name, an address and, for a teacher, a school.

    Raises:
        MemberRefused: naming the first field that is wrong.
    """
    if not member.name:
        raise MemberRefused("name", "Enter the name, as colleagues know it.")
    if not _EMAIL.fullmatch(member.email):
        raise MemberRefused("email", "Enter a whole e-mail address, such as name@district.org.")
    if member.role is Role.TEACHER and not member.schools:
        raise MemberRefused("schools", "Choose at least one school: a teacher posts for a school.")


def add_member(work: Work, member: StaffMember, *, by: StaffMember) -> None:
    """Keeps a new account, which has no password yet.

    Raises:
        MemberRefused: something is missing, or the address has an account already.
    """
    require_acceptable_member(member)
    if work.accounts.staff_by_email_or_none(member.email) is not None:
        raise MemberRefused("email", "There is an account with this address already.")
    work.accounts.save_staff(member)
    work.audit.write(
        Event.ACCOUNT_CREATED, actor=by.staff_id, subject=member.staff_id, role=member.role.value
    )


def change_member(work: Work, before: StaffMember, after: StaffMember, *, by: StaffMember) -> None:
    """Keeps a changed role, schools or standing; the person's sessions end.

    Raises:
        MemberRefused: something is missing.
        NotAllowed: it is one's own role, schools or standing.
    """
    if before.staff_id == by.staff_id:
        raise NotAllowed("Nobody changes their own account: ask another administrator.")
    kept = replace(before, role=after.role, schools=after.schools, is_active=after.is_active)
    require_acceptable_member(kept)
    work.accounts.save_staff(kept)
    work.audit.write(
        Event.ACCOUNT_CHANGED,
        actor=by.staff_id,
        subject=kept.staff_id,
        role=kept.role.value,
        is_active=kept.is_active,
    )
