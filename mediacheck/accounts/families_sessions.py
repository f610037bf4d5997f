"""Families' sessions: as staff's, but apart from them, and each says how it was opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from mediacheck.accounts.sessions import IDLE_LIMIT, TOTAL_LIMIT
from mediacheck.accounts.tokens import new_token, token_sha256
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    BY_LINK,
    BY_SET_UP,
    FamilyAccount,
    FamilyAccountId,
    FamilySession,
    FamilyVisitor,
)
from mediacheck.ports.engines import Clock, Ids
from mediacheck.ports.families import FamilyAccess
from mediacheck.ports.services import Work

#: How long a mailed link's session lasts, used or not: long enough for several children.
LINK_LIMIT = timedelta(minutes=60)
#: A session is marked as used at most this often.
_TOUCH_AFTER = timedelta(minutes=1)


def open_family_session(
    work: Work,
    account_id: FamilyAccountId,
    clock: Clock,
    ids: Ids,
    *,
    authenticated: str,
    replaces: str | None,
    link_sha256: str | None = None,
) -> str:
    """Opens a session and returns its token, which is kept nowhere; ``replaces`` ends."""
    if replaces is not None:
        work.families.end_session(token_sha256(replaces))
    token, now = new_token(ids), clock.now()
    opened = FamilySession(
        account_id=account_id,
        authenticated=authenticated,
        opened_at=now,
        used_at=now,
        link_sha256=link_sha256,
    )
    work.families.open_session(token_sha256(token), opened)
    work.audit.write(Event.FAMILY_SIGNED_IN, actor=account_id, subject=account_id, by=authenticated)
    return token


def close_family_session(work: Work, token: str) -> None:
    """Ends the session of that token and records that its owner signed out."""
    held = work.families.session_or_none(token_sha256(token))
    if held is not None:
        work.families.end_session(token_sha256(token))
        work.audit.write(Event.SIGNED_OUT, actor=held.account_id, subject=held.account_id)


def live_session_or_none(
    families: FamilyAccess, token: str, clock: Clock
) -> tuple[FamilySession, FamilyAccount] | None:
    """The session that still stands, with its open account; counts it as used."""
    now = clock.now()
    held = families.session_or_none(token_sha256(token))
    if held is None or held.ended_at is not None:
        return None
    if _has_run_out(held, now):
        return None
    account = families.account_or_none(held.account_id)
    if account is None or not account.is_active:
        return None
    if now - held.used_at >= _TOUCH_AFTER:
        families.touch_session(token_sha256(token), now)
    return held, account


def visitor_of_session_or_none(
    families: FamilyAccess, token: str, clock: Clock
) -> FamilyVisitor | None:
    """Whom a family's page is shown to: an owner, or a mailed link's visitor, who may restrict."""
    live = live_session_or_none(families, token, clock)
    if live is None or live[0].authenticated == BY_SET_UP:
        return None
    held, account = live
    is_owner = held.authenticated != BY_LINK
    return FamilyVisitor(
        account_id=account.account_id if is_owner else None,
        kind=account.kind,
        email=account.email,
        language=account.language,
        may_grant=is_owner,
        authenticated=held.authenticated,
        session_key=token_sha256(token),
    )


def set_up_account_or_none(
    families: FamilyAccess, token: str, clock: Clock
) -> FamilyAccount | None:
    """Whose set-up is under way in this session, if that is what the session is for."""
    live = live_session_or_none(families, token, clock)
    if live is None or live[0].authenticated != BY_SET_UP:
        return None
    return live[1]


def _has_run_out(held: FamilySession, now: datetime) -> bool:
    if held.authenticated == BY_LINK:
        return now - held.opened_at >= LINK_LIMIT
    return now - held.used_at >= IDLE_LIMIT or now - held.opened_at >= TOTAL_LIMIT
