"""A cleared post, an account on a local server, and the publishing process in the test's hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from mediacheck.flow import publish
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.removals import take_down
from mediacheck.model.people import StaffId, StaffMember
from mediacheck.model.post import PostId
from mediacheck.model.publishing import (
    Account,
    Connection,
    ConnectionId,
    ConnectionState,
    Dispatch,
    Limits,
    Platform,
)
from mediacheck.ports.services import Services, Work
from mediacheck.publish.connectors.wordpress.connector import LIMITS as WORDPRESS_LIMITS
from mediacheck.wiring.publishing import make_connectors
from release_db.words import Audience, ChannelKey
from tests.conftest import House
from tests.contracts.accounts import mastodon_secret, wordpress_secret
from tests.factories import a_channel
from tests.mediacheck.flow.test_clear import OFFICE, TEACHER, a_cleared_post
from tests.servers.mastodon import Server, mastodon_server
from tests.servers.wordpress import Site

#: The channel of a site that is connected, too.
SITE = "lincoln-web"

LIMITS = Limits(
    words=500, pictures=4, alt_text=1500, picture_bytes=16 << 20, picture_pixels=33_177_600
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRoom:
    """The house, an account that is connected to its channel, and the publishing process."""

    house: House
    server: Server
    publisher: Services

    def ask(self, post_id: PostId, staff: StaffMember = TEACHER) -> Dispatch:
        """Presses Publish."""

        def do(desk: Desk) -> object:
            post = desk.work.posts.post_or_none(post_id)
            assert post is not None
            return publish.publish_post(desk, post)

        dispatch = self.house.at_desk(staff, do)
        assert isinstance(dispatch, Dispatch)
        return dispatch

    def run(self) -> None:
        """Lets the process do what it was asked to."""
        jobs = self.house.jobs
        while jobs.dispatches or jobs.removals:
            if jobs.dispatches:
                publish_dispatch(self.publisher, jobs.dispatches.pop(0))
            else:
                take_down(self.publisher, jobs.removals.pop(0))

    def later(self, **by: float) -> None:
        """Time passes; the sweep asks again, and the process does it."""
        self.house.clock.move(timedelta(**by))
        sweep_publishing(self.publisher)
        self.run()

    def publish(self, post_id: PostId | None = None) -> Dispatch:
        """A post is cleared and published."""
        self.ask(post_id or a_cleared_post(self.house))
        self.run()
        return self.dispatch()

    def dispatch(self) -> Dispatch:
        """The newest dispatch, as it is now."""
        with self.publisher.transaction() as work:
            return work.dispatches.newest(1)[0]

    def with_work(self, act: Callable[[Work], object]) -> object:
        with self.publisher.transaction() as work:
            return act(work)

    def also_on(self, site: Site) -> None:
        """A site is connected to a channel of its own."""
        site.now = self.house.clock.now
        with self.publisher.transaction() as work:
            work.register.add_channel(a_channel(SITE, audience=Audience.PUBLIC_WEB))
            connection = Connection(
                connection_id=ConnectionId("site"),
                channel=ChannelKey(SITE),
                platform=Platform.WORDPRESS,
                server=site.base,
                account=Account(
                    account_id=site.account, handle=site.handle, address=f"{site.base}/"
                ),
                scopes=(),
                state=ConnectionState.ACTIVE,
                connected_by=OFFICE.staff_id,
                connected_at=self.house.clock.now(),
                limits=WORDPRESS_LIMITS,
            )
            _keep(work, self.publisher, connection, wordpress_secret(site))

    @property
    def texts(self) -> list[str]:
        """The words of what is public."""
        return [status["text"] for status in self.server.live]


@contextmanager
def open_press_room(house: House) -> Iterator[PressRoom]:
    settings = replace(house.services.settings, allows_loopback_accounts=True)
    services = replace(house.services, settings=settings)
    publisher = replace(services, connectors=make_connectors(services))
    with mastodon_server() as server:
        server.now = house.clock.now
        with publisher.transaction() as work:
            for member in (TEACHER, OFFICE):
                work.accounts.save_staff(member)
            connect(work, publisher, server)
        yield PressRoom(house=house, server=server, publisher=publisher)


def connect(work: Work, services: Services, server: Server) -> Connection:
    """An account that is connected and confirmed."""
    connection = Connection(
        connection_id=ConnectionId("account"),
        channel=a_channel().key,
        platform=Platform.MASTODON,
        server=server.base,
        account=Account(
            account_id=server.account, handle=server.handle, address=f"{server.base}/@lincoln"
        ),
        scopes=("read", "write"),
        state=ConnectionState.ACTIVE,
        connected_by=OFFICE.staff_id,
        confirmed_by=StaffId("second"),
        connected_at=services.clock.now(),
        limits=LIMITS,
    )
    _keep(work, services, connection, mastodon_secret(server))
    return connection


def _keep(work: Work, services: Services, connection: Connection, secret: bytes) -> None:
    work.connections.save(connection)
    sealed = services.token_sealer.seal(secret, *connection.belongs_to)
    work.connections.keep_secret(connection.connection_id, sealed)
