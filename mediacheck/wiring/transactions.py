"""One transaction over the register, the posts, the accounts and the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mediacheck.audit.chain import AuditChain
from mediacheck.model.audit import Event
from mediacheck.ports.engines import Clock
from mediacheck.storage.accounts import SqlAccounts
from mediacheck.storage.archive import SqlArchive
from mediacheck.storage.audit_head import AuditHeadFile
from mediacheck.storage.audit_log import SqlAuditLog
from mediacheck.storage.channel_rules import SqlChannelRules
from mediacheck.storage.erasure import SqlOwnTraces
from mediacheck.storage.evidence import SqlEvidence
from mediacheck.storage.families import SqlFamilies
from mediacheck.storage.family_log import SqlFamilyLog
from mediacheck.storage.office import SqlOfficeRecords
from mediacheck.storage.outbox import SqlOutbox
from mediacheck.storage.picture_questions import SqlPictureQuestions
from mediacheck.storage.portraits import SqlPortraits
from mediacheck.storage.posts import SqlPosts
from mediacheck.storage.publications import SqlPublications
from mediacheck.storage.publishing import SqlConnections, SqlDispatches
from mediacheck.storage.remembered import SqlRememberedWords
from mediacheck.storage.rounds import SqlRoundMailings
from mediacheck.storage.sign_on import SqlSignOn
from mediacheck.storage.takedown_tasks import SqlStaffOutbox, SqlTakedownTasks
from mediacheck.storage.timelines import SqlTimelines
from mediacheck.storage.works import SqlWorks
from release_db.destruction import destroyed_in
from release_db.gallery import StudentGallery
from release_db.register import ReleaseRegister
from release_db.retention import NOBODY
from release_db.sealing import KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secret keys of an installation."""

    session: bytes = field(repr=False)
    gallery: KeyRing = field(repr=False)
    audit: bytes = field(repr=False)
    families: bytes = field(repr=False)
    remembered: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """What a transaction is opened on."""

    engine: Engine
    keys: Keys
    clock: Clock
    head_file: AuditHeadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlWork:
    """Implements the ``Work`` port on one SQLAlchemy session."""

    register: ReleaseRegister
    gallery: StudentGallery
    posts: SqlPosts
    audit: SqlAuditLog
    accounts: SqlAccounts
    families: SqlFamilies
    outbox: SqlOutbox
    family_log: SqlFamilyLog
    publications: SqlPublications
    picture_questions: SqlPictureQuestions
    mailings: SqlRoundMailings
    traces: SqlOwnTraces
    office: SqlOfficeRecords
    works: SqlWorks
    evidence: SqlEvidence
    remembered: SqlRememberedWords
    archive: SqlArchive
    timelines: SqlTimelines
    takedown_tasks: SqlTakedownTasks
    staff_outbox: SqlStaffOutbox
    channel_rules: SqlChannelRules
    connections: SqlConnections
    dispatches: SqlDispatches
    sign_on: SqlSignOn
    portraits: SqlPortraits
    acts: list[Callable[[], None]] = field(default_factory=list)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Does something once everything here has really happened, and never otherwise."""
        self.acts.append(act)


@contextmanager
def begin_work(database: Database) -> Iterator[SqlWork]:
    """A transaction: commits at its end, or rolls everything back when anything is raised.

    What was destroyed in it is in the audit. The newest audit entry is then recorded outside the
    database, so that a cut-off end shows.
    """
    with Session(database.engine) as session, session.begin():
        remembered = SqlRememberedWords(session, database.keys.remembered)
        work = SqlWork(
            register=ReleaseRegister(session, database.clock.now),
            gallery=StudentGallery(session, database.keys.gallery),
            posts=SqlPosts(session),
            audit=SqlAuditLog(session, AuditChain(key=database.keys.audit), database.clock),
            accounts=SqlAccounts(session, database.clock),
            families=SqlFamilies(session, database.clock, database.keys.families),
            outbox=SqlOutbox(session),
            family_log=SqlFamilyLog(session, database.clock),
            publications=SqlPublications(session),
            picture_questions=SqlPictureQuestions(session),
            mailings=SqlRoundMailings(session, database.clock),
            traces=SqlOwnTraces(session, remembered),
            office=SqlOfficeRecords(session),
            works=SqlWorks(session),
            evidence=SqlEvidence(session),
            remembered=remembered,
            archive=SqlArchive(session),
            timelines=SqlTimelines(session),
            takedown_tasks=SqlTakedownTasks(session),
            staff_outbox=SqlStaffOutbox(session),
            channel_rules=SqlChannelRules(session),
            connections=SqlConnections(session),
            dispatches=SqlDispatches(session),
            sign_on=SqlSignOn(session),
            portraits=SqlPortraits(session),
        )
        yield work
        _record_destructions(session, work)
    if (newest := work.audit.newest_written) is not None:
        database.head_file.record(newest)
    for act in work.acts:
        act()


def _record_destructions(session: Session, work: SqlWork) -> None:
    """Whatever door led to it, no template is destroyed without an entry in the audit."""
    for record in destroyed_in(session):
        work.audit.write(
            Event.TEMPLATES_DESTROYED,
            actor=record.destroyed_by or NOBODY,
            subject=record.student_id,
            certificate=record.certificate_id,
            templates=record.templates,
        )
