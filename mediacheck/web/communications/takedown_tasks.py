"""What people have to take down by hand: whose task it is, by when, and giving it to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import NotFound
from mediacheck.flow import takedown_tasks
from mediacheck.flow.desk import Desk
from mediacheck.flow.takedowns import require_case
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.takedown_tasks import TakedownTask
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.forms import line_of
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_PAGE = "communications/takedown_tasks.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One task. No student's name: administrators read this page, too."""

    task: TakedownTask
    channel_name: str
    published: str
    person: str
    due: str
    badge: tuple[str, str]
    people: tuple[StaffMember, ...]


@open_to(Role.COMMUNICATIONS, Role.ADMINISTRATOR)
def tasks() -> ResponseReturnValue:
    """Every open task, the most urgent first."""
    with open_desk() as desk:
        lines = list(_lines(desk))
    return render_template(
        _PAGE, lines=lines, opens_cases=current_staff().role is Role.COMMUNICATIONS
    )


@open_to(Role.COMMUNICATIONS, Role.ADMINISTRATOR)
def assign(case_id: str, publication_id: str) -> ResponseReturnValue:
    """Gives a task to somebody else."""
    with open_desk() as desk:
        takedown_tasks.assign(desk, case_id, publication_id, line_of("to"))
    flash("The task is given. A mail tells of it.")
    return redirect(url_for("communications.takedown_tasks"))


@open_to(Role.COMMUNICATIONS)
def proof(case_id: str, key: str) -> ResponseReturnValue:
    """The picture of a screen that somebody showed."""
    with open_desk() as desk:
        case = require_case(desk, case_id)
        shown = {one.screenshot for one in desk.work.takedown_tasks.proofs_of(case.case_id)}
    if not key or key not in shown:
        raise NotFound
    return Response(services().papers.get(key), mimetype="image/jpeg")


def _lines(desk: Desk) -> Iterator[_Line]:
    zone, now = zone_of(desk.work.register), desk.services.clock.now()
    names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    for task in takedown_tasks.tasks_for(desk):
        published = desk.work.publications.publication_or_none(task.publication_id)
        if published is None:
            continue
        is_overdue = task.is_overdue(now)
        yield _Line(
            task=task,
            channel_name=channels.get(published.channel, published.channel),
            published=moment_words(published.published_at.astimezone(zone)),
            person=names.get(task.assigned_to, "Nobody yet"),
            due=moment_words(task.due_at.astimezone(zone)),
            badge=("blocked", "Overdue") if is_overdue else ("review", "To do"),
            people=takedown_tasks.people_for(desk.work, task.publication_id),
        )
