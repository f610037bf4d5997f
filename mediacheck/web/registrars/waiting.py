"""What waits for a second person: the list, and one item with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import ProposalKind, payload_of, require_waiting, waiting
from mediacheck.flow.registrars_papers import answers_of, lines_of, require_form
from mediacheck.flow.registrars_second import decide
from mediacheck.model.office import PaperForm
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.registrars import standing
from mediacheck.web.registrars.desk import open_desk, staff_name
from mediacheck.web.registrars.papers import CHOICES
from release_db.records import Student, StudentFile
from release_db.terms import Proposal

KINDS = {
    ProposalKind.PAPER: "A paper form says yes to more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProposal:
    """A proposal in words. ``is_own``: this person made it, and may only take it back."""

    proposal: Proposal
    student: Student
    what: str
    by: str
    is_own: bool


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def to_confirm() -> ResponseReturnValue:
    """Everything that waits about students of this person's schools."""
    with open_desk() as desk:
        shown = tuple(_shown(desk, proposal, file) for proposal, file in waiting(desk))
        return render_template("registrars/waiting.html", items=shown)


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def proposal(proposal_id: str) -> ResponseReturnValue:
    """One proposal: the lines that would change, and the scan to compare them with."""
    with open_desk() as desk:
        found, file = require_waiting(desk, proposal_id)
        form = _form_or_none(desk, found)
        return render_template(
            "registrars/proposal.html",
            item=_shown(desk, found, file),
            facts=_facts(desk, file, form),
            lines=_lines(desk, file, form),
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


def _form_or_none(desk: Desk, found: Proposal) -> PaperForm | None:
    form_id = payload_of(found).get("form")
    return require_form(desk, form_id) if form_id is not None else None


def _facts(desk: Desk, file: StudentFile, form: PaperForm | None) -> list[tuple[str, str]]:
    """What a person has to know before saying yes, as terms and words."""
    if form is None:
        return []
    return [
        ("Signed by", signer_words(file, form)),
        ("Signed on", form.signed_on.isoformat()),
        ("Entered by", staff_name(desk.work, form.entered_by)),
        ("Hash of the scan (SHA-256)", form.scan.sha256),
    ]


def signer_words(file: StudentFile, form: PaperForm) -> str:
    """Who signed a form, and whether that person's yes counts."""
    if form.signer is None:
        return "The student"
    for guardian in file.guardians:
        if guardian.guardian_id == form.signer:
            name = guardian.name or guardian.email
            is_trusted = guardian.rights.value == "full"
            return name if is_trusted else f"{name} (not verified: her yes does not count yet)"
    return "Somebody who is no guardian any more"


def _lines(desk: Desk, file: StudentFile, form: PaperForm | None) -> list[tuple[str, str, str]]:
    """Where and what, as it was said so far, and as the form says."""
    if form is None:
        return []
    return [
        (
            f"{standing.AUDIENCES[line.place.audience]}: {standing.USES[line.place.use]}",
            "Nothing" if line.before.value == "unsaid" else CHOICES[line.before],
            CHOICES[line.after],
        )
        for line in lines_of(desk, file, form.signer, answers_of(form))
    ]
