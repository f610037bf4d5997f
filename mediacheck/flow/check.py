"""The background job: decodes one picture, covers what is to be covered, and looks at it.

A job carries the picture's id only. It is taken up in one short transaction and recorded in
another; the engines run between the two, with no lock held. Whatever fails leaves the post blocked.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from mediacheck.errors import IntakeError
from mediacheck.findings.work_prints import prints_of
from mediacheck.flow.look import FaceSearch, Sight, look_at
from mediacheck.flow.naming import naming_at, recognition_of
from mediacheck.flow.renditions import fit_again, needs_of, unfitted_or_none, with_rendition
from mediacheck.flow.today import today_of
from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.post import (
    CoverStyle,
    Media,
    MediaId,
    MediaState,
    Picture,
    PictureNeeds,
    Post,
    PostId,
    Refusal,
)
from mediacheck.model.resolution import Naming
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Services, Work
from mediacheck.redaction.covers import cover_regions, painted_box
from mediacheck.review.carry import carry_over, faces_under_covers
from mediacheck.settings import Recognition

_LOG = logging.getLogger(__name__)

#: A check that has not ended after this long was lost with its worker; the sweep takes it up.
LEASE = timedelta(minutes=3)
#: A picture that has brought down its worker so often is not tried again.
MOST_ATTEMPTS = 3

_WORKER = "worker"
_GAVE_UP = Refusal(
    code="check-failed",
    message="This picture could not be checked to the end. Try again, or take it out of the post.",
)
_COVER_FAILED = Refusal(
    code="cover-failed",
    message="A face can still be made out under its cover. Choose the solid cover and try again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A claimed picture, the post it is in, and what was seen in it before."""

    post: Post
    media: Media
    earlier: Seen
    needs: PictureNeeds


def check_media(services: Services, media_id: MediaId) -> None:
    """Checks one waiting picture, and makes a checked one fit its channel."""
    task = _claim(services, media_id)
    if task is None:
        _fit(services, media_id)
        return
    try:
        media, seen = _check(services, task)
        if media.refused is None:
            media = with_rendition(services, media, _picture_of(services, media), task.needs)
    except IntakeError as refusal:
        reason = Refusal(code=refusal.code, message=refusal.message)
        _end(services, task, MediaState.REFUSED, reason)
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("checking picture %s failed: %s", media_id, type(fault).__name__)
        _end(services, task, MediaState.FAILED, _GAVE_UP)
    else:
        _keep(services, task, media, seen)


def sweep(services: Services) -> tuple[MediaId, ...]:
    """Asks anew for every picture that waits, or whose worker died. Returns their ids."""
    with services.transaction() as work:
        waiting = work.posts.waiting_media(services.clock.now() - LEASE)
    for media_id in waiting:
        services.jobs.check_media(media_id)
    return waiting


def face_search_for(services: Services, work: Work, post: Post) -> FaceSearch:
    """The mode and the templates of the post's class, else of its school; never the district's."""
    mode = recognition_of(work.register, post.school)
    if mode is Recognition.OFF or (post.school is None and post.class_key is None):
        return FaceSearch(naming=Naming(mode=mode))
    students = work.register.students(school=post.school, class_key=post.class_key)
    searched = [student.student_id for student in students]
    templates = work.gallery.templates(
        searched,
        services.template_extractor().model,
        today_of(services.clock, work.register),
    )
    return FaceSearch(naming=naming_at(services, work, post.school, searched), templates=templates)


def _fit(services: Services, media_id: MediaId) -> None:
    unfitted = unfitted_or_none(services, media_id)
    if unfitted is None:
        return
    try:
        fit_again(services, *unfitted)
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("fitting picture %s failed: %s", media_id, type(fault).__name__)
        with services.transaction() as work:
            work.posts.set_media_state(media_id, MediaState.FAILED, _GAVE_UP)
            work.audit.write(Event.MEDIA_FAILED, actor=_WORKER, subject=media_id, why="fitting")


def _claim(services: Services, media_id: MediaId) -> _Task | None:
    with services.transaction() as work:
        claimed = work.posts.claim_media(media_id, services.clock.now())
        if claimed is None:
            return None
        post_id, media, attempt = claimed
        post = work.posts.post_or_none(post_id)
        if post is None or attempt > MOST_ATTEMPTS:
            work.posts.set_media_state(media_id, MediaState.FAILED, _GAVE_UP)
            work.audit.write(Event.MEDIA_FAILED, actor=_WORKER, subject=media_id, why="attempts")
            return None
        return _Task(
            post=post,
            media=media,
            earlier=work.posts.seen(post_id).get(media_id, Seen()),
            needs=needs_of(work, work.register.channel_or_none(post.channel)),
        )


