"""A worker process: takes up waiting pictures until its parent goes away."""

from __future__ import annotations

import logging
import os
import sys
import threading

from huey import crontab

from mediacheck import jobs
from mediacheck.flow.check import check_media, sweep
from mediacheck.flow.coming_of_age import hand_over
from mediacheck.flow.retention import destroy_what_lapsed
from mediacheck.flow.rounds import turn_year
from mediacheck.flow.rounds_mail import send_rounds
from mediacheck.flow.send_mail import send_mail, sweep_mail
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services

_LOG = logging.getLogger(__name__)


def main() -> int:
    """Runs jobs until the standard input closes: a worker never outlives the server."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    services = open_services(settings_from())
    queue = jobs.open_queue(services.settings.jobs_file)
    jobs.HueyJobs(
        queue,
        lambda media_id: check_media(services, media_id),
        lambda mail_id: send_mail(services, mail_id),
    )

    def sweep_now() -> None:
        sweep(services)
        sweep_mail(services)
        destroy_what_lapsed(services)
        hand_over(services)
        turn_year(services)
        send_rounds(services)

    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep_now)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for load in (services.decoder, services.face_finder, services.text_reader):
        load()
    sweep_now()
    queue.create_consumer(
        workers=1,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=False,
    ).run()
    return 0


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
