"""Mail that did not arrive: what the office sees of it, and sending it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, FamilyKind
from mediacheck.model.mail import Mail, MailState
from release_db.records import Student

_NEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A mail that came back or waits, and the students of this person's schools it is about."""

    mail: Mail
    account: FamilyAccount
    students: tuple[Student, ...]


def undelivered(desk: Desk) -> tuple[Undelivered, ...]:
    """What did not arrive about students of this person's schools, the newest first.

    Left out are a mail that was sent again, one to an address that the register has no more, and
    one that has only just been asked for.
    """
    found = []
    grown: Mapping[str, Student] | None = None
    for mail in desk.work.outbox.undelivered():
        if _is_new(desk, mail):
            continue
        account = desk.work.families.account_or_none(mail.account_id)
        if account is None or not account.is_active or _is_superseded(desk, mail):
            continue
        if account.kind is FamilyKind.STUDENT and grown is None:
            grown = _by_own_address(desk)
        students = _students_of(desk, account, grown or {})
        if students:
            found.append(Undelivered(mail=mail, account=account, students=students))
    return tuple(found)


def send_again(desk: Desk, mail_id: str) -> None:
    """Sends a mail anew that came back, or tries one at once that waits.

    Raises:
        NotFound: it is not on this person's list.
    """
    item = next((one for one in undelivered(desk) if one.mail.mail_id == mail_id), None)
    if item is None:
        raise NotFound
    mail, work, services = item.mail, desk.work, desk.services
    if mail.state is MailState.BOUNCED:
        queue_mail(work, services, mail.kind, mail.account_id, about=mail.about)
    else:
        work.outbox.mark_deferred(mail.mail_id, mail.last_code, services.clock.now())
        work.after_commit(lambda: services.jobs.send_mail(mail.mail_id))
    work.audit.write(
        Event.MAIL_SENT_AGAIN,
        actor=desk.staff.staff_id,
        subject=mail.account_id,
        mail=mail.mail_id,
    )


def _is_new(desk: Desk, mail: Mail) -> bool:
    """A round asks for thousands of mails at once: they are no lost ones yet."""
    is_untried = mail.state is MailState.QUEUED and not mail.attempts and mail.last_code is None
    return is_untried and desk.services.clock.now() - mail.queued_at < _NEW


def _is_superseded(desk: Desk, mail: Mail) -> bool:
    latest = desk.work.outbox.latest_or_none(mail.account_id, mail.kind)
    return latest is not None and latest.mail_id != mail.mail_id


def _students_of(
    desk: Desk, account: FamilyAccount, grown: Mapping[str, Student]
) -> tuple[Student, ...]:
    if account.kind is FamilyKind.STUDENT:
        own = grown.get(account.email.strip().casefold())
        students = [own] if own is not None else []
    else:
        links = desk.work.register.students_of(account.email)
        known = [desk.work.register.student_or_none(link.student_id) for link in links]
        students = [student for student in known if student is not None]
    return tuple(student for student in students if desk.staff.works_at(student.school))


def _by_own_address(desk: Desk) -> Mapping[str, Student]:
    return {
        student.email.strip().casefold(): student
        for student in desk.work.register.everyone()
        if student.email.strip()
    }
