"""What a person may do to a post: say who somebody is, draw, cover, and reword."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from mediacheck.decision.remedies import without_span
from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.looks import note_staff_look
from mediacheck.flow.portraits_posts import drop_groundless_of
from mediacheck.flow.receive import check_again, require_media
from mediacheck.flow.remembered import remember
from mediacheck.intake.words import require_alt_text, require_caption
from mediacheck.model.audit import Event
from mediacheck.model.family_log import Looked
from mediacheck.model.finding import (
    FaceFinding,
    FaceMark,
    Finding,
    FindingId,
    NameFinding,
    UnreadText,
    Where,
    finding_id_for,
)
from mediacheck.model.post import Box, Cover, CoverStyle, Media, MediaId, MediaState, Post
from mediacheck.model.resolution import Covered, Identified, Nobody, NotAStudent, Suggested
from mediacheck.ports.posts import Seen
from mediacheck.ports.register import Register
from mediacheck.review.rights import require_editable, require_reviewable
from mediacheck.review.words import Word, overruling, resolution_of_word
from release_db.records import Granted, Student
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A person's word on one finding, as a form sends it."""

    finding: FindingId
    word: Word
    student: StudentId | None = None


def choices_for(register: Register, post: Post) -> tuple[Student, ...]:
    """Whom a finding of this post may be named: the class first, then the rest of the school."""
    everyone = register.students(school=post.school)
    mine = [student for student in everyone if post.class_key in student.classes]
    return (*mine, *(student for student in everyone if student not in mine))


def say_who(desk: Desk, post: Post, said: Said) -> None:
    """Keeps a person's word on a finding.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: there is no such finding, or the word makes no sense for it.
    """
    require_editable(desk.staff, post)
    judged = judge_post(desk.services, desk.work, post)
    finding = _require_finding(judged, said.finding)
    choices = {student.student_id for student in desk.work.register.students(school=post.school)}
    candidates = finding.candidates if isinstance(finding, NameFinding) else ()
    resolution = resolution_of_word(
        said.word,
        match=judged.matches.get(finding.finding_id, judged.resolution_of(finding.finding_id)),
        by=desk.staff.staff_id,
        student=said.student,
        choices=choices.union(candidates),
    )
    desk.work.posts.resolve(post.post_id, finding.finding_id, resolution, desk.services.clock.now())
    desk.work.audit.write(
        Event.FINDING_RESOLVED,
        actor=desk.staff.staff_id,
        subject=post.post_id,
        finding=finding.finding_id,
        word=said.word,
        student=said.student or "",
    )
    if isinstance(finding, NameFinding):
        remember(desk, post, finding, resolution)
    drop_groundless_of(desk, post.post_id)
    named = resolution.students if isinstance(resolution, Identified) else ()
    for student in named:
        note_staff_look(desk, student, Looked.NAMED)


def overrule(desk: Desk, post: Post, finding: FindingId, reason: str) -> None:
    """A reviewer answers for a finding that nobody can tell.

    Raises:
        NotAllowed: the person may not review the post, or the finding can be told.
        BadRequest: there is no such finding, or no reason.
    """
    require_reviewable(desk.staff, post)
    found = _require_finding(judge_post(desk.services, desk.work, post), finding)
    resolution = overruling(found, by=desk.staff.staff_id, reason=reason)
    desk.work.posts.resolve(post.post_id, finding, resolution, desk.services.clock.now())
    desk.work.audit.write(
        Event.FINDING_RESOLVED,
        actor=desk.staff.staff_id,
        subject=post.post_id,
        finding=finding,
        word="overruled",
    )


