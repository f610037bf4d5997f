"""One transaction, and the set of services that a process holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from mediacheck.model.publishing import Platform
from mediacheck.ports.accounts import Accounts, AuditLog
from mediacheck.ports.archive import Archive
from mediacheck.ports.channel_rules import ChannelRulesBook
from mediacheck.ports.engines import (
    Clock,
    FaceFinder,
    Ids,
    JobQueue,
    NameMatcher,
    PictureDecoder,
    PictureStore,
    TemplateExtractor,
    TextReader,
)
from mediacheck.ports.erasure import OwnTraces
from mediacheck.ports.evidence import Evidence
from mediacheck.ports.families import FamilyAccess, MailServer, Outbox
from mediacheck.ports.family_log import FamilyLog
from mediacheck.ports.office import OfficeRecords
from mediacheck.ports.picture_questions import PictureQuestions
from mediacheck.ports.portraits import Portraits
from mediacheck.ports.posts import Posts
from mediacheck.ports.publications import Publications
from mediacheck.ports.publishing import (
    Connections,
    Connectors,
    Dispatches,
    Linking,
    PasswordLinking,
    PictureShelf,
    TokenSealer,
)
from mediacheck.ports.register import Gallery, GalleryKeys, Register
from mediacheck.ports.remembered import RememberedWords
from mediacheck.ports.rounds import RoundMailings
from mediacheck.ports.sign_on import SignOnProvider, SignOnRecords
from mediacheck.ports.takedown_tasks import StaffOutbox, TakedownTasks
from mediacheck.ports.timelines import Timelines
from mediacheck.ports.works import Works
from mediacheck.settings import ProviderKind, Settings
from release_db.register import ReleaseRegister


class Work(Protocol):
    """One transaction: everything in it happens, or nothing."""

    @property
    def register(self) -> ReleaseRegister:
        """The release register, for reading and writing."""
        ...

    @property
    def gallery(self) -> Gallery:
        """The enrolled templates."""
        ...

    @property
    def posts(self) -> Posts:
        """The posts."""
        ...

    @property
    def audit(self) -> AuditLog:
        """The audit log."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Accounts and sessions."""
        ...

    @property
    def families(self) -> FamilyAccess:
        """Families' accounts, links and sessions."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The mail that waits for families."""
        ...

    @property
    def family_log(self) -> FamilyLog:
        """Who looked at students' data, and what families ask for."""
        ...

    @property
    def traces(self) -> OwnTraces:
        """What is held of a student outside the register, to be erased with her."""
        ...

    @property
    def mailings(self) -> RoundMailings:
        """The mailings of renewal rounds."""
        ...

    @property
    def publications(self) -> Publications:
        """What went out, and what has to come down."""
        ...

    @property
    def office(self) -> OfficeRecords:
        """Signed paper forms, and the office's word on disagreements."""
        ...

    @property
    def picture_questions(self) -> PictureQuestions:
        """What families were asked about single pictures."""
        ...

    @property
    def works(self) -> Works:
        """What was said of student work in the pictures."""
        ...

    @property
    def remembered(self) -> RememberedWords:
        """What was said of words that are no student's."""
        ...

    @property
    def connections(self) -> Connections:
        """The accounts that the tool posts to."""
        ...

    @property
    def archive(self) -> Archive:
        """What became of old pictures."""
        ...

    @property
    def timelines(self) -> Timelines:
        """What stands on the accounts and did not come through the door."""
        ...

    @property
    def takedown_tasks(self) -> TakedownTasks:
        """What has to be taken down by hand, and by whom."""
        ...

    @property
    def staff_outbox(self) -> StaffOutbox:
        """The mail that waits for the staff."""
        ...

    @property
    def channel_rules(self) -> ChannelRulesBook:
        """Who may post to which channel."""
        ...

    @property
    def dispatches(self) -> Dispatches:
        """Cleared posts on their way to an account."""
        ...

    @property
    def evidence(self) -> Evidence:
        """What was measured on the district's own galleries."""
        ...

    @property
    def sign_on(self) -> SignOnRecords:
        """Signing in through the district, and the roster's teachers."""
        ...

    @property
    def portraits(self) -> Portraits:
        """Portraits that wait to be enrolled."""
        ...

    def after_commit(self, act: Callable[[], None]) -> None:
        """Does something once everything here has really happened, and never otherwise."""
        ...


class Engines(Protocol):
    """What looks at pictures. Each engine comes from a function, so that none loads unasked."""

    def decoder(self) -> PictureDecoder:
        """Turns upload bytes into canonical pixels."""
        ...

    def face_finder(self) -> FaceFinder:
        """Finds faces."""
        ...

    def template_extractor(self) -> TemplateExtractor:
        """Turns faces into templates."""
        ...

    def text_reader(self) -> TextReader:
        """Reads writing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The set a process holds. The engines come from functions, so that none loads unasked."""

    settings: Settings
    clock: Clock
    ids: Ids
    pictures: PictureStore
    uploads: PictureStore
    papers: PictureStore
    portraits: PictureStore
    old_pictures: PictureStore
    jobs: JobQueue
    begin: Callable[[], AbstractContextManager[Work]]
    decoder: Callable[[], PictureDecoder]
    face_finder: Callable[[], FaceFinder]
    template_extractor: Callable[[], TemplateExtractor]
    text_reader: Callable[[], TextReader]
    name_matcher: Callable[[Register], NameMatcher]
    secret_key: bytes = field(repr=False)
    gallery_keys: GalleryKeys
    linkings: Mapping[Platform, Linking]
    token_sealer: TokenSealer
    picture_shelf: PictureShelf
    password_linkings: Mapping[Platform, PasswordLinking] = field(default_factory=dict)
    """Of the platforms that make a password for a tool; for every other there is its own page."""
    sign_on: Mapping[ProviderKind, SignOnProvider] = field(default_factory=dict)
    """Where staff sign in besides; empty where the district has set up none."""
    client_document: Callable[[], Mapping[str, object]] = dict
    """What says who this tool is to platforms that know tools by a document of their own."""
    connectors: Connectors | None = None
    """None, but in the process that publishes: nobody else can open an account's token."""
    mail_server: MailServer | None = None
    """None: no server is named, so every mail waits."""
    is_demo: bool = False
    demo_sign_ins: tuple[tuple[str, str, str], ...] = ()
    """Of a made-up district only: what each sign-in shows, its e-mail and its password."""
    demo_families: Callable[[], tuple[tuple[str, str, str, str], ...]] = tuple
    """Of a made-up district only: the same of each family, and its authenticator's code of now."""
    recorded_audit_head: Callable[[], str | None] = lambda: None
    """The ``mac`` of the newest audit entry, as it was recorded outside the database."""

    def transaction(self) -> AbstractContextManager[Work]:
        """A transaction that commits at its end, or does nothing at all."""
        return self.begin()
