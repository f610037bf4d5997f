"""Signed paper forms: a no counts at once, and a yes waits for a second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mediacheck.errors import IntakeError, MediacheckError, NotFound, Outdated
from mediacheck.flow.desk import Desk
from mediacheck.flow.families import FamilyDesk, choices_of
from mediacheck.flow.families_choices import (
    PLACES,
    Choice,
    Choices,
    Place,
    Scoped,
    capacity_of,
    decided_by,
    decisions_for,
    own_words,
    restrictions_for,
)
from mediacheck.flow.families_records import proof_of
from mediacheck.flow.registrars import ProposalKind, payload_of, propose, withdraw_now
from mediacheck.flow.today import today_of
from mediacheck.intake.scans import as_scan_refusal, is_pdf, require_fit_size
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyKind, FamilyVisitor
from mediacheck.model.office import FormId, PaperForm, Scan, ScanKind
from mediacheck.model.publication import Trigger
from mediacheck.ports.services import Services
from release_db.records import Release, StudentFile
from release_db.standing import comes_of_age_on
from release_db.terms import Proposal
from release_db.words import ActId, GuardianId, NoticeKind, ProposalId, ReleaseId, Rights

#: How answers from paper stand in the register.
PAPER = "paper"
#: A form that was signed longer ago belongs to a year that has ended.
OLDEST = timedelta(days=400)


class UnfitDay(MediacheckError):
    """A form cannot have been signed on that day."""

    message = "Enter the day on which it was signed: not after today, and not over a year ago."


class NothingNew(MediacheckError):
    """A form that answers nothing otherwise than before."""

    message = "The form says nothing that is not on file already, so nothing was recorded."


class AnsweredSince(Outdated):
    """The signer has answered again: nobody knows that the form is the last word."""

    message = (
        "Whoever signed this form has answered again since, or on the same day. Decline the form, "
        "and ask for a new answer if this one is meant."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScan:
    """A file that is a scan, before it is kept. ``view``: the bytes that a page may show."""

    kind: ScanKind
    data: bytes
    view: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A form as somebody of the office read it. ``signer`` None: the student."""

    signer: GuardianId | None
    signed_on: date
    answers: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What came of a form: refusals that count, and what waits for a second person, if anything."""

    refusals: int
    proposal_id: ProposalId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """One answer of a form that differs from the signer's word so far."""

    place: Place
    before: Choice
    after: Choice

    @property
    def restricts(self) -> bool:
        """Whether it is stricter than what was said."""
        return self.after.strictness > self.before.strictness


def read_scan(services: Services, data: bytes, file_name: str) -> ReadScan:
    """The scan in a file. A picture is opened in the cage only, and shown as our own encoding.

    Raises:
        IntakeError: the file is not taken; one subclass per cause.
    """
    require_fit_size(data)
    if is_pdf(data):
        return ReadScan(kind=ScanKind.PDF, data=data, view=data)
    try:
        intake = services.decoder().decode(data, file_name)
    except IntakeError as refused:
        raise as_scan_refusal(refused) from refused
    return ReadScan(kind=ScanKind.PICTURE, data=data, view=intake.jpeg)


def enter_form(desk: Desk, file: StudentFile, entry: PaperEntry, read: ReadScan) -> Entered:
    """Keeps a form with its scan; refusals count from now on, and the rest is proposed.

    Raises:
        UnfitDay: it cannot have been signed on that day.
        NothingNew: it changes nothing.
        NotFound: the signer is not one of the guardians of a student under 18.
    """
    today = today_of(desk.services.clock, desk.work.register)
    if not today - OLDEST <= entry.signed_on <= today:
        raise UnfitDay
    if entry.signer is not None and is_of_age(file, today):
        raise NotFound
    lines = lines_of(desk, file, entry.signer, entry.answers)
    if not lines:
        raise NothingNew
    form = _kept(desk, file, entry, read)
    stricter = {line.place: line.after for line in lines if line.restricts}
    words = _releases(desk, file, form, restrictions_for(stricter), second="")
    desk.work.register.record(words)
    is_wider = any(not line.restricts for line in lines)
    asked = {"form": str(form.form_id)}
    student = file.student.student_id
    proposal_id = propose(desk, student, ProposalKind.PAPER, asked) if is_wider else None
    desk.work.audit.write(
        Event.PAPER_ENTERED,
        actor=desk.staff.staff_id,
        subject=student,
        form=form.form_id,
        scan=form.scan.sha256,
        refusals=len(words),
    )
    withdraw_now(desk, student, Trigger.ANSWER)
    return Entered(refusals=len(words), proposal_id=proposal_id)


def is_of_age(file: StudentFile, on: date) -> bool:
    """Whether the student alone decides: no guardian's form is taken any more."""
    of_age_on = comes_of_age_on(file.student)
    return of_age_on is not None and of_age_on <= on


