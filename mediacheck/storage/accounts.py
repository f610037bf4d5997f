"""Staff accounts on SQLAlchemy: ``SqlAccounts`` implements the ``Accounts`` port."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session as SqlSession

from mediacheck.errors import NotFound, Outdated
from mediacheck.model.people import Role, Session, StaffId, StaffMember
from mediacheck.ports.engines import Clock
from mediacheck.storage.accounts_schema import (
    SessionRow,
    SetUpCodeRow,
    SignInFailureRow,
    StaffRow,
    StaffSchoolRow,
)
from release_db.words import SchoolKey

#: Longer than any limit looks back; then nobody needs to know that somebody mistyped.
_FAILURES_KEPT = timedelta(days=2)
#: Longer than any session can last.
_SESSIONS_KEPT = timedelta(days=2)


class SqlAccounts:
    """The accounts as one transaction sees them. Never commits."""

    def __init__(self, session: SqlSession, clock: Clock) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session
        self._clock = clock

    def staff(self) -> tuple[StaffMember, ...]:
        """Everybody with an account, by name."""
        rows = self._session.scalars(select(StaffRow).order_by(StaffRow.name, StaffRow.staff_id))
        return tuple(self._member_of(row) for row in rows)

    def staff_or_none(self, staff_id: StaffId) -> StaffMember | None:
        """The staff member with that id."""
        row = self._session.get(StaffRow, staff_id)
        return self._member_of(row) if row else None

    def staff_by_email_or_none(self, email: str) -> StaffMember | None:
        """The staff member with that address, whatever its case."""
        query = select(StaffRow).where(StaffRow.email_key == email.casefold())
        row = self._session.scalar(query)
        return self._member_of(row) if row else None

    def save_staff(self, member: StaffMember) -> None:
        """Adds or changes a staff member; ends the sessions when role, schools or standing change.

        A name or address alone ends nothing.
        """
        before = self.staff_or_none(member.staff_id)
        row = self._session.get(StaffRow, member.staff_id)
        if row is None:
            row = StaffRow(staff_id=member.staff_id)
            self._session.add(row)
        row.email, row.email_key = member.email, member.email.casefold()
        row.name = member.name
        row.role = member.role.value
        row.is_active = member.is_active
        self._session.flush()
        self._keep_schools(member)
        if before is not None and _standing_of(before) != _standing_of(member):
            self.end_sessions(member.staff_id)

    def password_hash_or_none(self, staff_id: StaffId) -> str | None:
        """The argon2id hash, or None before the first set-up."""
        query = select(StaffRow.password_hash).where(StaffRow.staff_id == staff_id)
        return self._session.scalar(query)

    def set_password_hash(self, staff_id: StaffId, password_hash: str) -> None:
        """Keeps a new hash and ends every session of that person.

        Raises:
            NotFound: nobody has that id.
        """
        row = self._session.get(StaffRow, staff_id)
        if row is None:
            raise NotFound
        row.password_hash = password_hash
        self._session.flush()
        self.end_sessions(staff_id)

    def open_session(self, token_sha256: str, session: Session) -> None:
        """Keeps a session under the hash of its token, and forgets those that ended long ago."""
        ended_before = session.opened_at - _SESSIONS_KEPT
        self._session.execute(delete(SessionRow).where(SessionRow.opened_at < ended_before))
        values = {
            "token_sha256": token_sha256,
            "staff_id": session.staff_id,
            "opened_at": session.opened_at,
            "used_at": session.used_at,
            "ended_at": session.ended_at,
        }
        self._session.execute(insert(SessionRow).values(values))

    def session_or_none(self, token_sha256: str) -> Session | None:
        """The session of that token, ended or not."""
        query = select(
            SessionRow.staff_id, SessionRow.opened_at, SessionRow.used_at, SessionRow.ended_at
        ).where(SessionRow.token_sha256 == token_sha256)
        found = self._session.execute(query).one_or_none()
        if found is None:
            return None
        staff_id, opened_at, used_at, ended_at = found
        return Session(
            staff_id=StaffId(staff_id), opened_at=opened_at, used_at=used_at, ended_at=ended_at
        )

    def touch_session(self, token_sha256: str, at: datetime) -> None:
        """Counts the session as used."""
        change = update(SessionRow).where(SessionRow.token_sha256 == token_sha256)
        self._session.execute(change.values(used_at=at))

    def end_session(self, token_sha256: str) -> None:
        """Ends one session."""
        self._end(SessionRow.token_sha256 == token_sha256)

    def end_sessions(self, staff_id: StaffId) -> None:
        """Ends every session of that person."""
        self._end(SessionRow.staff_id == staff_id)

    def set_up_code_or_none(self, code_sha256: str) -> tuple[StaffId | None, datetime] | None:
        """Whom a one-time set-up code is for (None: the first administrator), and its end."""
        query = select(SetUpCodeRow.staff_id, SetUpCodeRow.ends_at).where(
            SetUpCodeRow.code_sha256 == code_sha256
        )
        found = self._session.execute(query).one_or_none()
        if found is None:
            return None
        staff_id, ends_at = found
        return (StaffId(staff_id) if staff_id else None), ends_at

    def keep_set_up_code(
        self, code_sha256: str, staff_id: StaffId | None, ends_at: datetime
    ) -> None:
        """Keeps a one-time code; earlier ones for the same person are void."""
        same_person = SetUpCodeRow.staff_id.is_not_distinct_from(staff_id)
        self._session.execute(delete(SetUpCodeRow).where(same_person))
        values = {"code_sha256": code_sha256, "staff_id": staff_id, "ends_at": ends_at}
        self._session.execute(insert(SetUpCodeRow).values(values))

    def use_set_up_code(self, code_sha256: str) -> None:
        """Makes the code void.

        Raises:
            Outdated: somebody else has just used it.
        """
        used = delete(SetUpCodeRow).where(SetUpCodeRow.code_sha256 == code_sha256)
        if self._session.scalar(used.returning(SetUpCodeRow.code_sha256)) is None:
            raise Outdated

    def failures_since(self, key: str, since: datetime) -> int:
        """Failed sign-ins counted for a key (an account's or an address's hash)."""
        query = select(func.count()).where(
            SignInFailureRow.key == key, SignInFailureRow.at >= since
        )
        return self._session.scalar(query) or 0

    def latest_failure_or_none(self, key: str) -> datetime | None:
        """When the newest failed sign-in of that key was counted."""
        return self._session.scalar(
            select(SignInFailureRow.at)
            .where(SignInFailureRow.key == key)
            .order_by(SignInFailureRow.at.desc())
            .limit(1)
        )

    def count_failure(self, key: str, at: datetime) -> None:
        """Counts a failed sign-in, and forgets those that no limit looks back to."""
        forgotten = SignInFailureRow.at < at - _FAILURES_KEPT
        self._session.execute(delete(SignInFailureRow).where(forgotten))
        self._session.execute(insert(SignInFailureRow).values(key=key, at=at))

    def forget_failures(self, key: str) -> None:
        """After a good sign-in."""
        self._session.execute(delete(SignInFailureRow).where(SignInFailureRow.key == key))

    def _member_of(self, row: StaffRow) -> StaffMember:
        schools = self._session.scalars(
            select(StaffSchoolRow.school)
            .where(StaffSchoolRow.staff_id == row.staff_id)
            .order_by(StaffSchoolRow.school)
        )
        return StaffMember(
            staff_id=StaffId(row.staff_id),
            email=row.email,
            name=row.name,
            role=Role(row.role),
            schools=tuple(SchoolKey(school) for school in schools),
            is_active=row.is_active,
        )

    def _keep_schools(self, member: StaffMember) -> None:
        theirs = StaffSchoolRow.staff_id == member.staff_id
        self._session.execute(delete(StaffSchoolRow).where(theirs))
        for school in sorted(set(member.schools)):
            values = {"staff_id": member.staff_id, "school": school}
            self._session.execute(insert(StaffSchoolRow).values(values))

    def _end(self, which: ColumnElement[bool]) -> None:
        open_ones = update(SessionRow).where(which, SessionRow.ended_at.is_(None))
        self._session.execute(open_ones.values(ended_at=self._clock.now()))


def _standing_of(member: StaffMember) -> tuple[Role, frozenset[SchoolKey], bool]:
    """What a session was opened on."""
    return member.role, frozenset(member.schools), member.is_active
