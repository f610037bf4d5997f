"""Random histories of one student, and questions about them, weighted over every answer.

Each history aims at one answer: it gets the words that lead there, and some noise that may lead
elsewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from release_db.records import (
    Appearance,
    Channel,
    Granted,
    Guardian,
    Hold,
    Permission,
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
from tests.release_db.oracle import Told, tell

S1 = StudentId("S1")
TODAY = date(2026, 11, 24)
START = datetime(2026, 9, 1, tzinfo=UTC)
PEOPLE = ("ana", "ANA@home.example", "old-ana@home.example", "ben", "ben@home.example", "eve")
AUDIENCES = (None, None, Audience.SOCIAL, Audience.PRINT)
KEYS = (None, None, ChannelKey("instagram"), ChannelKey("facebook"))
USES = (Use.IMAGE, Use.NAME, Use.IMAGE_WITH_NAME)

ENDED = (date(2026, 6, 12),)

#: Aims that are reached without a grant to begin with.
BARE = frozenset({"granted by item", "granted by notice"})

#: What a history aims at. What noise often turns into something else is aimed at more often.
AIMS = (
    *("granted", "granted", "granted", "granted by item", "granted by notice", "departed"),
    *("departed", "hold", "hold", "student", "student", "guardian", "guardian", "sis", "sis"),
    *("office", "office", "ask", "ask", "ask", "name-form", "name-form", "close-up"),
    *("close-up", "close-up", "close-up", "expired", "expired", "placed", "placed", "placed"),
)


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
            rights=self.random.choice((*[Rights.FULL] * 12, *Rights)),
            basis=self.random.choice((*[RightsBasis.PARENT] * 12, *RightsBasis)),
            former_emails=former,
        )

    def student(self) -> Student:
        young, nearly = date(2015, 3, 4), (date(2008, 11, 24), date(2008, 11, 25), date(2008, 9, 2))
        births = (None, *[young] * 7, *nearly)
        return Student(
            student_id=S1,
            given_name="Maya",
            family_name="Lopez",
            school=SchoolKey("lincoln"),
            birth_on=self.random.choice(births),
            left_on=self.day() if self.random.random() < 0.02 else None,
        )

    def noise(self) -> StudentFile:
        """A file that aims at nothing."""
        times, is_loud = self.random.randrange, self.random.random() < 0.4
        uses = frozenset(self.random.sample(USES, times(2)))
        return StudentFile(
            student=self.student(),
            guardians=(self.guardian("ana", ("old-ana@home.example",)), self.guardian("ben")),
            releases=tuple(self.release() for _ in range(times(6) if is_loud else times(2))),
            holds=tuple(self.hold() for _ in range(max(0, times(20) - 18))),
            items=tuple(self.item() for _ in range(times(3) if is_loud else 0)),
            orders=tuple(self.order() for _ in range(max(0, times(5) - 2) if is_loud else 0)),
            deliveries=tuple(self.delivery() for _ in range(times(2))),
            year_ends_on=self.random.choice((None, date(2027, 6, 11), date(2027, 12, 1))),
            ended_years=self.random.choice(((), (), ENDED, (*ENDED, date(2026, 11, 24)))),
            policy=ReleasePolicy(default_rule=DefaultRule.OPT_OUT, opt_out_uses=uses),
        )

    def question(self, aim: str) -> Appearance:
        """A question that can get the answer aimed at."""
        pick = self.random.choice
        uses = {
            **dict.fromkeys(("name-form", "placed"), USES[1:]),
            "close-up": (Use.IMAGE, Use.IMAGE_WITH_NAME),
        }
        forms = (NameForm.INITIALS, NameForm.FIRST, NameForm.FIRST_INITIAL)
        return Appearance(
            student_id=S1,
            use=pick(uses.get(aim, USES)),
            channel=Channel(
                key=ChannelKey("instagram"),
                name="Instagram",
                audience=Audience.SOCIAL,
                name_form=pick((NameForm.FULL, NameForm.FULL, NameForm.FULL, *NameForm)),
                allows_close_ups=aim != "close-up" and pick((True, True, False)),
            ),
            name_form=pick(forms if aim == "placed" else tuple(NameForm)),
            item="a" if aim == "granted by item" else pick((None, "a", "b")),
            is_close_up=aim == "close-up" or pick((True, False, False)),
            tells_school_and_grade=aim == "placed" or pick((True, False, False, False)),
        )

    def history(self) -> tuple[Appearance, StudentFile, date]:
        """A question, the file that it is asked of, and the day."""
        aim = self.random.choice(AIMS)
        asked, on, file = self.question(aim), self.day(), self.noise()
        released = [self.grant(asked, on)] if aim not in BARE else []
        match aim:
            case "student" | "guardian" | "sis" | "office" | "ask":
                released.append(self.refusal(aim, asked, on))
            case "departed":
                left_on = on - timedelta(days=self.random.choice((0, 1, 30)))
                file = replace(file, student=replace(file.student, left_on=left_on))
            case "hold":
                hold = replace(self.hold(), starts_on=on, ends_on=None, audience=None)
                file = replace(file, holds=(*file.holds, hold))
            case "name-form":
                forms = (NameForm.NONE, NameForm.INITIALS, NameForm.FIRST)
                scope = replace(released[0].scope, name_form=self.random.choice(forms))
                released = [replace(released[0], scope=scope)]
            case "placed":
                scope = replace(released[0].scope, name_form=asked.name_form)
                released = [replace(released[0], scope=scope)]
            case "expired":
                released = [self.ended(released[0], on)]
            case "granted by item":
                file = replace(file, items=(*file.items, self.item_grant(asked, on)))
            case "granted by notice":
                file = self.noticed(file, asked, on)
            case _:
                pass
        return asked, replace(file, releases=(*file.releases, *released)), on

    def grant(self, asked: Appearance, on: date) -> Release:
        pick = self.random.choice
        scope = Scope(
            use=asked.use,
            channel=pick((None, asked.channel.key)),
            audience=pick((None, asked.channel.audience)),
            name_form=pick((None, NameForm.FULL, asked.name_form)),
        )
        capacity, by = self.decider() if self.random.random() < 0.2 else (Capacity.GUARDIAN, "ana")
        return replace(
            self.release(),
            scope=scope,
            answer=Answer.ALLOW,
            capacity=capacity,
            decided_by=by,
            given_on=on - timedelta(days=pick((0, 1, 30, 60))),
            ends_on=pick((None, None, on, on + timedelta(days=1), on + timedelta(days=40))),
            starts_on=None,
            revoked_on=pick((None, None, None, on + timedelta(days=1))),
        )

    def ended(self, grant: Release, on: date) -> Release:
        days = timedelta(days=self.random.choice((0, 1, 10)))
        given_on = on - timedelta(days=60)
        if self.random.random() < 0.5:
            return replace(grant, given_on=given_on, ends_on=on - days - timedelta(days=1))
        return replace(grant, given_on=given_on, ends_on=None, revoked_on=on - days)

    def refusal(self, aim: str, asked: Appearance, on: date) -> Release:
        capacity, by = self.decider() if aim == "ask" else (Capacity(aim), aim)
        by = self.random.choice(PEOPLE) if capacity is Capacity.GUARDIAN else by
        scope = self.grant(asked, on).scope
        if asked.use is Use.IMAGE_WITH_NAME:
            scope = replace(scope, use=self.random.choice(USES))
        return replace(
            self.release(),
            scope=scope,
            answer=Answer.ASK if aim == "ask" else Answer.DENY,
            capacity=capacity,
            decided_by=by,
            given_on=on - timedelta(days=self.random.choice((0, 1, 30))),
            ends_on=self.random.choice((None, None, on, on + timedelta(days=5))),
            starts_on=None,
        )

    def item_grant(self, asked: Appearance, on: date) -> ItemConsent:
        return replace(
            self.item(),
            item="a",
            use=asked.use,
            name_form=self.random.choice((NameForm.FULL, asked.name_form)),
            answer=Answer.ALLOW,
            capacity=Capacity.GUARDIAN,
            decided_by="ana",
            given_on=on - timedelta(days=1),
            ends_on=self.random.choice((None, on, on + timedelta(days=30))),
        )

    def noticed(self, file: StudentFile, asked: Appearance, on: date) -> StudentFile:
        closes = on - timedelta(days=self.random.choice((1, 1, 5, 0)))
        sent = replace(
            self.delivery(),
            sent_on=closes - timedelta(days=10),
            window_ends_on=closes,
            failed_at=None,
        )
        policy = replace(file.policy, opt_out_uses=file.policy.opt_out_uses | {asked.use})
        return replace(file, policy=policy, deliveries=(*file.deliveries, sent))


def told(permission: Permission) -> Told:
    """An answer of the register in the oracle's words."""
    if isinstance(permission, Granted):
        by = (*permission.releases, *permission.items, *permission.deliveries)
        return Told(said="granted", by=by, until=permission.until)
    return Told(
        said=permission.reason.value,
        by=(*permission.releases, *permission.items, *permission.holds),
        allowed_form=permission.allowed_form,
    )


def compare(seed: int, histories: int) -> Counter[str]:
    """How often each answer came; fails at the first on which the two differ."""
    made, seen = Histories(seed), Counter[str]()
    for number in range(histories):
        asked, file, on = made.history()
        answer, expected = told(permission_for(asked, file, on)), tell(asked, file, on)
        assert answer == expected, f"{number} of seed {seed}: {asked} {on} {file}"
        seen[answer.said] += 1
    return seen
