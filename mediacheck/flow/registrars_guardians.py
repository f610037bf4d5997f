"""Guardians: whoever is not verified may only restrict, and what the office does about that."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from mediacheck.errors import NotAllowed, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import ProposalKind, payload_of, propose, withdraw_now
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from release_db.records import Guardian, StudentFile
from release_db.terms import Proposal
from release_db.words import WITHDRAWN, GuardianId, ProposalId, Rights, RightsBasis


class VerifiedHow(StrEnum):
    """How the office found out who somebody is."""

    PHOTO_ID = "photo-id"
    DOCUMENT = "document"
    IN_PERSON = "known-in-person"


class RightsRemoved(NotAllowed):
    """The guardian's rights were removed: no verification gives them back."""

    message = "This person's rights were removed. A court's order would have to give them back."


def require_guardian(file: StudentFile, guardian_id: str) -> Guardian:
    """The student's guardian of that id.

    Raises:
        NotFound: there is none.
    """
    for guardian in file.guardians:
        if guardian.guardian_id == GuardianId(guardian_id):
            return guardian
    raise NotFound


def verify(
    desk: Desk, file: StudentFile, guardian: Guardian, *, how: VerifiedHow, basis: RightsBasis
) -> None:
    """From now on the guardian's yes counts, as far as the basis of her rights and orders let it.

    Raises:
        RightsRemoved: the guardian has no rights to verify.
    """
    if guardian.rights is Rights.REMOVED:
        raise RightsRemoved
    verified = replace(guardian, rights=Rights.FULL, verified_how=how.value, basis=basis)
    desk.work.register.save_guardians([verified], by=desk.staff.staff_id)
    desk.work.audit.write(
        Event.GUARDIAN_VERIFIED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        guardian=guardian.guardian_id,
        how=how.value,
        basis=basis.value,
        widens=guardian.rights is not Rights.FULL or guardian.basis is not basis,
    )
    withdraw_now(desk, file.student.student_id, Trigger.ANSWER)


def propose_rights_back(
    desk: Desk, file: StudentFile, guardian: Guardian, reference: str
) -> ProposalId:
    """Proposes that a court gave removed rights back; nothing changes until a second person agrees.

    Raises:
        NotFound: nobody removed this guardian's rights.
    """
    if guardian.rights is not Rights.REMOVED:
        raise NotFound
    payload = {"guardian": str(guardian.guardian_id), "reference": reference}
    return propose(desk, file.student.student_id, ProposalKind.RIGHTS_BACK, payload)


def confirm_rights_back(desk: Desk, file: StudentFile, proposal: Proposal) -> None:
    """Gives removed rights back, on the strength of a document that two people saw."""
    guardian = require_guardian(file, payload_of(proposal)["guardian"])
    back = replace(guardian, rights=Rights.FULL, verified_how=VerifiedHow.DOCUMENT.value)
    desk.work.register.save_guardians([back], by=desk.staff.staff_id)
    desk.work.audit.write(
        Event.RIGHTS_GIVEN_BACK,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        guardian=guardian.guardian_id,
    )
    withdraw_now(desk, file.student.student_id, Trigger.ORDER)


def withdraw_verification(desk: Desk, file: StudentFile, guardian: Guardian) -> None:
    """From now on the guardian may only restrict; no import gives the rights back.

    Raises:
        RightsRemoved: the guardian has no rights to withdraw.
    """
    if guardian.rights is Rights.REMOVED:
        raise RightsRemoved
    suspended = replace(guardian, rights=Rights.UNVERIFIED, verified_how=WITHDRAWN)
    desk.work.register.save_guardians([suspended], by=desk.staff.staff_id)
    desk.work.audit.write(
        Event.VERIFICATION_WITHDRAWN,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        guardian=guardian.guardian_id,
    )
    withdraw_now(desk, file.student.student_id, Trigger.ANSWER)
