"""The ledger: every published post of a student, for the office and the registrar."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow import ledger
from mediacheck.flow.desk import Desk
from mediacheck.flow.ledger import LedgerEntry
from mediacheck.model.people import Role
from mediacheck.model.publication import Publication, TakedownCase
from mediacheck.model.publishing import RemovalState
from mediacheck.web.access import current_staff, open_to
from mediacheck.web.dispatch_words import badge_of
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of
from release_db.words import StudentId

_SEARCH, _PAGE = "communications/ledger.html", "communications/ledger_student.html"
_MOST_SHOWN, _LONGEST = 50, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One publication, as the page shows it."""

    publication: Publication
    channel_name: str
    when: str
    published_by: str
    cleared: str
    approvers: str
    badge: tuple[str, str]
    address: str
    is_out: bool
    shown: tuple[str, ...]
    files: tuple[str, ...]
    may_take_down: bool


@open_to(Role.COMMUNICATIONS, Role.REGISTRAR)
def search() -> ResponseReturnValue:
    """Finds a student."""
    wanted = " ".join(request.args.get("q", "")[:_LONGEST].split())
    with open_desk() as desk:
        found = desk.work.register.terms.find_students(
            wanted, schools=current_staff().schools, limit=_MOST_SHOWN
        )
        return render_template(_SEARCH, wanted=wanted, found=found)


@open_to(Role.COMMUNICATIONS, Role.REGISTRAR)
def student(student_id: str) -> ResponseReturnValue:
    """Every publication with the student in it."""
    with open_desk() as desk:
        found, entries = ledger.look_up(desk, student_id)
        lines = [_line(desk, found.student_id, entry) for entry in entries]
    return render_template(_PAGE, student=found, lines=lines)


@open_to(Role.COMMUNICATIONS, Role.REGISTRAR)
def picture(student_id: str, publication_id: str, number: int) -> ResponseReturnValue:
    """A picture exactly as it went out."""
    with open_desk() as desk:
        jpeg = ledger.published_bytes(desk, student_id, publication_id, number)
    return Response(jpeg, mimetype="image/jpeg")


@open_to(Role.COMMUNICATIONS)
def take_down(student_id: str, publication_id: str) -> ResponseReturnValue:
    """Opens a case: it should not be out as it is."""
    with open_desk() as desk:
        case_id = ledger.take_down(desk, student_id, publication_id)
    flash("It is coming down. What mediacheck published itself it deletes, and checks that.")
    return redirect(url_for("communications.takedown", case_id=case_id))


def _line(desk: Desk, student_id: StudentId, entry: LedgerEntry) -> _Line:
    zone = zone_of(desk.work.register)
    names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
    out, clearance, dispatch = entry.publication, entry.clearance, entry.dispatch
    channel = desk.work.register.channel_or_none(out.channel)
    is_gone = dispatch is not None and dispatch.removal.state is RemovalState.GONE
    posted = dispatch.posted if dispatch is not None else None
    return _Line(
        publication=out,
        channel_name=channel.name if channel is not None else out.channel,
        when=moment_words(out.published_at.astimezone(zone)),
        published_by=names.get(out.published_by, "Somebody"),
        cleared=moment_words(clearance.cleared_at.astimezone(zone)) if clearance else "",
        approvers=", ".join(sorted(names.get(one, "Somebody") for one in entry.approvers)),
        badge=_badge(entry),
        address=posted.address if posted is not None else "",
        is_out=not is_gone and not any(_is_down(case, out) for case in entry.cases),
        shown=tuple(dict.fromkeys(one.manner.value for one in out.of(student_id))),
        files=clearance.files if clearance is not None else (),
        may_take_down=desk.staff.role is Role.COMMUNICATIONS and entry.may_be_taken_down,
    )


def _is_down(case: TakedownCase, out: Publication) -> bool:
    which = out.publication_id
    return case.is_settled_for(which) and not case.stays_out(which)


def _badge(entry: LedgerEntry) -> tuple[str, str]:
    """Where it is: what the cases say counts before what the tool did."""
    out = entry.publication.publication_id
    if any(out in case.left for case in entry.cases):
        return "blocked", "To take down"
    if any(case.stays_out(out) for case in entry.cases):
        return "review", "Still out: it cannot be taken down"
    if entry.cases:
        return "cleared", "Settled in a takedown"
    if entry.dispatch is not None:
        return badge_of(entry.dispatch)
    return "", "Left as a package"
