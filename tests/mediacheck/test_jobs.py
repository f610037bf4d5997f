"""The queue of background work: the same on SQLite, on PostgreSQL and on Redis."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from huey import Huey

from mediacheck import jobs
from mediacheck.errors import NotReady
from mediacheck.model.face_evidence import MeasurementId
from mediacheck.model.mail import MailId
from mediacheck.model.portraits import BatchId
from mediacheck.model.post import MediaId
from mediacheck.model.publishing import ConnectionId, DispatchId
from mediacheck.model.timelines import WatchedId
from mediacheck.settings import settings_from
from mediacheck.wiring.services import open_services
from tests.conftest import settings_in

LONGEST_S = 30.0


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new folder' / 'jobs.sqlite3'}"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("no Redis on this machine: install the Debian package redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as server:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


def wait_for(port: int) -> None:
    until = time.monotonic() + LONGEST_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < until, "the server of the queue did not start"
            time.sleep(0.05)
        else:
            return


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def address(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def a_worker(queues: jobs.Queues, told: list[tuple[str, str]]) -> None:
    """What a worker does with the jobs of both queues: here it notes them."""

    def note(name: str) -> Callable[[str], None]:
        return lambda subject: told.append((name, subject))

    acts = {field.name: note(field.name) for field in fields(jobs.Doings)}
    jobs.HueyJobs(queues, jobs.Doings(**acts))


def do_all(huey: Huey) -> None:
    while (task := huey.dequeue()) is not None:
        huey.execute(task)


def ask_for_everything(queue: jobs.HueyJobs) -> None:
    queue.check_media(MediaId("1"))
    queue.send_mail(MailId("2"))
    queue.measure_gallery(MeasurementId("3"))
    queue.see_to_portraits(BatchId("4"))
    queue.publish(DispatchId("5"))
    queue.take_down(DispatchId("6"))
    queue.look_after_account(ConnectionId("7"))
    queue.fetch_seen(WatchedId("8"))


def test_another_process_does_what_was_asked_for_in_order(address: str) -> None:
    told: list[tuple[str, str]] = []
    worker = jobs.open_queues(address)
    a_worker(worker, told)

    ask_for_everything(jobs.HueyJobs(jobs.open_queues(address), jobs.Doings()))

    do_all(worker.checking)
    assert told == [
        ("check_media", "1"),
        ("send_mail", "2"),
        ("measure_gallery", "3"),
        ("see_to_portraits", "4"),
    ]
    do_all(worker.publishing)
    assert told[4:] == [
        ("publish", "5"),
        ("take_down", "6"),
        ("look_after_account", "7"),
        ("fetch_seen", "8"),
    ]


def test_a_job_is_done_by_one_of_several_workers(address: str) -> None:
    told: list[tuple[str, str]] = []
    workers = [jobs.open_queues(address) for _ in range(4)]
    for worker in workers:
        a_worker(worker, told)
    queue = jobs.HueyJobs(jobs.open_queues(address), jobs.Doings())
    for number in range(100):
        queue.check_media(MediaId(str(number)))

    threads = [threading.Thread(target=do_all, args=(worker.checking,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(int(subject) for _, subject in told) == list(range(100))


def test_processes_that_start_at_once_all_find_the_queue(address: str) -> None:
    opened: list[jobs.Queues] = []
    threads = [
        threading.Thread(target=lambda: opened.append(jobs.open_queues(address))) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == 8


NOBODY_THERE = ["redis://127.0.0.1:9/0", "postgresql+psycopg://nobody@127.0.0.1:9/none"]


@pytest.mark.parametrize("nowhere", NOBODY_THERE)
def test_a_queue_that_does_not_answer_is_told(nowhere: str) -> None:
    with pytest.raises(jobs.NoQueue):
        jobs.HueyJobs(jobs.open_queues(nowhere), jobs.Doings()).publish(DispatchId("1"))


@pytest.mark.parametrize("nowhere", NOBODY_THERE)
def test_what_was_committed_is_no_fault_where_the_queue_does_not_answer(
    tmp_path: Path, nowhere: str, caplog: pytest.LogCaptureFixture
) -> None:
    services = open_services(replace(settings_in(tmp_path / "data"), jobs_url=nowhere))

    services.jobs.publish(DispatchId("1"))

    assert "the sweep will ask again" in caplog.text


def test_a_queue_of_another_kind_is_refused() -> None:
    with pytest.raises(NotReady, match="amqp"):
        jobs.open_queues("amqp://somewhere")


def test_the_queue_is_beside_the_database_unless_a_server_is_named(tmp_path: Path) -> None:
    embedded = settings_from({"MEDIACHECK_DATA": str(tmp_path)})
    on_server = settings_from({"MEDIACHECK_DB": "postgresql+psycopg://u@h/d"})
    named = settings_from({"MEDIACHECK_JOBS": "redis://h/0"})

    assert embedded.jobs_address == f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    assert on_server.jobs_address == on_server.database_url
    assert named.jobs_address == "redis://h/0"
