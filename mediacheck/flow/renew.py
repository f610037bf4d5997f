"""Renews a clearance that has only run out: what waited for its moment is judged anew then."""

from __future__ import annotations

from datetime import timedelta

from mediacheck.decision.clearance import renew_clearance
from mediacheck.flow.honour import Honoured, files_of, honour, require_not_void
from mediacheck.flow.judge import judge_post
from mediacheck.model.audit import Event
from mediacheck.model.post import Post
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.services import Services, Work


def honour_or_renew(
    services: Services,
    work: Work,
    post: Post,
    clearance: Clearance | None,
    *,
    by: str,
    ahead: timedelta = timedelta(0),
) -> Honoured:
    """What the clearance lets out; one that ends within ``ahead`` is given anew first.

    Only time may have passed: the same pixels, words and channel, the same state of the register,
    and a verdict of this moment that is cleared. A yes to exactly these goes with it.

    Raises:
        NotCleared: something else has changed, or it was withdrawn.
    """
    now = services.clock.now()
    if clearance is None or now + ahead < clearance.good_until:
        return honour(services, work, post, clearance)
    require_not_void(work, clearance)
    judged = judge_post(services, work, post)
    clearance_id = ClearanceId(services.ids.new())
    is_cleared = judged.verdict.outcome is Outcome.CLEARED
    renewed = renew_clearance(
        clearance,
        post,
        judged.verdict,
        clearance_id=clearance_id,
        files=files_of(services, clearance_id, post.media) if is_cleared else (),
        register_state=judged.register_state,
        now=now,
    )
    work.posts.add_clearance(renewed)
    work.publications.note_concerned(renewed.clearance_id, post.post_id, judged.students.keys())
    for approver in sorted(work.dispatches.approvers(clearance.clearance_id)):
        work.dispatches.approve(renewed.clearance_id, approver, now)
    work.audit.write(
        Event.CLEARANCE_GIVEN,
        actor=by,
        subject=post.post_id,
        clearance=renewed.clearance_id,
        renews=clearance.clearance_id,
        channel=renewed.channel,
        words=renewed.words_sha256,
        pictures=len(renewed.pixels),
    )
    return honour(services, work, post, renewed)
