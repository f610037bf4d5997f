"""What the communications office does about what has to come down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mediacheck.decision.remedies import without_span
from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.answers import answer_removals
from mediacheck.flow.desk import Desk
from mediacheck.flow.removals import REMOVER
from mediacheck.flow.takedown_tasks import close_task, keep_proof
from mediacheck.model.audit import Event
from mediacheck.model.finding import FindingId, Where, finding_id_for
from mediacheck.model.post import Cover, CoverStyle, Media, MediaId, MediaState, Post, PostId
from mediacheck.model.publication import (
    CaseId,
    Manner,
    Publication,
    PublicationId,
    PublishedAppearance,
    TakedownAct,
    TakedownCase,
    TakedownStep,
)
from mediacheck.model.resolution import Resolution
from mediacheck.model.works import WorkWord
from mediacheck.ports.posts import Seen
from release_db.words import StudentId

#: Whoever says that it is gone shows how they know.
_NEED_PROOF = frozenset({TakedownAct.REMOVED, TakedownAct.REPLACED})
#: What may be said of it where nothing was yet, in the order of a page.
_EVERY_END = tuple(act for act in TakedownAct if act.settles)
#: Enough for a sentence or two on what was done.
_LONGEST_WORDS = 1_000
_DONE_ALREADY = "This was done already. Reload the page to see by whom."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copied:
    """A picture of the copy, what was seen in it, and what people had said of it and its work."""

    media: Media
    seen: Seen
    words: tuple[tuple[FindingId, Resolution], ...] = ()
    work: WorkWord | None = None


def cases_for(desk: Desk) -> tuple[TakedownCase, ...]:
    """The cases that this person may act on, the newest first."""
    return tuple(case for case in desk.work.publications.cases() if _is_open_to(desk, case))


def require_case(desk: Desk, case_id: str) -> TakedownCase:
    """The case.

    Raises:
        NotFound: there is none, or it is not this person's to act on.
    """
    case = desk.work.publications.case_or_none(CaseId(case_id))
    if case is None or not _is_open_to(desk, case):
        raise NotFound
    return case


def publications_of(desk: Desk, case: TakedownCase) -> tuple[Publication, ...]:
    """What the case lists, as it went out, in its order."""
    found = (desk.work.publications.publication_or_none(one) for one in case.publications)
    return tuple(one for one in found if one is not None)


def ends_for(case: TakedownCase, publication: PublicationId) -> tuple[TakedownAct, ...]:
    """What may still be said of it: even what could not be taken down may have come down since."""
    if not case.is_settled_for(publication):
        return _EVERY_END
    return tuple(act for act in _EVERY_END if case.stays_out(publication) and act in _NEED_PROOF)


def may_be_covered(case: TakedownCase, publication: PublicationId) -> bool:
    """Whether the post may come back with the student covered: as long as nobody has settled it.

    What the tool deleted by itself may come back so, too: nobody was asked before.
    """
    last = case.last_step_of(publication)
    is_gone = last is not None and last.act is TakedownAct.REMOVED and last.by == REMOVER
    is_listed = publication in case.publications
    return is_listed and (is_gone or not case.is_settled_for(publication))


def take_step(
    desk: Desk,
    case_id: str,
    step: tuple[str, TakedownAct],
    words: str,
    shown: tuple[str, bytes] = ("", b""),
) -> None:
    """Records what was done about one publication, and answers the family that asked.

    ``shown``: the link at which somebody looked, and the picture of a screen.

    Raises:
        NotFound: the case is not this person's, or does not list the publication.
        BadRequest: it is done already, or the words that it needs are missing or too long.
    """
    case = require_case(desk, case_id)
    publication, act = _require_listed(desk, case, step[0]), step[1]
    if act not in ends_for(case, publication.publication_id):
        raise BadRequest(_DONE_ALREADY)
    if act is TakedownAct.CANNOT_REMOVE and not words.strip():
        raise BadRequest("Write why it cannot be taken down: the family will ask.")
    if len(words) > _LONGEST_WORDS:
        raise BadRequest(f"Keep it below {_LONGEST_WORDS:,} characters.")
    if act in _NEED_PROOF:
        keep_proof(desk, case.case_id, publication.publication_id, shown, words)
    _keep(desk, case, _step(desk, publication.publication_id, act, words=words.strip()))
    answer_removals(
        desk.work,
        case.student_id,
        publication.publication_id,
        is_granted=_is_down(act),
        by=desk.staff.staff_id,
    )


def start_covered_copy(desk: Desk, case_id: str, publication_id: str) -> Post:
    """A new post of this person's: the same pictures and words, without that student.

    Her faces are covered and her names are left out. A picture in which there is nothing of hers
    to cover (her work, or herself as only its file name told) stays behind: nobody may forget that
    she is in it. The copy is checked and cleared as any post is.

    Raises:
        NotFound: the case is not this person's, or does not list the publication.
        BadRequest: it is done already.
    """
    case = require_case(desk, case_id)
    publication = _require_coverable(desk, case, publication_id)
    original = desk.work.posts.post_or_none(publication.post_id)
    shown = publication.of(case.student_id)
    copy = Post(
        post_id=PostId(desk.services.ids.new()),
        author=desk.staff.staff_id,
        school=original.school if original is not None else None,
        channel=publication.channel,
        class_key=original.class_key if original is not None else None,
        caption=_without_names(publication.caption, shown, Where.CAPTION, None),
        created_at=desk.services.clock.now(),
    )
    desk.work.posts.add(copy)
    for media in publication.media:
        if _can_be_covered(media, shown):
            _add_copied(desk, copy, _copied(desk, publication, media, case.student_id))
    desk.work.audit.write(
        Event.POST_CREATED, actor=desk.staff.staff_id, subject=copy.post_id, channel=copy.channel
    )
    act = TakedownAct.COVERED_COPY
    _keep(desk, case, _step(desk, publication.publication_id, act, post_id=copy.post_id))
    return copy


def _is_open_to(desk: Desk, case: TakedownCase) -> bool:
    student = desk.work.register.student_or_none(case.student_id)
    return student is None or desk.staff.works_at(student.school)


def _require_listed(desk: Desk, case: TakedownCase, publication_id: str) -> Publication:
    wanted = PublicationId(publication_id)
    found = desk.work.publications.publication_or_none(wanted)
    if found is None or wanted not in case.publications:
        raise NotFound
    return found


def _require_coverable(desk: Desk, case: TakedownCase, publication_id: str) -> Publication:
    found = _require_listed(desk, case, publication_id)
    if not may_be_covered(case, found.publication_id):
        raise BadRequest(_DONE_ALREADY)
    return found


def _step(
    desk: Desk,
    publication: PublicationId,
    act: TakedownAct,
    *,
    words: str = "",
    post_id: PostId | None = None,
) -> TakedownStep:
    return TakedownStep(
        publication_id=publication,
        act=act,
        at=desk.services.clock.now(),
        by=desk.staff.staff_id,
        words=words,
        post_id=post_id,
    )


def _keep(desk: Desk, case: TakedownCase, step: TakedownStep) -> None:
    desk.work.publications.add_step(case.case_id, step)
    if step.act.settles:
        close_task(desk.services, desk.work, case.case_id, step.publication_id)
    desk.work.audit.write(
        Event.TAKEDOWN_STEP,
        actor=desk.staff.staff_id,
        subject=case.case_id,
        publication=step.publication_id,
        act=step.act,
        post=step.post_id or "",
    )


def _is_down(act: TakedownAct) -> bool:
    return act is not TakedownAct.CANNOT_REMOVE


def _can_be_covered(media: Media, shown: Iterable[PublishedAppearance]) -> bool:
    """Whether the picture shows nothing of the student once her faces and names are covered."""
    mine = [one for one in shown if one.media_id == media.media_id]
    is_work = any(one.manner is Manner.WORK for one in mine)
    faces = [one for one in mine if one.manner is Manner.FACE]
    return not is_work and (not faces or any(one.box is not None for one in faces))


def _without_names(
    text: str,
    shown: Iterable[PublishedAppearance],
    where: Where,
    media_id: MediaId | None,
) -> str:
    """The text without the names that stand there, the last of them taken out first."""
    spans = {
        one.span
        for one in shown
        if one.where is where and one.media_id == media_id and one.span is not None
    }
    for span in sorted(spans, reverse=True):
        text = without_span(text, span, "")
    return text


def _copied(desk: Desk, publication: Publication, media: Media, student: StudentId) -> _Copied:
    """A picture of the copy: waiting to be checked, with the student covered."""
    new_id = MediaId(desk.services.ids.new())
    shown = publication.of(student)
    covers = tuple(
        Cover(
            box=one.box,
            # Letters stay legible longer than faces do.
            style=CoverStyle.BLUR if one.manner is Manner.FACE else CoverStyle.SOLID,
            by=desk.staff.staff_id,
            students=(one.student_id,),
            is_writing=one.manner is Manner.NAME,
        )
        for one in shown
        if one.media_id == media.media_id and one.box is not None
    )
    copy = replace(
        media,
        media_id=new_id,
        file_name=f"photo-{media.position:02d}.jpg",
        alt_text=_without_names(media.alt_text, shown, Where.ALT, media.media_id),
        covers=(*media.covers, *covers),
        metadata=(),
        state=MediaState.WAITING,
        rendition=None,
    )
    seen, words = _carried(desk, publication, media.media_id, new_id)
    said = desk.work.works.of_post(publication.post_id).get(media.media_id)
    work = replace(said, media_id=new_id) if said is not None else None
    return _Copied(media=copy, seen=seen, words=words, work=work)


def _carried(
    desk: Desk, publication: Publication, media_id: MediaId, new_id: MediaId
) -> tuple[Seen, tuple[tuple[FindingId, Resolution], ...]]:
    """What was seen in a picture, and who people said that is, under the copy's own ids."""
    seen = desk.work.posts.seen(publication.post_id).get(media_id, Seen())
    said = desk.work.posts.resolutions(publication.post_id)
    ids = {
        face.finding_id: finding_id_for("f", new_id, f"copied {face.box}") for face in seen.faces
    }
    carried = replace(
        seen,
        lines=(),
        faces=tuple(
            replace(face, finding_id=ids[face.finding_id], media_id=new_id) for face in seen.faces
        ),
        matches={ids[finding]: match for finding, match in seen.matches.items() if finding in ids},
    )
    return carried, tuple((ids[finding], word) for finding, word in said.items() if finding in ids)


def _add_copied(desk: Desk, post: Post, copied: _Copied) -> None:
    media_id = copied.media.media_id
    desk.work.posts.add_media(post.post_id, copied.media)
    desk.work.posts.keep_seen(media_id, copied.seen)
    now = desk.services.clock.now()
    for finding, word in copied.words:
        desk.work.posts.resolve(post.post_id, finding, word, now)
    if copied.work is not None:
        desk.work.works.say(post.post_id, copied.work, copied.seen.prints)
    desk.work.after_commit(lambda: desk.services.jobs.check_media(media_id))
