"""The renewal round: how far it is, the next school year's last day, and reminders."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow import rounds
from mediacheck.flow.rounds_progress import progress_of
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from release_db.policy import zone_of

_PAGE = "registrars/round.html"
_HERE = "registrars.renewal"


@open_to(Role.REGISTRAR)
def renewal() -> ResponseReturnValue:
    """How far the round is, per school and class of this person."""
    with services().transaction() as work:
        return render_template(_PAGE, errors={}, value="", **_shown(work))


@open_to(Role.REGISTRAR)
def set_year() -> ResponseReturnValue:
    """Sets the last day of the school year that follows."""
    typed = line_of("ends_on")
    with services().transaction() as work:
        try:
            rounds.set_next_year(work, services(), _date_of(typed), by=current_staff())
        except rounds.UnfitYear as error:
            errors = {"ends_on": error.message}
            return form_again(_PAGE, errors=errors, value=typed, **_shown(work))
    flash("The last day of the school year is set.")
    return redirect(url_for(_HERE))


@open_to(Role.REGISTRAR)
def open_round() -> ResponseReturnValue:
    """Opens the round of a year whose last day had passed already when it was set."""
    with services().transaction() as work:
        rounds.open_round_now(work, services(), by=current_staff())
    flash("The round is open. What was allowed for that year has ended.")
    return redirect(url_for(_HERE))


@open_to(Role.REGISTRAR)
def remind() -> ResponseReturnValue:
    """Reminds every family that has not answered, as far as the policy lets it."""
    with services().transaction() as work:
        rounds.remind(work, services(), by=current_staff())
    flash("The reminders are on their way. They go out over the next minutes.")
    return redirect(url_for(_HERE))


def _shown(work: Work) -> dict[str, object]:
    staff = current_staff()
    year = rounds.year_of(work, services())
    reminding = rounds.reminding_of(work, year, staff.schools)
    schools = progress_of(work, year, staff.works_at)
    last = reminding.last
    return {
        "year": year,
        "Stage": rounds.Stage,
        "reminding": reminding,
        "may_remind": reminding.next_on is not None and reminding.next_on <= year.today,
        "last_on": last.asked_at.astimezone(zone_of(work.register)).date() if last else None,
        "last_progress": work.mailings.progress_of(last.mailing_id) if last else None,
        "schools": schools,
        "students": sum(school.whole.students for school in schools),
        "answered": sum(school.whole.answered for school in schools),
        "may_set": staff.works_at(None),
    }


def _date_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise rounds.UnfitYear from error
