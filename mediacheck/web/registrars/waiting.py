"""What waits for a second person, what is to be looked at again, and one proposal in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import ProposalKind, may_see_holds, require_waiting, waiting
from mediacheck.flow.registrars_second import decide
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.registrars import standing
from mediacheck.web.registrars.desk import note_look, open_desk, staff_name
from mediacheck.web.registrars.proposals import KINDS, facts_of, form_or_none, lines_in
from mediacheck.web.registrars.student import shown_orders
from release_db.records import Student, StudentFile
from release_db.terms import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProposal:
    """A proposal in words. ``is_own``: this person made it, and may only take it back."""

    proposal: Proposal
    student: Student
    what: str
    by: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReview:
    """A hold or an order that somebody said was to be looked at again by now."""

    student: Student
    what: str
    review_on: date


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def to_confirm() -> ResponseReturnValue:
    """Everything that waits about students of this person's schools."""
    with open_desk() as desk:
        return render_template(
            "registrars/waiting.html",
            items=tuple(_shown(desk, proposal, file) for proposal, file in waiting(desk)),
            reviews=sorted(_reviews(desk), key=lambda one: (one.review_on, one.student.student_id)),
            shows_holds=may_see_holds(desk.work.register, desk.staff),
            opens_files=desk.staff.role is Role.REGISTRAR,
        )


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def proposal(proposal_id: str) -> ResponseReturnValue:
    """One proposal: the lines that would change, and the scan to compare them with."""
    with open_desk() as desk:
        found, file = require_waiting(desk, proposal_id)
        note_look(desk, file)
        form = form_or_none(desk, found)
        return render_template(
            "registrars/proposal.html",
            item=_shown(desk, found, file),
            facts=facts_of(desk, file, found),
            lines=lines_in(desk, file, form) if form is not None else (),
            form=form,
        )


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def accept(proposal_id: str) -> ResponseReturnValue:
    """The second person says yes: it is done now."""
    with open_desk() as desk:
        decide(desk, proposal_id, is_accepted=True)
    flash("Confirmed: it counts from now on.")
    return redirect(url_for("registrars.to_confirm"))


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def decline(proposal_id: str) -> ResponseReturnValue:
    """The second person says no, or the first takes it back: nothing is changed."""
    with open_desk() as desk:
        decide(desk, proposal_id, is_accepted=False)
    flash("Dropped: nothing was changed by it.")
    return redirect(url_for("registrars.to_confirm"))


def _shown(desk: Desk, found: Proposal, file: StudentFile) -> ShownProposal:
    return ShownProposal(
        proposal=found,
        student=file.student,
        what=KINDS[ProposalKind(found.kind)],
        by=staff_name(desk.work, found.proposed_by),
        is_own=found.proposed_by == desk.staff.staff_id,
    )


def _reviews(desk: Desk) -> Iterator[ShownReview]:
    register = desk.work.register
    today = today_of(desk.services.clock, register)
    shows_holds = may_see_holds(register, desk.staff)
    students = register.terms.students_to_review(today)
    reviews = register.terms.reviews_of(students)
    files = register.student_files(students).values()
    for file in (one for one in files if desk.staff.works_at(one.student.school)):
        holds = standing.holds_of(file, today, {}, reviews) if shows_holds else ()
        due = [(f"Hold: {one.kind}", one.review_on) for one in holds if one.is_due]
        due += [
            (f"Court order: {one.effect}", one.review_on)
            for one in shown_orders(file, today, reviews)
            if one.is_due
        ]
        for what, review_on in due:
            if review_on is not None:
                yield ShownReview(student=file.student, what=what, review_on=review_on)
