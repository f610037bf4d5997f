"""What a roster's teachers mean for the accounts: who may begin, who moves, and who leaves.

A teacher's account follows the roster. A larger role is given by hand and is never changed by it,
but ends with it: whoever leaves the district loses access, whatever they were here for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.sign_on import ListedTeacher
from mediacheck.ports.services import Work
from release_db.roster_file import ToldTeacher

#: A file that drops more of the teachers than this, and not just a few, needs a person to confirm.
MAX_SHARE_LEFT = 0.25
_A_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachersPlan:
    """What a file would change. Teachers are named by their ids in the student system.

    ``changes`` are accounts that follow, ``closing`` those that close; ``stays`` is an
    administrator without whom nobody could let anybody in.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    listed_before: int = 0
    listed: tuple[ListedTeacher, ...] = field(default=(), repr=False)
    changes: tuple[StaffMember, ...] = field(default=(), repr=False)
    closing: tuple[StaffMember, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the file says what is on record already."""
        return not (self.listed or self.gone or self.changes or self.closing)

    @property
    def warning(self) -> str:
        """What a person must confirm; empty where nothing is out of the ordinary."""
        left = len(self.gone)
        if left > _A_FEW and left > MAX_SHARE_LEFT * self.listed_before:
            return (
                f"{left} of {self.listed_before} teachers would be gone, and their accounts closed."
            )
        return ""


def plan_teachers(work: Work, told: Sequence[ToldTeacher], *, is_delta: bool) -> TeachersPlan:
    """What the teachers of a file would change."""
    before = {teacher.roster_id: teacher for teacher in work.sign_on.teachers()}
    after = dict(before) if is_delta else {}
    for one in told:
        teacher = _after(before.get(one.roster_id), one)
        if teacher is None:
            after.pop(one.roster_id, None)
        else:
            after[one.roster_id] = teacher
    staff = work.accounts.staff()
    after = _with_accounts(after, staff)
    listed = tuple(one for key, one in sorted(after.items()) if one != before.get(key))
    gone = tuple(sorted(before.keys() - after.keys()))
    closing, stays = _leavers([before[key] for key in gone], after.values(), staff)
    return TeachersPlan(
        added=tuple(one.roster_id for one in listed if one.roster_id not in before),
        changed=tuple(one.roster_id for one in listed if one.roster_id in before),
        gone=gone,
        stays=stays,
        listed_before=len(before),
        listed=listed,
        changes=tuple(_followers(after.values(), staff)),
        closing=closing,
    )


def apply_teachers(work: Work, plan: TeachersPlan, *, by: str) -> None:
    """Makes the changes; sessions of whoever moved or left end at once."""
    work.sign_on.unlist_teachers(plan.gone)
    work.sign_on.list_teachers(plan.listed)
    closed = [replace(member, is_active=False) for member in plan.closing]
    for member in (*plan.changes, *closed):
        work.accounts.save_staff(member)
        work.audit.write(
            Event.ACCOUNT_CHANGED,
            actor=by,
            subject=member.staff_id,
            role=member.role.value,
            is_active=member.is_active,
            by_roster=True,
        )


def _after(before: ListedTeacher | None, told: ToldTeacher) -> ListedTeacher | None:
    """The teacher as the file says, and as they were where it says nothing; None: none any more."""
    kept = () if before is None or told.has_all_schools else before.schools
    schools = tuple(sorted({*(set(kept) - set(told.left)), *told.joined}))
    email = told.email or (before.email if before else "")
    if told.is_gone or not schools or not email:
        return None
    return ListedTeacher(
        roster_id=told.roster_id,
        email=email,
        name=told.name or (before.name if before else email),
        schools=schools,
        staff_id=before.staff_id if before else None,
    )


def _with_accounts(
    teachers: Mapping[str, ListedTeacher], staff: Iterable[StaffMember]
) -> dict[str, ListedTeacher]:
    """With the accounts that have the address of one teacher, and of one only."""
    times = Counter(one.email.casefold() for one in teachers.values())
    by_email = {member.email.casefold(): member.staff_id for member in staff}
    taken = {one.staff_id for one in teachers.values() if one.staff_id is not None}
    found: dict[str, ListedTeacher] = {}
    for key, one in teachers.items():
        own = by_email.get(one.email.casefold())
        is_theirs = one.staff_id is None and times[one.email.casefold()] == 1 and own not in taken
        found[key] = replace(one, staff_id=own) if is_theirs else one
    return found


def _followers(
    teachers: Iterable[ListedTeacher], staff: Sequence[StaffMember]
) -> Iterable[StaffMember]:
    """Teachers' accounts that would be at other schools, or under another name."""
    by_id = {member.staff_id: member for member in staff}
    emails = {member.email.casefold() for member in staff}
    for one in teachers:
        member = by_id.get(one.staff_id) if one.staff_id is not None else None
        if member is None or member.role is not Role.TEACHER:
            continue
        is_free = one.email.casefold() not in emails
        follows = replace(
            member,
            schools=one.schools,
            name=one.name,
            email=one.email if is_free else member.email,
        )
        if follows != replace(member, schools=tuple(sorted(member.schools))):
            yield follows


def _leavers(
    gone: Iterable[ListedTeacher], stay: Iterable[ListedTeacher], staff: Sequence[StaffMember]
) -> tuple[tuple[StaffMember, ...], tuple[str, ...]]:
    """The accounts that close, and the ids of those that cannot: nobody else could open one."""
    claimed = {one.staff_id for one in stay}
    left = {one.staff_id: one.roster_id for one in gone if one.staff_id not in claimed}
    leaving = [one for one in staff if one.is_active and one.staff_id in left]
    administrators = {
        one.staff_id for one in staff if one.is_active and one.role is Role.ADMINISTRATOR
    }
    is_last = administrators <= {one.staff_id for one in leaving}
    kept: set[StaffId] = administrators if is_last else set()
    closing = tuple(one for one in leaving if one.staff_id not in kept)
    return closing, tuple(sorted(left[one] for one in kept & left.keys()))