def confirm_form(desk: Desk, file: StudentFile, proposal: Proposal) -> None:
    """Records what a form allows, after a second person has compared it with the scan.

    Raises:
        NotFound: the form is gone, or its signer is no longer one of the student's guardians.
        AnsweredSince: the signer may have said something else after signing.
    """
    form = require_form(desk, payload_of(proposal).get("form", ""))
    visitor = _signer(file, form.signer)
    if any(_may_be_newer(word, form) for word in own_words(visitor, file)):
        raise AnsweredSince
    answers = answers_of(form)
    said = choices_of(_family_desk(desk, visitor), file)
    today = today_of(desk.services.clock, desk.work.register)
    scoped = decisions_for(visitor, file, said | dict(answers), today)
    words = _releases(desk, file, form, scoped, second=desk.staff.staff_id)
    desk.work.register.record(words)
    desk.work.audit.write(
        Event.RELEASES_SIGNED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        form=form.form_id,
        decisions=len(words),
    )
    withdraw_now(desk, file.student.student_id, Trigger.ANSWER)


def lines_of(
    desk: Desk, file: StudentFile, signer: GuardianId | None, answers: Choices
) -> tuple[ChangedLine, ...]:
    """What the answers change of the signer's own word as it stands.

    Raises:
        NotFound: the signer is not one of the student's guardians.
    """
    said = choices_of(_family_desk(desk, _signer(file, signer)), file)
    return tuple(
        ChangedLine(place=place, before=said[place], after=answers[place])
        for place in PLACES
        if answers.get(place, Choice.UNSAID) not in {Choice.UNSAID, said[place]}
    )


def answers_of(form: PaperForm) -> Choices:
    """The answers of a kept form."""
    return {
        place: Choice(form.answers[place.field]) for place in PLACES if place.field in form.answers
    }


def require_form(desk: Desk, form_id: str) -> PaperForm:
    """The form of that id.

    Raises:
        NotFound: there is none.
    """
    form = desk.work.office.form_or_none(FormId(form_id))
    if form is None:
        raise NotFound
    return form


def _may_be_newer(word: Release, form: PaperForm) -> bool:
    """Whether a word of the signer's may have been said after the form was signed.

    A form has a day and no hour, so what was said elsewhere on that day may be newer.
    """
    if proof_of(word.evidence).get("paper_form") == form.form_id:
        return False
    is_elsewhere = word.method != PAPER and word.given_on >= form.signed_on
    return is_elsewhere or word.recorded_at > form.entered_at


def _kept(desk: Desk, file: StudentFile, entry: PaperEntry, read: ReadScan) -> PaperForm:
    papers = desk.services.papers
    form = PaperForm(
        form_id=FormId(desk.services.ids.new()),
        student_id=file.student.student_id,
        scan=Scan(kind=read.kind, sha256=papers.put(read.data), view=papers.put(read.view)),
        signer=entry.signer,
        signed_on=entry.signed_on,
        answers={
            place.field: choice.value
            for place, choice in entry.answers.items()
            if choice is not Choice.UNSAID
        },
        entered_by=desk.staff.staff_id,
        entered_at=desk.services.clock.now(),
    )
    desk.work.office.keep_form(form)
    return form


def _releases(
    desk: Desk, file: StudentFile, form: PaperForm, scoped: Sequence[Scoped], *, second: str
) -> tuple[Release, ...]:
    visitor = _signer(file, form.signer)
    terms, language = desk.work.register.terms, visitor.language
    notice = terms.notice_or_none(NoticeKind.RELEASE, language, form.signed_on)
    proof = {
        "paper_form": form.form_id,
        "scan_sha256": form.scan.sha256,
        "entered_by": form.entered_by,
        "confirmed_by": second,
    }
    act = ActId(desk.services.ids.new())
    return tuple(
        Release(
            release_id=ReleaseId(f"{act}-{number}"),
            student_id=file.student.student_id,
            scope=scope,
            answer=answer,
            capacity=capacity_of(visitor),
            decided_by=decided_by(visitor),
            method=PAPER,
            notice=notice.reference if notice is not None else "",
            given_on=form.signed_on,
            recorded_at=desk.services.clock.now(),
            language=language,
            evidence=json.dumps(proof, sort_keys=True),
            act=act,
        )
        for number, (scope, answer) in enumerate(scoped, start=1)
    )


def _signer(file: StudentFile, signer: GuardianId | None) -> FamilyVisitor:
    """Whoever signed the form, as one of the family.

    Raises:
        NotFound: no guardian of the student's with rights has that id.
    """
    if signer is None:
        return _visitor(FamilyKind.STUDENT, file.student.email, "en")
    for guardian in file.guardians:
        if guardian.guardian_id == signer and guardian.rights is not Rights.REMOVED:
            address = guardian.email or guardian.guardian_id
            return _visitor(FamilyKind.GUARDIAN, address, guardian.language or "en")
    raise NotFound


def _visitor(kind: FamilyKind, email: str, language: str) -> FamilyVisitor:
    return FamilyVisitor(
        account_id=None,
        kind=kind,
        email=email,
        language=language,
        may_grant=True,
        authenticated=PAPER,
    )


def _family_desk(desk: Desk, visitor: FamilyVisitor) -> FamilyDesk:
    return FamilyDesk(services=desk.services, work=desk.work, visitor=visitor)
