"""One transaction over the register, the posts, the accounts and the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from release_db.gallery import StudentGallery
from release_db.register import ReleaseRegister
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mediacheck.ports import Accounts, Clock, Gallery, Posts
from mediacheck.storage.accounts import SqlAccounts
from mediacheck.storage.audit_log import SqlAuditLog
from mediacheck.storage.posts import SqlPosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secret keys of an installation."""

    session: bytes = field(repr=False)
    gallery: bytes = field(repr=False)
    audit: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlWork:
    """Implements the ``Work`` port on one SQLAlchemy session."""

    register: ReleaseRegister
    gallery: Gallery
    posts: Posts
    audit: SqlAuditLog
    accounts: Accounts
    acts: list[Callable[[], None]] = field(default_factory=list)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Does something once everything here has really happened, and never otherwise."""
        self.acts.append(act)


@contextmanager
def begin_work(engine: Engine, keys: Keys, clock: Clock) -> Iterator[SqlWork]:
    """A transaction: commits at its end, or rolls everything back when anything is raised."""
    with Session(engine) as session, session.begin():
        work = SqlWork(
            register=ReleaseRegister(session),
            gallery=StudentGallery(session, keys.gallery),
            posts=SqlPosts(session),
            audit=SqlAuditLog(session, keys.audit, clock),
            accounts=SqlAccounts(session, clock),
        )
        yield work
    for act in work.acts:
        act()
