"""Checks pictures and words that are not kept: the command line's way through the same stages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from mediacheck.decision.clearance import give_clearance
from mediacheck.flow.check import face_search_for
from mediacheck.flow.check_file import FileChecked, FileToCheck, Stopwatch, check_file
from mediacheck.flow.judge import Judged, Known, judge
from mediacheck.flow.look import FaceSearch
from mediacheck.flow.renditions import needs_of
from mediacheck.intake.words import require_alt_text, require_caption
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId
from mediacheck.model.post import Media, MediaId, PictureNeeds, Post, PostId
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome
from mediacheck.ports.posts import Seen
from mediacheck.ports.register import Register
from mediacheck.ports.services import Engines, Services
from release_db.records import Channel
from release_db.words import ChannelKey, ClassKey, SchoolKey

_LOG = logging.getLogger(__name__)
_COMMAND_LINE = StaffId("command-line")


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


#: What became of each file, in the order of the files.
Results = Generator[FileChecked, None, None]
#: Checks files in the order in which they come.
CheckFiles = Callable[[Sequence[FileToCheck], FaceSearch | None], Results]


def school_posting_on(register: Register, channel: Channel) -> SchoolKey | None:
    """Whose picture it is where nobody says: the channel's school's, or that of the only one."""
    schools = [one.key for one in register.schools()]
    return channel.school or (schools[0] if len(schools) == 1 else None)


def check_once(
    services: Services,
    asked: Asked,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = lambda paths: paths,
    check_files: CheckFiles | None = None,
) -> Checked:
    """Checks files and words that are on nobody's desk, and records the verdict in the audit.

    ``check_files`` None: one after the other, in this process.

    Raises:
        IntakeError: the caption or an alt text cannot be taken. A picture that cannot be taken
            is part of the result instead.
    """
    watch = Stopwatch()
    post = _empty_post(services, asked)
    alts = [require_alt_text(alt) for alt in asked.alt_texts]
    needs = _needs_of(services, post)
    files = [
        FileToCheck(position=place, path=path, needs=needs)
        for place, path in enumerate(asked.paths)
    ]
    check_all = check_files or partial(check_here, services)
    media: list[Media] = []
    seen: dict[MediaId, Seen] = {}
    with closing(check_all(files, _search_or_none(services, post))) as results:
        for position, _ in enumerate(progress(asked.paths)):
            result = next(results)
            alt = alts[position] if position < len(alts) else ""
            media.append(replace(result.media, alt_text=alt))
            seen[result.media.media_id] = result.seen
            watch.add(result.seconds)
    return _decide(services, replace(post, media=tuple(media)), seen, watch)


def check_here(
    engines: Engines, files: Sequence[FileToCheck], search: FaceSearch | None
) -> Results:
    """Checks files one after the other in this process."""
    return (check_file(engines, file, search) for file in files)


def _search_or_none(services: Services, post: Post) -> FaceSearch | None:
    """How faces may be searched; None when the gallery or its model cannot be read."""
    try:
        with services.transaction() as work:
            return face_search_for(services, work, post)
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("the gallery cannot be read (%s): mediacheck doctor", type(fault).__name__)
        return None


def _needs_of(services: Services, post: Post) -> PictureNeeds:
    with services.transaction() as work:
        return needs_of(work, work.register.channel_or_none(post.channel))


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
        files=tuple(media.outgoing_key or "" for media in judged.post.media),
        register_state=judged.register_state,
        now=services.clock.now(),
    )
