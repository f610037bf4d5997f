"""Checks pictures and words that are not kept: the command line's way through the same stages."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mediacheck.decision.clearance import give_clearance
from mediacheck.errors import IntakeError
from mediacheck.findings.work_prints import prints_of
from mediacheck.flow.check import face_search_for
from mediacheck.flow.judge import Judged, Known, judge
from mediacheck.flow.look import FaceSearch, Sight, look_at
from mediacheck.intake.words import clean_file_name, require_alt_text, require_caption
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId
from mediacheck.model.post import Intake, Media, MediaId, MediaState, Post, PostId, Refusal
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Services
from release_db.words import ChannelKey, ClassKey, SchoolKey

_LOG = logging.getLogger(__name__)
_COMMAND_LINE = StaffId("command-line")
_FAILED = Refusal(code="check-failed", message="This picture could not be checked to the end.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to post, and where."""

    paths: tuple[Path, ...]
    channel: ChannelKey
    school: SchoolKey | None
    class_key: ClassKey | None
    caption: str = ""
    alt_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The judged post, its clearance when it is cleared, and milliseconds a stage."""

    judged: Judged
    clearance: Clearance | None
    timings_ms: dict[str, int] = field(default_factory=dict)


class Stopwatch:
    """Adds up how long each stage took."""

    def __init__(self) -> None:
        """Starts at nothing."""
        self._seconds = dict.fromkeys(("intake", "faces", "names", "decide"), 0.0)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Counts what happens inside to ``stage``."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] += time.perf_counter() - begun

    def timings_ms(self) -> dict[str, int]:
        """Milliseconds a stage."""
        return {stage: round(seconds * 1000) for stage, seconds in self._seconds.items()}


def check_once(
    services: Services,
    asked: Asked,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = lambda paths: paths,
) -> Checked:
    """Checks files and words that are on nobody's desk, and records the verdict in the audit.

    Raises:
        IntakeError: the caption or an alt text cannot be taken. A picture that cannot be taken
            is part of the result instead.
    """
    watch = Stopwatch()
    post = _empty_post(services, asked)
    search = _search_or_none(services, post)
    media: list[Media] = []
    seen: dict[MediaId, Seen] = {}
    for position, path in enumerate(progress(asked.paths)):
        one, sight = _check_file(services, (position, path), search, watch)
        alt = asked.alt_texts[position] if position < len(asked.alt_texts) else ""
        media.append(replace(one, alt_text=require_alt_text(alt)))
        seen[one.media_id] = sight
    return _decide(services, replace(post, media=tuple(media)), seen, watch)


def _search_or_none(services: Services, post: Post) -> FaceSearch | None:
    """How faces may be searched; None when the gallery or its model cannot be read."""
    try:
        with services.transaction() as work:
            return face_search_for(services, work, post)
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("the gallery cannot be read (%s): mediacheck doctor", type(fault).__name__)
        return None


def _empty_post(services: Services, asked: Asked) -> Post:
    return Post(
        post_id=PostId(services.ids.new()),
        author=_COMMAND_LINE,
        school=asked.school,
        channel=asked.channel,
        class_key=asked.class_key,
        caption=require_caption(asked.caption),
        created_at=services.clock.now(),
    )


def _check_file(
    services: Services, file: tuple[int, Path], search: FaceSearch | None, watch: Stopwatch
) -> tuple[Media, Seen]:
    position, path = file
    media = Media(
        media_id=MediaId(f"media-{position + 1}"),
        position=position,
        file_name=clean_file_name(path.name),
    )
    try:
        data = path.read_bytes()
        media = replace(media, sha256=hashlib.sha256(data).hexdigest())
        with watch.timing("intake"):
            intake = services.decoder().decode(data, path.name)
        if search is None:
            return replace(media, state=MediaState.FAILED, refused=_FAILED), Seen()
        with watch.timing("faces"):
            seen = look_at(services, _sight(media, intake), search)
            seen = replace(seen, prints=prints_of(intake.picture))
    except IntakeError as refusal:
        reason = Refusal(code=refusal.code, message=refusal.message)
        return replace(media, state=MediaState.REFUSED, refused=reason), Seen()
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("checking %s failed: %s", media.media_id, type(fault).__name__)
        return replace(media, state=MediaState.FAILED, refused=_FAILED), Seen()
    return _checked(media, intake), seen


def _sight(media: Media, intake: Intake) -> Sight:
    return Sight(
        media_id=media.media_id,
        picture=intake.picture,
        also=intake.also_check,
        metadata=intake.metadata,
    )


def _checked(media: Media, intake: Intake) -> Media:
    return replace(
        media,
        state=MediaState.CHECKED,
        pixels_sha256=intake.picture.pixels_sha256,
        width_px=intake.picture.width_px,
        height_px=intake.picture.height_px,
        source_width_px=intake.picture.source_width_px,
        source_height_px=intake.picture.source_height_px,
        metadata=intake.metadata,
        notices=intake.notices,
    )


def _decide(services: Services, post: Post, seen: dict[MediaId, Seen], watch: Stopwatch) -> Checked:
    with services.transaction() as work:
        with watch.timing("names"):
            services.name_matcher(work.register)
        with watch.timing("decide"):
            judged = judge(services, work, post, lambda: Known(seen=seen))
        clearance = _clearance_or_none(services, judged)
        work.audit.write(
            Event.POST_CHECKED,
            actor=_COMMAND_LINE,
            subject=post.post_id,
            channel=post.channel,
            outcome=judged.verdict.outcome,
            pictures=len(post.media),
            clearance=clearance.clearance_id if clearance else "",
        )
    return Checked(judged=judged, clearance=clearance, timings_ms=watch.timings_ms())


def _clearance_or_none(services: Services, judged: Judged) -> Clearance | None:
    if judged.verdict.outcome is not Outcome.CLEARED:
        return None
    return give_clearance(
        judged.post,
        judged.verdict,
        clearance_id=ClearanceId(services.ids.new()),
        register_state=judged.register_state,
        now=services.clock.now(),
    )
