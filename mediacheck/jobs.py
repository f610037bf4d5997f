"""Background work on huey. A job carries one id: the database row is the truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from huey import Huey, SqliteHuey

from mediacheck.model.mail import MailId
from mediacheck.model.post import MediaId


def open_queue(path: Path) -> Huey:
    """The embedded queue: an SQLite file that every process of this installation shares."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("mediacheck", filename=str(path), results=False)


class HueyJobs:
    """The job queue of a process that asks for work, and of one that does it.

    A job that is lost with its worker is a delay: the sweep asks for it again.
    """

    def __init__(
        self, queue: Huey, check: Callable[[MediaId], None], send: Callable[[MailId], None]
    ) -> None:
        """``check`` and ``send`` are what a worker runs; who only asks never calls them."""

        def run(media_id: str) -> None:
            check(MediaId(media_id))

        def run_mail(mail_id: str) -> None:
            send(MailId(mail_id))

        self._check = queue.task(name="check_media")(run)
        self._send = queue.task(name="send_mail")(run_mail)

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        self._check(media_id)

    def send_mail(self, mail_id: MailId) -> None:
        """Asks for one mail to be sent."""
        self._send(mail_id)
