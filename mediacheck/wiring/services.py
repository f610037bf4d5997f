"""Opens the services of a process. The engines load when they are first used."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable

from sqlalchemy import Engine

import release_db.migrate as register_migrate
from mediacheck import jobs
from mediacheck.errors import NotReady
from mediacheck.mail.smtp import SmtpServer
from mediacheck.model.archive import OldPictureId
from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import MediaId
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId
from mediacheck.ports.engines import Clock, JobQueue
from mediacheck.ports.families import MailServer
from mediacheck.ports.services import Services
from mediacheck.settings import Settings
from mediacheck.storage import migrate as storage_migrate
from mediacheck.storage.audit_head import AuditHeadFile
from mediacheck.storage.picture_shelf import FolderShelf
from mediacheck.storage.pictures import FolderPictureStore
from mediacheck.wiring.engines import (
    RosterMatchers,
    make_decoder,
    make_extractor,
    make_face_finder,
    make_reader,
    prepare_process,
)
from mediacheck.wiring.gallery_keys import FolderKeyRing
from mediacheck.wiring.keys import read_or_make_key
from mediacheck.wiring.publishing import (
    make_client_document,
    make_linkings,
    make_password_linkings,
    make_token_sealer,
)
from mediacheck.wiring.sign_on import make_sign_on
from mediacheck.wiring.steady_clock import open_clock
from mediacheck.wiring.transactions import Database, Keys, begin_work
from release_db.engine import open_engine
from release_db.sealing import KeyRing

_LOG = logging.getLogger(__name__)


class SystemIds:
    """Ids from the operating system's random source."""

    def new(self) -> str:
        """128 random bits, safe in URLs."""
        return secrets.token_hex(16)


def open_services(settings: Settings, clock: Clock | None = None) -> Services:
    """The services of this process, on a database that is up to date.

    ``clock`` None: the machine's own, which never falls behind what was recorded.

    Raises:
        NotReady: the database is behind its migrations, a key cannot be read, or the clock of the
            machine is more than a day behind what was recorded.
    """
    prepare_process()
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_database(settings)
    clock = clock or open_clock(engine)
    gallery_keys = FolderKeyRing(settings.keys_folder)
    keys = _keys_of(settings, gallery_keys)
    head_file = AuditHeadFile(path=settings.data_folder / "audit-heads.txt")
    database = Database(engine=engine, keys=keys, clock=clock, head_file=head_file)
    return Services(
        settings=settings,
        clock=clock,
        ids=SystemIds(),
        pictures=FolderPictureStore(settings.pictures_folder),
        uploads=FolderPictureStore(settings.uploads_folder),
        papers=FolderPictureStore(settings.papers_folder),
        portraits=FolderPictureStore(settings.portraits_folder),
        old_pictures=FolderPictureStore(settings.old_pictures_folder),
        jobs=_LateJobs(settings),
        begin=lambda: begin_work(database),
        decoder=make_decoder,
        face_finder=make_face_finder,
        template_extractor=lambda: make_extractor(settings.models_folder),
        text_reader=make_reader,
        name_matcher=RosterMatchers(),
        secret_key=keys.session,
        gallery_keys=gallery_keys,
        mail_server=_mail_server_of(settings),
        recorded_audit_head=head_file.latest_or_none,
        linkings=make_linkings(settings),
        password_linkings=make_password_linkings(settings),
        client_document=lambda: make_client_document(settings),
        token_sealer=make_token_sealer(settings),
        picture_shelf=_shelf_of(settings, clock),
        sign_on=make_sign_on(settings),
    )


def open_database(settings: Settings) -> Engine:
    """The database, brought into being when it is new.

    Raises:
        NotReady: it is behind its migrations, or its driver is not installed.
    """
    try:
        engine = open_engine(settings.database_url)
    except ModuleNotFoundError as error:
        raise NotReady(
            f"Python's module {error.name} is missing, which the database needs. For PostgreSQL: "
            'pip install "mediacheck[postgres]", and postgresql+psycopg://… as its address.'
        ) from None
    if register_migrate.is_empty(engine):
        upgrade_database(engine)
    if not (register_migrate.is_current(engine) and storage_migrate.is_current(engine)):
        raise NotReady(
            "The database is of an older version. Make a backup, then run: mediacheck upgrade"
        )
    return engine


def upgrade_database(engine: Engine) -> None:
    """Brings every table to this version."""
    register_migrate.upgrade(engine)
    storage_migrate.upgrade(engine)


def _mail_server_of(settings: Settings) -> MailServer | None:
    if not settings.smtp_url:
        return None
    return SmtpServer(settings.smtp_url, settings.mail_from)


def _shelf_of(settings: Settings, clock: Clock) -> FolderShelf:
    return FolderShelf(
        folder=settings.shelf_folder,
        base_url=settings.base_url,
        clock=clock,
        allows_loopback=settings.allows_loopback_accounts,
    )


def _keys_of(settings: Settings, gallery: KeyRing) -> Keys:
    folder = settings.keys_folder
    return Keys(
        session=read_or_make_key(folder, "session.key"),
        gallery=gallery,
        audit=read_or_make_key(folder, "audit.key"),
        families=read_or_make_key(folder, "families.key"),
        remembered=read_or_make_key(folder, "remembered.key"),
    )


class _LateJobs:
    """Opens the queue when somebody first asks for work: a command that asks none makes no file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue: JobQueue | None = None
        self._lock = threading.Lock()

    def check_media(self, media_id: MediaId) -> None:
        self._ask(lambda queue: queue.check_media(media_id))

    def send_mail(self, mail_id: MailId) -> None:
        self._ask(lambda queue: queue.send_mail(mail_id))

    def measure_gallery(self, measurement_id: MeasurementId) -> None:
        self._ask(lambda queue: queue.measure_gallery(measurement_id))

    def see_to_portraits(self, batch_id: BatchId) -> None:
        self._ask(lambda queue: queue.see_to_portraits(batch_id))

    def judge_old(self, old_picture_id: OldPictureId) -> None:
        self._ask(lambda queue: queue.judge_old(old_picture_id))

    def publish(self, dispatch_id: DispatchId) -> None:
        self._ask(lambda queue: queue.publish(dispatch_id))

    def take_down(self, dispatch_id: DispatchId) -> None:
        self._ask(lambda queue: queue.take_down(dispatch_id))

    def fetch_seen(self, watched_id: WatchedId) -> None:
        self._ask(lambda queue: queue.fetch_seen(watched_id))

    def look_after_account(self, connection_id: ConnectionId) -> None:
        self._ask(lambda queue: queue.look_after_account(connection_id))

    def _ask(self, act: Callable[[JobQueue], None]) -> None:
        # What asks for it has been committed by now: a failure would say that nothing was done.
        try:
            act(self._opened())
        except jobs.NoQueue:
            _LOG.warning("the queue of background work does not answer: the sweep will ask again")

    def _opened(self) -> JobQueue:
        with self._lock:
            if self._queue is None:
                queues = jobs.open_queues(self._settings.jobs_address)
                self._queue = jobs.HueyJobs(queues, jobs.Doings())
        return self._queue
