"""A server that answers nothing holds up no other account's posts, and nothing goes out twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from mediacheck import wire
from mediacheck.flow.dispatch import SETTLE, sweep_publishing
from mediacheck.model.publishing import ConnectionId, Dispatch, DispatchId, DispatchState
from mediacheck.publisher import Lanes, Office
from tests.conftest import House
from tests.mediacheck.flow.publishing import SITE, PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import a_cleared_post
from tests.servers.wordpress import Site, wordpress_site

ONE, OTHER = ConnectionId("one"), ConnectionId("other")
#: Longer than anything here takes on a busy machine; only a test that fails waits for it.
LONGEST_S = 30.0


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def ended(house: House) -> Iterator[None]:
    """No thread of a lane outlives the database of its test."""
    del house
    yield
    wait_until(lambda: not any("(_do)" in one.name for one in threading.enumerate()))


# --- The lanes of accounts ------------------------------------------------------------------------


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a job of the test waits for; it opens at the end, so that no thread stays."""
    opened = threading.Event()
    yield opened
    opened.set()


def test_another_account_s_job_passes_one_that_waits(gate: threading.Event) -> None:
    lanes, done = Lanes(), threading.Event()
    lanes.ask(ONE, "a", lambda: gate.wait(LONGEST_S) and None)

    lanes.ask(OTHER, "b", done.set)

    assert done.wait(LONGEST_S)
    assert not gate.is_set()


def test_jobs_of_one_account_are_done_one_at_a_time_and_in_order(gate: threading.Event) -> None:
    lanes, told, running = Lanes(), [], []

    def job(number: int) -> Callable[[], None]:
        def act() -> None:
            running.append(number)
            assert gate.wait(LONGEST_S)
            assert running[-1] == number
            told.append(number)

        return act

    for number in range(5):
        lanes.ask(ONE, f"job {number}", job(number))
    wait_until(lambda: running == [0])
    gate.set()

    wait_until(lambda: told == [0, 1, 2, 3, 4])


def test_what_waits_already_waits_once_and_what_runs_may_be_asked_for_anew(
    gate: threading.Event,
) -> None:
    lanes, told = Lanes(), []
    begun = threading.Event()

    def first() -> None:
        begun.set()
        gate.wait(LONGEST_S)
        told.append("first")

    lanes.ask(ONE, "first", first)
    assert begun.wait(LONGEST_S)
    for _ in range(3):
        lanes.ask(ONE, "first", lambda: told.append("again"))
        lanes.ask(ONE, "sweep", lambda: told.append("sweep"))
    gate.set()
    done = threading.Event()
    lanes.ask(ONE, "last", done.set)

    assert done.wait(LONGEST_S)
    assert told == ["first", "again", "sweep"]


def test_a_job_that_fails_ends_alone(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes, done = Lanes(), threading.Event()
    faults: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)

    def fail() -> None:
        gate.wait(LONGEST_S)
        raise OSError

    lanes.ask(ONE, "a", fail)
    lanes.ask(ONE, "b", done.set)
    gate.set()

    assert done.wait(LONGEST_S)
    wait_until(lambda: [fault.exc_type for fault in faults] == [OSError])


# --- The process, on servers that answer and one that does not -----------------------------------


@dataclass(slots=True, kw_only=True)
class Hanging:
    """A server that hears a request and says nothing until it is let go."""

    released: threading.Event
    heard: list[str]

    def __call__(self, heard: str) -> None:
        self.heard.append(heard)
        self.released.wait(LONGEST_S)


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def site(room: PressRoom) -> Iterator[Site]:
    with wordpress_site() as held:
        room.also_on(held)
        yield held


@pytest.fixture
def hanging(room: PressRoom, site: Site) -> Iterator[Hanging]:
    del site
    held = Hanging(released=threading.Event(), heard=[])
    room.server.rush = held
    yield held
    held.released.set()


