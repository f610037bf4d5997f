"""Who may be whose brother or sister: read from guardians and names, and never shown to anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from release_db.folding import folded
from release_db.schema import GuardianRow, StudentRow
from release_db.store import chunks_of
from release_db.words import StudentId


@dataclass(frozen=True, slots=True)
class _Link:
    """That a person, under an address or the student system's id, is somebody's guardian."""

    student_id: str
    person: str


class FamilyTies:
    """Finds students who may look alike because they are one family."""

    _session: Session

    def with_siblings(self, students: Collection[StudentId]) -> frozenset[StudentId]:
        """Those of the students who may have a brother or sister anywhere in the district.

        A sibling has a guardian in common, whatever that guardian's rights and whether the sibling
        has left. Where no guardian is on record, everybody of the same family name at the same
        school counts: nobody can tell.
        """
        mine = self._links(students)
        shared = self._shared(mine)
        known = {link.student_id for link in mine}
        alone = [student_id for student_id in students if student_id not in known]
        by_guardian = {StudentId(link.student_id) for link in mine if link.person in shared}
        return frozenset(by_guardian | self._namesakes(alone))

    def _links(self, students: Collection[StudentId]) -> list[_Link]:
        links: list[_Link] = []
        for chunk in chunks_of(students):
            links += self._links_where(GuardianRow.student_id.in_(chunk))
        return links

    def _links_where(self, wanted: ColumnElement[bool]) -> list[_Link]:
        query = select(GuardianRow.student_id, GuardianRow.email_key, GuardianRow.sis_id)
        return [
            _Link(student_id, person)
            for student_id, email_key, sis_id in self._session.execute(query.where(wanted))
            for person in _persons(email_key, sis_id)
        ]

    def _shared(self, mine: Iterable[_Link]) -> frozenset[str]:
        """The persons among them who are guardians of more than one student."""
        children: defaultdict[str, set[str]] = defaultdict(set)
        for chunk in chunks_of(sorted({link.person for link in mine})):
            emails = [person.removeprefix("@") for person in chunk if person.startswith("@")]
            sis_ids = [person.removeprefix("#") for person in chunk if person.startswith("#")]
            for link in (
                *self._links_where(GuardianRow.email_key.in_(emails)),
                *self._links_where(GuardianRow.sis_id.in_(sis_ids)),
            ):
                children[link.person].add(link.student_id)
        return frozenset(person for person, linked in children.items() if len(linked) > 1)

    def _namesakes(self, students: Collection[StudentId]) -> frozenset[StudentId]:
        """Those of the students whose family name another student of their school has."""
        if not students:
            return frozenset()
        bearers: defaultdict[tuple[str, str], list[StudentId]] = defaultdict(list)
        query = select(StudentRow.student_id, StudentRow.school, StudentRow.family_name)
        for chunk in chunks_of(students):
            schools = select(StudentRow.school).where(StudentRow.student_id.in_(chunk))
            here = query.where(StudentRow.erased_at.is_(None), StudentRow.school.in_(schools))
            for student_id, school, name in self._session.execute(here):
                bearers[school, folded(name)].append(StudentId(student_id))
        shared = {one for several in bearers.values() if len(set(several)) > 1 for one in several}
        return frozenset(students) & shared


def _persons(email_key: str, sis_id: str) -> Iterable[str]:
    """The names under which a guardian is the same person again."""
    if email_key:
        yield f"@{email_key}"
    if sis_id:
        yield f"#{sis_id}"
