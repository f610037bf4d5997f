"""A worker process: takes up waiting pictures until its parent goes away."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from huey import crontab

from mediacheck import jobs
from mediacheck.flow.archive_folder import judge_old, sweep_old
from mediacheck.flow.check import check_media, sweep
from mediacheck.flow.coming_of_age import hand_over
from mediacheck.flow.ended import bring_down_ended
from mediacheck.flow.measure import ask_where_outgrown, measure_gallery, sweep_measurements
from mediacheck.flow.portraits_work import see_to_portraits, sweep_portraits
from mediacheck.flow.retention import destroy_what_lapsed
from mediacheck.flow.rounds import turn_year
from mediacheck.flow.rounds_mail import send_rounds
from mediacheck.flow.send_mail import send_mail, sweep_mail
from mediacheck.flow.staff_mail import send_staff_mail
from mediacheck.flow.takedown_tasks import sweep_tasks
from mediacheck.ports.services import Services
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services

_Id = TypeVar("_Id")

_LOG = logging.getLogger(__name__)

#: After so many pictures a worker ends, and the server starts another: the engines hold on to
#: memory for every new size of picture (RapidOCR's issue 187).
PICTURES_A_PROCESS = 200


def main() -> int:
    """Runs jobs until the standard input closes: a worker never outlives the server.

    It returns by itself after ``PICTURES_A_PROCESS`` pictures.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    services = open_services(settings_from())
    queues = jobs.open_queues(services.settings.jobs_address)
    consumer = queues.checking.create_consumer(
        workers=1,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=False,
    )
    end = consumer.stop_flag.set
    doings = jobs.Doings(
        check_media=counted(partial(check_media, services), PICTURES_A_PROCESS, end),
        judge_old=counted(partial(judge_old, services), PICTURES_A_PROCESS, end),
        send_mail=lambda mail_id: send_mail(services, mail_id),
        measure_gallery=lambda measurement_id: _beside(measure_gallery, services, measurement_id),
        see_to_portraits=lambda batch_id: _beside(see_to_portraits, services, batch_id),
    )
    jobs.HueyJobs(queues, doings)

    for minutes, name, act in (
        ("*", "sweep", _sweep_all),
        ("*/10", "galleries", _look_at_galleries),
        ("30", "ended", bring_down_ended),
    ):
        queues.checking.periodic_task(crontab(minute=minutes), name=name)(partial(act, services))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for load in (services.decoder, services.face_finder, services.text_reader):
        load()
    _sweep_all(services)
    bring_down_ended(services)
    # What is loaded by now stays; nobody need go through it for garbage while captions are read.
    gc.collect()
    gc.freeze()
    consumer.run()
    return 0


def _sweep_all(services: Services) -> None:
    """Takes up what a dead worker left, and what has become due."""
    sweep(services)
    sweep_mail(services)
    destroy_what_lapsed(services)
    hand_over(services)
    turn_year(services)
    send_rounds(services)
    sweep_measurements(services)
    sweep_tasks(services)
    send_staff_mail(services)
    sweep_portraits(services)
    sweep_old(services)


def _look_at_galleries(services: Services) -> None:
    ask_where_outgrown(services)


def counted(
    check: Callable[[_Id], None], most: int, end: Callable[[], None]
) -> Callable[[_Id], None]:
    """``check``, and ``end`` when it has run ``most`` times. What was begun is finished first."""
    checked: list[_Id] = []

    def check_and_count(media_id: _Id) -> None:
        try:
            check(media_id)
        finally:
            checked.append(media_id)
            if len(checked) == most:
                end()

    return check_and_count


def _beside(act: Callable[[Services, _Id], None], services: Services, subject: _Id) -> None:
    """Does beside the checks what may take minutes: no post may wait for it."""
    threading.Thread(target=act, args=(services, subject)).start()


def _end_with_parent() -> None:
    # Not through Python's own buffer: its lock, held here, would abort a worker that ends first.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