def pour(room: PressRoom, office: Office) -> None:
    """Gives the process what was asked for so far."""
    jobs, doings = room.house.jobs, office.doings()
    while jobs.dispatches:
        doings.publish(jobs.dispatches.pop(0))
    while jobs.removals:
        doings.take_down(jobs.removals.pop(0))
    while jobs.accounts:
        doings.look_after_account(jobs.accounts.pop(0))


def state_of(room: PressRoom, dispatch: Dispatch) -> DispatchState | None:
    with room.publisher.transaction() as work:
        found = work.dispatches.dispatch_or_none(dispatch.dispatch_id)
    return found.state if found is not None else None


def ask_for_both(room: PressRoom) -> tuple[Dispatch, Dispatch]:
    """A post of the account whose server hangs, and then one of the site's."""
    first = room.ask(a_cleared_post(room.house))
    second = room.ask(a_cleared_post(room.house, channel=SITE))
    return first, second


def test_a_server_that_hangs_holds_up_no_other_account(
    room: PressRoom, site: Site, hanging: Hanging
) -> None:
    office = Office(room.publisher)
    first, second = ask_for_both(room)

    pour(room, office)

    wait_until(lambda: state_of(room, second) is DispatchState.PUBLISHED)
    assert len(site.live) == 1
    wait_until(lambda: bool(hanging.heard))
    assert state_of(room, first) is DispatchState.SENDING
    assert room.texts == []


def test_what_hung_goes_out_once_however_often_it_is_asked_for_meanwhile(
    room: PressRoom, hanging: Hanging
) -> None:
    office = Office(room.publisher)
    first, second = ask_for_both(room)
    pour(room, office)
    wait_until(lambda: bool(hanging.heard))
    wait_until(lambda: state_of(room, second) is DispatchState.PUBLISHED)

    for _ in range(5):
        room.house.jobs.dispatches.append(first.dispatch_id)
        sweep_publishing(room.publisher)
        pour(room, office)
    hanging.released.set()

    wait_until(lambda: state_of(room, first) is DispatchState.PUBLISHED)
    room.house.jobs.dispatches.append(first.dispatch_id)
    pour(room, office)
    wait_until(lambda: len(room.texts) == 1)
    assert room.server.posts_asked == 1


def test_an_answer_that_never_comes_is_looked_for_and_not_sent_again(
    room: PressRoom, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request arrives after the deadline: the post is out, and nobody was told."""
    monkeypatch.setattr(wire, "DEADLINE_S", 0.5)
    held = room.server.rush
    room.server.rush = lambda heard: held(heard) if heard == "POST /api/v1/statuses" else None
    office = Office(room.publisher)
    first, second = ask_for_both(room)

    pour(room, office)
    wait_until(lambda: state_of(room, first) is DispatchState.WAITING)
    wait_until(lambda: state_of(room, second) is DispatchState.PUBLISHED)
    hanging.released.set()
    wait_until(lambda: len(room.texts) == 1)
    room.house.clock.move(SETTLE * 2)
    sweep_publishing(room.publisher)
    pour(room, office)

    wait_until(lambda: state_of(room, first) is DispatchState.PUBLISHED)
    assert (len(room.texts), room.server.posts_asked) == (1, 1)


def test_a_job_of_nothing_is_done_with(room: PressRoom) -> None:
    doings = Office(room.publisher).doings()

    doings.publish(DispatchId("nothing"))
    doings.take_down(DispatchId("nothing"))

    assert room.texts == []


def test_accounts_are_read_side_by_side(room: PressRoom, site: Site, hanging: Hanging) -> None:
    office = Office(room.publisher)

    office.watch()

    def has_read(account: str) -> bool:
        with room.publisher.transaction() as work:
            return work.timelines.watch_of(ConnectionId(account)).looked_at is not None

    wait_until(lambda: has_read("site"))
    wait_until(lambda: bool(hanging.heard))
    assert not has_read("account")
    assert site.heard
    hanging.released.set()
    wait_until(lambda: has_read("account"))
