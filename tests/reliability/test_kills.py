"""Kills the publishing process at random points: nothing twice, nothing lost, nothing revoked."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mediacheck.flow import clear, publish, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.removals import take_down
from mediacheck.model.post import PostId
from mediacheck.model.publishing import Dispatch, DispatchId, DispatchState
from mediacheck.settings import Settings
from mediacheck.wiring.publishing import make_connectors
from mediacheck.wiring.services import open_services
from release_db.words import Answer, Capacity, ChannelKey, StudentId, Use
from tests.conftest import House
from tests.factories import CLASS, a_channel, a_release, a_student, releases_for
from tests.fakes import FixedClock, InlineJobs
from tests.mediacheck.flow.publishing import SITE, PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import TEACHER
from tests.servers.wordpress import Site, wordpress_site

pytestmark = [
    pytest.mark.lane,
    # Newer Pythons warn of forking beside threads; the child touches none of the parent's.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

KILLS = int(os.environ.get("MEDIACHECK_KILLS") or 30)
#: A process is killed within so many seconds of its beginning to publish.
_HORIZON_S = 1.5
#: So many posts wait at a time, and before so many kills the release of one of them is revoked.
_AT_ONCE, _REVOKED = 5, 0.2
_GIVEN = (
    *("Quillon", "Ysolde", "Thandeka", "Bertrand", "Oluwaseun", "Marisela", "Gottfried"),
    *("Saoirse", "Ignatius", "Wilhelmina", "Zebulon", "Anneliese", "Thaddeus", "Philippa"),
)
_FAMILY = (
    *("Zimbrano", "Kettlewick", "Vandermolen", "Oyelaran", "Pruszkowski", "Haraldsen"),
    *("Brockenhurst", "Castellanos", "Dragomirov", "Fitzwilliam", "Nakashima", "Quartermaine"),
    *("Rasmussen", "Szymanski", "Thornberry", "Wojciechowski"),
)


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def site(room: PressRoom) -> Iterator[Site]:
    with wordpress_site() as held:
        room.also_on(held)
        yield held


def a_crowd(room: PressRoom, count: int) -> list[StudentId]:
    """Students with names of their own, each released."""
    names = [(given, family) for family in _FAMILY for given in _GIVEN][:count]
    ids = [f"K{number}" for number in range(count)]
    with room.publisher.transaction() as work:
        work.register.save_students(
            [
                a_student(student_id, given=given, family=family)
                for student_id, (given, family) in zip(ids, names, strict=True)
            ]
        )
        work.register.record(
            [
                replace(release, capacity=Capacity.OFFICE, decided_by="office")
                for student_id in ids
                for release in releases_for(student_id)
            ]
        )
    return [StudentId(student_id) for student_id in ids]


def a_post_about(
    room: PressRoom, student: StudentId, *, with_picture: bool, channel: str
) -> Dispatch:
    """A cleared post that names the student, asked to be published."""
    house = room.house
    with room.publisher.transaction() as work:
        known = work.register.student_or_none(student)
    assert known is not None
    caption = f"Well done, {known.given_name} {known.family_name}!"
    words = receive.Words(caption=caption, channel=ChannelKey(channel), class_key=CLASS)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        if with_picture:
            receive.add_picture(desk, post, ("IMG_1.jpg", b"grey:200"))
        return post.post_id

    post_id = PostId(str(house.at_desk(TEACHER, start)))
    house.jobs.run()

    def go(desk: Desk) -> object:
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        for media in post.media:
            receive.change_alt_text(desk, post, media.media_id, "A kite")
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        clear.clear_post(desk, post)
        return publish.publish_post(desk, post)

    dispatch = house.at_desk(TEACHER, go)
    assert isinstance(dispatch, Dispatch)
    return dispatch


def publish_in_child(settings: Settings, now: datetime, kill_after_s: float | None) -> None:
    """A publishing process of its own, killed after so long; None: it may finish."""
    ready, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ready)
            _publish(settings, now, say)
        finally:
            os._exit(0)
    os.close(say)
    os.read(ready, 1)
    os.close(ready)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _publish(settings: Settings, now: datetime, say: int) -> None:
    jobs = InlineJobs()
    services = replace(open_services(settings, clock=FixedClock(now)), jobs=jobs)
    services = replace(services, connectors=make_connectors(services))
    os.write(say, b"!")
    sweep_publishing(services)
    for dispatch_id in jobs.dispatches:
        publish_dispatch(services, dispatch_id)
    for dispatch_id in jobs.removals:
        take_down(services, dispatch_id)


def revoke(room: PressRoom, student: StudentId) -> None:
    no = a_release(
        student, use=Use.NAME, answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by="office"
    )
    with room.publisher.transaction() as work:
        work.register.record([no])


def test_kills_at_random_points_leave_neither_a_second_post_nor_a_lost_one(
    room: PressRoom, site: Site
) -> None:
    seed = int(os.environ.get("MEDIACHECK_SEED") or time.time_ns() % 2**32)
    chance = random.Random(seed)  # noqa: S311 - points in time, not secrets.
    room.server.rush = site.rush = lambda _: time.sleep(chance.random() * 0.02)
    students = a_crowd(room, min(KILLS, len(_GIVEN) * len(_FAMILY)))
    dispatches: dict[StudentId, DispatchId] = {}
    revoked: set[StudentId] = set()
    kills = 0

    while kills < KILLS:
        while len(dispatches) < len(students) and _due(room) < _AT_ONCE:
            student = students[len(dispatches)]
            made = a_post_about(
                room,
                student,
                with_picture=chance.random() < 0.5,
                channel=chance.choice([a_channel().key, SITE]),
            )
            dispatches[student] = made.dispatch_id
        if not _due(room):
            break
        if chance.random() < _REVOKED:
            fresh = [one for one in _not_begun(room, dispatches) if one not in revoked]
            for student in chance.sample(fresh, min(1, len(fresh))):
                revoke(room, student)
                revoked.add(student)
        publish_in_child(
            room.publisher.settings, room.house.clock.now(), chance.random() * _HORIZON_S
        )
        kills += 1
        room.house.clock.move(timedelta(minutes=31))
    for _ in range(12):
        publish_in_child(room.publisher.settings, room.house.clock.now(), None)
        room.house.clock.move(timedelta(minutes=31))

    never = {_words_about(room, student) for student in revoked}
    told = f"seed {seed}, {kills} kills, {len(dispatches)} posts"
    with room.publisher.transaction() as work:
        ends = Counter(one.state for one in work.dispatches.newest(1_000))
        # Each kill costs half an hour of the house's clock, and a clearance lives for a day.
        ran_out = sum("has run out" in one.words for one in work.dispatches.newest(1_000))
        public = {one.posted.address for one in work.dispatches.newest(1_000) if one.posted}
    texts = [*room.texts, *map(site.words_of, site.live)]
    print(told, dict(ends), f"{len(never)} revoked before, {ran_out} ran out")
    print(f"{len(room.texts)} out by Mastodon's API, {len(site.live)} on WordPress")
    assert max(Counter(texts).values(), default=0) <= 1, told
    assert never, f"{told}: nothing was revoked, so nothing was shown of it"
    assert not never & set(texts), told
    # What is out is known to be out, or is a person's to look at; what ended is not out.
    unknown = ends[DispatchState.UNKNOWN]
    assert len(texts) <= len(public) + unknown, told
    there = {status["url"] for status in room.server.live} | set(map(site.address_of, site.live))
    assert public <= there, told
    # What a dead process may leave on the site, and nobody can know of, is an empty draft.
    left = [one for one in site.posts.values() if one["status"] != "publish"]
    assert sum(bool(site.words_of(one)) for one in left) <= unknown + ran_out, told
    shown = sum(len(site.media_of(one)) for one in site.live)
    assert (unknown + ran_out) or len(site.media) == shown, told
    finished = {DispatchState.PUBLISHED, DispatchState.STOPPED, DispatchState.UNKNOWN}
    assert set(ends) <= finished, f"{told}: {ends}"
    assert ends[DispatchState.STOPPED] - ran_out <= len(never), told


def _due(room: PressRoom) -> int:
    with room.publisher.transaction() as work:
        far = room.house.clock.now() + timedelta(days=1)
        return len(work.dispatches.due(far))


def _not_begun(room: PressRoom, dispatches: Mapping[StudentId, DispatchId]) -> Sequence[StudentId]:
    """Whose posts wait, and no platform was asked for them yet."""
    with room.publisher.transaction() as work:
        far = room.house.clock.now() + timedelta(days=1)
        due = map(work.dispatches.dispatch_or_none, work.dispatches.due(far))
        waiting = {one.dispatch_id for one in due if one and not one.asked_platform_at}
    return [student for student, dispatch in sorted(dispatches.items()) if dispatch in waiting]


def _words_about(room: PressRoom, student: StudentId) -> str:
    with room.publisher.transaction() as work:
        known = work.register.student_or_none(student)
    assert known is not None
    return f"Well done, {known.given_name} {known.family_name}!"
