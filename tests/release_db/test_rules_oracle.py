"""The rules against the oracle, over many random histories of one student."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from release_db.records import (
    Appearance,
    Channel,
    Granted,
    Guardian,
    Hold,
    Release,
    Scope,
    Student,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.terms import CourtOrder, ItemConsent, NoticeDelivery, ReleasePolicy
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    DefaultRule,
    DeliveryId,
    GuardianId,
    HoldId,
    ItemConsentId,
    NameForm,
    OrderEffect,
    OrderId,
    ReleaseId,
    Rights,
    RightsBasis,
    SchoolKey,
    StudentId,
    Use,
)
from tests.release_db.oracle import Oracle

S1 = StudentId("S1")
TODAY = date(2026, 11, 24)
START = datetime(2026, 9, 1, tzinfo=UTC)
PEOPLE = ("ana", "ANA@home.example", "old-ana@home.example", "ben", "ben@home.example", "eve")
AUDIENCES = (None, None, Audience.SOCIAL, Audience.PRINT)
KEYS = (None, None, ChannelKey("instagram"), ChannelKey("facebook"))
USES = (Use.IMAGE, Use.NAME, Use.IMAGE_WITH_NAME)


class Histories:
    """Makes files and questions; few values each, so that they meet."""

    def __init__(self, seed: int) -> None:
        self.random, self.count = Random(seed), 0  # noqa: S311

    def day(self) -> date:
        return TODAY + timedelta(days=self.random.choice((-400, -60, -30, -1, 0, 1, 30, 200)))

    def maybe_day(self) -> date | None:
        return self.day() if self.random.random() < 0.3 else None

    def number(self) -> int:
        self.count += 1
        return self.count

    def decider(self) -> tuple[Capacity, str]:
        capacity = self.random.choice((*[Capacity.GUARDIAN] * 4, *Capacity))
        is_guardian = capacity is Capacity.GUARDIAN
        return capacity, self.random.choice(PEOPLE) if is_guardian else capacity.value

    def release(self) -> Release:
        pick, number, (capacity, by) = self.random.choice, self.number(), self.decider()
        return Release(
            release_id=ReleaseId(f"r{number}"),
            student_id=S1,
            scope=Scope(
                use=pick(USES),
                channel=pick(KEYS),
                audience=pick(AUDIENCES),
                name_form=pick((None, None, *NameForm)),
            ),
            answer=pick((Answer.ALLOW, Answer.ALLOW, Answer.ALLOW, Answer.DENY, Answer.ASK)),
            capacity=capacity,
            decided_by=by,
            method="portal",
            given_on=self.day(),
            recorded_at=START + timedelta(minutes=self.random.randrange(50_000), seconds=number),
            ends_on=self.maybe_day(),
            starts_on=self.maybe_day(),
            revoked_on=self.maybe_day() if pick((True, False, False)) else None,
        )

    def item(self) -> ItemConsent:
        pick, number, (capacity, by) = self.random.choice, self.number(), self.decider()
        return ItemConsent(
            item_consent_id=ItemConsentId(f"i{number}"),
            student_id=S1,
            item=pick(("a", "a", "b")),
            channel=ChannelKey("instagram"),
            use=pick(USES),
            name_form=pick(tuple(NameForm)),
            answer=pick((Answer.ALLOW, Answer.ALLOW, Answer.DENY)),
            capacity=capacity,
            decided_by=by,
            method="portal",
            given_on=self.day(),
            recorded_at=START + timedelta(minutes=self.random.randrange(50_000), seconds=number),
            ends_on=self.maybe_day(),
        )

    def order(self) -> CourtOrder:
        pick = self.random.choice
        return CourtOrder(
            order_id=OrderId(f"o{self.number()}"),
            student_id=S1,
            effect=pick(tuple(OrderEffect)),
            guardian_id=pick((None, GuardianId("ana"), GuardianId("ben"), GuardianId("ben"))),
            uses=pick(((), (), (Use.IMAGE,), (Use.NAME, Use.IMAGE_WITH_NAME))),
            audience=pick(AUDIENCES),
            starts_on=self.day(),
            ends_on=self.maybe_day(),
            recorded_at=START,
        )

    def hold(self) -> Hold:
        pick = self.random.choice
        return Hold(
            hold_id=HoldId(f"h{self.number()}"),
            student_id=S1,
            starts_on=self.day(),
            ends_on=self.maybe_day(),
            audience=pick(AUDIENCES),
            channel=pick(KEYS),
        )

    def delivery(self) -> NoticeDelivery:
        sent_on = self.day()
        return NoticeDelivery(
            delivery_id=DeliveryId(f"d{self.number()}"),
            student_id=S1,
            notice="release@1",
            language="en",
            address="ana@home.example",
            sent_on=sent_on,
            window_ends_on=sent_on + timedelta(days=self.random.choice((-1, 0, 20))),
            recorded_at=START,
            failed_at=self.random.choice((None, None, START)),
        )

    def guardian(self, guardian_id: str, former: tuple[str, ...] = ()) -> Guardian:
        return Guardian(
            guardian_id=GuardianId(guardian_id),
            student_id=S1,
            email=f"{guardian_id}@home.example",
            rights=self.random.choice((Rights.FULL, Rights.FULL, *Rights)),
            basis=self.random.choice((RightsBasis.PARENT, *RightsBasis)),
            former_emails=former,
        )

    def student(self) -> Student:
        births = (None, date(2015, 3, 4), date(2008, 11, 24), date(2008, 11, 25), date(2008, 9, 2))
        return Student(
            student_id=S1,
            given_name="Maya",
            family_name="Lopez",
            school=SchoolKey("lincoln"),
            birth_on=self.random.choice(births),
            left_on=self.day() if self.random.random() < 0.05 else None,
        )

    def file(self) -> StudentFile:
        times = self.random.randrange
        uses = frozenset(self.random.sample(USES, times(3)))
        return StudentFile(
            student=self.student(),
            guardians=(self.guardian("ana", ("old-ana@home.example",)), self.guardian("ben")),
            releases=tuple(self.release() for _ in range(times(7))),
            holds=tuple(self.hold() for _ in range(max(0, times(6) - 4))),
            items=tuple(self.item() for _ in range(times(4))),
            orders=tuple(self.order() for _ in range(max(0, times(5) - 2))),
            deliveries=tuple(self.delivery() for _ in range(times(2))),
            year_ends_on=self.random.choice((None, date(2027, 6, 11), date(2027, 12, 1))),
            policy=ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=uses),
        )

    def question(self) -> Appearance:
        pick = self.random.choice
        return Appearance(
            student_id=S1,
            use=pick(USES),
            channel=Channel(
                key=ChannelKey("instagram"),
                name="Instagram",
                audience=Audience.SOCIAL,
                name_form=pick((NameForm.FULL, *NameForm)),
                allows_close_ups=pick((True, False)),
            ),
            name_form=pick(tuple(NameForm)),
            item=pick((None, "a", "a")),
            is_close_up=pick((True, False, False)),
        )


def compare(seed: int, histories: int) -> dict[str, int]:
    """How often each answer came; fails at the first on which the two differ."""
    made, seen = Histories(seed), dict[str, int]()
    for number in range(histories):
        file, asked, on = made.file(), made.question(), made.day()
        permission = permission_for(asked, file, on)
        said = "granted" if isinstance(permission, Granted) else str(permission.reason)
        expected = Oracle(asked, file, on).answer()
        assert said == expected, f"history {number} of seed {seed}: {asked} {on} {file}"
        seen[said] = seen.get(said, 0) + 1
    return seen


def test_the_oracle_agrees_over_a_few_histories() -> None:
    seen = compare(1, 3_000)

    assert len(seen) == 12  # Every answer but the one for a student nobody knows.


@pytest.mark.lane
def test_the_oracle_agrees_over_a_hundred_thousand_histories() -> None:
    seen = compare(2, 100_000)

    print(f"{sum(seen.values())} histories: {dict(sorted(seen.items()))}")
    assert sum(seen.values()) == 100_000