def draw_face(desk: Desk, post: Post, media_id: MediaId, box: Box) -> FindingId:
    """Adds a face that the tool missed.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: the picture is not there, or is not checked yet.
    """
    media = require_media(require_editable(desk.staff, post), media_id)
    if media.state is not MediaState.CHECKED:
        raise BadRequest("Wait until this picture has been checked, then draw the box again.")
    inside = box.clipped(media.width_px, media.height_px)
    face = FaceFinding(
        finding_id=finding_id_for("f", media_id, f"drawn {inside}"),
        media_id=media_id,
        box=inside,
        detectors=("person",),
        marks=frozenset({FaceMark.DRAWN_BY_HAND}),
    )
    seen = desk.work.posts.seen(post.post_id).get(media_id, Seen())
    desk.work.posts.keep_seen(media_id, replace(seen, faces=(*seen.faces, face)))
    desk.work.audit.write(
        Event.FINDING_DRAWN, actor=desk.staff.staff_id, subject=media_id, finding=face.finding_id
    )
    return face.finding_id


def cover(
    desk: Desk,
    post: Post,
    asked: tuple[Collection[FindingId], CoverStyle],
) -> None:
    """Covers these findings in their pictures; each picture is then checked again.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: one of them is no region of a picture.
    """
    require_editable(desk.staff, post)
    judged = judge_post(desk.services, desk.work, post)
    findings, style = asked
    regions = [_require_region(judged, finding) for finding in findings]
    _cover(desk, judged, (regions, style))


def cover_everyone(desk: Desk, post: Post, style: CoverStyle) -> int:
    """Covers every face that is not cleared for the channel. Returns how many there were.

    Raises:
        NotAllowed: the post is not this person's to change.
    """
    require_editable(desk.staff, post)
    judged = judge_post(desk.services, desk.work, post)
    regions = [face for face in judged.findings if _is_uncleared_face(judged, face)]
    _cover(desk, judged, (regions, style))
    return len(regions)


def uncover(desk: Desk, post: Post, media_id: MediaId, index: int) -> None:
    """Takes one cover off again, counted from 0; the picture is checked anew.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: there is no such cover.
    """
    media = require_media(require_editable(desk.staff, post), media_id)
    if not 0 <= index < len(media.covers):
        raise BadRequest("This cover is not there any more. Reload the page.")
    left = media.covers[:index] + media.covers[index + 1 :]
    check_again(desk, replace(media, covers=left))
    desk.work.audit.write(Event.REGION_UNCOVERED, actor=desk.staff.staff_id, subject=media_id)


def restyle(
    desk: Desk,
    post: Post,
    asked: tuple[MediaId, CoverStyle],
) -> None:
    """Gives every cover over somebody in a picture another style. Over writing it stays solid.

    Raises:
        NotAllowed: the post is not this person's to change.
    """
    media = require_media(require_editable(desk.staff, post), asked[0])
    covers = tuple(one if one.is_writing else replace(one, style=asked[1]) for one in media.covers)
    check_again(desk, replace(media, covers=covers))
    desk.work.audit.write(
        Event.REGION_COVERED, actor=desk.staff.staff_id, subject=media.media_id, style=asked[1]
    )


def reword(
    desk: Desk,
    post: Post,
    asked: tuple[FindingId, str],
) -> Post:
    """Puts a remedy in the place of a name in the caption or in an alt text.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: the name does not stand there any more.
    """
    require_editable(desk.staff, post)
    finding = _require_finding(judge_post(desk.services, desk.work, post), asked[0])
    if not isinstance(finding, NameFinding) or finding.span is None:
        raise BadRequest("This name is not in the words of the post. Cover it in the picture.")
    desk.work.audit.write(Event.POST_WORDS_CHANGED, actor=desk.staff.staff_id, subject=post.post_id)
    if finding.where is Where.CAPTION:
        caption = require_caption(without_span(post.caption, finding.span, asked[1]))
        return desk.work.posts.save(replace(post, caption=caption))
    media = post.media_or_none(finding.media_id) if finding.media_id is not None else None
    if finding.where is not Where.ALT or media is None:
        raise BadRequest("This name is not in the words of the post.")
    words = require_alt_text(without_span(media.alt_text, finding.span, asked[1]))
    desk.work.posts.set_alt_text(media.media_id, words)
    return post


