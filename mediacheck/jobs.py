"""Background work on huey. A job carries one id: the database row is the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from huey import Huey, SqliteHuey

from mediacheck.model.post import MediaId


def open_queue(path: Path) -> Huey:
    """The embedded queue: an SQLite file that every process of this installation shares."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("mediacheck", filename=str(path), results=False)


class HueyJobs:
    """The job queue of a process that asks for work, and of one that does it.

    A job that is lost with its worker is a delay: the sweep asks for it again.
    """

    def __init__(self, queue: Huey, check: Callable[[MediaId], None]) -> None:
        """``check`` is what a worker runs; a process that only asks never calls it."""

        def run(media_id: str) -> None:
            check(MediaId(media_id))

        self._check = queue.task(name="check_media")(run)

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        self._check(media_id)
