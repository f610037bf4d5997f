"""Where the student system and a family, or two guardians, say different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import require_student
from mediacheck.flow.registrars_settling import (
    WAYS,
    Between,
    Contradiction,
    contradictions,
    settle,
)
from mediacheck.model.office import SettledAs
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars import words
from mediacheck.web.registrars.desk import open_desk, staff_name
from mediacheck.web.registrars.standing import ShownRelease, shown_release
from release_db.records import Student
from release_db.words import ChannelKey

_PAGE = "registrars/disagreements.html"
#: A longer list is counted, and shown as it becomes shorter.
_MOST_SHOWN = 50

_WHO = {
    Between.SIS_AND_FAMILY: "The student information system and the family",
    Between.GUARDIANS: "Two guardians",
}
_HOW = {
    Between.SIS_AND_FAMILY: (
        "Find out which answer is out of date, and write down what will happen. Until it does, "
        "the stricter one counts."
    ),
    Between.GUARDIANS: (
        "Nobody here may choose between them: it stays refused until one of them changes the "
        "answer, or a court's order says who decides. You may write down that you talked to them."
    ),
}
_WAY_WORDS = {
    SettledAs.SIGNED_AGAIN: "The family signed again on paper",
    SettledAs.SIS_CORRECTED: "The student information system will be corrected",
    SettledAs.TALKED: "We talked to both",
}
_NO_NOTE = "Write what you were told, by whom and when, or where the paper is."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownContradiction:
    """One item of the list, in words. ``settled`` empty: it is open, and ``ways`` may close it."""

    student: Student
    between: Between
    who: str
    how: str
    pairs: tuple[tuple[ShownRelease, ShownRelease], ...]
    ways: tuple[tuple[str, str], ...]
    settled: str
    note: str


@open_to(Role.REGISTRAR)
def disagreements() -> ResponseReturnValue:
    """Every disagreement about a student of this person's schools."""
    with open_desk() as desk:
        return render_template(_PAGE, errors={}, sent={}, **_page(desk))


@open_to(Role.REGISTRAR)
def settle_one(student_id: str, between: str) -> ResponseReturnValue:
    """Writes down what the office found out: the item closes until a side changes."""
    try:
        sides, how = Between(between), SettledAs(line_of("how"))
    except ValueError:
        raise BadRequest from None
    note = line_of("note")
    with open_desk() as desk:
        file = require_student(desk, student_id)
        if not note:
            errors = {f"note-{student_id}-{between}": _NO_NOTE}
            return form_again(_PAGE, errors=errors, sent=request.form, **_page(desk))
        settle(desk, file, sides, how=how, note=note)
    flash("Written down. The stricter answer counts on.")
    return redirect(url_for("registrars.disagreements"))


def _page(desk: Desk) -> dict[str, object]:
    names = words.channel_names(desk.work.register.channels())
    found = contradictions(desk)
    still_open = [one for one in found if one.settlement is None]
    closed = [one for one in found if one.settlement is not None]
    return {
        "count": len(still_open),
        "items": [_shown(desk, one, names) for one in still_open[:_MOST_SHOWN]],
        "settled": [_shown(desk, one, names) for one in closed[:_MOST_SHOWN]],
    }


def _shown(desk: Desk, one: Contradiction, names: Mapping[ChannelKey, str]) -> ShownContradiction:
    settlement, settled = one.settlement, ""
    if settlement is not None:
        who = staff_name(desk.work, settlement.settled_by)
        day = settlement.settled_at.date().isoformat()
        settled = f"{_WAY_WORDS[settlement.how]}: {who}, {day}"
    return ShownContradiction(
        student=one.file.student,
        between=one.between,
        who=_WHO[one.between],
        how=_HOW[one.between],
        pairs=tuple(
            (shown_release(pair.allow, names), shown_release(pair.refusal, names))
            for pair in one.pairs
        ),
        ways=tuple((way.value, _WAY_WORDS[way]) for way in WAYS[one.between]),
        settled=settled,
        note=settlement.note if settlement is not None else "",
    )
