"""A student turns 18 and decides alone from then on: the rules know it, and here people are told.

The way in is the student's own. An address that a guardian has too, or another student, is nobody's
own: the office hands the way in over, to somebody who shows who it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mediacheck.accounts.families_set_up import (
    CodeDelivery,
    code_delivery,
    invite,
    issue_family_code,
)
from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.families import FamilyDesk
from mediacheck.flow.registrars import require_student
from mediacheck.flow.retention import CLOCK
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import MailKind
from mediacheck.ports.services import Services, Work
from release_db.records import Student, StudentFile
from release_db.standing import AGE_OF_MAJORITY_YEARS, comes_of_age_on
from release_db.words import Rights, StudentStatus

#: A worker that was away for longer writes to nobody: the office's list has them.
_LOOKED_BACK = timedelta(days=45)
#: Longer than anybody stays at a school.
_OLDEST_YEARS = 30
_LONGEST_ADDRESS = 200


class UnfitAddress(BadRequest):
    """An address that is none, or not the student's own."""

    message = "Enter an address that is the student's alone: no guardian's and no other student's."


class Handing(StrEnum):
    """How far the handing over is."""

    NO_ADDRESS = "no-address"
    NOT_INVITED = "not-invited"
    INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A student who decides alone and does not sign in yet. ``address``: her own, if known."""

    student: Student
    since: date
    handing: Handing
    address: str


def is_of_age(student: Student, today: date) -> bool:
    """Whether the student decides alone on that day."""
    of_age_on = comes_of_age_on(student)
    return of_age_on is not None and of_age_on <= today


def own_address_or_none(work: Work, file: StudentFile) -> str | None:
    """The address on file, if it is this student's alone."""
    email = file.student.email.strip()
    return email if email and _is_own(work, file, email) else None


def hand_over(services: Services) -> None:
    """Invites, once, whoever turned 18 in the last weeks and has an address of her own."""
    with services.transaction() as work:
        today = today_of(services.clock, work.register)
        born = _years_before(today, AGE_OF_MAJORITY_YEARS)
        ids = work.register.terms.born_between(born - _LOOKED_BACK, born)
        for file in work.register.student_files(ids).values():
            if is_of_age(file.student, today):
                _invite_once(work, services, file)


def deciding_alone(desk: Desk) -> tuple[Grown, ...]:
    """The students of this person's schools who decide alone and do not sign in yet, by name."""
    work = desk.work
    today = today_of(desk.services.clock, work.register)
    oldest = _years_before(today, _OLDEST_YEARS)
    ids = work.register.terms.born_between(oldest, _years_before(today, AGE_OF_MAJORITY_YEARS))
    files = work.register.student_files(ids).values()
    grown = [
        _grown(work, file)
        for file in files
        if desk.staff.works_at(file.student.school) and is_of_age(file.student, today)
    ]
    waiting = [one for one in grown if one is not None]
    return tuple(sorted(waiting, key=lambda one: (one.student.family_name.casefold(), one.since)))


def invite_grown(desk: Desk, student_id: str, address: str) -> str | None:
    """Mails the invitation to that address; returns the code that the office hands over.

    None: the district mails the codes. The address is kept on the student's record.

    Raises:
        NotFound: there is no such student at this person's schools who decides alone.
        UnfitAddress: the address is none, or is somebody else's, too.
    """
    work, services, by = desk.work, desk.services, desk.staff.staff_id
    file = require_student(desk, student_id)
    student = file.student
    is_here = student.status is StudentStatus.ACTIVE
    if not is_here or not is_of_age(student, today_of(services.clock, work.register)):
        raise NotFound
    email = address.strip()
    if not _is_address(email) or not _is_own(work, file, email):
        raise UnfitAddress
    known = work.families.account_by_email_or_none(email)
    if known is not None and known.kind is not FamilyKind.STUDENT:
        raise UnfitAddress
    if email.casefold() != student.email.strip().casefold():
        work.register.save_students([replace(student, email=email)])
        work.audit.write(Event.ADDRESS_RECORDED, actor=by, subject=student.student_id)
    account = _account_of(services, student, email)
    about = _about(student)
    invited = invite(work, services, account, by=by, kind=MailKind.OF_AGE, about=about)
    if code_delivery(work) is not CodeDelivery.OFFICE:
        return None
    return issue_family_code(work, services, invited.account_id, by=by)


def grown_children_of(desk: FamilyDesk) -> tuple[Student, ...]:
    """The students for whom this guardian decided until they turned 18, by name."""
    if desk.visitor.kind is not FamilyKind.GUARDIAN:
        return ()
    links = desk.work.register.students_of(desk.visitor.email)
    known = [
        desk.work.register.student_or_none(link.student_id)
        for link in links
        if link.rights is not Rights.REMOVED
    ]
    grown = [
        student
        for student in known
        if student is not None
        and student.status is StudentStatus.ACTIVE
        and is_of_age(student, desk.today)
    ]
    return tuple(sorted(grown, key=lambda student: (student.given_name, student.student_id)))


def _invite_once(work: Work, services: Services, file: StudentFile) -> None:
    email = own_address_or_none(work, file)
    if email is None:
        return
    known = work.families.account_by_email_or_none(email)
    if known is not None:
        is_theirs = known.kind is FamilyKind.STUDENT and known.is_active
        if not is_theirs or work.families.has_credentials(known.account_id):
            return
        if work.outbox.about(_about(file.student), [known.account_id]):
            return
    account = _account_of(services, file.student, email)
    about = _about(file.student)
    invite(work, services, account, by=CLOCK, kind=MailKind.OF_AGE, about=about)
    work.audit.write(Event.CAME_OF_AGE, actor=CLOCK, subject=file.student.student_id)


def _grown(work: Work, file: StudentFile) -> Grown | None:
    """How far the handing over is; None: the student signs in already."""
    since = comes_of_age_on(file.student)
    email = own_address_or_none(work, file)
    account = work.families.account_by_email_or_none(email) if email is not None else None
    if account is not None and work.families.has_credentials(account.account_id):
        return None
    handing = Handing.INVITED if account is not None else Handing.NOT_INVITED
    return Grown(
        student=file.student,
        since=since or date.max,
        handing=handing if email is not None else Handing.NO_ADDRESS,
        address=email or "",
    )


def _is_own(work: Work, file: StudentFile, email: str) -> bool:
    """Whether the address is no guardian's and no other student's."""
    student = file.student.student_id
    others = set(work.register.terms.students_with_address(email)) - {student}
    return not others and not work.register.students_of(email)


def _is_address(email: str) -> bool:
    before, at, after = email.partition("@")
    is_whole = bool(before and at and after) and "@" not in after
    return is_whole and len(email) <= _LONGEST_ADDRESS and not any(map(str.isspace, email))


def _account_of(services: Services, student: Student, email: str) -> FamilyAccount:
    return FamilyAccount(
        account_id=FamilyAccountId(services.ids.new()),
        kind=FamilyKind.STUDENT,
        email=email,
        name=student.display_name,
    )


def _about(student: Student) -> str:
    return f"of-age:{student.student_id}"


def _years_before(day: date, years: int) -> date:
    """The same day that many years ago; 1 March for a 29 February that there was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
