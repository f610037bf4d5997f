"""Staff accounts: who has one, what it opens, and the code with which its owner begins."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.accounts.district import untie
from mediacheck.accounts.members import MemberRefused, add_member, change_member
from mediacheck.accounts.set_up import issue_set_up_code
from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.sign_on import NAMES
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from release_db.records import School
from release_db.words import SchoolKey

_NEW_PAGE = "administrators/new_account.html"
_PAGE = "administrators/account.html"

#: The roles, in the words of the people who choose them.
ROLES = {
    Role.TEACHER: ("Teacher", "Makes posts for the schools below."),
    Role.COMMUNICATIONS: ("Communications office", "Reviews and clears posts; official channels."),
    Role.REGISTRAR: ("Registrar or school office", "Keeps the roster, releases and holds."),
    Role.ADMINISTRATOR: ("District administrator", "Accounts, settings and the audit."),
}


@open_to(Role.ADMINISTRATOR)
def accounts() -> ResponseReturnValue:
    """Everybody with an account."""
    with services().transaction() as work:
        return render_template(
            "administrators/accounts.html",
            members=work.accounts.staff(),
            roles=ROLES,
            school_names={school.key: school.name for school in work.register.schools()},
        )


@open_to(Role.ADMINISTRATOR)
def new_account() -> ResponseReturnValue:
    """The form for a new account."""
    with services().transaction() as work:
        return render_template(_NEW_PAGE, errors={}, member=_NOBODY, **_choices(work))


@open_to(Role.ADMINISTRATOR)
def add_account() -> ResponseReturnValue:
    """Adds an account, and shows the code that its owner begins with."""
    held = services()
    with held.transaction() as work:
        member = replace(
            _with_standing(_NOBODY, work.register.schools()),
            staff_id=StaffId(held.ids.new()),
            name=line_of("name"),
            email=line_of("email"),
        )
        try:
            add_member(work, member, by=current_staff())
        except MemberRefused as refusal:
            errors = {refusal.field: refusal.message}
            return form_again(_NEW_PAGE, errors=errors, member=member, **_choices(work))
        return _code_page(work, member)


@open_to(Role.ADMINISTRATOR)
def account(staff_id: str) -> ResponseReturnValue:
    """One account, with the form to change it."""
    with services().transaction() as work:
        member = _require_member(work, staff_id)
        return render_template(_PAGE, errors={}, member=member, **_ties(work, member))


@open_to(Role.ADMINISTRATOR)
def change_account(staff_id: str) -> ResponseReturnValue:
    """Changes role, schools and standing. The person has to sign in again."""
    with services().transaction() as work:
        before = _require_member(work, staff_id)
        after = _with_standing(before, work.register.schools())
        try:
            change_member(work, before, after, by=current_staff())
        except MemberRefused as refusal:
            errors = {refusal.field: refusal.message}
            return form_again(_PAGE, errors=errors, member=after, **_ties(work, after))
    flash("The account is changed.")
    return redirect(url_for("administrators.accounts"))


@open_to(Role.ADMINISTRATOR)
def new_code(staff_id: str) -> ResponseReturnValue:
    """Shows a new set-up code, for a forgotten password or a first code that ran out."""
    with services().transaction() as work:
        return _code_page(work, _require_member(work, staff_id))


@open_to(Role.ADMINISTRATOR)
def untie_account(staff_id: str) -> ResponseReturnValue:
    """Ends that a sign-in of the district opens the account, and every session of it."""
    with services().transaction() as work:
        untie(work, _require_member(work, staff_id), by=current_staff())
    flash("No sign-in of the district opens this account now.")
    return redirect(url_for("administrators.account", staff_id=staff_id))


_NOBODY = StaffMember(staff_id=StaffId(""), email="", name="", role=Role.TEACHER)


def _code_page(work: Work, member: StaffMember) -> ResponseReturnValue:
    """The code stands on this page only: it is kept as a hash."""
    held = services()
    by = current_staff().staff_id
    code = issue_set_up_code(work, held.clock, held.ids, member.staff_id, by=by)
    return render_template("administrators/set_up_code.html", member=member, code=code)


def _require_member(work: Work, staff_id: str) -> StaffMember:
    member = work.accounts.staff_or_none(StaffId(staff_id))
    if member is None:
        raise NotFound
    return member


def _with_standing(member: StaffMember, schools: tuple[School, ...]) -> StaffMember:
    """The member with the role, schools and standing that the form names.

    Raises:
        BadRequest: the form names a role or school that it never offered.
    """
    chosen = {SchoolKey(key) for key in request.form.getlist("schools")}
    if not chosen <= {school.key for school in schools}:
        raise BadRequest
    try:
        role = Role(line_of("role"))
    except ValueError as error:
        raise BadRequest from error
    is_active = line_of("standing") != "closed"
    return replace(member, role=role, schools=tuple(sorted(chosen)), is_active=is_active)


def _ties(work: Work, member: StaffMember) -> dict[str, object]:
    """What the page of an account shows besides: the sign-ins that open it, and the roster."""
    kinds = sorted(work.sign_on.kinds_of(member.staff_id))
    return {
        **_choices(work),
        "ways": [NAMES[kind] for kind in kinds],
        "is_listed": any(one.staff_id == member.staff_id for one in work.sign_on.teachers()),
    }


def _choices(work: Work) -> dict[str, object]:
    return {"roles": ROLES, "schools": work.register.schools()}
