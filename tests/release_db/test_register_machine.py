"""Any acts in any order on the real register: it answers as the oracle reads the plain books.

Every act is played twice, on the register and on a memory that only keeps lists. After each, both
are asked, as of now and as of every moment before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from release_db import migrate
from release_db.engine import open_engine
from release_db.records import Appearance, Channel
from release_db.register import ReleaseRegister
from release_db.rules import permission_for
from release_db.store_files import channel_at_or_none
from release_db.words import ChannelKey, NameForm, Use
from tests.release_db.conflict_table import Act
from tests.release_db.histories import told
from tests.release_db.memory import Memory
from tests.release_db.oracle import Told, tell
from tests.release_db.stage import MAYA, ZONE, Stage, answer_of, moment_on

INSTAGRAM = ChannelKey("instagram")
UNKNOWN = Told(said="unknown-student")
BORN_ON = date(2008, 12, 1)
ENGINE = open_engine("sqlite://")

uses = st.sampled_from(["image", "image", "name", "image+name", "name(first)", "image+name(full)"])
places = st.sampled_from(["", "", " on instagram", " to social", " to print"])
guardians = st.sampled_from(["ana", "ben"])
people = st.sampled_from(["ana", "ana", "ben", "eve", "office", "sis", "new@home.example"])
ends = st.sampled_from(["", "", "", *(f" until {day}" for day in ("2026-10-10", "2026-12-01"))])


class Acts(RuleBasedStateMachine):
    """The register beside the memory, and the day, which only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(ENGINE)
        self.real = Stage(lambda now: ReleaseRegister(self.session, now))
        self.plain = Stage(self.keep_books)
        self.on, self.number = date(2026, 9, 1), 0
        self.moments: list[datetime] = []
        self.said: dict[str, list[int]] = {"release": [], "hold": [], "order": [], "notice": []}
        self.is_erased = False

    def keep_books(self, now: Callable[[], datetime]) -> Memory:
        self.books = Memory(now)
        return self.books

    def teardown(self) -> None:
        self.session.close()

    def do(self, words: str, kind: str = "") -> None:
        self.number += 1
        act = Act(number=self.number, on=self.on, words=words)
        self.real.play(act)
        self.plain.play(act)
        self.moments.append(self.real.moment)
        if kind:
            self.said[kind].append(self.number)

    @initialize()
    def begin(self) -> None:
        self.do(f"student is born {BORN_ON}")

    @rule(days=st.sampled_from([1, 1, 7, 30]))
    def let_time_pass(self, days: int) -> None:
        self.on += timedelta(days=days)

    @rule()
    def come_to_the_birthday(self) -> None:
        self.on = max(self.on, date(2026, 12, 1))

    @rule()
    def come_to_the_end_of_the_year(self) -> None:
        self.on = max(self.on, date(2027, 7, 1))

    @precondition(lambda self: not self.is_erased)
    @rule(who=people, answer=st.sampled_from(["allows", "allows", "denies", "asks"]))
    def decide(self, who: str, answer: str) -> None:
        self.do(f"{who} {answer} image", "release")

    @precondition(lambda self: not self.is_erased)
    @rule(answer=st.sampled_from(["allows", "denies"]))
    def let_the_student_say(self, answer: str) -> None:
        self.do(f"student {answer} image", "release")

    @precondition(lambda self: not self.is_erased)
    @rule(who=people, use=uses, place=places, until=ends, data=st.data())
    def decide_on_something(
        self, who: str, use: str, place: str, until: str, data: st.DataObject
    ) -> None:
        answer = data.draw(st.sampled_from(["allows", "allows", "denies", "asks"]))
        self.do(f"{who} {answer} {use}{place}{until}", "release")

    @precondition(lambda self: not self.is_erased)
    @rule(who=guardians, answer=st.sampled_from(["allows", "allows", "denies"]), until=ends)
    def answer_for_the_picture(self, who: str, answer: str, until: str) -> None:
        self.do(f"{who} {answer} image on instagram of pic{until}")

    @precondition(lambda self: self.said["release"] and not self.is_erased)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        self.do(f"ana takes back {data.draw(st.sampled_from(self.said['release']))}")

    @precondition(lambda self: not self.is_erased)
    @rule(place=places, until=ends)
    def place_a_hold(self, place: str, until: str) -> None:
        self.do(f"hold{place}{until}", "hold")

    @precondition(lambda self: not self.is_erased)
    @rule(who=guardians, effect=st.sampled_from(["removes-rights", "sole-rights"]), until=ends)
    def record_an_order(self, who: str, effect: str, until: str) -> None:
        self.do(f"order {effect} {who}{until}", "order")

    @precondition(lambda self: not self.is_erased)
    @rule(use=st.sampled_from(["", " for image"]))
    def record_an_agency_s_order(self, use: str) -> None:
        self.do(f"order rights-holder-only{use}", "order")

    @precondition(lambda self: (self.said["hold"] or self.said["order"]) and not self.is_erased)
    @rule(data=st.data(), days=st.sampled_from([-1, 0, 5]))
    def end_something(self, data: st.DataObject, days: int) -> None:
        ended = [(kind, one) for kind in ("hold", "order") for one in self.said[kind]]
        kind, number = data.draw(st.sampled_from(ended))
        self.do(f"{kind} {number} ends {self.on + timedelta(days=days)}")

    @rule(blanks=st.sampled_from(["yes for image", "yes for image,name", "no"]))
    def set_what_a_blank_means(self, blanks: str) -> None:
        self.do(f"blanks are {blanks}")

    @rule(day=st.sampled_from(["2027-06-11", "2027-05-28"]))
    def set_the_end_of_the_year(self, day: str) -> None:
        self.do(f"the year ends {day}")

    @precondition(lambda self: not self.is_erased)
    @rule(days=st.sampled_from([0, 5]))
    def send_a_notice(self, days: int) -> None:
        self.do(f"notice until {self.on + timedelta(days=days)}", "notice")

    @precondition(lambda self: self.said["notice"] and not self.is_erased)
    @rule()
    def hear_that_a_notice_was_lost(self) -> None:
        self.do(f"notice {self.said['notice'].pop()} failed")

    @precondition(lambda self: not self.is_erased)
    @rule(who=guardians, how=st.sampled_from(["unverified", "removed", "full", "full"]))
    def change_rights(self, who: str, how: str) -> None:
        self.do(f"{who} has {how} rights")

    @precondition(lambda self: not self.is_erased)
    @rule(address=st.sampled_from(["new@home.example", "ana@home.example"]))
    def import_another_address(self, address: str) -> None:
        self.do(f"ana has the address {address}")

    @precondition(lambda self: not self.is_erased)
    @rule(who=guardians, basis=st.sampled_from(["agency", "parent", "other"]))
    def import_another_basis(self, who: str, basis: str) -> None:
        self.do(f"{who} is {basis}")

    @precondition(lambda self: not self.is_erased)
    @rule(born=st.sampled_from([BORN_ON, date(2015, 3, 4)]))
    def correct_the_birth_date(self, born: date) -> None:
        self.do(f"student is born {born}")

    @rule(shown=st.sampled_from(["first", "full", "no close-ups"]))
    def change_the_channel(self, shown: str) -> None:
        self.do(f"channel instagram shows {shown}")

    @precondition(lambda self: not self.is_erased)
    @rule()
    def depart(self) -> None:
        self.do("student leaves")

    @precondition(lambda self: not self.is_erased and self.number > 4)
    @rule()
    def erase(self) -> None:
        self.do("student is erased")
        self.is_erased = True

    @rule()
    def come_back(self) -> None:
        self.do("student returns")
        if self.is_erased:
            # What is left of the time before is no history of anybody.
            self.is_erased, self.moments = False, self.moments[-1:]

    @invariant()
    def the_register_answers_as_the_oracle(self) -> None:
        now = moment_on(self.on, time(22))
        for at in {now, *self.moments[-1:], *self.moments[:: len(self.moments) // 3 + 1]}:
            register = ReleaseRegister(self.session, lambda: now)
            channel = channel_at_or_none(self.session, INSTAGRAM, at)
            file, books = register.file_at_or_none(MAYA, at), self.books.file_at(at)
            assert channel == self.books.channel_at(INSTAGRAM, at)
            for asked in questions(self.books.channel_at(INSTAGRAM, at)):
                day = at.astimezone(ZONE).date()
                expected = tell(asked, books, day) if books else UNKNOWN
                assert in_order(told(permission_for(asked, file, day))) == in_order(expected)

    @invariant()
    def the_register_s_own_answer_is_the_same(self) -> None:
        at = moment_on(self.on, time(22))
        asked = questions(self.books.channel_at(INSTAGRAM, at))[-1]

        answer = answer_of(self.session, asked, at)

        books = self.books.file_at(at)
        expected = tell(asked, books, self.on) if books else UNKNOWN
        assert in_order(told(answer)) == in_order(expected)


def in_order(answer: Told) -> Told:
    return replace(answer, by=tuple(sorted(answer.by)))


def questions(channel: Channel) -> list[Appearance]:
    return [
        Appearance(student_id=MAYA, use=use, channel=channel, name_form=form, item=item)
        for use, form, item in (
            (Use.IMAGE, NameForm.NONE, None),
            (Use.IMAGE, NameForm.NONE, "pic"),
            (Use.IMAGE_WITH_NAME, NameForm.FULL, None),
        )
    ]


def steps(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


migrate.upgrade(ENGINE)
TestActs = Acts.TestCase
TestActs.settings = steps(8)


@pytest.mark.lane
def test_many_acts_in_many_orders() -> None:
    run_state_machine_as_test(Acts, settings=steps(60))
