"""Background work on huey. A job carries one id: the database row is the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from sqlalchemy import make_url

from mediacheck.errors import MediacheckError, NotReady
from mediacheck.model.archive import OldPictureId
from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import MediaId
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId

_CHECKING, _PUBLISHING = "mediacheck", "mediacheck-publishing"
#: PostgreSQL's lock of our own while the queues' tables are made: several processes start at once.
_TABLES_LOCK = 6_311_870_126


class NoQueue(MediacheckError):
    """The server of the queue does not answer: nothing could be asked for."""

    message = "The queue of background work does not answer: see MEDIACHECK_JOBS."


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """One queue for what needs engines, and one for what needs the accounts' tokens.

    ``failures`` is what the queue's driver raises.
    """

    checking: Huey
    publishing: Huey
    failures: tuple[type[Exception], ...]


def _nothing(_: object) -> None:
    """Who only asks for work never does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doings:
    """What a process runs when a job comes; each process runs those of its own queue."""

    check_media: Callable[[MediaId], None] = _nothing
    send_mail: Callable[[MailId], None] = _nothing
    measure_gallery: Callable[[MeasurementId], None] = _nothing
    see_to_portraits: Callable[[BatchId], None] = _nothing
    judge_old: Callable[[OldPictureId], None] = _nothing
    publish: Callable[[DispatchId], None] = _nothing
    take_down: Callable[[DispatchId], None] = _nothing
    look_after_account: Callable[[ConnectionId], None] = _nothing
    fetch_seen: Callable[[WatchedId], None] = _nothing


def open_queues(address: str) -> Queues:
    """The queues that every process of this installation shares.

    ``address`` is a URL: of an SQLite file, of a PostgreSQL database, or of a Redis server.

    Raises:
        NoQueue: there is no answer at that address.
        NotReady: its driver is not installed, or no queue of ours can be of that kind.
    """
    match address.partition(":")[0].partition("+")[0]:
        case "sqlite":
            return _on_sqlite(address)
        case "postgresql":
            return _on_postgresql(address)
        case "redis" | "rediss":
            return _on_redis(address)
        case other:
            raise NotReady(f"Background work cannot be kept on {other}: see MEDIACHECK_JOBS.")


def _on_sqlite(address: str) -> Queues:
    path = Path(make_url(address).database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    failures = (sqlite3.Error,)
    with _failing_as_no_queue(failures):
        return Queues(
            checking=SqliteHuey(_CHECKING, filename=str(path), results=False),
            publishing=SqliteHuey(_PUBLISHING, filename=str(path), results=False),
            failures=failures,
        )


def _on_postgresql(address: str) -> Queues:
    try:
        import psycopg
    except ImportError:
        raise NotReady('PostgreSQL needs its driver: pip install "mediacheck[postgres]"') from None
    dsn = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    kept: dict[str, Any] = {"dsn": dsn, "results": False, "table_prefix": "mediacheck_jobs"}
    failures = (psycopg.Error,)
    with _failing_as_no_queue(failures), psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"SELECT pg_advisory_lock({_TABLES_LOCK})")
        return Queues(
            checking=PostgresHuey(_CHECKING, **kept),
            publishing=PostgresHuey(_PUBLISHING, **kept),
            failures=failures,
        )


def _on_redis(address: str) -> Queues:
    try:
        from redis import RedisError
    except ImportError:
        raise NotReady('Redis needs its driver: pip install "mediacheck[redis]"') from None
    failures = (RedisError,)
    checking = RedisHuey(_CHECKING, url=address, results=False)
    publishing = RedisHuey(_PUBLISHING, url=address, results=False)
    with _failing_as_no_queue(failures):
        # Until then nobody has asked the server anything.
        checking.pending_count()
    return Queues(checking=checking, publishing=publishing, failures=failures)


@contextmanager
def _failing_as_no_queue(failures: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except failures as error:
        raise NoQueue from error


class HueyJobs:
    """The job queue of a process that asks for work, and of one that does it.

    A job that is lost with its worker is a delay: the sweep asks for it again. So is one that could
    not be asked for, which raises ``NoQueue``.
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

        def run_old(old_picture_id: str) -> None:
            doings.judge_old(OldPictureId(old_picture_id))

        def run_publish(dispatch_id: str) -> None:
            doings.publish(DispatchId(dispatch_id))

        def run_take_down(dispatch_id: str) -> None:
            doings.take_down(DispatchId(dispatch_id))

        def run_look_after(connection_id: str) -> None:
            doings.look_after_account(ConnectionId(connection_id))

        def run_fetch(watched_id: str) -> None:
            doings.fetch_seen(WatchedId(watched_id))

        self._failures = queues.failures
        self._check = queues.checking.task(name="check_media")(run_check)
        self._send = queues.checking.task(name="send_mail")(run_mail)
        self._measure = queues.checking.task(name="measure_gallery")(run_measurement)
        self._portraits = queues.checking.task(name="see_to_portraits")(run_portraits)
        self._old = queues.checking.task(name="judge_old")(run_old)
        self._publish = queues.publishing.task(name="publish")(run_publish)
        self._take_down = queues.publishing.task(name="take_down")(run_take_down)
        self._look_after = queues.publishing.task(name="look_after_account")(run_look_after)
        self._fetch = queues.publishing.task(name="fetch_seen")(run_fetch)

    def check_media(self, media_id: MediaId) -> None:
        """Asks for one picture to be checked."""
        self._ask(self._check, media_id)

    def send_mail(self, mail_id: MailId) -> None:
        """Asks for one mail to be sent."""
        self._ask(self._send, mail_id)

    def measure_gallery(self, measurement_id: MeasurementId) -> None:
        """Asks for one gallery to be measured."""
        self._ask(self._measure, measurement_id)

    def see_to_portraits(self, batch_id: BatchId) -> None:
        """Asks for a batch of portraits to be looked at, or enrolled."""
        self._ask(self._portraits, batch_id)

    def judge_old(self, old_picture_id: OldPictureId) -> None:
        """Asks for one file of an archive to be judged."""
        self._ask(self._old, old_picture_id)

    def publish(self, dispatch_id: DispatchId) -> None:
        """Asks for one cleared post to be published."""
        self._ask(self._publish, dispatch_id)

    def take_down(self, dispatch_id: DispatchId) -> None:
        """Asks for one published post to be deleted."""
        self._ask(self._take_down, dispatch_id)

    def fetch_seen(self, watched_id: WatchedId) -> None:
        """Asks for a post that was found on a timeline to be fetched and judged."""
        self._ask(self._fetch, watched_id)

    def look_after_account(self, connection_id: ConnectionId) -> None:
        """Asks for one account to be looked at, or let go."""
        self._ask(self._look_after, connection_id)

    def _ask(self, task: Callable[[str], object], subject: str) -> None:
        with _failing_as_no_queue(self._failures):
            task(subject)
