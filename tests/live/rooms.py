"""The tool's own way from a cleared post to a real server, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import requests

from mediacheck.flow import connections, publish
from mediacheck.flow.connections import Entered
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.removals import take_down
from mediacheck.flow.withdraw import after_change
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import Connection, Dispatch, Platform
from mediacheck.ports.services import Services
from mediacheck.settings import Settings
from mediacheck.wiring.publishing import (
    make_connectors,
    make_linkings,
    make_password_linkings,
)
from release_db.words import Answer, Audience, Capacity, StudentId, Use
from tests.conftest import House
from tests.factories import a_channel, a_release
from tests.mediacheck.flow.test_clear import OFFICE, TEACHER, a_cleared_post


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRoom:
    """A house whose publishing process may reach servers of this machine."""

    house: House
    publisher: Services

    def connect(self, platform: Platform, entered: Entered) -> Connection:
        """The office connects an account with a password that its platform made."""
        channel = a_channel(audience=platform.seen_by or Audience.SOCIAL)
        with self.publisher.transaction() as work:
            work.register.save_channel(channel)
        return connections.enter_link(self.publisher, OFFICE, channel.key, platform, entered)

    def publish(self, caption: str = "A windy day") -> Dispatch:
        """A cleared post with one picture goes out."""
        post_id = a_cleared_post(self.house, caption=caption)

        def ask(desk: Desk) -> object:
            post = desk.work.posts.post_or_none(post_id)
            assert post is not None
            return publish.publish_post(desk, post)

        self.house.at_desk(TEACHER, ask)
        self.run()
        return self.dispatch()

    def withdraw(self) -> Dispatch:
        """The family says no, and the tool takes down what is out."""
        no = a_release(
            use=Use.IMAGE, answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by="office"
        )
        with self.publisher.transaction() as work:
            work.register.record([no])
            student = StudentId("S1")
            after_change(self.publisher, work, [student], trigger=Trigger.ANSWER, by="family")
        self.run()
        return self.dispatch()

    def run(self) -> None:
        """Lets the publishing process do what it was asked to."""
        sweep_publishing(self.publisher)
        jobs = self.house.jobs
        while jobs.dispatches or jobs.removals:
            if jobs.dispatches:
                publish_dispatch(self.publisher, jobs.dispatches.pop(0))
            else:
                take_down(self.publisher, jobs.removals.pop(0))

    def dispatch(self) -> Dispatch:
        """The newest dispatch, as it is now."""
        with self.publisher.transaction() as work:
            return work.dispatches.newest(1)[0]


@contextmanager
def live_room(house: House, **settings: object) -> Iterator[LiveRoom]:
    """``settings``: how accounts are looked up."""
    more: Settings = replace(
        house.services.settings,
        allows_loopback_accounts=True,
        **settings,  # type: ignore[arg-type]  # each is a field of its own type.
    )
    services = replace(
        house.services,
        settings=more,
        linkings=make_linkings(more),
        password_linkings=make_password_linkings(more),
    )
    publisher = replace(services, connectors=make_connectors(services))
    with publisher.transaction() as work:
        for member in (TEACHER, OFFICE):
            work.accounts.save_staff(member)
    yield LiveRoom(house=house, publisher=publisher)


def status_of(address: str) -> int:
    """What a visitor gets there, without following anything."""
    return requests.get(address, timeout=30, allow_redirects=False).status_code
