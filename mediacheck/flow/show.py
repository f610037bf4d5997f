"""Gathers what the page of a post shows, in the transaction of the request."""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.decision.clearance import require_clearance
from mediacheck.errors import NotCleared
from mediacheck.flow.clear import note_outcome
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.model.post import PostId
from mediacheck.model.review import ReviewNote
from mediacheck.model.verdict import Clearance
from mediacheck.review.rights import require_visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A post as it stands: judged anew, with its clearance and what was said of it.

    ``clearance_trouble`` says why the clearance does not hold any more; empty when it does.
    """

    judged: Judged
    clearance: Clearance | None
    clearance_trouble: str
    notes: tuple[ReviewNote, ...]


def show_post(desk: Desk, post_id: PostId) -> Shown:
    """The post, judged at this moment.

    Raises:
        NotFound: there is no such post for this person.
    """
    post = require_visible(desk.staff, desk.work.posts.post_or_none(post_id))
    judged = judge_post(desk.services, desk.work, post)
    note_outcome(desk.work, judged)
    clearance = desk.work.posts.latest_clearance_or_none(post_id)
    return Shown(
        judged=judged,
        clearance=clearance,
        clearance_trouble=_trouble(desk, judged, clearance),
        notes=desk.work.posts.notes(post_id),
    )


def _trouble(desk: Desk, judged: Judged, clearance: Clearance | None) -> str:
    try:
        require_clearance(
            clearance,
            judged.post,
            judged.verdict,
            register_state=judged.register_state,
            now=desk.services.clock.now(),
        )
    except NotCleared as refusal:
        return refusal.message
    return ""
