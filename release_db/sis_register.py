"""The register's doorway to what the student information system says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from release_db.records import Guardian, Scope
from release_db.roster_checks import REUSED_ID, closes_reused
from release_db.rows import guardian_from, values_of
from release_db.schema import GuardianRow, HoldRow
from release_db.schema_rosters import SisCodeRow
from release_db.sis_codes import SisCode
from release_db.store import chunks_of
from release_db.store_files import student_files
from release_db.words import ChannelKey, StudentId


class SisTerms:
    """The table of codes, in editions (a new one replaces the last), and what rosters left open."""

    _session: Session
    _now: Callable[[], datetime]

    def sis_codes(self) -> tuple[SisCode, ...]:
        """What every code means, by the last edition; empty where the district has said nothing."""
        last = select(func.max(SisCodeRow.edition)).scalar_subquery()
        query = select(SisCodeRow).where(SisCodeRow.edition == last).order_by(SisCodeRow.number)
        return tuple(_code_from(row) for row in self._session.scalars(query))

    def set_sis_codes(self, codes: Sequence[SisCode], *, by: str) -> None:
        """Sets what every code means from now on. What was imported by the old ones stays."""
        edition = (self._session.scalar(select(func.max(SisCodeRow.edition))) or 0) + 1
        rows = [_row_of(code, edition, by, self._now()) for code in codes]
        self._session.add_all(rows)
        self._session.flush()

    def links_of_contacts(self, sis_ids: Collection[str]) -> tuple[Guardian, ...]:
        """The links of these people, by their ids in the student information system."""
        found: list[Guardian | None] = []
        for chunk in chunks_of(one for one in sis_ids if one):
            rows = self._session.scalars(select(GuardianRow).where(GuardianRow.sis_id.in_(chunk)))
            found += [guardian_from(row, (), None) for row in rows]
        return tuple(link for link in found if link is not None)

    def reused_ids(self, on: date) -> tuple[StudentId, ...]:
        """The students whose records are closed, because a roster gave their ids to others."""
        query = select(HoldRow.student_id).where(HoldRow.kind == REUSED_ID).distinct()
        ids = [StudentId(student_id) for student_id in self._session.scalars(query)]
        files = student_files(self._session, ids)
        closed = (
            student_id
            for student_id, file in files.items()
            if any(closes_reused(hold, on) for hold in file.holds)
        )
        return tuple(sorted(closed))


def _code_from(row: SisCodeRow) -> SisCode:
    if row.use is None:
        return SisCode(code=row.code, status=row.status)
    scope = Scope(
        use=row.use,
        channel=ChannelKey(row.channel) if row.channel is not None else None,
        audience=row.audience,
        name_form=row.name_form,
    )
    return SisCode(code=row.code, status=row.status, scope=scope, answer=row.answer)


def _row_of(code: SisCode, edition: int, by: str, at: datetime) -> SisCodeRow:
    scope = values_of(code.scope) if code.scope is not None else {}
    return SisCodeRow(
        edition=edition,
        code=code.code,
        status=code.status,
        answer=code.answer,
        set_by=by,
        set_at=at,
        **scope,
    )
