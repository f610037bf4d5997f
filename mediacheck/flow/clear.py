"""Gives the proof that a post may go, honours it at the door, and hands the post to the office."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mediacheck.decision.clearance import give_clearance
from mediacheck.errors import BadRequest, NotAllowed, NotCleared
from mediacheck.flow.asked import keep_asked
from mediacheck.flow.by_hand import require_handed_over
from mediacheck.flow.desk import Desk
from mediacheck.flow.honour import files_of, honour
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.publication import keep_publication
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.model.post import Post, PostId, PostState
from mediacheck.model.review import ReviewAct, ReviewNote
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.services import Services, Work
from mediacheck.publish.package import build_package
from mediacheck.review.rights import (
    has_second_yes,
    may_use_channel,
    require_editable,
    require_reviewable,
    require_visible,
)
from release_db.records import Channel

#: Enough for a sentence; a reviewer's reason is kept with the post.
LONGEST_NOTE = 2_000
_ALONE = (
    "This is an official account, so that somebody else says yes first. Send the post to the "
    "communications office: once a colleague has cleared it there, take the package."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The ZIP file of a cleared post."""

    clearance: Clearance
    data: bytes = field(repr=False)


def note_outcome(work: Work, judged: Judged) -> None:
    """Records a verdict in the audit when it is another than the last one."""
    post_id, outcome = judged.post.post_id, judged.verdict.outcome
    if work.posts.outcome_or_none(post_id) is outcome:
        return
    work.posts.keep_outcome(post_id, outcome)
    work.audit.write(
        Event.VERDICT_REACHED,
        actor="mediacheck",
        subject=post_id,
        outcome=outcome,
        reasons=len(judged.verdict.reasons),
    )


def clear_post(desk: Desk, post: Post) -> Clearance:
    """A clearance for the post as it stands.

    Raises:
        NotAllowed: the post is not this person's to clear.
        NotCleared: the verdict is not cleared.
    """
    require_editable(desk.staff, post)
    now = desk.services.clock.now()
    judged = judge_post(desk.services, desk.work, post)
    clearance_id = ClearanceId(desk.services.ids.new())
    is_cleared = judged.verdict.outcome is Outcome.CLEARED
    clearance = give_clearance(
        post,
        judged.verdict,
        clearance_id=clearance_id,
        files=files_of(desk.services, clearance_id, post.media) if is_cleared else (),
        register_state=judged.register_state,
        now=now,
    )
    desk.work.posts.add_clearance(clearance)
    desk.work.publications.note_concerned(
        clearance.clearance_id, post.post_id, judged.students.keys()
    )
    note_outcome(desk.work, judged)
    desk.work.audit.write(
        Event.CLEARANCE_GIVEN,
        actor=desk.staff.staff_id,
        subject=post.post_id,
        clearance=clearance.clearance_id,
        channel=clearance.channel,
        words=clearance.words_sha256,
        pictures=len(clearance.pixels),
    )
    return clearance


def hand_over(services: Services, staff: StaffMember, post_id: PostId) -> Package:
    """The package of a post, when its clearance holds at this very moment.

    The register is read again in the transaction that records the hand-over.

    Raises:
        NotFound: there is no such post for this person.
        NotAllowed: the channel is not this person's to post to.
        NotCleared: no clearance holds; the message says what changed.
    """
    try:
        with services.transaction() as work:
            return _hand_over(Desk(services=services, work=work, staff=staff), post_id)
    except NotCleared as refusal:
        with services.transaction() as work:
            work.audit.write(Event.CLEARANCE_VOID, actor=staff.staff_id, subject=post_id)
        raise refusal from None


def _hand_over(desk: Desk, post_id: PostId) -> Package:
    post = require_visible(desk.staff, desk.work.posts.post_or_none(post_id))
    clearance = desk.work.posts.latest_clearance_or_none(post_id)
    honoured = honour(desk.services, desk.work, post, clearance)
    channel = honoured.judged.channel
    if channel is None or not _may_post(desk, channel):
        raise NotAllowed("This channel is not yours to post to.")
    require_handed_over(desk.work, honoured.clearance)
    if wants_colleague(desk, post):
        raise NotAllowed(_ALONE)
    data = build_package(
        honoured.clearance,
        caption=post.caption,
        pictures=honoured.content.pictures,
        channel_name=channel.name,
    )
    desk.work.audit.write(
        Event.PACKAGE_DOWNLOADED,
        actor=desk.staff.staff_id,
        subject=post_id,
        clearance=honoured.clearance.clearance_id,
    )
    keep_publication(
        desk.services, desk.work, honoured.judged, honoured.clearance, desk.staff.staff_id
    )
    _note_package(desk, honoured.clearance)
    return Package(clearance=honoured.clearance, data=data)


