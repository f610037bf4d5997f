"""``CagedDecoder``: the doorway of every upload."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType
from typing import Self

from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.intake.errors import EmptyFile, FileTooLarge, OtherKind, TypeNotTaken
from mediacheck.intake.limits import MAX_FILE_BYTES
from mediacheck.intake.seal import Posture
from mediacheck.intake.wire import Notice, NoticeKind, RawPicture, Reading
from mediacheck.intake.workers import ForkedWorkers, FreshWorkers, Workers
from mediacheck.model.post import Intake, Picture

_SIDECARS = frozenset({".xmp", ".json", ".aae", ".thm"})


def require_bytes(data: bytes, _file_name: str) -> None:
    """Raises ``EmptyFile`` when there are none."""
    if not data:
        raise EmptyFile


def require_few_bytes(data: bytes, _file_name: str) -> None:
    """Raises ``FileTooLarge`` above the limit."""
    if len(data) > MAX_FILE_BYTES:
        raise FileTooLarge


def require_no_sidecar(_data: bytes, file_name: str) -> None:
    """Raises ``TypeNotTaken`` for the small files that photo programs keep beside photos."""
    if PurePath(file_name.lower()).suffix in _SIDECARS:
        raise TypeNotTaken(OtherKind.SIDECAR)


#: Run outside the cage, so none of them looks into the bytes.
UPLOAD_CHECKS: tuple[Callable[[bytes, str], None], ...] = (
    require_bytes,
    require_few_bytes,
    require_no_sidecar,
)


class CagedDecoder:
    """Decodes uploads in a cage. Any number of threads may share one; close it at the end."""

    def __init__(self, *, workers: Workers | None = None, at_once: int | None = None) -> None:
        """Starts nothing yet.

        Args:
            workers: the caged readers; by default forked ones where the system can fork.
            at_once: how many uploads are read at the same time; by default one a processor.
        """
        self._workers = workers or (ForkedWorkers() if hasattr(os, "fork") else FreshWorkers())
        self._slots = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def decode(self, data: bytes, file_name: str) -> Intake:
        """The canonical picture, our own encoding of it, and the words the upload carried.

        Raises:
            IntakeError: the upload is not taken; one subclass per cause.
            CageFault: uploads cannot be read safely on this machine now.
        """
        for check in UPLOAD_CHECKS:
            check(data, file_name)
        with self._slots:
            reading = self._workers.read(data)
        return _intake(reading, hashlib.sha256(data).hexdigest())

    def posture(self) -> Posture:
        """How well uploads are locked up on this machine.

        Raises:
            CageFault: the cage cannot be started at all.
        """
        return self._workers.posture()

    def close(self) -> None:
        """Ends the processes that were started; a later ``decode`` starts them again."""
        self._workers.close()


def _intake(reading: Reading, sha256: str) -> Intake:
    published, *others = (_picture(raw, reading) for raw in reading.pictures)
    jpeg = encode_jpeg(published)
    return Intake(
        # What is checked are the pixels that the published bytes decode to, not those before.
        picture=picture_from_jpeg(
            jpeg,
            source_width_px=reading.source_width_px,
            source_height_px=reading.source_height_px,
        ),
        jpeg=jpeg,
        also_check=tuple(others),
        sha256=sha256,
        format=reading.format.value,
        metadata=reading.metadata,
        notices=tuple(_words_of(notice) for notice in reading.notices),
    )


def _picture(raw: RawPicture, reading: Reading) -> Picture:
    return Picture(
        width_px=raw.width_px,
        height_px=raw.height_px,
        rgb=raw.rgb,
        source_width_px=reading.source_width_px,
        source_height_px=reading.source_height_px,
    )


def _words_of(notice: Notice) -> str:
    match notice.kind:
        case NoticeKind.MORE_PICTURES if notice.count == 1:
            return "This file held 1 more picture, which is left out."
        case NoticeKind.MORE_PICTURES:
            return f"This file held {notice.count} more pictures, which are left out."
        case NoticeKind.MORE_DATA:
            return "This file held more than the picture. Only the picture is used."
