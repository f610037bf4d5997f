"""The ledger: everything that was published of a student, with its proofs, for who may ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mediacheck.errors import BadRequest, NotCleared, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.honour import content_of
from mediacheck.flow.looks import note_staff_look
from mediacheck.flow.withdraw import open_case
from mediacheck.model.audit import Event
from mediacheck.model.family_log import Looked
from mediacheck.model.people import StaffId
from mediacheck.model.publication import CaseId, Publication, PublicationId, TakedownCase, Trigger
from mediacheck.model.publishing import Dispatch
from mediacheck.model.verdict import Clearance
from release_db.records import Student
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One publication: what went out, on which proof, with whose yes, and where it is now.

    ``dispatch`` None: it left as a package, and was posted by hand if at all.
    """

    publication: Publication
    clearance: Clearance | None
    approvers: frozenset[StaffId]
    dispatch: Dispatch | None
    cases: tuple[TakedownCase, ...]

    @property
    def may_be_taken_down(self) -> bool:
        """Whether no case has it yet: what was settled once needs a family's word, or a rule's."""
        return not self.cases and not (
            self.dispatch is not None and self.dispatch.is_surely_not_out
        )


def look_up(desk: Desk, student_id: str) -> tuple[Student, tuple[LedgerEntry, ...]]:
    """Every publication in which the student appears, the newest first. The look is kept.

    Raises:
        NotFound: there is no such student for this person.
    """
    student = _require_student(desk, student_id)
    publications = desk.work.publications.of_students([student.student_id])
    entries = tuple(_entries(desk, student.student_id, publications))
    note_staff_look(desk, student.student_id, Looked.APPEARANCES)
    desk.work.audit.write(
        Event.LEDGER_READ,
        actor=desk.staff.staff_id,
        subject=student.student_id,
        publications=len(entries),
    )
    return student, entries


def published_bytes(desk: Desk, student_id: str, publication_id: str, number: int) -> bytes:
    """A picture exactly as it went out: these very bytes.

    Raises:
        NotFound: there is none, or it is not this person's to see, or it is not whole any more.
    """
    student = _require_student(desk, student_id)
    out = desk.work.publications.publication_or_none(PublicationId(publication_id))
    clearance = desk.work.posts.clearance_or_none(out.clearance_id) if out is not None else None
    if out is None or clearance is None or not out.of(student.student_id):
        raise NotFound
    try:
        content = content_of(desk.services, clearance, words=out.caption, media=out.media)
    except NotCleared as lost:
        raise NotFound from lost
    if not 1 <= number <= len(content.pictures):
        raise NotFound
    note_staff_look(desk, student.student_id, Looked.APPEARANCES)
    return content.pictures[number - 1].jpeg


def take_down(desk: Desk, student_id: str, publication_id: str) -> CaseId:
    """Somebody found that it should not be out: a case of this student's, and it comes down.

    Raises:
        NotFound: there is none, or it is not this person's to see.
        BadRequest: it is coming down, or has come down, already.
    """
    student = _require_student(desk, student_id)
    out = desk.work.publications.publication_or_none(PublicationId(publication_id))
    if out is None or not out.of(student.student_id):
        raise NotFound
    (entry,) = _entries(desk, student.student_id, [out])
    case_id = (
        open_case(
            desk.services,
            desk.work,
            student.student_id,
            [out.publication_id],
            trigger=Trigger.ERROR,
            by=desk.staff.staff_id,
        )
        if entry.may_be_taken_down
        else None
    )
    if case_id is None:
        raise BadRequest("It is being taken down, or is down, already. Reload the page to see it.")
    return case_id


def _entries(
    desk: Desk, student: StudentId, publications: Collection[Publication]
) -> list[LedgerEntry]:
    sent = desk.work.dispatches.of_publications([one.publication_id for one in publications])
    cases = desk.work.publications.cases_of([student])
    return [
        LedgerEntry(
            publication=one,
            clearance=desk.work.posts.clearance_or_none(one.clearance_id),
            approvers=desk.work.dispatches.approvers(one.clearance_id),
            dispatch=sent.get(one.publication_id),
            cases=tuple(case for case in cases if one.publication_id in case.publications),
        )
        for one in publications
    ]


def _require_student(desk: Desk, student_id: str) -> Student:
    student = desk.work.register.student_or_none(StudentId(student_id))
    if student is None or not desk.staff.works_at(student.school):
        raise NotFound
    return student
