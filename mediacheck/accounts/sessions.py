"""Sessions live on the server: a browser holds an opaque token, and an end takes effect at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from mediacheck.accounts.tokens import new_token, token_sha256
from mediacheck.model.audit import Event
from mediacheck.model.people import Session, StaffId, StaffMember
from mediacheck.ports.accounts import Accounts
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.services import Work

#: NIST SP 800-63B, 4.2.3 (AAL2): reauthentication after 30 minutes without use, or 12 hours.
IDLE_LIMIT = timedelta(minutes=30)
TOTAL_LIMIT = timedelta(hours=12)

#: A session is marked as used at most this often, so that reading pages hardly ever writes.
_TOUCH_AFTER = timedelta(minutes=1)


def open_session(
    accounts: Accounts, staff_id: StaffId, clock: Clock, ids: Ids, *, replaces: str | None
) -> str:
    """Opens a session and returns its token, which is kept nowhere.

    ``replaces`` is the token that the browser held before signing in. It ends, so nobody can plant
    a session and wait for its owner to fill it.
    """
    if replaces is not None:
        accounts.end_session(token_sha256(replaces))
    token = new_token(ids)
    now = clock.now()
    session = Session(staff_id=staff_id, opened_at=now, used_at=now)
    accounts.open_session(token_sha256(token), session)
    return token


def close_session(work: Work, token: str, staff_id: StaffId) -> None:
    """Ends the session of that token and records that its owner signed out."""
    work.accounts.end_session(token_sha256(token))
    work.audit.write(Event.SIGNED_OUT, actor=staff_id, subject=staff_id)


def is_live(session: Session, at: datetime) -> bool:
    """Whether the session still stands: not ended, not idle for too long, not too old."""
    if session.ended_at is not None:
        return False
    return at - session.used_at < IDLE_LIMIT and at - session.opened_at < TOTAL_LIMIT


def staff_of_session_or_none(accounts: Accounts, token: str, clock: Clock) -> StaffMember | None:
    """The active staff member whose live session this is; counts it as used."""
    now = clock.now()
    session = accounts.session_or_none(token_sha256(token))
    if session is None or not is_live(session, now):
        return None
    member = accounts.staff_or_none(session.staff_id)
    if member is None or not member.is_active:
        return None
    if now - session.used_at >= _TOUCH_AFTER:
        accounts.touch_session(token_sha256(token), now)
    return member