def _check(services: Services, task: _Task) -> tuple[Media, Seen]:
    media, picture, also = _canonical(services, task.media)
    prints = prints_of(picture)
    if not media.covers:
        return media, replace(_look(services, task, media, picture, also), prints=prints)
    # The style that was chosen first; a face that shows through gets the solid one.
    for style in (None, CoverStyle.SOLID):
        covers = tuple(replace(cover, style=style or cover.style) for cover in media.covers)
        covered = _rendered(services, replace(media, covers=covers), picture)
        seen = _look(services, task, covered, _picture_of(services, covered), ())
        if not faces_under_covers(seen, covers):
            painted = [painted_box(cover) for cover in covers]
            carried = carry_over(task.earlier, seen, covers, painted)
            return covered, replace(carried, prints=prints)
    return replace(media, state=MediaState.FAILED, refused=_COVER_FAILED), task.earlier


def _canonical(services: Services, media: Media) -> tuple[Media, Picture, tuple[Picture, ...]]:
    """The uncovered picture: decoded from the upload once, and from our own encoding ever after."""
    if media.original_key is not None:
        uncovered = replace(media, picture_key=media.original_key)
        picture = _picture_of(services, uncovered)
        return replace(uncovered, pixels_sha256=picture.pixels_sha256), picture, ()
    intake = services.decoder().decode(services.uploads.get(media.sha256), media.file_name)
    key = services.pictures.put(intake.jpeg)
    kept = replace(
        media,
        original_key=key,
        picture_key=key,
        pixels_sha256=intake.picture.pixels_sha256,
        width_px=intake.picture.width_px,
        height_px=intake.picture.height_px,
        source_width_px=intake.picture.source_width_px,
        source_height_px=intake.picture.source_height_px,
        metadata=intake.metadata,
        notices=intake.notices,
    )
    return kept, intake.picture, intake.also_check


def _picture_of(services: Services, media: Media) -> Picture:
    return picture_from_jpeg(
        services.pictures.get(media.picture_key or ""),
        source_width_px=media.source_width_px,
        source_height_px=media.source_height_px,
    )


def _rendered(services: Services, media: Media, picture: Picture) -> Media:
    jpeg = encode_jpeg(cover_regions(picture, media.covers))
    published = picture_from_jpeg(
        jpeg, source_width_px=media.source_width_px, source_height_px=media.source_height_px
    )
    return replace(
        media, picture_key=services.pictures.put(jpeg), pixels_sha256=published.pixels_sha256
    )


def _look(
    services: Services, task: _Task, media: Media, picture: Picture, also: tuple[Picture, ...]
) -> Seen:
    metadata = media.metadata if not media.covers else ()
    sight = Sight(media_id=media.media_id, picture=picture, also=also, metadata=metadata)
    with services.transaction() as work:
        search = face_search_for(services, work, task.post)
    seen = look_at(services, sight, search)
    return seen if media.covers else carry_over(task.earlier, seen, ())


def _keep(services: Services, task: _Task, media: Media, seen: Seen) -> None:
    with services.transaction() as work:
        now = _current(work, task)
        if now is None:
            return
        state = MediaState.FAILED if media.refused is not None else MediaState.CHECKED
        work.posts.save_media(replace(media, alt_text=now.alt_text, state=state))
        work.posts.keep_seen(media.media_id, seen)
        work.audit.write(
            Event.MEDIA_CHECKED if state is MediaState.CHECKED else Event.MEDIA_FAILED,
            actor=_WORKER,
            subject=media.media_id,
            **_counts(media, seen),
        )
        is_awaited = work.posts.is_upload_awaited(media.sha256)
    if not is_awaited:
        services.uploads.drop(media.sha256)


def _end(services: Services, task: _Task, state: MediaState, reason: Refusal) -> None:
    media = task.media
    with services.transaction() as work:
        if _current(work, task) is None:
            return
        work.posts.set_media_state(media.media_id, state, reason)
        event = Event.MEDIA_REFUSED if state is MediaState.REFUSED else Event.MEDIA_FAILED
        work.audit.write(event, actor=_WORKER, subject=media.media_id, why=reason.code)
        is_awaited = work.posts.is_upload_awaited(media.sha256)
    if state is MediaState.REFUSED and not is_awaited:
        services.uploads.drop(media.sha256)


def _current(work: Work, task: _Task) -> Media | None:
    """The picture as it is now, or None when somebody changed it while it was looked at."""
    post = work.posts.post_or_none(PostId(task.post.post_id))
    media = post.media_or_none(task.media.media_id) if post is not None else None
    if post is None or media is None or media.state is not MediaState.CHECKING:
        return None
    was, now = task.post, post
    if (was.class_key, was.school) != (now.class_key, now.school):
        return None  # Another class is another gallery: the check that was asked for since counts.
    return media if media.covers == task.media.covers else None


def _counts(media: Media, seen: Seen) -> Mapping[str, str | int]:
    return {
        "faces": len(seen.faces),
        "lines": len(seen.lines),
        "covers": len(media.covers),
        "pixels": media.pixels_sha256 or "",
    }
