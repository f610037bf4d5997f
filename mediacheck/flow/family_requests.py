"""What families ask the office for: the list, an answer in words, and the erasure of a student."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.portraits import forget_portraits_of
from mediacheck.flow.registrars import require_student
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccountId
from mediacheck.model.family_log import FamilyRequest, RequestKind
from mediacheck.model.publication import Trigger
from release_db.records import Student, StudentFile

_LONGEST_NOTE = 500
_WHY = "the family asked for erasure"


class WrongId(BadRequest):
    """What was typed is not the student's id, so that nothing was erased."""

    message = "This is not the student's id. Nothing was erased."


class NoteNeeded(BadRequest):
    """A refusal without a reason."""

    message = "Write why: the family reads it. Keep it below 500 characters."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """A request that waits, and whom it is about. ``student`` None: she was erased."""

    request: FamilyRequest
    student: Student | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """What an erasure comes to, for whoever confirms it."""

    request: FamilyRequest
    file: StudentFile
    publications: int
    other_guardians: int


def open_requests(desk: Desk) -> tuple[OpenRequest, ...]:
    """What waits about students of this person's schools, the longest waiting first."""
    found = []
    for request in desk.work.family_log.open_requests():
        student = desk.work.register.student_or_none(request.student_id)
        if student is None or desk.staff.works_at(student.school):
            found.append(OpenRequest(request=request, student=student))
    return tuple(found)


def refuse_request(desk: Desk, request_id: str, note: str) -> None:
    """Answers no, with the reason for the family.

    Raises:
        NotFound: there is no such open erasure request at this person's schools.
        NoteNeeded: the reason is missing or too long.
    """
    request = _require_erasure(desk, request_id)
    require_student(desk, request.student_id)
    if not 0 < len(note) <= _LONGEST_NOTE:
        raise NoteNeeded
    _answer(desk, request, is_granted=False, note=note)


def erasing(desk: Desk, request_id: str) -> Erasing:
    """What would go and what would stay.

    Raises:
        NotFound: there is no such open erasure request at this person's schools.
    """
    request = _require_erasure(desk, request_id)
    file = require_student(desk, request.student_id)
    published = desk.work.publications.of_students([request.student_id])
    account = desk.work.families.account_or_none(_account_id(request))
    mine = account.email.casefold() if account is not None else ""
    others = {link.email.casefold() for link in file.guardians if link.email} - {mine}
    return Erasing(
        request=request, file=file, publications=len(published), other_guardians=len(others)
    )


def erase_student(desk: Desk, request_id: str, typed_id: str) -> None:
    """Erases the student, and brings down what is out, all in this transaction.

    The proof stays without a name. Every open request for her erasure is answered by it.

    Raises:
        NotFound: there is no such open erasure request at this person's schools.
        WrongId: the id that was typed is not the student's.
    """
    request = _require_erasure(desk, request_id)
    file = require_student(desk, request.student_id)
    student = file.student.student_id
    if typed_id != student:
        raise WrongId
    work, now = desk.work, desk.services.clock.now()
    work.register.delete_student(student, why=_WHY, at=now, by=desk.staff.staff_id)
    after_change(desk.services, work, [student], trigger=Trigger.ERASURE, by=desk.staff.staff_id)
    for scan in work.traces.forget(student):
        work.after_commit(partial(desk.services.papers.drop, scan))
    forget_portraits_of(desk.services, work, student)
    _close_accounts(desk, file)
    for one in work.family_log.requests_of(student):
        if one.kind is RequestKind.ERASURE and one.answered_at is None:
            _answer(desk, one, is_granted=True, note="")
    work.audit.write(
        Event.STUDENT_ERASED, actor=desk.staff.staff_id, subject=student, request=request_id
    )


def _answer(desk: Desk, request: FamilyRequest, *, is_granted: bool, note: str) -> None:
    by = desk.staff.staff_id
    desk.work.family_log.answer(request.request_id, is_granted=is_granted, by=by, note=note)
    desk.work.audit.write(
        Event.FAMILY_ANSWERED,
        actor=by,
        subject=request.student_id,
        request=request.request_id,
        granted=is_granted,
    )


def _require_erasure(desk: Desk, request_id: str) -> FamilyRequest:
    for one in desk.work.family_log.open_requests():
        if one.request_id == request_id and one.kind is RequestKind.ERASURE:
            return one
    raise NotFound


def _account_id(request: FamilyRequest) -> FamilyAccountId:
    return FamilyAccountId(request.asked_by)


def _close_accounts(desk: Desk, file: StudentFile) -> None:
    """Closes and empties the accounts that stood for this student alone."""
    families = desk.work.families
    emails = {link.email for link in file.guardians} | {file.student.email}
    for email in sorted(one for one in emails if one.strip()):
        account = families.account_by_email_or_none(email)
        if account is None or desk.work.register.students_of(email):
            continue
        families.forget_credentials(account.account_id)
        nobody = f"{account.account_id}@erased.invalid"
        families.save_account(replace(account, email=nobody, name="", is_active=False))
