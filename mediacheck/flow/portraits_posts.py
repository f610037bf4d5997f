"""Faces in cleared posts as references: which may be offered, and when one has to go again.

A person said who it is, another person says yes to it, and the face has to agree with the portraits
of the office. With the picture, the word or the clearance the reference goes, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mediacheck.flow.desk import Desk
from mediacheck.flow.today import today_of
from mediacheck.intake.encoding import cut_out, encode_jpeg, picture_from_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.finding import FaceFinding, FindingId
from mediacheck.model.people import StaffId
from mediacheck.model.portraits import Origin, PortraitBatch, PortraitLine, PostReference
from mediacheck.model.post import Box, Media, MediaState, Picture, PostId
from mediacheck.model.resolution import Identified, Resolution
from mediacheck.model.verdict import ClearanceId
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Services, Work
from release_db.records import Appearance, RefusalReason, Refused, Template
from release_db.rules import permission_for
from release_db.words import ChannelKey, NameForm, StudentId, Use

#: Faces change: an older picture is no new reference.
NEWEST = timedelta(days=90)
#: So many faces are offered at once, the newest posts first.
MOST_OFFERED = 24
#: What is cut out around a face on each side, as a share of it: the widest that shows nobody else.
_MARGINS = (0.5, 0.35, 0.25)

_RAN_OUT = frozenset({RefusalReason.EXPIRED, RefusalReason.DEPARTED})

_NEAR_ANOTHER = "Another face is too near: it cannot be cut out alone."
_OWN_WORD = "You said yourself who this is. Somebody else of the office has to say yes to it."
_NOTHING_OWN = (
    "There is no portrait from the office to compare it with. Enrol one of this student first."
)
_DOES_NOT_AGREE = (
    "It is not as near to the portraits from the office as it has to be. It stays a face in a post."
)
_LIKE_ANOTHER = "It is nearly as close to another student of the school. It stays a face in a post."
_WITHDRAWN = "the picture it came from is no longer cleared, or no longer said to show the student"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """A face that a person confirmed in a cleared post."""

    media: Media
    box: Box
    others: tuple[Box, ...]
    origin: Origin


def lines_from_posts(services: Services, batch: PortraitBatch) -> tuple[PortraitLine, ...]:
    """The faces of the batch's student that cleared posts have, each cut out alone."""
    student = batch.student_id
    if student is None:
        return ()
    with services.transaction() as work:
        offers = list(_offers(services, work, student))[:MOST_OFFERED]
    return tuple(_line(services, batch, student, offer) for offer in offers)


def doubt_of_offer_words(work: Work, template: Template, others: Sequence[Template]) -> str:
    """Why a face from a post may not be a reference; empty: it agrees with those of the office."""
    from mediacheck.resolution.errors import MixedModels
    from mediacheck.resolution.portrait_check import Doubt, doubt_of_offer
    from mediacheck.resolution.thresholds import threshold_for

    student = template.student_id
    from_posts = {one.reference_sha256 for one in work.portraits.references_of([student])}
    own = [one for one in others if one.student_id == student]
    of_office = [one for one in own if one.reference_sha256 not in from_posts]
    rest = [one for one in others if one.student_id != student]
    try:
        doubt = doubt_of_offer(template, of_office, rest, threshold_for(template.model))
    except MixedModels:
        return _NOTHING_OWN  # Nobody has measured this model: it agrees with nothing.
    match doubt:
        case None:
            return ""
        case Doubt.NOTHING_OWN:
            return _NOTHING_OWN
        case Doubt.LIKE_ANOTHER:
            return _LIKE_ANOTHER
        case Doubt.UNLIKE_OWN:
            return _DOES_NOT_AGREE


def keep_origin(
    services: Services, work: Work, template: Template, origin: Origin, *, by: StaffId
) -> None:
    """Keeps where a reference came from, for as long as it is in the gallery."""
    work.portraits.keep_reference(
        PostReference(
            student_id=template.student_id,
            reference_sha256=template.reference_sha256,
            origin=origin,
            accepted_by=by,
            accepted_at=services.clock.now(),
        )
    )
    work.audit.write(
        Event.REFERENCE_FROM_POST,
        actor=by,
        subject=template.student_id,
        reference=template.reference_sha256,
        post=origin.post_id,
        media=origin.media_id,
        finding=origin.finding,
        confirmed_by=origin.confirmed_by,
    )


def drop_groundless(
    services: Services, work: Work, references: Sequence[PostReference], *, by: str
) -> int:
    """Destroys those of the references whose picture is not what it was; returns how many.

    What the gallery has destroyed already (a consent that ended, a template that expired) is
    forgotten here.
    """
    held = []
    for one in references:
        if work.gallery.holds_reference(one.student_id, one.reference_sha256):
            held.append(one)
        else:
            work.portraits.drop_reference(one)
    gone = [one for one in held if not _has_ground(services, work, one.student_id, one.origin)]
    for one in gone:
        work.gallery.destroy_reference(
            one.student_id,
            one.reference_sha256,
            why=_WITHDRAWN,
            by=by,
            at=services.clock.now(),
        )
        work.portraits.drop_reference(one)
        work.audit.write(
            Event.REFERENCE_WITHDRAWN,
            actor=by,
            subject=one.student_id,
            reference=one.reference_sha256,
            post=one.origin.post_id,
        )
    return len(gone)


