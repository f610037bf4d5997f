"""The table of the audit log. The database itself refuses to change or remove an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, Index, Integer, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class AuditRow(Base):
    """One entry. ``number`` counts from 1 without a gap, so the chain cannot fork."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcMoment)
    event: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[str] = mapped_column(Text)
    previous_mac: Mapped[str] = mapped_column(String(64))
    mac: Mapped[str] = mapped_column(String(64))


#: By dialect, for the migrations too. The trigger on insert is there because SQLite's
#: ``INSERT OR REPLACE`` removes a row without asking the trigger on delete.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """
        CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
        """,
        """
        CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
        """,
        """
        CREATE TRIGGER audit_entries_in_order BEFORE INSERT ON audit_entries
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit_entries)
        BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$
        """,
        """
        CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
        ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()
        """,
    ),
}

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        # SQLAlchemy 2.1 leaves the constructor of DDL without types.
        _trigger = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditRow.__table__, "after_create", _trigger)
