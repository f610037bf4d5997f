"""Whose account an identity of the district opens.

The provider says who somebody is, and nothing of what they may do here: students share its domain.
An identity opens the account that it is tied to. It is tied by itself to a teacher's account, or
makes one for a teacher whom the roster lists; to any larger role its owner ties it, with the
password of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mediacheck.accounts.sessions import open_session
from mediacheck.errors import MediacheckError
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.sign_on import Identity, ListedTeacher
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.services import Work


class WhyNot(StrEnum):
    """Why an identity opens no account; for the audit."""

    NO_ACCOUNT = "no-account"
    CLOSED = "closed"
    ANOTHER_IDENTITY = "another-identity"
    NOT_BY_ADDRESS = "not-by-address"
    TIED_ELSEWHERE = "tied-elsewhere"


_WORDS = {
    WhyNot.NO_ACCOUNT: "Your district knows you, but mediacheck has no account for you. Teachers "
    "get one from the roster; ask your administrator.",
    WhyNot.CLOSED: "Your account here is closed. Ask your administrator.",
    WhyNot.ANOTHER_IDENTITY: "This account opens with another sign-in of the district than the one "
    "you chose. Choose that one, or ask your administrator.",
    WhyNot.NOT_BY_ADDRESS: "An account such as yours does not open by its address alone. Sign in "
    "with your mediacheck password this once, then choose your name at the top, and connect your "
    "work account there.",
    WhyNot.TIED_ELSEWHERE: "That sign-in opens somebody else's account already. Choose another.",
}


class NoAccount(MediacheckError):
    """Somebody whom the district knows, and who opens nothing here."""

    def __init__(self, why: WhyNot, staff_id: StaffId | None = None) -> None:
        """Keeps the reason, and whose account it is about, if anybody's."""
        self.why = why
        self.staff_id = staff_id
        super().__init__(_WORDS[why])


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that an identity opened: whose it is, and its token."""

    member: StaffMember
    token: str


def open_for(
    work: Work, identity: Identity, clock: Clock, ids: Ids, *, replaces: str | None
) -> Opened:
    """Opens a session for whoever that identity is here.

    Raises:
        NoAccount: nobody, for now.
    """
    member = _tied_or_none(work, identity) or _tie_first_time(work, identity, clock, ids)
    work.audit.write(
        Event.SIGNED_IN,
        actor=member.staff_id,
        subject=member.staff_id,
        provider=identity.kind.value,
    )
    token = open_session(work.accounts, member.staff_id, clock, ids, replaces=replaces)
    return Opened(member=member, token=token)


def tie_own(work: Work, identity: Identity, member: StaffMember, clock: Clock) -> None:
    """Ties the identity to the account of somebody who proved to own both.

    Raises:
        NoAccount: one of them is tied elsewhere already.
    """
    owner = work.sign_on.owner_or_none(identity)
    if owner == member.staff_id:
        return
    if owner is not None:
        raise NoAccount(WhyNot.TIED_ELSEWHERE, member.staff_id)
    _tie(work, identity, member, clock)


def untie(work: Work, member: StaffMember, *, by: StaffMember) -> None:
    """No sign-in of the district opens that account until one is tied again; its sessions end."""
    work.sign_on.untie(member.staff_id)
    work.accounts.end_sessions(member.staff_id)
    work.audit.write(Event.IDENTITY_UNTIED, actor=by.staff_id, subject=member.staff_id)


def _tied_or_none(work: Work, identity: Identity) -> StaffMember | None:
    owner = work.sign_on.owner_or_none(identity)
    member = work.accounts.staff_or_none(owner) if owner is not None else None
    if member is None:
        return None
    return _require_open(member)


def _tie_first_time(work: Work, identity: Identity, clock: Clock, ids: Ids) -> StaffMember:
    listed = _listed_or_none(work, identity.email)
    staff_id = listed.staff_id if listed is not None else None
    member = (
        work.accounts.staff_or_none(staff_id)
        if staff_id is not None
        else work.accounts.staff_by_email_or_none(identity.email)
    )
    if member is None:
        member = _new_teacher(work, listed, ids)
    elif _require_open(member).role is not Role.TEACHER:
        raise NoAccount(WhyNot.NOT_BY_ADDRESS, member.staff_id)
    _tie(work, identity, member, clock)
    return member


def _listed_or_none(work: Work, email: str) -> ListedTeacher | None:
    """The one teacher with that address; where there are two, it names neither."""
    found = work.sign_on.teachers_by_email(email)
    return found[0] if len(found) == 1 else None


def _new_teacher(work: Work, listed: ListedTeacher | None, ids: Ids) -> StaffMember:
    """The account of a teacher who was never here; a role that only the roster can give."""
    if listed is None or not listed.schools:
        raise NoAccount(WhyNot.NO_ACCOUNT)
    member = StaffMember(
        staff_id=StaffId(ids.new()),
        email=listed.email,
        name=listed.name,
        role=Role.TEACHER,
        schools=listed.schools,
    )
    work.accounts.save_staff(member)
    work.sign_on.attach(listed.roster_id, member.staff_id)
    work.audit.write(
        Event.ACCOUNT_CREATED,
        actor=member.staff_id,
        subject=member.staff_id,
        role=member.role.value,
        by_roster=True,
    )
    return member


def _tie(work: Work, identity: Identity, member: StaffMember, clock: Clock) -> None:
    if identity.kind in work.sign_on.kinds_of(member.staff_id):
        raise NoAccount(WhyNot.ANOTHER_IDENTITY, member.staff_id)
    work.sign_on.tie(identity, member.staff_id, clock.now())
    work.audit.write(
        Event.IDENTITY_TIED,
        actor=member.staff_id,
        subject=member.staff_id,
        provider=identity.kind.value,
    )


def _require_open(member: StaffMember) -> StaffMember:
    if not member.is_active:
        raise NoAccount(WhyNot.CLOSED, member.staff_id)
    return member