def try_caption(desk: Desk, post: Post, caption: str) -> Judged:
    """The post as it would be judged with this caption. Nothing is kept, and nothing cleared.

    Raises:
        NotAllowed: the post is not this person's to change.
        IntakeError: the caption cannot be taken.
    """
    require_editable(desk.staff, post)
    tried = replace(post, caption=require_caption(caption))
    return judge_post(desk.services, desk.work, tried, is_trial=True)


def try_alt_text(desk: Desk, post: Post, media_id: MediaId, alt_text: str) -> Judged:
    """The post as it would be judged with this description. Nothing is kept, and nothing cleared.

    Raises:
        NotAllowed: the post is not this person's to change.
        IntakeError: the description cannot be taken.
    """
    require_editable(desk.staff, post)
    words = require_alt_text(alt_text)
    media = (
        replace(one, alt_text=words) if one.media_id == media_id else one for one in post.media
    )
    return judge_post(desk.services, desk.work, replace(post, media=tuple(media)), is_trial=True)


def _cover(
    desk: Desk,
    judged: Judged,
    asked: tuple[Sequence[FaceFinding | NameFinding | UnreadText], CoverStyle],
) -> None:
    regions, style = asked
    for media in judged.post.media:
        covers = tuple(
            Cover(
                box=_box_of(region),
                # Letters stay legible longer than faces do.
                style=style if isinstance(region, FaceFinding) else CoverStyle.SOLID,
                by=desk.staff.staff_id,
                finding=region.finding_id,
                students=_known_beneath(judged, region),
                is_writing=not isinstance(region, FaceFinding),
            )
            for region in regions
            if region.media_id == media.media_id
        )
        if covers:
            _add_covers(desk, media, covers)
            desk.work.audit.write(
                Event.REGION_COVERED,
                actor=desk.staff.staff_id,
                subject=media.media_id,
                style=style,
                regions=len(covers),
            )


def _add_covers(desk: Desk, media: Media, covers: tuple[Cover, ...]) -> None:
    kept = tuple(one for one in media.covers if one.finding not in {new.finding for new in covers})
    check_again(desk, replace(media, covers=(*kept, *covers)))


def _known_beneath(
    judged: Judged, region: FaceFinding | NameFinding | UnreadText
) -> tuple[StudentId, ...]:
    """Who is known to be in a region that is about to be covered."""
    if not isinstance(region, FaceFinding):
        return ()
    match judged.resolution_of(region.finding_id):
        case Identified(students=students):
            return students
        case Suggested(candidates=candidates):
            return tuple(candidate.student_id for candidate in candidates[:1])
        case _:
            return ()


def _is_uncleared_face(judged: Judged, finding: Finding) -> bool:
    if not isinstance(finding, FaceFinding):
        return False
    match judged.resolution_of(finding.finding_id):
        case NotAStudent() | Nobody() | Covered():
            return False
        case Identified():
            permission = judged.verdict.permissions.get(finding.finding_id)
            return not isinstance(permission, Granted)
        case _:
            return True


def _require_finding(judged: Judged, finding_id: FindingId) -> Finding:
    for finding in judged.findings:
        if finding.finding_id == finding_id:
            return finding
    raise BadRequest("This is not in the post any more. Reload the page.")


def _require_region(
    judged: Judged, finding_id: FindingId
) -> FaceFinding | NameFinding | UnreadText:
    finding = _require_finding(judged, finding_id)
    if isinstance(finding, NameFinding) and finding.box is None:
        raise BadRequest("This is not in the picture, so there is nothing to cover.")
    return finding


def _box_of(region: FaceFinding | NameFinding | UnreadText) -> Box:
    if region.box is None:
        raise BadRequest("This is not in the picture, so there is nothing to cover.")
    return region.box
