"""What a second person has to know of a proposal, in words."""

from __future__ import annotations

from datetime import date

from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import ProposalKind, payload_of
from mediacheck.flow.registrars_orders import OrderEntry, entry_of
from mediacheck.flow.registrars_papers import answers_of, lines_of, require_form
from mediacheck.model.office import PaperForm
from mediacheck.web.registrars import standing, words
from mediacheck.web.registrars.desk import staff_name
from mediacheck.web.registrars.papers import CHOICES
from release_db.records import StudentFile
from release_db.terms import CourtOrder, Proposal
from release_db.words import GuardianId, Rights

KINDS = {
    ProposalKind.PAPER: "A paper form says yes to more",
    ProposalKind.ORDER: "A court order would take away a no",
    ProposalKind.ORDER_END: "A court order would end",
    ProposalKind.HOLD_END: "A hold would be lifted",
    ProposalKind.RIGHTS_BACK: "A guardian would have rights again",
}

Facts = list[tuple[str, str]]


def facts_of(desk: Desk, file: StudentFile, proposal: Proposal) -> Facts:
    """What a person has to know before saying yes, as terms and words."""
    match ProposalKind(proposal.kind):
        case ProposalKind.PAPER:
            form = require_form(desk, payload_of(proposal)["form"])
            return _form_facts(desk, file, form)
        case ProposalKind.ORDER:
            return _order_facts(file, entry_of(proposal))
        case ProposalKind.ORDER_END:
            return _order_end_facts(file, payload_of(proposal))
        case ProposalKind.HOLD_END:
            return _hold_facts(desk, file, payload_of(proposal)["hold"])
        case ProposalKind.RIGHTS_BACK:
            payload = payload_of(proposal)
            return [
                ("Who", words.guardian_words(file, GuardianId(payload["guardian"]))),
                ("What says so", payload["reference"] or "No document named"),
            ]


def form_or_none(desk: Desk, proposal: Proposal) -> PaperForm | None:
    """The paper form that is proposed, if one is."""
    form_id = payload_of(proposal).get("form")
    return require_form(desk, form_id) if form_id is not None else None


def lines_in(desk: Desk, file: StudentFile, form: PaperForm) -> tuple[tuple[str, str, str], ...]:
    """Where and what, as it was said so far, and as the form says."""
    return tuple(
        (
            f"{words.AUDIENCES[line.place.audience]}: {standing.USES[line.place.use]}",
            "Nothing" if line.before.value == "unsaid" else CHOICES[line.before],
            CHOICES[line.after],
        )
        for line in lines_of(desk, file, form.signer, answers_of(form))
    )


def _form_facts(desk: Desk, file: StudentFile, form: PaperForm) -> Facts:
    return [
        ("Signed by", _signer_words(file, form)),
        ("Signed on", form.signed_on.isoformat()),
        ("Entered by", staff_name(desk.work, form.entered_by)),
        ("Hash of the scan (SHA-256)", form.scan.sha256),
    ]


def _signer_words(file: StudentFile, form: PaperForm) -> str:
    """Who signed a form, and whether that person's yes counts."""
    if form.signer is None:
        return "The student"
    for guardian in file.guardians:
        if guardian.guardian_id == form.signer:
            name = words.name_of(guardian)
            is_trusted = guardian.rights is Rights.FULL
            return name if is_trusted else f"{name} (not verified: a yes does not count yet)"
    return "Somebody who is no guardian any more"


def _order_facts(file: StudentFile, entry: OrderEntry | CourtOrder) -> Facts:
    about = ", ".join(standing.USES[use] for use in entry.uses) or "Every use"
    return [
        ("What it says", words.ORDER_EFFECTS[entry.effect]),
        ("Whom it names", words.guardian_words(file, entry.guardian_id)),
        ("About", about),
        ("Where", words.where_words(None, entry.audience, {})),
        ("First day", entry.starts_on.isoformat()),
        ("Last day", _day_words(entry.ends_on)),
        ("Document", entry.reference or "None named"),
    ]


def _order_end_facts(file: StudentFile, payload: dict[str, str]) -> Facts:
    found = [order for order in file.orders if order.order_id == payload["order"]]
    facts = [fact for order in found for fact in _order_facts(file, order)]
    return [
        *facts,
        ("Its new last day", payload["ends_on"]),
        ("What says so", payload["reference"] or "No document named"),
    ]


def _hold_facts(desk: Desk, file: StudentFile, hold_id: str) -> Facts:
    names = words.channel_names(desk.work.register.channels())
    for hold in file.holds:
        if hold.hold_id == hold_id:
            return [
                ("Why", words.HOLD_KINDS.get(hold.kind, hold.kind)),
                ("Where", words.where_words(hold.channel, hold.audience, names)),
                ("First day", hold.starts_on.isoformat()),
                ("Document", hold.reference or "None named"),
            ]
    return []


def _day_words(day: date | None) -> str:
    return day.isoformat() if day is not None else "None"