def _may_post(desk: Desk, channel: Channel) -> bool:
    return may_use_channel(desk.staff, channel, desk.work.channel_rules.of(channel.key))


def wants_colleague(desk: Desk, post: Post) -> bool:
    """Whether this person alone would let it out on an official account.

    Somebody else than its author has to have said yes to it, or to be who takes it.
    """
    channel = desk.work.register.channel_or_none(post.channel)
    if channel is not None and not channel.is_official:
        return False
    clearance = desk.work.posts.latest_clearance_or_none(post.post_id)
    said = desk.work.dispatches.approvers(clearance.clearance_id) if clearance else frozenset()
    seen_by = said | {desk.staff.staff_id}
    return not has_second_yes(seen_by, author=post.author, asked_by=post.author)


def _note_package(desk: Desk, clearance: Clearance) -> None:
    """What the tool publishes may be posted by hand as well from now on."""
    dispatch = desk.work.dispatches.of_clearance_or_none(clearance.clearance_id)
    if dispatch is not None:
        desk.work.dispatches.save(replace(dispatch, is_handed_over=True))


def send_to_office(desk: Desk, post: Post, words: str) -> Post:
    """Hands a post to the communications office, with what the author wants to say.

    Raises:
        NotAllowed: the post is not this person's.
    """
    require_editable(desk.staff, post)
    if post.state is PostState.WITH_OFFICE:
        raise BadRequest("This post is with the communications office already.")
    keep_asked(desk, post)
    act = ReviewAct.SENT_TO_OFFICE
    return _pass_on(desk, post, (act, Event.SENT_TO_OFFICE, PostState.WITH_OFFICE), words)


def take_back(desk: Desk, post: Post) -> Post:
    """Takes a post back from the office, to change it.

    Raises:
        NotFound: there is no such post for this person.
        BadRequest: it is not the person's own, or not with the office.
    """
    require_visible(desk.staff, post)
    if post.state is not PostState.WITH_OFFICE or post.author != desk.staff.staff_id:
        raise BadRequest("Only its author can take a post back, while the office has it.")
    return _pass_on(desk, post, (ReviewAct.TAKEN_BACK, Event.TAKEN_BACK, PostState.DRAFT), "")


def send_back(desk: Desk, post: Post, words: str) -> Post:
    """Sends a post back to its author, with words.

    Raises:
        NotAllowed: the person may not review it.
        BadRequest: there are no words.
    """
    require_reviewable(desk.staff, post)
    if not words.strip():
        raise BadRequest("Write what the author should change.")
    return return_to_author(desk, post, words)


def return_to_author(desk: Desk, post: Post, words: str) -> Post:
    """Puts a post back into its author's hands, who reads the words on its page."""
    act = (ReviewAct.SENT_BACK, Event.SENT_BACK, PostState.SENT_BACK)
    return _pass_on(desk, post, act, words)


def clear_by_office(desk: Desk, post: Post, words: str) -> Clearance:
    """A reviewer clears a post, with a reason, and gives it back to its author to publish.

    The verdict has to be cleared: what nobody could tell has been resolved or overruled before,
    one by one, and no refusal can be.

    Raises:
        NotAllowed: the person may not review it.
        BadRequest: there is no reason.
        NotCleared: something is unresolved, or refused.
    """
    require_reviewable(desk.staff, post)
    if not words.strip():
        raise BadRequest("Write a short reason: it is kept with the post.")
    clearance = clear_post(desk, post)
    # It is the second person's yes to these very pictures and words, too.
    desk.work.dispatches.approve(
        clearance.clearance_id, desk.staff.staff_id, desk.services.clock.now()
    )
    give_back_cleared(desk, post, words)
    return clearance


def give_back_cleared(desk: Desk, post: Post, words: str) -> Post:
    """Gives a post that was sent to the office back to its author, with what was done."""
    act = (ReviewAct.CLEARED, Event.REVIEW_CLEARED, PostState.DRAFT)
    return _pass_on(desk, post, act, words)


def _pass_on(desk: Desk, post: Post, act: tuple[ReviewAct, Event, PostState], words: str) -> Post:
    review_act, event, state = act
    if len(words) > LONGEST_NOTE:
        raise BadRequest(f"Keep it below {LONGEST_NOTE:,} characters.")
    saved = desk.work.posts.save(replace(post, state=state))
    note = ReviewNote(
        act=review_act, by=desk.staff.staff_id, at=desk.services.clock.now(), words=words.strip()
    )
    desk.work.posts.add_note(post.post_id, note)
    desk.work.audit.write(event, actor=desk.staff.staff_id, subject=post.post_id)
    return saved
