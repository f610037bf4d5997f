"""The publishing process: the only one that can open the accounts' tokens.

It reads no upload and runs no engine, so that a hostile file never meets a token.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from dataclasses import replace

from huey import crontab

from mediacheck import jobs
from mediacheck.flow.connections import look_after_account, sweep_accounts
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.removals import take_down
from mediacheck.flow.timelines import fetch_seen, sweep_timelines
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


def main() -> int:
    """Publishes until the standard input closes: the process never outlives the server."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    services = open_publisher(settings_from())
    queues = jobs.open_queues(services.settings.jobs_file)
    doings = jobs.Doings(
        publish=lambda dispatch_id: publish_dispatch(services, dispatch_id),
        take_down=lambda dispatch_id: take_down(services, dispatch_id),
        look_after_account=lambda connection_id: look_after_account(services, connection_id),
        fetch_seen=lambda watched_id: fetch_seen(services, watched_id),
    )
    jobs.HueyJobs(queues, doings)

    def sweep_now() -> None:
        sweep_publishing(services)
        sweep_accounts(services)

    def watch_now() -> None:
        sweep_timelines(services)

    queues.publishing.periodic_task(crontab(minute="*"), name="sweep_publishing")(sweep_now)
    # In its turn, never beside: a token that is renewed is renewed once. Not at the start: what is
    # to be published does not wait for an account that answers slowly.
    queues.publishing.periodic_task(crontab(minute="*"), name="watch_timelines")(watch_now)
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
