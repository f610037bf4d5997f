"""The second person: what was proposed is done, or declined, in one transaction."""

from __future__ import annotations

from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import CarryOut, ProposalKind, require_waiting
from mediacheck.flow.registrars_guardians import confirm_rights_back
from mediacheck.flow.registrars_holds import confirm_lifting
from mediacheck.flow.registrars_orders import confirm_end, confirm_order
from mediacheck.flow.registrars_papers import confirm_form
from mediacheck.model.audit import Event
from release_db.terms import Proposal

#: What each kind of proposal does once it is accepted.
CARRY_OUT: dict[ProposalKind, CarryOut] = {
    ProposalKind.PAPER: confirm_form,
    ProposalKind.ORDER: confirm_order,
    ProposalKind.ORDER_END: confirm_end,
    ProposalKind.HOLD_END: confirm_lifting,
    ProposalKind.RIGHTS_BACK: confirm_rights_back,
}


def decide(desk: Desk, proposal_id: str, *, is_accepted: bool) -> Proposal:
    """Records the second person's word, and does what was proposed if it is a yes.

    Whoever proposed may take it back, and never accept it.

    Raises:
        NotFound: nothing of that id waits for somebody of this person's schools.
        NeedsSecondPerson: whoever proposed would accept.
    """
    proposal, file = require_waiting(desk, proposal_id)
    decided = desk.work.register.terms.decide_proposal(
        proposal.proposal_id, is_accepted=is_accepted, by=desk.staff.staff_id
    )
    desk.work.audit.write(
        Event.PROPOSAL_DECIDED,
        actor=desk.staff.staff_id,
        subject=proposal.student_id,
        proposal=proposal.proposal_id,
        kind=proposal.kind,
        accepted=is_accepted,
    )
    if is_accepted:
        CARRY_OUT[ProposalKind(proposal.kind)](desk, file, decided)
    return decided
