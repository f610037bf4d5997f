"""The publishing process: the only one that can open the accounts' tokens.

It reads no upload and runs no engine, so that a hostile file never meets a token. Each account has
a lane of its own, so that a server that answers nothing holds up nobody else's posts.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from huey import crontab

from mediacheck import jobs
from mediacheck.flow.connections import look_after_account, sweep_accounts
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.removals import take_down
from mediacheck.flow.timelines import fetch_seen, sweep_timelines, watch_account
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId
from mediacheck.ports.services import Services
from mediacheck.settings import Settings, settings_from
from mediacheck.wiring.publishing import make_connectors
from mediacheck.wiring.services import open_services

_LOG = logging.getLogger(__name__)


def open_publisher(settings: Settings) -> Services:
    """The services of this process: those of any other, and the tokens' key."""
    if settings.allows_loopback_accounts:
        _LOG.warning("accounts on this machine may be posted to: for tests only")
    services = open_services(settings)
    return replace(services, connectors=make_connectors(services))


class Lanes:
    """One job at a time for each account, in the order in which they came; accounts side by side.

    So a token that is renewed is renewed once, and no post is ever in two hands. A job that is lost
    with the process is asked for again by the sweep.
    """

    def __init__(self) -> None:
        """Nothing waits."""
        self._lock = threading.Lock()
        self._waiting: dict[ConnectionId, dict[str, Callable[[], None]]] = {}

    def ask(self, account: ConnectionId, job: str, act: Callable[[], None]) -> None:
        """Does it in the account's turn. What waits already under that name waits once."""
        with self._lock:
            if account in self._waiting:
                self._waiting[account].setdefault(job, act)
                return
            self._waiting[account] = {}
        self._start(account, act)

    def _start(self, account: ConnectionId, act: Callable[[], None]) -> None:
        # A thread a job: one that fails ends with its fault, and the lane goes on.
        try:
            threading.Thread(target=self._do, args=(account, act), daemon=True).start()
        except RuntimeError:
            # The system gives no more threads: the sweep asks again for all of it.
            with self._lock:
                del self._waiting[account]
            raise

    def _do(self, account: ConnectionId, act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            self._go_on(account)

    def _go_on(self, account: ConnectionId) -> None:
        with self._lock:
            waiting = self._waiting[account]
            if not waiting:
                del self._waiting[account]
                return
            following = waiting.pop(next(iter(waiting)))
        self._start(account, following)


class Office:
    """What this process does when a job comes: it puts it into the lane of its account."""

    def __init__(self, services: Services) -> None:
        """``services`` are those that can open the tokens."""
        self._services = services
        self._lanes = Lanes()

    def doings(self) -> jobs.Doings:
        """One for each kind of job of this process's queue."""
        return jobs.Doings(
            publish=partial(self._of_dispatch, publish_dispatch),
            take_down=partial(self._of_dispatch, take_down),
            look_after_account=partial(self._of_account, look_after_account),
            fetch_seen=self._fetch,
        )

    def watch(self) -> None:
        """Has every account read whose turn it is."""
        sweep_timelines(self._services, partial(self._of_account, watch_account))

    def _of_dispatch(
        self, act: Callable[[Services, DispatchId], None], dispatch_id: DispatchId
    ) -> None:
        with self._services.transaction() as work:
            found = work.dispatches.dispatch_or_none(dispatch_id)
        if found is not None:
            job = f"{act.__name__} {dispatch_id}"
            self._lanes.ask(found.connection_id, job, partial(act, self._services, dispatch_id))

    def _of_account(
        self, act: Callable[[Services, ConnectionId], None], account: ConnectionId
    ) -> None:
        self._lanes.ask(account, act.__name__, partial(act, self._services, account))

    def _fetch(self, watched_id: WatchedId) -> None:
        with self._services.transaction() as work:
            found = work.timelines.post_or_none(watched_id)
        if found is not None:
            act = partial(fetch_seen, self._services, watched_id)
            self._lanes.ask(found.connection_id, f"fetch_seen {watched_id}", act)


def main() -> int:
    """Publishes until the standard input closes: the process never outlives the server."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    services = open_publisher(settings_from())
    queues = jobs.open_queues(services.settings.jobs_address)
    office = Office(services)
    jobs.HueyJobs(queues, office.doings())

    def sweep_now() -> None:
        sweep_publishing(services)
        sweep_accounts(services)

    queues.publishing.periodic_task(crontab(minute="*"), name="sweep_publishing")(sweep_now)
    # Not at the start: what is to be published comes first in each account's lane.
    queues.publishing.periodic_task(crontab(minute="*"), name="watch_timelines")(office.watch)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sweep_now()
    queues.publishing.create_consumer(
        workers=1,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=False,
    ).run()
    return 0


def _end_with_parent() -> None:
    # Not through Python's own buffer: its lock, held here, would abort a process that ends first.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
