"""Checks one file that is not kept: bytes in, what was seen out. No database, nothing shared."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from mediacheck.errors import IntakeError
from mediacheck.findings.work_prints import prints_of
from mediacheck.flow.look import FaceSearch, Sight, look_at
from mediacheck.flow.renditions import rendition_of
from mediacheck.intake.words import clean_file_name
from mediacheck.model.post import (
    ANY_PICTURE,
    Intake,
    Media,
    MediaId,
    MediaState,
    PictureNeeds,
    Refusal,
)
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Engines

_LOG = logging.getLogger(__name__)
_FAILED = Refusal(code="check-failed", message="This picture could not be checked to the end.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToCheck:
    """A file, its place among the files of the post, and what the channel takes of a picture.

    ``kept``: its bytes, where it does not lie at ``path`` any more.
    """

    position: int
    path: Path
    needs: PictureNeeds = ANY_PICTURE
    kept: bytes | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """Its bytes. Raises OSError when it cannot be read."""
        return self.path.read_bytes() if self.kept is None else self.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChecked:
    """What became of a file, and the seconds that each stage took."""

    media: Media
    seen: Seen = field(default_factory=Seen)
    seconds: dict[str, float] = field(default_factory=dict)


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

    def add(self, seconds: dict[str, float]) -> None:
        """Counts what another watch has measured."""
        for stage, more in seconds.items():
            self._seconds[stage] += more

    def seconds(self) -> dict[str, float]:
        """Seconds a stage."""
        return dict(self._seconds)

    def timings_ms(self) -> dict[str, int]:
        """Milliseconds a stage."""
        return {stage: round(seconds * 1000) for stage, seconds in self._seconds.items()}


def check_file(engines: Engines, file: FileToCheck, search: FaceSearch | None) -> FileChecked:
    """Decodes a file and looks at it. Whatever fails leaves it unchecked, and so blocks the post.

    ``search`` None: the gallery cannot be read.
    """
    watch = Stopwatch()
    media, seen = _check(engines, file, search, watch)
    return FileChecked(media=media, seen=seen, seconds=watch.seconds())


def not_checked(file: FileToCheck) -> FileChecked:
    """What becomes of a file when the process that checked it has died."""
    media = _media_of(file)
    with suppress(OSError):
        media = replace(media, sha256=hashlib.sha256(file.read()).hexdigest())
    return FileChecked(media=replace(media, state=MediaState.FAILED, refused=_FAILED))


def _check(
    engines: Engines, file: FileToCheck, search: FaceSearch | None, watch: Stopwatch
) -> tuple[Media, Seen]:
    media = _media_of(file)
    try:
        data = file.read()
        media = replace(media, sha256=hashlib.sha256(data).hexdigest())
        with watch.timing("intake"):
            intake = engines.decoder().decode(data, file.path.name)
        if search is None:
            return replace(media, state=MediaState.FAILED, refused=_FAILED), Seen()
        with watch.timing("faces"):
            seen = look_at(engines, _sight(media, intake), search)
            seen = replace(seen, prints=prints_of(intake.picture))
        checked = _checked(media, intake, file.needs)
    except IntakeError as refusal:
        reason = Refusal(code=refusal.code, message=refusal.message)
        return replace(media, state=MediaState.REFUSED, refused=reason), Seen()
    except Exception as fault:  # A stage that fails blocks, whatever failed in it.
        _LOG.error("checking %s failed: %s", media.media_id, type(fault).__name__)
        return replace(media, state=MediaState.FAILED, refused=_FAILED), Seen()
    return checked, seen


def _media_of(file: FileToCheck) -> Media:
    return Media(
        media_id=MediaId(f"media-{file.position + 1}"),
        position=file.position,
        file_name=clean_file_name(file.path.name),
    )


def _sight(media: Media, intake: Intake) -> Sight:
    return Sight(
        media_id=media.media_id,
        picture=intake.picture,
        also=intake.also_check,
        metadata=intake.metadata,
    )


def _checked(media: Media, intake: Intake, needs: PictureNeeds) -> Media:
    """The picture, and what would go out of it; nothing is kept but the hashes."""
    made = rendition_of(intake.jpeg, intake.picture, needs)[0] if needs != ANY_PICTURE else None
    return replace(
        media,
        state=MediaState.CHECKED,
        picture_key=hashlib.sha256(intake.jpeg).hexdigest(),
        rendition=made,
        pixels_sha256=intake.picture.pixels_sha256,
        width_px=intake.picture.width_px,
        height_px=intake.picture.height_px,
        source_width_px=intake.picture.source_width_px,
        source_height_px=intake.picture.source_height_px,
        metadata=intake.metadata,
        notices=intake.notices,
    )
