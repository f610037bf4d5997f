"""Writes to the families of a renewal round, in steps.

One mail goes to one address, however many children it stands for, and no more of them than the
policy allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mediacheck.accounts.families_mail import queue_mail
from mediacheck.accounts.families_set_up import invite
from mediacheck.flow.coming_of_age import is_of_age, own_address_or_none
from mediacheck.flow.retention import CLOCK
from mediacheck.flow.rounds import Reminding, reminding_of, year_of
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.mail import Mail, MailKind, MailState
from mediacheck.model.rounds import Mailing, MailingKind
from mediacheck.ports.services import Services, Work
from release_db.orders import under_orders
from release_db.records import StudentFile
from release_db.words import Rights, StudentId

#: Students of one transaction: nobody at the pages waits for it for longer than about a second.
STEP = 50
_STEPS_A_SWEEP = 5
#: A mailing goes out over hours; a family that was late in it is not skipped in the next.
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What one mailing goes by."""

    mailing: Mailing
    about: str
    reminding: Reminding


def about_round(round_id: str) -> str:
    """What a mail of that round tells of."""
    return f"round:{round_id}"


def send_rounds(services: Services) -> None:
    """Goes some steps on with the mailings that are under way."""
    for _ in range(_STEPS_A_SWEEP):
        with services.transaction() as work:
            waiting = work.mailings.unfinished()
            if not waiting:
                return
            _step(work, services, waiting[0])


def _step(work: Work, services: Services, mailing: Mailing) -> None:
    year = year_of(work, services)
    students = _next_students(work, mailing)
    mails = 0
    if year.round is not None and year.round.round_id == mailing.round_id:
        rules = _Rules(
            mailing=mailing,
            about=about_round(mailing.round_id),
            reminding=reminding_of(work, year, mailing.schools),
        )
        ended = year.round.year_ends_on
        answered = work.register.terms.students_who_answered(ended, students)
        files = work.register.student_files([one for one in students if one not in answered])
        people = list(_people_of(work, files.values(), year.today, services))
        mails = sum(_write_to(work, services, person, rules) for person in people)
    work.mailings.step(
        mailing.mailing_id,
        up_to=students[-1] if students else "",
        is_last=len(students) < STEP,
        mails=mails,
    )


def _next_students(work: Work, mailing: Mailing) -> tuple[StudentId, ...]:
    """The next active students of the mailing's schools, by id."""
    after = work.mailings.progress_of(mailing.mailing_id).up_to
    return work.register.terms.active_after(after, schools=mailing.schools, limit=STEP)


def _people_of(
    work: Work, files: Iterable[StudentFile], today: date, services: Services
) -> Iterator[FamilyAccount]:
    """Whoever may answer for one of these students, each address once."""
    seen: set[str] = set()
    for file in files:
        for person in people_to_ask(work, file, today):
            key = person.email.casefold()
            if key not in seen:
                seen.add(key)
                yield replace(person, account_id=FamilyAccountId(services.ids.new()))


def people_to_ask(work: Work, file: StudentFile, today: date) -> tuple[FamilyAccount, ...]:
    """Whoever decides for a student and has an address: at 18 the student, before it guardians.

    A guardian whose rights the office or a court has removed is not written to.
    """
    if is_of_age(file.student, today):
        own = own_address_or_none(work, file)
        return _people(FamilyKind.STUDENT, [(own or "", file.student.display_name, "")])
    ordered = under_orders(file, today, use=None, audience=None)
    links = [link for link in ordered.guardians if link.rights is not Rights.REMOVED]
    told = [(link.email, link.name, link.language) for link in links]
    return _people(FamilyKind.GUARDIAN, told)


def _people(kind: FamilyKind, told: list[tuple[str, str, str]]) -> tuple[FamilyAccount, ...]:
    return tuple(
        FamilyAccount(
            account_id=FamilyAccountId(""),
            kind=kind,
            email=email.strip(),
            name=name,
            language=language or "en",
        )
        for email, name, language in told
        if email.strip()
    )


def _write_to(work: Work, services: Services, person: FamilyAccount, rules: _Rules) -> bool:
    """Queues the mail, if this address may have one; says whether."""
    known = work.families.account_by_email_or_none(person.email)
    if known is not None:
        if not known.is_active or known.kind is not person.kind:
            return False
        before = work.outbox.about(rules.about, [known.account_id])
        if not _may_write(rules, before):
            return False
        if work.families.has_credentials(known.account_id):
            queue_mail(work, services, MailKind.RENEWAL, known.account_id, about=rules.about)
            return True
    is_student = person.kind is FamilyKind.STUDENT
    kind = MailKind.OF_AGE if is_student else MailKind.INVITATION
    invite(work, services, known or person, by=CLOCK, kind=kind, about=rules.about)
    return True


def _may_write(rules: _Rules, before: tuple[Mail, ...]) -> bool:
    """Whether the policy lets this address have another mail; one that bounced gets none."""
    if not before:
        return True
    if rules.mailing.kind is MailingKind.OPENING or len(before) > rules.reminding.most:
        return False
    last = before[-1]
    wait = timedelta(days=rules.reminding.days) - _SLACK
    is_time = rules.mailing.asked_at - last.queued_at >= wait
    return is_time and last.state is MailState.SENT