def drop_groundless_of(desk: Desk, post_id: PostId) -> None:
    """Destroys the references from a post whose pictures or words have changed so."""
    references = desk.work.portraits.references_of(post=post_id)
    drop_groundless(desk.services, desk.work, references, by=desk.staff.staff_id)


def _offers(services: Services, work: Work, student: StudentId) -> Iterator[_Offer]:
    """Every such face in a cleared post that may be a reference now and is none yet."""
    since = services.clock.now() - NEWEST
    known = {
        (one.origin.media_id, one.origin.finding) for one in work.portraits.references_of([student])
    }
    for post_id, clearance_id in work.publications.posts_cleared_with([student], since):
        for offer in _offers_of_post(work, post_id, clearance_id, student):
            is_new = (offer.origin.media_id, offer.origin.finding) not in known
            if is_new and _has_ground(services, work, student, offer.origin):
                yield offer


def _offers_of_post(
    work: Work, post_id: PostId, clearance_id: ClearanceId, student: StudentId
) -> Iterator[_Offer]:
    post = work.posts.post_or_none(post_id)
    seen, words = work.posts.seen(post_id), work.posts.resolutions(post_id)
    for media in post.media if post is not None else ():
        for face, by, others in _confirmed_in(media, seen.get(media.media_id), words, student):
            origin = Origin(
                post_id=post_id,
                media_id=media.media_id,
                finding=face.finding_id,
                clearance_id=clearance_id,
                confirmed_by=by,
            )
            yield _Offer(media=media, box=face.box, others=others, origin=origin)


def _confirmed_in(
    media: Media,
    seen: Seen | None,
    words: Mapping[FindingId, Resolution],
    student: StudentId,
) -> Iterator[tuple[FaceFinding, StaffId, tuple[Box, ...]]]:
    """The plain faces of a picture of whom a person said that it is the student."""
    if seen is None or media.state is not MediaState.CHECKED:
        return
    covered = [cover.box for cover in media.covers]
    for face in seen.faces:
        by = _confirmer_or_none(words.get(face.finding_id), student)
        is_plain = not face.marks and not any(face.box.shared_area(box) for box in covered)
        if by is not None and is_plain:
            others = tuple(one.box for one in seen.faces if one is not face)
            yield face, by, others


def _confirmer_or_none(word: Resolution | None, student: StudentId) -> StaffId | None:
    """Who said that it is the student; None: nobody did, or no person."""
    match word:
        case Identified(students=(named,), by=str(by)) if named == student:
            return StaffId(by)
        case _:
            return None


def _is_coming_down(work: Work, student: StudentId, post_id: PostId) -> bool:
    listed = {one for case in work.publications.cases_of([student]) for one in case.publications}
    found = (work.publications.publication_or_none(one) for one in listed)
    return any(one is not None and one.post_id == post_id for one in found)


def _line(
    services: Services, batch: PortraitBatch, student: StudentId, offer: _Offer
) -> PortraitLine:
    line = PortraitLine(student_id=student, name=offer.media.file_name, origin=offer.origin)
    if offer.origin.confirmed_by == batch.asked_by:
        return _refused(line, _OWN_WORD)
    picture = picture_from_jpeg(
        services.pictures.get(offer.media.picture_key or ""),
        source_width_px=offer.media.source_width_px,
        source_height_px=offer.media.source_height_px,
    )
    alone = _alone_or_none(picture, offer)
    if alone is None:
        return _refused(line, _NEAR_ANOTHER)
    key = services.portraits.put(encode_jpeg(alone))
    return PortraitLine(student_id=student, name=line.name, origin=offer.origin, key=key)


def _refused(line: PortraitLine, words: str) -> PortraitLine:
    return PortraitLine(
        student_id=line.student_id, name=line.name, origin=line.origin, refused=words
    )


def _alone_or_none(picture: Picture, offer: _Offer) -> Picture | None:
    """The face with what is round it, and with nobody else; None: it cannot be had."""
    side = max(offer.box.width, offer.box.height)
    for margin in _MARGINS:
        reach = round(side * margin)
        region = Box(
            left=offer.box.left - reach,
            top=offer.box.top - reach,
            width=offer.box.width + 2 * reach,
            height=offer.box.height + 2 * reach,
        )
        if not any(region.shared_area(other) for other in offer.others):
            return cut_out(picture, region)
    return None


def _has_ground(services: Services, work: Work, student: StudentId, origin: Origin) -> bool:
    """Whether the picture is there, cleared and allowed, and a person says whom it shows."""
    post = work.posts.post_or_none(origin.post_id)
    media = post.media_or_none(origin.media_id) if post is not None else None
    if post is None or media is None or work.publications.is_void(origin.clearance_id):
        return False
    if _is_coming_down(work, student, origin.post_id):
        return False
    word = work.posts.resolutions(post.post_id).get(origin.finding)
    is_said = _confirmer_or_none(word, student) is not None
    return is_said and _is_allowed(services, work, student, (post.channel, media.sha256))


def _is_allowed(
    services: Services, work: Work, student: StudentId, shown: tuple[ChannelKey, str]
) -> bool:
    """Whether the student may still be shown there; what has merely run out was allowed."""
    channel = work.register.channel_or_none(shown[0])
    file = work.register.student_files([student]).get(student)
    if channel is None or file is None:
        return False
    asked = Appearance(
        student_id=student,
        use=Use.IMAGE,
        channel=channel,
        name_form=NameForm.NONE,
        item=shown[1],
    )
    given = permission_for(asked, file, today_of(services.clock, work.register))
    return not isinstance(given, Refused) or given.reason in _RAN_OUT
