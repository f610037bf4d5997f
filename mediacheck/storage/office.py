"""Keeps paper forms and the office's word on disagreements."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediacheck.model.office import FormId, PaperForm, Scan, ScanKind, SettledAs, Settlement
from mediacheck.model.people import StaffId
from mediacheck.storage.office_schema import PaperFormRow, SettlementNoteRow, SettlementRow
from release_db.words import GuardianId, StudentId

#: Keys asked for in one query.
_CHUNK = 4_000


class SqlOfficeRecords:
    """Implements the ``OfficeRecords`` port."""

    def __init__(self, session: Session) -> None:
        """Works in that session, and neither begins nor ends its transaction."""
        self._session = session

    def keep_form(self, form: PaperForm) -> None:
        """Keeps a paper form."""
        row = PaperFormRow(
            form_id=form.form_id,
            student_id=form.student_id,
            scan_kind=form.scan.kind.value,
            scan_sha256=form.scan.sha256,
            scan_view=form.scan.view,
            signer=form.signer,
            signed_on=form.signed_on,
            answers=dict(form.answers),
            entered_by=form.entered_by,
            entered_at=form.entered_at,
        )
        self._session.add(row)
        self._session.flush()

    def form_or_none(self, form_id: FormId) -> PaperForm | None:
        """The form of that id."""
        row = self._session.get(PaperFormRow, form_id)
        return _form_from(row) if row is not None else None

    def forms_of(self, student_id: StudentId) -> tuple[PaperForm, ...]:
        """Every paper form of a student, the newest first."""
        query = select(PaperFormRow).where(PaperFormRow.student_id == student_id)
        newest_first = query.order_by(PaperFormRow.entered_at.desc(), PaperFormRow.form_id)
        return tuple(_form_from(row) for row in self._session.scalars(newest_first))

    def keep_settlement(self, settlement: Settlement) -> None:
        """Keeps the office's word on a disagreement."""
        row = SettlementRow(
            key=settlement.key,
            student_id=settlement.student_id,
            how=settlement.how.value,
            settled_by=settlement.settled_by,
            settled_at=settlement.settled_at,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add(SettlementNoteRow(number=row.number, note=settlement.note))
        self._session.flush()

    def settlements(self, keys: Collection[str]) -> Mapping[str, Settlement]:
        """The last word on each of these disagreements that has one."""
        found: dict[str, Settlement] = {}
        wanted = sorted(keys)
        for start in range(0, len(wanted), _CHUNK):
            query = (
                select(SettlementRow, SettlementNoteRow.note)
                .join(SettlementNoteRow, SettlementNoteRow.number == SettlementRow.number)
                .where(SettlementRow.key.in_(wanted[start : start + _CHUNK]))
                .order_by(SettlementRow.number)
            )
            for row, note in self._session.execute(query):
                found[row.key] = _settlement_from(row, note)
        return found


def _form_from(row: PaperFormRow) -> PaperForm:
    return PaperForm(
        form_id=FormId(row.form_id),
        student_id=StudentId(row.student_id),
        scan=Scan(kind=ScanKind(row.scan_kind), sha256=row.scan_sha256, view=row.scan_view),
        signer=GuardianId(row.signer) if row.signer is not None else None,
        signed_on=row.signed_on,
        answers=row.answers,
        entered_by=StaffId(row.entered_by),
        entered_at=row.entered_at,
    )


def _settlement_from(row: SettlementRow, note: str) -> Settlement:
    return Settlement(
        key=row.key,
        student_id=StudentId(row.student_id),
        how=SettledAs(row.how),
        note=note,
        settled_by=StaffId(row.settled_by),
        settled_at=row.settled_at,
    )
