"""One-time codes with which somebody sets their first password, or a new one."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from mediacheck.accounts.errors import SetUpCodeVoid
from mediacheck.accounts.tokens import new_token, token_sha256
from mediacheck.errors import NotAllowed
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.ports.accounts import Accounts
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.services import Work

CODE_LIFE = timedelta(hours=72)

#: Crockford's base 32: no I, L, O or U, so a code survives handwriting and the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})

#: Five groups of five are 125 bits. From 112 bits on, a look-up secret may be kept under a plain
#: hash (NIST SP 800-63B, 3.1.2.2), and this many can still be typed from paper.
_GROUPS = 5
_GROUP_LENGTH = 5

#: Who acts when the command line on the server's own console does.
CONSOLE = "console"


def issue_set_up_code(
    work: Work, clock: Clock, ids: Ids, staff_id: StaffId | None, *, by: str = CONSOLE
) -> str:
    """A fresh code, valid for 72 hours; earlier ones for the same person are void.

    ``staff_id`` None makes the code of the first administrator.

    Raises:
        NotAllowed: there is an administrator already.
    """
    if staff_id is None and has_administrator(work.accounts):
        raise NotAllowed("There is an administrator already. Sign in, or issue a code for them.")
    code = readable_code(new_token(ids))
    work.accounts.keep_set_up_code(code_sha256(code), staff_id, clock.now() + CODE_LIFE)
    work.audit.write(Event.SET_UP_CODE_ISSUED, actor=by, subject=staff_id or "")
    return code


def set_up_person_or_none(work: Work, code: str, clock: Clock) -> StaffMember | None:
    """Whom a code is for; None: the first administrator, who has no account yet.

    Raises:
        SetUpCodeVoid: unknown, used, run out, or its person has no open account any more.
    """
    kept = work.accounts.set_up_code_or_none(code_sha256(code))
    if kept is None or kept[1] <= clock.now():
        raise SetUpCodeVoid
    staff_id = kept[0]
    if staff_id is None:
        if has_administrator(work.accounts):
            raise SetUpCodeVoid
        return None
    member = work.accounts.staff_or_none(staff_id)
    if member is None or not member.is_active:
        raise SetUpCodeVoid
    return member


def complete_set_up(
    work: Work, code: str, member: StaffMember, password_hash: str, clock: Clock
) -> None:
    """Uses the code up, and keeps the member (a first administrator is new) with the password.

    Raises:
        SetUpCodeVoid: the code does not stand any more, or is another person's.
    """
    person = set_up_person_or_none(work, code, clock)
    if person is None:
        work.accounts.save_staff(member)
        work.audit.write(Event.ACCOUNT_CREATED, actor=member.staff_id, subject=member.staff_id)
    elif person.staff_id != member.staff_id:
        raise SetUpCodeVoid
    work.accounts.use_set_up_code(code_sha256(code))
    work.accounts.set_password_hash(member.staff_id, password_hash)
    work.audit.write(Event.PASSWORD_SET, actor=member.staff_id, subject=member.staff_id)


def has_administrator(accounts: Accounts) -> bool:
    """Whether any administrator has an open account."""
    return any(
        member.role is Role.ADMINISTRATOR and member.is_active for member in accounts.staff()
    )


def readable_code(token: str) -> str:
    """The first 125 bits of the token's hash, in groups."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest())
    digits = "".join(
        _ALPHABET[number >> (5 * place) & 31] for place in range(_GROUPS * _GROUP_LENGTH)
    )
    return "-".join(
        digits[start : start + _GROUP_LENGTH] for start in range(0, len(digits), _GROUP_LENGTH)
    )


def code_sha256(code: str) -> str:
    """The hash of a code as it was meant: small letters, spaces and misread signs forgiven."""
    plain = "".join(code.split()).replace("-", "").upper().translate(_MISREAD)
    return token_sha256(plain)
