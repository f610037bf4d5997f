"""A worker ends by itself after so many pictures: its engines never give memory back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mediacheck.errors import EngineFault
from mediacheck.flow import receive
from mediacheck.flow.desk import Desk
from mediacheck.model.post import MediaId, MediaState
from mediacheck.worker import PICTURES_A_PROCESS, counted
from tests.conftest import House
from tests.factories import CLASS, a_channel, a_staff_member

WORDS = receive.Words(caption="", channel=a_channel().key, class_key=CLASS)
ONE_PICTURE = """
import sys
from mediacheck import worker

worker.PICTURES_A_PROCESS = 1
sys.exit(worker.main())
"""


def test_the_end_is_called_after_the_last_picture_and_once() -> None:
    done: list[str] = []
    check = counted(done.append, 2, lambda: done.append("end"))

    for name in ("a", "b", "c"):
        check(MediaId(name))

    assert done == ["a", "b", "end", "c"]


def test_a_picture_whose_check_fails_counts_too() -> None:
    ended: list[bool] = []

    def fail(_: MediaId) -> None:
        raise EngineFault

    with pytest.raises(EngineFault):
        counted(fail, 1, lambda: ended.append(True))(MediaId("a"))

    assert ended == [True]


def test_a_process_checks_some_two_hundred_pictures() -> None:
    assert PICTURES_A_PROCESS == 200


@pytest.mark.lane
@pytest.mark.slow
def test_a_worker_process_ends_after_its_last_picture(house: House) -> None:
    def start(desk: Desk) -> None:
        receive.add_picture(desk, receive.start_post(desk, WORDS), ("a.jpg", b"no picture"))

    house.at_desk(a_staff_member(), start)
    settings = house.services.settings
    environment = os.environ | {
        "MEDIACHECK_DATA": str(settings.data_folder),
        "MEDIACHECK_DB": settings.database_url,
    }

    worker = subprocess.Popen(
        [sys.executable, "-c", ONE_PICTURE], stdin=subprocess.PIPE, env=environment
    )

    assert worker.wait(timeout=120) == 0
    with house.services.transaction() as work:
        (summary,) = work.posts.posts(schools=None)
    assert [media.state for media in summary.post.media] == [MediaState.REFUSED]
    if worker.stdin is not None:
        worker.stdin.close()
