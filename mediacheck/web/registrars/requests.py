"""What families ask for: the list, an answer, and the erasure that somebody confirms."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.flow.family_requests import (
    NoteNeeded,
    WrongId,
    erase_student,
    erasing,
    open_requests,
    refuse_request,
)
from mediacheck.model.family_log import RequestKind
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.post_lines import moment_words
from mediacheck.web.registrars.desk import open_desk
from release_db.policy import zone_of

_LIST, _CONFIRM = "registrars/requests.html", "registrars/erasure.html"
_HERE = "registrars.requests"

_KINDS = {
    RequestKind.ERASURE: "Erase everything about the student",
    RequestKind.REMOVAL: "Take a publication down",
}


@open_to(Role.REGISTRAR)
def requests() -> ResponseReturnValue:
    """Everything that waits about students of this person's schools."""
    with open_desk() as desk:
        zone = zone_of(desk.work.register)
        items = [
            (one, _KINDS[one.request.kind], moment_words(one.request.asked_at.astimezone(zone)))
            for one in open_requests(desk)
        ]
        return render_template(_LIST, items=items, RequestKind=RequestKind)


@open_to(Role.REGISTRAR)
def erasure(request_id: str) -> ResponseReturnValue:
    """What an erasure comes to, and the two answers."""
    with open_desk() as desk:
        return render_template(_CONFIRM, errors={}, **_shown(desk, request_id))


@open_to(Role.REGISTRAR)
def erase(request_id: str) -> ResponseReturnValue:
    """Erases the student, once her id was typed."""
    with open_desk() as desk:
        try:
            erase_student(desk, request_id, line_of("student_id"))
        except WrongId as error:
            errors = {"student_id": error.message}
            return form_again(_CONFIRM, errors=errors, **_shown(desk, request_id))
    flash("The student is erased. What proves what was published is kept without a name.")
    return redirect(url_for(_HERE))


@open_to(Role.REGISTRAR)
def refuse_family(request_id: str) -> ResponseReturnValue:
    """Answers no, with a reason that the family reads."""
    with open_desk() as desk:
        try:
            refuse_request(desk, request_id, line_of("note", longest=1_000))
        except NoteNeeded as error:
            return form_again(_CONFIRM, errors={"note": error.message}, **_shown(desk, request_id))
    flash("The family can read your answer on its page.")
    return redirect(url_for(_HERE))


def _shown(desk: Desk, request_id: str) -> dict[str, object]:
    return {"item": erasing(desk, request_id)}
