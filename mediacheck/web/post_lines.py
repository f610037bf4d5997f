"""Lists of posts: what one line of them shows, whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from flask import url_for

from mediacheck.model.people import StaffId
from mediacheck.model.post import Post, PostId, PostState
from mediacheck.model.verdict import Outcome
from mediacheck.ports.posts import PostSummary
from mediacheck.ports.services import Work
from release_db.policy import zone_of
from release_db.words import ChannelKey, SchoolKey

_LONGEST_EXCERPT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """One post of a list. ``kind`` and ``words`` are those of its badge."""

    post_id: PostId
    author: StaffId
    author_name: str
    channel: ChannelKey
    channel_name: str
    school: SchoolKey | None
    school_name: str
    state: PostState
    kind: str
    words: str
    when: str
    created_at: datetime
    excerpt: str
    photos: int
    thumbnail_url: str | None


def post_lines(work: Work, summaries: Iterable[PostSummary]) -> tuple[PostLine, ...]:
    """The lines of these posts, in their order."""
    zone = zone_of(work.register)
    channels = {channel.key: channel.name for channel in work.register.channels()}
    schools = {school.key: school.name for school in work.register.schools()}
    names = {member.staff_id: member.name for member in work.accounts.staff()}
    lines = []
    for summary in summaries:
        post = summary.post
        kind, words = badge_of(post.state, summary.outcome)
        lines.append(
            PostLine(
                post_id=post.post_id,
                author=post.author,
                author_name=names.get(post.author, ""),
                channel=post.channel,
                channel_name=channels.get(post.channel, post.channel),
                school=post.school,
                school_name=schools.get(post.school, "") if post.school else "District",
                state=post.state,
                kind=kind,
                words=words,
                when=moment_words(post.created_at.astimezone(zone)),
                created_at=post.created_at,
                excerpt=_excerpt(post.caption),
                photos=len(post.media),
                thumbnail_url=_thumbnail_url(post),
            )
        )
    return tuple(lines)


def badge_of(state: PostState, outcome: Outcome | None) -> tuple[str, str]:
    """Kind and words of a post's badge. The outcome is that of the last look, so it is a hint."""
    match state:
        case PostState.WITH_OFFICE:
            return "review", "With the office"
        case PostState.SENT_BACK:
            return "review", "Sent back"
        case PostState.DRAFT:
            return _draft_badge(outcome)
        case _:
            assert_never(state)


def moment_words(at: datetime) -> str:
    """A moment as people write it, such as ``Nov 24, 3:05 PM``; in the zone that ``at`` is in."""
    return f"{at:%b} {at.day}, {at.hour % 12 or 12}:{at:%M %p}"


def _draft_badge(outcome: Outcome | None) -> tuple[str, str]:
    match outcome:
        case Outcome.CLEARED:
            return "cleared", "Ready"
        case Outcome.BLOCKED:
            return "blocked", "Cannot go out"
        case Outcome.NEEDS_REVIEW | None:
            return "review", "To finish"
        case _:
            assert_never(outcome)


def _excerpt(caption: str) -> str:
    words = " ".join(caption.split())
    if len(words) <= _LONGEST_EXCERPT:
        return words
    return f"{words[:_LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"


def _thumbnail_url(post: Post) -> str | None:
    for media in post.media:
        if media.pixels_sha256 is not None:
            return url_for(
                "teachers.thumbnail",
                post_id=post.post_id,
                media_id=media.media_id,
                pixels=media.pixels_sha256[:16],
            )
    return None
