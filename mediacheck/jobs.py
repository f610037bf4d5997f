"""Background work on huey. A job carries one id: the database row is the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huey import Huey, SqliteHuey

from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import MediaId
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """One queue for what needs engines, and one for what needs the accounts' tokens."""

    checking: Huey
    publishing: Huey


def _nothing(_: object) -> None:
    """Who only asks for work never does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doings:
    """What a process runs when a job comes; each process runs those of its own queue."""

    check_media: Callable[[MediaId], None] = _nothing
    send_mail: Callable[[MailId], None] = _nothing
    measure_gallery: Callable[[MeasurementId], None] = _nothing
    see_to_portraits: Callable[[BatchId], None] = _nothing
    publish: Callable[[DispatchId], None] = _nothing
    take_down: Callable[[DispatchId], None] = _nothing
    look_after_account: Callable[[ConnectionId], None] = _nothing
    fetch_seen: Callable[[WatchedId], None] = _nothing


def open_queues(path: Path) -> Queues:
    """The embedded queues: an SQLite file that every process of this installation shares."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    checking = SqliteHuey("mediacheck", filename=str(path), results=False)
    publishing = SqliteHuey("mediacheck-publishing", filename=str(path), results=False)
    return Queues(checking=checking, publishing=publishing)


class HueyJobs:
    """The job queue of a process that asks for work, and of one that does it.

    A job that is lost with its worker is a delay: the sweep asks for it again.
    """

    def __init__(self, queues: Queues, doings: Doings) -> None:
        """``doings`` are what a worker runs; who only asks never calls them."""

        def run_check(media_id: str) -> None:
            doings.check_media(MediaId(media_id))

        def run_mail(mail_id: str) -> None:
            doings.send_mail(MailId(mail_id))

        def run_measurement(measurement_id: str) -> None:
            doings.measure_gallery(MeasurementId(measurement_id))

        def run_portraits(batch_id: str) -> None:
            doings.see_to_portraits(BatchId(batch_id))

        def run_publish(dispatch_id: str) -> None:
            doings.publish(DispatchId(dispatch_id))

        def run_take_down(dispatch_id: str) -> None:
            doings.take_down(DispatchId(dispatch_id))

        def run_look_after(connection_id: str) -> None:
            doings.look_after_account(ConnectionId(connection_id))

        def run_fetch(watched_id: str) -> None:
            doings.fetch_seen(WatchedId(watched_id))

        self._check = queues.checking.task(name="check_media")(run_check)
        self._send = queues.checking.task(name="send_mail")(run_mail)
        self._measure = queues.checking.task(name="measure_gallery")(run_measurement)
        self._portraits = queues.checking.task(name="see_to_portraits")(run_portraits)
        self._publish = queues.publishing.task(name="publish")(run_publish)
        self._take_down = queues.publishing.task(name="take_down")(run_take_down)
        self._look_after = queues.publishing.task(name="look_after_account")(run_look_after)
        self._fetch = queues.publishing.task(name="fetch_seen")(run_fetch)

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        self._check(media_id)

    def send_mail(self, mail_id: MailId) -> None:
        """Asks for one mail to be sent."""
        self._send(mail_id)

    def measure_gallery(self, measurement_id: MeasurementId) -> None:
        """Asks for one gallery to be measured."""
        self._measure(measurement_id)

    def see_to_portraits(self, batch_id: BatchId) -> None:
        """Asks for a batch of portraits to be looked at, or enrolled."""
        self._portraits(batch_id)

    def publish(self, dispatch_id: DispatchId) -> None:
        """Asks for one cleared post to be published."""
        self._publish(dispatch_id)

    def take_down(self, dispatch_id: DispatchId) -> None:
        """Asks for one published post to be deleted."""
        self._take_down(dispatch_id)

    def fetch_seen(self, watched_id: WatchedId) -> None:
        """Asks for a post that was found on a timeline to be fetched and judged."""
        self._fetch(watched_id)

    def look_after_account(self, connection_id: ConnectionId) -> None:
        """Asks for one account to be looked at, or let go."""
        self._look_after(connection_id)
