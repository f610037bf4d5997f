"""Signing in through the district on SQLAlchemy: implements the ``SignOnRecords`` port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from mediacheck.errors import NotFound
from mediacheck.model.people import StaffId
from mediacheck.model.sign_on import Identity, ListedTeacher, SignOnAttempt
from mediacheck.settings import ProviderKind
from mediacheck.storage.sign_on_schema import (
    RosterTeacherRow,
    RosterTeacherSchoolRow,
    SignOnAttemptRow,
    StaffIdentityRow,
)
from release_db.words import SchoolKey

#: Longer than any attempt may take.
_ATTEMPTS_KEPT = timedelta(hours=1)


class SqlSignOn:
    """The records as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def keep_attempt(self, attempt: SignOnAttempt) -> None:
        """Keeps an attempt, and forgets those that are too old to be finished."""
        old = SignOnAttemptRow.begun_at < attempt.begun_at - _ATTEMPTS_KEPT
        self._session.execute(delete(SignOnAttemptRow).where(old))
        values = {
            "state_sha256": attempt.state_sha256,
            "browser_sha256": attempt.browser_sha256,
            "kind": attempt.kind.value,
            "begun_at": attempt.begun_at,
            "wanted": attempt.wanted,
            "staff_id": attempt.staff_id,
        }
        self._session.execute(insert(SignOnAttemptRow).values(values))

    def take_attempt_or_none(self, state_sha256: str) -> SignOnAttempt | None:
        """The attempt of that state, which nobody can take again."""
        taken = delete(SignOnAttemptRow).where(SignOnAttemptRow.state_sha256 == state_sha256)
        found = self._session.execute(
            taken.returning(
                SignOnAttemptRow.browser_sha256,
                SignOnAttemptRow.kind,
                SignOnAttemptRow.begun_at,
                SignOnAttemptRow.wanted,
                SignOnAttemptRow.staff_id,
            )
        ).one_or_none()
        if found is None:
            return None
        browser, kind, begun_at, wanted, staff_id = found
        return SignOnAttempt(
            state_sha256=state_sha256,
            browser_sha256=browser,
            kind=ProviderKind(kind),
            begun_at=begun_at,
            wanted=wanted,
            staff_id=StaffId(staff_id) if staff_id else None,
        )

    def owner_or_none(self, identity: Identity) -> StaffId | None:
        """Whose account that identity opens."""
        row = self._session.get(StaffIdentityRow, (identity.kind.value, identity.subject))
        return StaffId(row.staff_id) if row else None

    def kinds_of(self, staff_id: StaffId) -> frozenset[ProviderKind]:
        """At which providers that account has an identity."""
        query = select(StaffIdentityRow.kind).where(StaffIdentityRow.staff_id == staff_id)
        return frozenset(map(ProviderKind, self._session.scalars(query)))

    def tie(self, identity: Identity, staff_id: StaffId, at: datetime) -> None:
        """From now on that identity opens that account."""
        values = {
            "kind": identity.kind.value,
            "subject": identity.subject,
            "staff_id": staff_id,
            "tied_at": at,
        }
        self._session.execute(insert(StaffIdentityRow).values(values))

    def untie(self, staff_id: StaffId) -> None:
        """No identity opens that account any more."""
        theirs = StaffIdentityRow.staff_id == staff_id
        self._session.execute(delete(StaffIdentityRow).where(theirs))

    def teachers(self) -> tuple[ListedTeacher, ...]:
        """Every teacher whom the roster lists, by their ids in it."""
        return self._read(select(RosterTeacherRow).order_by(RosterTeacherRow.roster_id))

    def teachers_by_email(self, email: str) -> tuple[ListedTeacher, ...]:
        """Whom the roster lists with that address, whatever its case."""
        same = RosterTeacherRow.email_key == email.casefold()
        query = select(RosterTeacherRow).where(same).order_by(RosterTeacherRow.roster_id)
        return self._read(query)

    def list_teachers(self, teachers: Sequence[ListedTeacher]) -> None:
        """Adds these teachers, or changes them."""
        self._drop_schools([teacher.roster_id for teacher in teachers])
        for teacher in teachers:
            row = self._session.get(RosterTeacherRow, teacher.roster_id)
            if row is None:
                row = RosterTeacherRow(roster_id=teacher.roster_id)
                self._session.add(row)
            row.email, row.email_key = teacher.email, teacher.email.casefold()
            row.name, row.staff_id = teacher.name, teacher.staff_id
        self._session.flush()
        schools = [
            {"roster_id": teacher.roster_id, "school": school}
            for teacher in teachers
            for school in sorted(set(teacher.schools))
        ]
        if schools:
            self._session.execute(insert(RosterTeacherSchoolRow), schools)

    def attach(self, roster_id: str, staff_id: StaffId) -> None:
        """That account is the listed teacher's."""
        row = self._session.get(RosterTeacherRow, roster_id)
        if row is None:
            raise NotFound
        row.staff_id = staff_id
        self._session.flush()

    def unlist_teachers(self, roster_ids: Sequence[str]) -> None:
        """The roster does not list these any more."""
        self._drop_schools(roster_ids)
        for roster_id in roster_ids:
            row = self._session.get(RosterTeacherRow, roster_id)
            if row is not None:
                self._session.delete(row)
        self._session.flush()

    def _drop_schools(self, roster_ids: Sequence[str]) -> None:
        for roster_id in roster_ids:
            theirs = RosterTeacherSchoolRow.roster_id == roster_id
            self._session.execute(delete(RosterTeacherSchoolRow).where(theirs))

    def _read(self, query: Select[RosterTeacherRow]) -> tuple[ListedTeacher, ...]:
        rows = tuple(self._session.scalars(query))
        schools: defaultdict[str, list[SchoolKey]] = defaultdict(list)
        wanted = {row.roster_id for row in rows}
        # One teacher or all of them: never so many that they would have to be named one by one.
        several = select(RosterTeacherSchoolRow).order_by(RosterTeacherSchoolRow.school)
        if len(wanted) == 1:
            several = several.where(RosterTeacherSchoolRow.roster_id == rows[0].roster_id)
        for one in self._session.scalars(several):
            if one.roster_id in wanted:
                schools[one.roster_id].append(SchoolKey(one.school))
        return tuple(
            ListedTeacher(
                roster_id=row.roster_id,
                email=row.email,
                name=row.name,
                schools=tuple(schools[row.roster_id]),
                staff_id=StaffId(row.staff_id) if row.staff_id else None,
            )
            for row in rows
        )
