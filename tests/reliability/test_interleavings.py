"""Revoke, edit, approve and publish in any order, also while a post is being sent: no false clear.

The platform is a stand-in at the outer edge, so that thousands of orders can be tried. At each
thing that is asked of it, something else may happen in the house; what it is told to publish is
held to an oracle that knows only what was last said.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from mediacheck.errors import ConnectorError, MediacheckError, Retry
from mediacheck.flow import clear, publish, receive, schedule
from mediacheck.flow.desk import Desk
from mediacheck.flow.dispatch import publish_dispatch, sweep_publishing
from mediacheck.flow.withdraw import after_change
from mediacheck.model.people import StaffMember
from mediacheck.model.post import Post, PostId
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import (
    Account,
    ClearedContent,
    Connection,
    ConnectionId,
    ConnectionState,
    Limits,
    Platform,
    Posted,
)
from mediacheck.ports.services import Services, Work
from release_db.words import Answer, Capacity, ReleaseId, StudentId, Use
from tests.conftest import House
from tests.factories import CLASS, a_channel, a_release, a_staff_member
from tests.mediacheck.flow.publishing import LIMITS
from tests.mediacheck.flow.test_clear import OFFICE

pytestmark = pytest.mark.lane

ORDERS = int(os.environ.get("MEDIACHECK_ORDERS") or 400)
#: A student of whom hundreds of posts are out slows every change of a release: nobody has so many.
_IN_A_HOUSE = 200
SECOND = a_staff_member("second", role=OFFICE.role, schools=())
_CAPTIONS = ("Maya Lopez flies a kite", "Maya Lopez and the wind", "A windy day")
_ACCOUNT = Account(account_id="1", handle="district", address="https://s.example/@district")


@dataclass(slots=True)
class StandIn:
    """A platform that publishes what it is told, fails at random, and lets things happen."""

    happen: Callable[[], None]
    may_publish: Callable[[str], bool]
    chance: random.Random
    public: list[str] = field(default_factory=list)
    by_key: dict[str, Posted] = field(default_factory=dict)
    false_clears: list[str] = field(default_factory=list)
    key_life: timedelta = timedelta(minutes=50)

    def open(self, connection: Connection, sealed: bytes) -> StandIn:
        return self

    def account(self) -> Account:
        self.happen()
        return _ACCOUNT

    def limits(self) -> Limits:
        self.happen()
        return LIMITS

    def prepare(self, content: ClearedContent) -> tuple[str, ...]:
        self.happen()
        self._fail((Retry.LATER, Retry.LOOK))
        self.happen()
        return ("part",)

    def publish(self, content: ClearedContent, parts: tuple[str, ...], key: str) -> Posted:
        # Nothing has happened since the transaction of the last word.
        if not self.may_publish(content.words):
            self.false_clears.append(content.words)
        self._fail((Retry.LATER, Retry.LOOK, Retry.NEVER))
        if key not in self.by_key:
            self.public.append(content.words)
            number = str(len(self.public))
            self.by_key[key] = Posted(reference=number, address=f"https://s.example/{number}")
        self._fail((Retry.LOOK,))
        self.happen()
        return self.by_key[key]

    def find_or_none(self, words: str, parts: tuple[str, ...], since: datetime) -> Posted | None:
        self.happen()
        self._fail((Retry.LATER, Retry.LOOK))
        at = [number for number, one in enumerate(self.public, start=1) if one == words]
        return Posted(reference=str(at[-1]), address="https://s.example/x") if at else None

    def posted_at(self, address: str) -> Posted:
        raise ConnectorError("no", retry=Retry.NEVER, code="not-ours")

    def verify(self, posted: Posted, content: ClearedContent) -> bool:
        return True

    def take_down(self, posted: Posted) -> None:
        pass

    def is_gone(self, posted: Posted) -> bool:
        return True

    def discard(self, parts: tuple[str, ...]) -> None:
        pass

    def end(self) -> None:
        pass

    def _fail(self, ways: tuple[Retry, ...]) -> None:
        if self.chance.random() < 0.2:
            raise ConnectorError("by chance", retry=self.chance.choice(ways), code="by-chance")


@dataclass(slots=True)
class Play:
    """One house in which anything may happen next, and what the oracle knows of it."""

    house: House
    publisher: Services
    chance: random.Random
    post_id: PostId | None = None
    caption: str = ""
    is_revoked: bool = False
    approved: set[str] = field(default_factory=set)
    count: int = 0

    def may_publish(self, words: str) -> bool:
        names_her = "Maya" in words
        return (
            words == self.caption and not (self.is_revoked and names_her) and words in self.approved
        )

    def happen(self) -> None:
        if self.chance.random() < 0.15:
            self.act(self.chance.choice([self.revoke, self.allow, self.edit, self.approve]))

    def act(self, act: Callable[[], None]) -> None:
        try:
            act()
        except MediacheckError:
            # Refused, as it is to be: then nothing was said.
            return

    def answer(self, answer: Answer) -> None:
        self.count += 1
        self.house.clock.move(timedelta(seconds=1))
        given = a_release(
            use=Use.NAME, answer=answer, capacity=Capacity.OFFICE, decided_by="office"
        )
        now = self.house.clock.now()
        with self.publisher.transaction() as work:
            latest = replace(given, release_id=ReleaseId(f"r{self.count}"), recorded_at=now)
            work.register.record([latest])
            after_change(
                self.publisher, work, [StudentId("S1")], trigger=Trigger.ANSWER, by="family"
            )
        self.is_revoked = answer is Answer.DENY

    def revoke(self) -> None:
        self.answer(Answer.DENY)

    def allow(self) -> None:
        self.answer(Answer.ALLOW)

    def edit(self) -> None:
        caption = self.chance.choice(_CAPTIONS)
        words = receive.Words(caption=caption, channel=a_channel().key, class_key=CLASS)
        self.at_desk(OFFICE, lambda desk, post: receive.change_words(desk, post, words))
        self.caption = caption

    def ask(self) -> None:
        if self.chance.random() < 0.1:
            self.plan()
        else:
            self.at_desk(OFFICE, publish.publish_post)

    def plan(self) -> None:
        """A moment is chosen: within the day of a clearance, or beyond it."""
        moment = self.house.clock.now() + timedelta(hours=self.chance.choice([1, 3, 26]))
        self.at_desk(OFFICE, lambda desk, post: publish.publish_post(desk, post, moment))

    def give_up(self) -> None:
        with self.publisher.transaction() as work:
            mine = [one for one in work.dispatches.newest(20) if one.is_scheduled]
        for one in mine:
            self.house.at_desk(SECOND, lambda desk, it=one: schedule.give_up(desk, it.dispatch_id))

    def clear_it(self) -> None:
        self.at_desk(OFFICE, clear.clear_post)

    def approve(self) -> None:
        with self.publisher.transaction() as work:
            asked = [one for one in work.dispatches.newest(20) if one.post_id == self.post_id]
        if not asked:
            return
        before = self.caption
        dispatch = self.house.at_desk(
            SECOND, lambda desk: publish.approve(desk, asked[0].dispatch_id)
        )
        if getattr(dispatch, "state", None) == "waiting":
            self.approved.add(before)

    def run(self) -> None:
        self.house.clock.move(timedelta(minutes=self.chance.choice([0, 4, 31])))
        sweep_publishing(self.publisher)
        jobs = self.house.jobs
        while jobs.dispatches:
            publish_dispatch(self.publisher, jobs.dispatches.pop(0))

    def some_order(self) -> list[Callable[[], None]]:
        """The way of a post, with other things anywhere in between, and steps left out."""
        others = [self.revoke, self.allow, self.edit, self.clear_it, self.ask, self.run]
        others += [self.give_up]
        order = [self.ask, self.approve, self.run, self.run]
        for _ in range(self.chance.randint(0, 4)):
            order.insert(self.chance.randint(0, len(order)), self.chance.choice(others))
        return [act for act in order if self.chance.random() < 0.9]

    def finish(self) -> None:
        """What is still on its way comes to its end, before the next post begins."""
        while self._is_anything_due():
            self.house.clock.move(timedelta(minutes=31))
            self.run()

    def _is_anything_due(self) -> bool:
        far = self.house.clock.now() + timedelta(days=2)
        with self.publisher.transaction() as work:
            return bool(work.dispatches.due(far))

    def at_desk(self, staff: StaffMember, act: Callable[[Desk, Post], object]) -> None:
        def do(desk: Desk) -> object:
            post = desk.work.posts.post_or_none(self.post_id)
            assert post is not None
            return act(desk, post)

        self.house.at_desk(staff, do)

    def begin(self) -> None:
        self.caption, self.approved = self.chance.choice(_CAPTIONS), set()
        words = receive.Words(caption=self.caption, channel=a_channel().key, class_key=CLASS)
        post = self.house.at_desk(OFFICE, lambda desk: receive.start_post(desk, words))
        assert isinstance(post, Post)
        self.post_id = post.post_id


def connect(work: Work) -> None:
    work.register.save_channel(a_channel(is_official=True))
    for member in (OFFICE, SECOND):
        work.accounts.save_staff(member)
    work.connections.save(
        Connection(
            connection_id=ConnectionId("account"),
            channel=a_channel().key,
            platform=Platform.MASTODON,
            server="https://s.example",
            account=_ACCOUNT,
            scopes=(),
            state=ConnectionState.ACTIVE,
            connected_by=OFFICE.staff_id,
            confirmed_by=SECOND.staff_id,
            connected_at=datetime.fromisoformat("2026-11-24T00:00:00+00:00"),
            limits=LIMITS,
        )
    )


@pytest.mark.parametrize("part", range(-(-ORDERS // _IN_A_HOUSE)))
def test_no_order_of_events_publishes_what_may_not_go(house: House, part: int) -> None:
    seed = int(os.environ.get("MEDIACHECK_SEED") or time.time_ns() % 2**32) + part
    orders = min(_IN_A_HOUSE, ORDERS - part * _IN_A_HOUSE)
    chance = random.Random(seed)  # noqa: S311 - orders of events, not secrets.
    play = Play(house=house, publisher=house.services, chance=chance)
    stand_in = StandIn(happen=play.happen, may_publish=play.may_publish, chance=chance)
    play.publisher = replace(house.services, connectors=stand_in)
    with play.publisher.transaction() as work:
        connect(work)

    for _ in range(orders):
        play.begin()
        for act in play.some_order():
            play.act(act)
        play.finish()

    told = f"seed {seed}, {orders} orders, {len(stand_in.public)} published"
    print(told)
    assert stand_in.false_clears == [], told
    assert len(stand_in.public) > orders // 20, told
