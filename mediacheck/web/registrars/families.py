"""Invitations to a student's guardians, and the codes that the office hands over."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.families_set_up import (
    CodeDelivery,
    code_delivery,
    invite,
    issue_family_code,
)
from mediacheck.errors import NotFound
from mediacheck.model.families import FamilyAccount, FamilyAccountId, FamilyKind
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, require_school, services
from release_db.records import Guardian, StudentFile
from release_db.words import GuardianId, Rights, StudentId

_CODE_PAGE = "registrars/family_code.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGuardian:
    """A guardian with what the office may do for the sign-in."""

    guardian: Guardian
    has_account: bool
    can_sign_in: bool


@open_to(Role.REGISTRAR)
def families(student_id: str) -> ResponseReturnValue:
    """The student's guardians, with a button to invite each."""
    with services().transaction() as work:
        file = _require_file(work, student_id)
        return render_template(
            "registrars/families.html",
            file=file,
            guardians=tuple(_shown(work, guardian) for guardian in _invitable(file)),
            is_by_office=code_delivery(work) is CodeDelivery.OFFICE,
        )


@open_to(Role.REGISTRAR)
def invite_guardian(student_id: str, guardian_id: str) -> ResponseReturnValue:
    """Mails an invitation, and shows the code once where the office hands it over."""
    held, staff = services(), current_staff()
    with held.transaction() as work:
        file = _require_file(work, student_id)
        guardian = _require_guardian(file, guardian_id)
        account = invite(work, held, _account_of(guardian), by=staff.staff_id)
        if code_delivery(work) is not CodeDelivery.OFFICE:
            flash("The invitation is on its way.")
            return redirect(url_for("registrars.families", student_id=student_id))
        code = issue_family_code(work, held, account.account_id, by=staff.staff_id)
    return render_template(_CODE_PAGE, file=file, guardian=guardian, code=code)


def _require_file(work: Work, student_id: str) -> StudentFile:
    file = work.register.student_files([StudentId(student_id)]).get(StudentId(student_id))
    if file is None:
        raise NotFound
    require_school(file.student.school)
    return file


def _invitable(file: StudentFile) -> tuple[Guardian, ...]:
    return tuple(
        guardian
        for guardian in file.guardians
        if guardian.email and guardian.rights is not Rights.REMOVED
    )


def _require_guardian(file: StudentFile, guardian_id: str) -> Guardian:
    for guardian in _invitable(file):
        if guardian.guardian_id == GuardianId(guardian_id):
            return guardian
    raise NotFound


def _shown(work: Work, guardian: Guardian) -> ShownGuardian:
    account = work.families.account_by_email_or_none(guardian.email)
    return ShownGuardian(
        guardian=guardian,
        has_account=account is not None,
        can_sign_in=account is not None and work.families.has_credentials(account.account_id),
    )


def _account_of(guardian: Guardian) -> FamilyAccount:
    return FamilyAccount(
        account_id=FamilyAccountId(services().ids.new()),
        kind=FamilyKind.GUARDIAN,
        email=guardian.email,
        name=guardian.name,
        language=guardian.language or "en",
        is_active=True,
    )
