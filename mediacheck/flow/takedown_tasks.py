"""What the tool cannot delete is a task of a named person, with a day to do it and a proof.

Half of the time later she is reminded by mail; when it is over the administrators hear of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.staff_mail import queue_staff_mail
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.publication import CaseId, PublicationId
from mediacheck.model.takedown_tasks import Proof, StaffMailKind, TakedownTask
from mediacheck.ports.services import Services, Work
from release_db.words import SchoolKey

#: A person has so long to take down by hand what the tool could not.
BY_HAND = timedelta(hours=24)
#: Who acts when nobody presses a button.
_BY = StaffId("mediacheck")

_LONGEST_LINK = 500
_NO_PROOF = (
    "Show that it is gone: the link at which you looked, a picture of the screen, or a sentence on "
    "how you made sure."
)
_NO_LINK = "A link begins with https:// or http://."


def open_tasks(
    services: Services, work: Work, case_id: CaseId, publications: Collection[PublicationId]
) -> None:
    """A task for each of the publications that the tool did not publish itself."""
    by_tool = work.dispatches.of_publications(publications)
    for publication_id in publications:
        if publication_id not in by_tool:
            open_task(services, work, case_id, publication_id)


def open_tasks_of(services: Services, work: Work, publication_id: PublicationId | None) -> None:
    """The tool cannot delete it, or not all of it: a task in every case that lists it."""
    if publication_id is None:
        return
    for case in work.publications.cases():
        if publication_id in case.left:
            open_task(services, work, case.case_id, publication_id)


def open_task(
    services: Services, work: Work, case_id: CaseId, publication_id: PublicationId
) -> None:
    """A named person has a day for it; she hears of it by mail. Once for each."""
    if work.takedown_tasks.task_or_none(case_id, publication_id) is not None:
        return
    now = services.clock.now()
    task = TakedownTask(
        case_id=case_id,
        publication_id=publication_id,
        assigned_to=_whose(work, publication_id),
        opened_at=now,
        due_at=now + BY_HAND,
    )
    work.takedown_tasks.save(task)
    _note(work, task, by=_BY)
    queue_staff_mail(services, work, StaffMailKind.TASK_GIVEN, task.assigned_to, case_id)


def close_task(
    services: Services, work: Work, case_id: CaseId, publication_id: PublicationId
) -> None:
    """Nothing is left to do about it."""
    task = work.takedown_tasks.task_or_none(case_id, publication_id)
    if task is not None and task.closed_at is None:
        work.takedown_tasks.save(replace(task, closed_at=services.clock.now()))


def assign(desk: Desk, case_id: str, publication_id: str, to: str) -> TakedownTask:
    """Gives a task to somebody else of the communications office, who has what is left of the day.

    Raises:
        NotFound: there is no such open task for this person.
        BadRequest: whoever it is given to cannot do it.
    """
    task = require_task(desk, case_id, publication_id)
    if StaffId(to) not in {one.staff_id for one in people_for(desk.work, task.publication_id)}:
        raise BadRequest("Choose somebody of the communications office from the list.")
    given = replace(task, assigned_to=StaffId(to), reminded_at=None)
    desk.work.takedown_tasks.save(given)
    _note(desk.work, given, by=desk.staff.staff_id)
    queue_staff_mail(
        desk.services, desk.work, StaffMailKind.TASK_GIVEN, given.assigned_to, task.case_id
    )
    return given


def require_task(desk: Desk, case_id: str, publication_id: str) -> TakedownTask:
    """An open task.

    Raises:
        NotFound: there is none for this person.
    """
    found = desk.work.takedown_tasks.task_or_none(CaseId(case_id), PublicationId(publication_id))
    if found is None or found.closed_at is not None or not _is_open_to(desk, found):
        raise NotFound
    return found


def tasks_for(desk: Desk) -> tuple[TakedownTask, ...]:
    """The open tasks of this person's schools, the most urgent first."""
    return tuple(task for task in desk.work.takedown_tasks.open_tasks() if _is_open_to(desk, task))


