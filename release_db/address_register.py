"""The register's doorway from an e-mail address to the student who has it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from release_db.schema import StudentRow
from release_db.words import StudentId


def address_key(email: str) -> str:
    """An address in one case, as two that reach the same mailbox are alike."""
    return email.strip().casefold()


class AddressTerms:
    """Finds students by their own address."""

    _session: Session

    def students_with_address(self, email: str) -> tuple[StudentId, ...]:
        """The students whose own address that is, by id; nobody has an empty one."""
        key = address_key(email)
        if not key:
            return ()
        query = select(StudentRow.student_id).where(StudentRow.email_key == key)
        return tuple(map(StudentId, self._session.scalars(query.order_by(StudentRow.student_id))))
