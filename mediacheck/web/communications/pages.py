"""The queue: what waits for the office, what it published of late, and what has to come down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.flow.connections import CLIENT_DOCUMENT_PATH, RETURN_PATH
from mediacheck.flow.desk import Desk
from mediacheck.flow.publish import dispatches_for, may_approve
from mediacheck.flow.takedowns import cases_for
from mediacheck.model.people import Role
from mediacheck.model.post import PostState
from mediacheck.ports.posts import PostSummary
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.communications import (
    archive,
    calendar,
    compare,
    connect,
    connections,
    ledger,
    remembered,
    takedown_tasks,
    takedowns,
    timelines,
)
from mediacheck.web.post_lines import PostLine, post_lines

blueprint = Blueprint("communications", __name__)

_TAKEDOWN = "/takedowns/<case_id>/<publication_id>"

#: The states in which the queue can be asked for, as the page names them.
_STATES = (
    (PostState.WITH_OFFICE, "With the office"),
    (PostState.SENT_BACK, "Sent back"),
    (PostState.DRAFT, "With the author"),
)
#: How old a post is at least, as the page names it.
_AGES = (("day", "Older than a day"), ("three", "Older than three days"), ("week", "Over a week"))
_LEAST_AGES = (
    ("day", timedelta(days=1)),
    ("three", timedelta(days=3)),
    ("week", timedelta(days=7)),
)
_NARROWING = ("school", "channel", "state", "age", "mine")
#: More wait than can be read in a day long before this.
_MOST_WAITING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the queue is narrowed to; an empty text does not narrow."""

    school: str = ""
    channel: str = ""
    state: str = ""
    age: str = ""
    mine: str = ""
    now: datetime

    @classmethod
    def of_request(cls, now: datetime) -> Self:
        """The filters in the address of the page."""
        asked = {key: request.args.get(key, "") for key in _NARROWING}
        return cls(now=now, **asked)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.school or self.channel or self.state or self.age)

    def keeps(self, line: PostLine) -> bool:
        """Whether the line is among what was asked for."""
        pairs = (
            (self.school, line.school or ""),
            (self.channel, line.channel),
            (self.state, line.state),
        )
        least = dict(_LEAST_AGES).get(self.age)
        is_old = least is None or self.now - line.created_at >= least
        return is_old and all(not wanted or wanted == value for wanted, value in pairs)


@blueprint.get("/queue")
@open_to(Role.COMMUNICATIONS)
def queue() -> ResponseReturnValue:
    """Posts that wait for the office, then the office's own and the newest of the schools."""
    staff, filters = current_staff(), Filters.of_request(services().clock.now())
    with services().transaction() as work:
        waiting = [line for line in _waiting(work) if filters.keeps(line)]
        newest = [line for line in _newest(work) if filters.keeps(line)]
        desk = Desk(services=services(), work=work, staff=staff)
        return render_template(
            "communications/queue.html",
            to_take_down=sum(len(case.left) for case in cases_for(desk)),
            for_yes=[line for line in _for_yes(desk) if filters.keeps(line)],
            ages=_AGES,
            # Somebody else than its author reviews a post.
            waiting=[line for line in waiting if line.author != staff.staff_id],
            own=[line for line in newest if line.author == staff.staff_id],
            others=[
                line
                for line in newest
                if line.author != staff.staff_id and line.state is not PostState.WITH_OFFICE
            ],
            filters=filters,
            states=_STATES,
            channels=work.register.channels(),
            schools=[school for school in work.register.schools() if staff.works_at(school.key)],
        )


for _rule, _view, _name, _method in (
    ("/takedowns", takedowns.cases, "takedowns", "GET"),
    ("/takedowns/tasks", takedown_tasks.tasks, "takedown_tasks", "GET"),
    (f"{_TAKEDOWN}/assign", takedown_tasks.assign, "assign_takedown", "POST"),
    ("/takedowns/<case_id>/proofs/<key>.jpg", takedown_tasks.proof, "takedown_proof", "GET"),
    ("/takedowns/<case_id>", takedowns.case, "takedown", "GET"),
    (f"{_TAKEDOWN}/act", takedowns.act, "takedown_act", "POST"),
    (f"{_TAKEDOWN}/cover", takedowns.cover, "takedown_cover", "POST"),
    (f"{_TAKEDOWN}/<int:position>.jpg", takedowns.picture, "takedown_picture", "GET"),
    ("/compare/<post_id>", compare.page, "compare", "GET"),
    ("/compare/<post_id>/<media_id>.jpg", compare.before, "compare_before", "GET"),
    ("/ledger", ledger.search, "ledger", "GET"),
    ("/ledger/<student_id>", ledger.student, "ledger_student", "GET"),
    (
        "/ledger/<student_id>/<publication_id>/<int:number>.jpg",
        ledger.picture,
        "ledger_picture",
        "GET",
    ),
    (
        "/ledger/<student_id>/<publication_id>/take-down",
        ledger.take_down,
        "ledger_take_down",
        "POST",
    ),
    ("/archive", archive.page, "archive", "GET"),
    ("/archive/bring", archive.bring, "bring_archive", "POST"),
    ("/timeline", timelines.page, "timeline", "GET"),
    ("/timeline/<watched_id>/check", timelines.check, "check_seen", "POST"),
    ("/timeline/<watched_id>/settle", timelines.settle, "settle_seen", "POST"),
    ("/timeline/of/<connection_id>/sweep", timelines.sweep, "sweep_account", "POST"),
    ("/calendar", calendar.calendar, "calendar", "GET"),
    ("/remembered", remembered.words, "remembered", "GET"),
    ("/remembered/<int:number>/end", remembered.end, "remembered_end", "POST"),
    ("/connections", connections.accounts, "connections", "GET"),
    ("/connections/to/<channel>", connect.choose, "connect", "GET"),
    ("/connections/to/<channel>/<way>", connect.ask, "connect_by", "GET"),
    ("/connections/to/<channel>/<way>", connect.begin, "begin_connection", "POST"),
    (CLIENT_DOCUMENT_PATH, connections.client_document, "client_document", "GET"),
    (RETURN_PATH, connect.come_back, "connection_return", "GET"),
    ("/connections/<connection_id>/confirm", connections.confirm, "confirm_connection", "POST"),
    ("/connections/<connection_id>/disconnect", connections.disconnect, "disconnect", "POST"),
):
    blueprint.add_url_rule(_rule, endpoint=_name, view_func=_view, methods=(_method,))


def _waiting(work: Work) -> tuple[PostLine, ...]:
    """What was sent to the office, the oldest first: nobody waits longer than those before."""
    found = work.posts.posts(
        schools=current_staff().schools or None, state=PostState.WITH_OFFICE, limit=_MOST_WAITING
    )
    return post_lines(work, reversed(found))


def _for_yes(desk: Desk) -> tuple[PostLine, ...]:
    """What waits for this person's yes, the oldest first."""
    found = [
        PostSummary(post=post, outcome=desk.work.posts.outcome_or_none(post.post_id))
        for dispatch, post in dispatches_for(desk)
        if may_approve(desk, dispatch, post)
    ]
    return post_lines(desk.work, reversed(found))


def _newest(work: Work) -> tuple[PostLine, ...]:
    return post_lines(work, work.posts.posts(schools=current_staff().schools or None))
