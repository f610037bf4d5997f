"""The queue: what waits for the communications office, and what it published of late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.model.people import Role
from mediacheck.model.post import PostState
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.post_lines import PostLine, post_lines

blueprint = Blueprint("communications", __name__)

#: The states in which the queue can be asked for, as the page names them.
_STATES = (
    (PostState.WITH_OFFICE, "With the office"),
    (PostState.SENT_BACK, "Sent back"),
    (PostState.DRAFT, "With the author"),
)
#: More wait than can be read in a day long before this.
_MOST_WAITING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the queue is narrowed to; an empty text does not narrow."""

    school: str = ""
    channel: str = ""
    state: str = ""

    @classmethod
    def of_request(cls) -> Self:
        """The filters in the address of the page."""
        asked = {key: request.args.get(key, "") for key in ("school", "channel", "state")}
        return cls(**asked)

    def keeps(self, line: PostLine) -> bool:
        """Whether the line is among what was asked for."""
        pairs = (
            (self.school, line.school or ""),
            (self.channel, line.channel),
            (self.state, line.state),
        )
        return all(not wanted or wanted == value for wanted, value in pairs)


@blueprint.get("/queue")
@open_to(Role.COMMUNICATIONS)
def queue() -> ResponseReturnValue:
    """Posts that wait for the office, then the office's own and the newest of the schools."""
    staff, filters = current_staff(), Filters.of_request()
    with services().transaction() as work:
        waiting = [line for line in _waiting(work) if filters.keeps(line)]
        newest = [line for line in _newest(work) if filters.keeps(line)]
        return render_template(
            "communications/queue.html",
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


def _waiting(work: Work) -> tuple[PostLine, ...]:
    """What was sent to the office, the oldest first: nobody waits longer than those before."""
    found = work.posts.posts(
        schools=current_staff().schools or None, state=PostState.WITH_OFFICE, limit=_MOST_WAITING
    )
    return post_lines(work, reversed(found))


def _newest(work: Work) -> tuple[PostLine, ...]:
    return post_lines(work, work.posts.posts(schools=current_staff().schools or None))