def people_for(work: Work, publication_id: PublicationId) -> tuple[StaffMember, ...]:
    """Who may be given the task: the communications office of the school, by name."""
    school = _school_of(work, publication_id)
    office = [
        one
        for one in work.accounts.staff()
        if one.is_active and one.role is Role.COMMUNICATIONS and one.works_at(school)
    ]
    return tuple(sorted(office, key=lambda one: (one.name, one.staff_id)))


def keep_proof(
    desk: Desk, case_id: CaseId, publication_id: PublicationId, shown: tuple[str, bytes], words: str
) -> None:
    """Keeps what somebody shows for having taken it down: a link, a picture, or words at least.

    ``shown``: the link, and the picture of a screen as our own encoding.

    Raises:
        BadRequest: there is nothing of it, or the link is none.
    """
    link, screenshot = shown
    if not (link or screenshot or words.strip()):
        raise BadRequest(_NO_PROOF)
    if link and (not link.startswith(("https://", "http://")) or len(link) > _LONGEST_LINK):
        raise BadRequest(_NO_LINK)
    proof = Proof(
        case_id=case_id,
        publication_id=publication_id,
        by=desk.staff.staff_id,
        at=desk.services.clock.now(),
        link=link,
        screenshot=desk.services.papers.put(screenshot) if screenshot else "",
    )
    desk.work.takedown_tasks.add_proof(proof)


def sweep_tasks(services: Services) -> None:
    """Reminds whoever has a task, and tells the administrators of what was not done in time."""
    now = services.clock.now()
    with services.transaction() as work:
        for task in work.takedown_tasks.open_tasks(to_change=True):
            if task.is_overdue(now) and task.escalated_at is None:
                _escalate(services, work, task, now)
            elif task.reminded_at is None and now >= task.remind_at:
                work.takedown_tasks.save(replace(task, reminded_at=now))
                to, kind = task.assigned_to, StaffMailKind.TASK_REMINDER
                queue_staff_mail(services, work, kind, to, task.case_id)


def _escalate(services: Services, work: Work, task: TakedownTask, now: datetime) -> None:
    work.takedown_tasks.save(replace(task, escalated_at=now, reminded_at=task.reminded_at or now))
    work.audit.write(
        Event.TAKEDOWN_OVERDUE,
        actor=_BY,
        subject=task.case_id,
        publication=task.publication_id,
        assigned_to=task.assigned_to,
    )
    told = {task.assigned_to} | {one.staff_id for one in _administrators(work)}
    for staff_id in sorted(told):
        queue_staff_mail(services, work, StaffMailKind.TASK_OVERDUE, staff_id, task.case_id)


def _whose(work: Work, publication_id: PublicationId) -> StaffId:
    """Who is named first: whoever published it, if she is of the office, else who connected it."""
    office = [one.staff_id for one in people_for(work, publication_id)]
    published = work.publications.publication_or_none(publication_id)
    channel = published.channel if published is not None else None
    connection = work.connections.of_channel_or_none(channel) if channel is not None else None
    likely = (
        published.published_by if published is not None else None,
        connection.connected_by if connection is not None else None,
    )
    for one in likely:
        if one in office:
            return one
    if office:
        return office[0]
    administrators = sorted(one.staff_id for one in _administrators(work))
    return administrators[0] if administrators else _BY


def _administrators(work: Work) -> list[StaffMember]:
    return [
        one for one in work.accounts.staff() if one.is_active and one.role is Role.ADMINISTRATOR
    ]


def _school_of(work: Work, publication_id: PublicationId) -> SchoolKey | None:
    published = work.publications.publication_or_none(publication_id)
    post = work.posts.post_or_none(published.post_id) if published is not None else None
    return post.school if post is not None else None


def _is_open_to(desk: Desk, task: TakedownTask) -> bool:
    return desk.staff.works_at(_school_of(desk.work, task.publication_id))


def _note(work: Work, task: TakedownTask, *, by: StaffId) -> None:
    work.audit.write(
        Event.TAKEDOWN_ASSIGNED,
        actor=by,
        subject=task.case_id,
        publication=task.publication_id,
        assigned_to=task.assigned_to,
        due_at=task.due_at.isoformat(),
    )
