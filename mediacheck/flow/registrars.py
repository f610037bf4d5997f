"""What the office does about a student: whose file it may open, and what waits for a second person.

Whatever only restricts takes effect at once. What widens is proposed, and nothing happens until
somebody else of the office has looked at it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.model.publication import Trigger
from release_db.policy import HOLD_VIEWERS, HOLDS_VISIBLE_KEY, Policies
from release_db.records import StudentFile
from release_db.terms import Proposal
from release_db.words import ProposalId, StudentId


class ProposalKind(StrEnum):
    """What can be proposed."""

    PAPER = "paper-form"
    ORDER = "order"
    ORDER_END = "order-end"
    HOLD_END = "hold-end"
    RIGHTS_BACK = "rights-back"


#: Does what was proposed, now that ``desk``'s person has confirmed it.
CarryOut = Callable[[Desk, StudentFile, Proposal], None]


def require_student(desk: Desk, student_id: str) -> StudentFile:
    """The file of a student of this person's schools, departed ones too.

    Raises:
        NotFound: there is none, or the student goes to another school.
    """
    wanted = StudentId(student_id)
    file = desk.work.register.student_files([wanted]).get(wanted)
    if file is None or not desk.staff.works_at(file.student.school):
        raise NotFound
    return file


def may_see_holds(policies: Policies, staff: StaffMember) -> bool:
    """Whether this person's role sees that there is a hold; by default all of the office's do."""
    policy = policies.policy_or_none(HOLDS_VISIBLE_KEY)
    named = policy.split(";") if policy is not None else HOLD_VIEWERS
    return staff.role.value in named and staff.role.value in HOLD_VIEWERS


def propose(
    desk: Desk, student_id: StudentId, kind: ProposalKind, payload: Mapping[str, str]
) -> ProposalId:
    """Keeps something that widens until a second person has looked at it."""
    proposal = Proposal(
        proposal_id=ProposalId(desk.services.ids.new()),
        student_id=student_id,
        kind=kind.value,
        payload=json.dumps(payload, sort_keys=True),
        proposed_by=desk.staff.staff_id,
        proposed_at=desk.services.clock.now(),
    )
    desk.work.register.terms.propose(proposal)
    desk.work.audit.write(
        Event.PROPOSAL_MADE,
        actor=desk.staff.staff_id,
        subject=student_id,
        proposal=proposal.proposal_id,
        kind=kind.value,
    )
    return proposal.proposal_id


def payload_of(proposal: Proposal) -> dict[str, str]:
    """What was proposed; empty when the student has been erased meanwhile."""
    try:
        payload = json.loads(proposal.payload)
    except ValueError:
        return {}
    return {key: str(value) for key, value in payload.items()}


def waiting(desk: Desk) -> tuple[tuple[Proposal, StudentFile], ...]:
    """What waits for a second person about students of this person's schools, oldest first.

    The end of a hold waits only before those who may see that there is one.
    """
    proposals = [
        one
        for one in desk.work.register.terms.waiting_proposals()
        if one.kind != ProposalKind.HOLD_END or may_see_holds(desk.work.register, desk.staff)
    ]
    files = desk.work.register.student_files({one.student_id for one in proposals})
    return tuple(
        (one, files[one.student_id])
        for one in proposals
        if one.student_id in files and desk.staff.works_at(files[one.student_id].student.school)
    )


def require_waiting(desk: Desk, proposal_id: str) -> tuple[Proposal, StudentFile]:
    """A proposal that waits, with the student's file.

    Raises:
        NotFound: nothing of that id waits for somebody of this person's schools.
    """
    for proposal, file in waiting(desk):
        if proposal.proposal_id == proposal_id:
            return proposal, file
    raise NotFound


def withdraw_now(desk: Desk, student_id: StudentId, trigger: Trigger) -> None:
    """Stops, brings down and destroys what the change of this transaction no longer allows."""
    desk.work.register.destroy_lapsed([student_id], by=desk.staff.staff_id)
    after_change(desk.services, desk.work, [student_id], trigger=trigger, by=desk.staff.staff_id)
