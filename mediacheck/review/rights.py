"""Who may see, change and judge a post."""

from __future__ import annotations

from mediacheck.errors import NotAllowed, NotFound
from mediacheck.model.channel_rules import ChannelRules
from mediacheck.model.people import Role, StaffId, StaffMember
from mediacheck.model.post import Post, PostState
from release_db.records import Channel


def is_visible_to(staff: StaffMember, post: Post) -> bool:
    """Teachers see their own schools' posts, the office those of its schools; others none."""
    match staff.role:
        case Role.TEACHER | Role.COMMUNICATIONS | Role.ADMINISTRATOR:
            return staff.works_at(post.school)
        case Role.REGISTRAR:
            return False


def may_edit(staff: StaffMember, post: Post) -> bool:
    """The author while it is in the author's hands, a reviewer while it is with the office."""
    if not is_visible_to(staff, post):
        return False
    match post.state:
        case PostState.DRAFT | PostState.SENT_BACK:
            return staff.staff_id == post.author
        case PostState.WITH_OFFICE:
            return may_review(staff, post)


def may_review(staff: StaffMember, post: Post) -> bool:
    """A member of the communications office who is not the author, when it was sent there."""
    return (
        staff.role is Role.COMMUNICATIONS
        and staff.staff_id != post.author
        and post.state is PostState.WITH_OFFICE
        and staff.works_at(post.school)
    )


def may_say_fate(staff: StaffMember, post: Post) -> bool:
    """Whoever has the post in hand, and the office, say what became of it: families read that."""
    is_office = staff.role is Role.COMMUNICATIONS and is_visible_to(staff, post)
    return is_office or may_edit(staff, post)


def has_second_yes(approvers: frozenset[StaffId], *, author: StaffId, asked_by: StaffId) -> bool:
    """Whether an official account's post has the yes of somebody else than who wrote it.

    Where a reviewer asks, whose own changes are in it, the author may be that somebody.
    """
    return bool(approvers - {author}) or (author in approvers and asked_by != author)


def may_use_channel(staff: StaffMember, channel: Channel, rules: ChannelRules) -> bool:
    """Official accounts are the office's; a school's channel belongs to who works there.

    Of the teachers, a channel's own rules may leave those whom they name.
    """
    if staff.role is Role.TEACHER and channel.is_official:
        return False
    is_left_out = rules.is_named_only and staff.staff_id not in rules.posters
    if staff.role is Role.TEACHER and is_left_out:
        return False
    return channel.school is None or staff.works_at(channel.school)


def require_visible(staff: StaffMember, post: Post | None) -> Post:
    """The post.

    Raises:
        NotFound: there is none, or it is not this person's to see: both read alike.
    """
    if post is None or not is_visible_to(staff, post):
        raise NotFound
    return post


def require_may_say_fate(staff: StaffMember, post: Post | None) -> Post:
    """The post, when this person may say what became of it.

    Raises:
        NotFound: there is none, or it is not this person's to see.
        NotAllowed: it is somebody else's.
    """
    visible = require_visible(staff, post)
    if may_say_fate(staff, visible):
        return visible
    raise NotAllowed("Only its author and the communications office can say what became of it.")


def require_editable(staff: StaffMember, post: Post | None) -> Post:
    """The post, when this person may change it now.

    Raises:
        NotFound: there is none, or it is not this person's to see.
        NotAllowed: somebody else has it in hand.
    """
    visible = require_visible(staff, post)
    if may_edit(staff, visible):
        return visible
    if visible.state is PostState.WITH_OFFICE:
        raise NotAllowed("The communications office has this post in hand. Take it back first.")
    raise NotAllowed("Only the author can change this post.")


def require_reviewable(staff: StaffMember, post: Post | None) -> Post:
    """The post, when this person may judge it.

    Raises:
        NotFound: there is none, or it is not this person's to see.
        NotAllowed: the person is its author, or it is not with the office.
    """
    visible = require_visible(staff, post)
    if may_review(staff, visible):
        return visible
    if staff.staff_id == visible.author:
        raise NotAllowed("Somebody else than its author has to review a post.")
    raise NotAllowed("This post is not waiting for the communications office.")
