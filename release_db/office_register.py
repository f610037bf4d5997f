"""The register's doorway to what the school office looks up."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from release_db.search import Found, find_students
from release_db.words import SchoolKey


class OfficeTerms:
    """Finds students, and what waits for the office."""

    _session: Session

    def find_students(
        self, wanted: str, *, schools: Collection[SchoolKey] = (), limit: int
    ) -> Found:
        """The students whose names or id hold every word of ``wanted``, departed ones too."""
        return find_students(self._session, wanted, schools=schools, limit=limit)
