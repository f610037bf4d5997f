"""A real register with one student on which acts happen, each at its own moment.

The acts are written in the words of ``conflict_cases.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from release_db.records import (
    Appearance,
    Channel,
    Guardian,
    Hold,
    Permission,
    Release,
    School,
    Scope,
    Student,
)
from release_db.register import ReleaseRegister
from release_db.rules import permission_for
from release_db.store_files import channel_at_or_none
from release_db.terms import CourtOrder, ItemConsent, NoticeDelivery
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
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
    StudentStatus,
    Use,
)
from tests.release_db.conflict_table import Act, Typo, day_of

MAYA = StudentId("S1")
LINCOLN = SchoolKey("lincoln")
OPENED_ON, ENROLLED_ON = date(2026, 7, 1), date(2026, 8, 10)
ZONE = ZoneInfo("America/Los_Angeles")
CHANNELS = {
    "instagram": Audience.SOCIAL,
    "facebook": Audience.SOCIAL,
    "newsletter": Audience.PRINT,
    "yearbook": Audience.PRINT,
    "seesaw": Audience.CLASS,
    "website": Audience.PUBLIC_WEB,
}
_ANSWERS = {"allows": Answer.ALLOW, "denies": Answer.DENY, "asks": Answer.ASK}
_OFFICES = {"student": Capacity.STUDENT, "office": Capacity.OFFICE, "sis": Capacity.SIS}

Said = re.Match[str]


def moment_on(day: date, at: time = time(9)) -> datetime:
    """That time of the day in the district."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def answer_of(session: Session, asked: Appearance, at: datetime) -> Permission:
    """The register's own answer as of that moment; ``asked`` names its channel by key."""
    register = ReleaseRegister(session, lambda: at)
    channel = channel_at_or_none(session, asked.channel.key, at)
    assert channel is not None
    file, day = register.file_at_or_none(MAYA, at), at.astimezone(ZONE).date()
    answer = permission_for(replace(asked, channel=channel), file, day)
    if asked.item is None and not asked.is_close_up:
        assert answer == register.permission_for(MAYA, asked.use, channel.key, asked.name_form, at)
    return answer


class Terms(Protocol):
    """What acts ask of the register's terms."""

    def record_items(self, answers: Sequence[ItemConsent]) -> None: ...
    def record_order(self, order: CourtOrder) -> None: ...
    def end_order(self, order_id: OrderId, *, ends_on: date, by: str) -> None: ...
    def record_deliveries(self, deliveries: Sequence[NoticeDelivery]) -> None: ...
    def fail_delivery(self, delivery_id: DeliveryId) -> None: ...


class Books(Protocol):
    """What acts ask of a register."""

    @property
    def terms(self) -> Terms: ...
    def save_school(self, school: School) -> None: ...
    def save_students(self, students: Sequence[Student]) -> None: ...
    def save_guardians(self, guardians: Sequence[Guardian]) -> None: ...
    def save_channel(self, channel: Channel) -> None: ...
    def record(self, releases: Sequence[Release]) -> None: ...
    def revoke(self, release_id: ReleaseId, *, on: date, by: str, at: datetime) -> None: ...
    def place_hold(self, hold: Hold) -> None: ...
    def lift_hold(self, hold_id: HoldId, *, ends_on: date) -> None: ...
    def delete_student(self, student_id: StudentId, *, why: str, at: datetime) -> object: ...
    def set_policy(
        self, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
    ) -> object: ...


class Stage:
    """Plays acts on a register, or on anything that keeps the same books."""

    def __init__(self, open_books: Callable[[Callable[[], datetime]], Books]) -> None:
        """A district that knows Maya, her parents ana and ben, and some channels."""
        self.moment = moment_on(OPENED_ON)
        self.register = open_books(lambda: self.moment)
        self.student = Student(
            student_id=MAYA,
            given_name="Maya",
            family_name="Lopez",
            school=LINCOLN,
            birth_on=date(2015, 3, 4),
        )
        self.guardians = {
            name: Guardian(
                guardian_id=GuardianId(name), student_id=MAYA, email=f"{name}@home.example"
            )
            for name in ("ana", "ben")
        }
        self.channels = {
            key: Channel(key=ChannelKey(key), name=key.title(), audience=audience)
            for key, audience in CHANNELS.items()
        }
        for channel in self.channels.values():
            self.register.save_channel(channel)
        self.moment = moment_on(ENROLLED_ON)
        self.register.save_school(School(key=LINCOLN, name="Lincoln"))
        self.register.save_students([self.student])
        self.register.save_guardians(list(self.guardians.values()))

    def play(self, act: Act) -> None:
        """Does what the act says, at nine of its day and as many minutes as its number.

        Raises:
            Typo: there is no such act.
        """
        self.moment = moment_on(act.on) + timedelta(minutes=act.number)
        for pattern, do in _ACTS.items():
            said = re.fullmatch(pattern, act.words)
            if said is not None:
                return do(self, act, said)
        raise Typo(act.words)

    def decide(self, act: Act, said: Said) -> None:
        who = said["who"]
        capacity = _OFFICES.get(who, Capacity.GUARDIAN)
        by = f"{who}@home.example" if who in self.guardians else who
        form = NameForm(said["form"]) if said["form"] else None
        given_on = day_of(said["given"]) if said["given"] else act.on
        ends_on = day_of(said["ends"]) if said["ends"] else None
        if said["item"]:
            answer = ItemConsent(
                item_consent_id=ItemConsentId(str(act.number)),
                student_id=MAYA,
                item=said["item"],
                channel=ChannelKey(said["channel"]),
                use=Use(said["use"]),
                name_form=form or NameForm.NONE,
                answer=_ANSWERS[said["answer"]],
                capacity=capacity,
                decided_by=by,
                method="portal",
                given_on=given_on,
                recorded_at=self.moment,
                ends_on=ends_on,
            )
            return self.register.terms.record_items([answer])
        release = Release(
            release_id=ReleaseId(str(act.number)),
            student_id=MAYA,
            scope=Scope(
                use=Use(said["use"]),
                channel=ChannelKey(said["channel"]) if said["channel"] else None,
                audience=Audience(said["audience"]) if said["audience"] else None,
                name_form=form,
            ),
            answer=_ANSWERS[said["answer"]],
            capacity=capacity,
            decided_by=by,
            method="portal",
            given_on=given_on,
            recorded_at=self.moment,
            ends_on=ends_on,
            starts_on=day_of(said["starts"]) if said["starts"] else None,
        )
        return self.register.record([release])

    def revoke(self, act: Act, said: Said) -> None:
        release = ReleaseId(said["number"])
        self.register.revoke(release, on=act.on, by=said["who"], at=self.moment)

    def hold(self, act: Act, said: Said) -> None:
        hold = Hold(
            hold_id=HoldId(str(act.number)),
            student_id=MAYA,
            starts_on=day_of(said["starts"]) if said["starts"] else act.on,
            ends_on=day_of(said["ends"]) if said["ends"] else None,
            audience=Audience(said["audience"]) if said["audience"] else None,
            channel=ChannelKey(said["channel"]) if said["channel"] else None,
        )
        self.register.place_hold(hold)

    def end_hold(self, act: Act, said: Said) -> None:
        self.register.lift_hold(HoldId(said["number"]), ends_on=day_of(said["ends"]))

    def order(self, act: Act, said: Said) -> None:
        order = CourtOrder(
            order_id=OrderId(str(act.number)),
            student_id=MAYA,
            effect=OrderEffect(said["effect"]),
            guardian_id=GuardianId(said["who"]) if said["who"] else None,
            uses=tuple(Use(use) for use in (said["uses"] or "").split(",") if use),
            audience=Audience(said["audience"]) if said["audience"] else None,
            starts_on=day_of(said["starts"]) if said["starts"] else act.on,
            ends_on=day_of(said["ends"]) if said["ends"] else None,
            recorded_at=self.moment,
        )
        self.register.terms.record_order(order)

    def end_order(self, act: Act, said: Said) -> None:
        ends_on = day_of(said["ends"])
        self.register.terms.end_order(OrderId(said["number"]), ends_on=ends_on, by="office")

    def notice(self, act: Act, said: Said) -> None:
        delivery = NoticeDelivery(
            delivery_id=DeliveryId(str(act.number)),
            student_id=MAYA,
            notice="release@1",
            language="en",
            address="ana@home.example",
            sent_on=act.on,
            window_ends_on=day_of(said["ends"]),
            recorded_at=self.moment,
        )
        self.register.terms.record_deliveries([delivery])

    def fail_notice(self, act: Act, said: Said) -> None:
        self.register.terms.fail_delivery(DeliveryId(said["number"]))

    def set_blanks(self, act: Act, said: Said) -> None:
        self.set_policy("default_rule", "opt-out" if said["uses"] else "opt-in")
        self.set_policy("opt_out_uses", (said["uses"] or "").replace(",", ";"))

    def set_year(self, act: Act, said: Said) -> None:
        self.set_policy("school_year_ends_on", day_of(said["ends"]).isoformat())

    def set_policy(self, key: str, value: str) -> None:
        self.register.set_policy(key, value, school=None, by="office", at=self.moment)

    def change_guardian(self, act: Act, said: Said) -> None:
        changes: dict[str, Rights | RightsBasis | str] = {}
        words = said.groupdict()
        if "rights" in words:
            changes["rights"] = Rights(said["rights"])
        if "basis" in words:
            changes["basis"] = RightsBasis(said["basis"])
        if "email" in words:
            changes["email"] = said["email"]
        guardian = self.guardians[said["who"]]
        # A change is one field of its own kind, as the patterns below hold it.
        self.guardians[said["who"]] = guardian = replace(guardian, **changes)  # type: ignore[arg-type]
        self.register.save_guardians([guardian])

    def change_channel(self, act: Act, said: Said) -> None:
        channel = self.channels[said["channel"]]
        if said["shown"] == "no close-ups":
            channel = replace(channel, allows_close_ups=False)
        else:
            channel = replace(channel, name_form=NameForm(said["shown"]))
        self.channels[said["channel"]] = channel
        self.register.save_channel(channel)

    def leave(self, act: Act, said: Said) -> None:
        self.keep(replace(self.student, status=StudentStatus.DEPARTED, left_on=act.on))

    def come_back(self, act: Act, said: Said) -> None:
        self.keep(replace(self.student, status=StudentStatus.ACTIVE, left_on=None))

    def be_born(self, act: Act, said: Said) -> None:
        self.keep(replace(self.student, birth_on=day_of(said["born"])))

    def keep(self, student: Student) -> None:
        self.student = student
        self.register.save_students([student])

    def erase(self, act: Act, said: Said) -> None:
        self.register.delete_student(MAYA, why="asked", at=self.moment)


_WHERE = r"( on (?P<channel>\w+))?( to (?P<audience>[a-z-]+))?"
_WHEN = r"( from (?P<starts>\S+))?( given (?P<given>\S+))?( until (?P<ends>\S+))?"
_NUMBER = r"(?P<number>\d+)"
_USES = r"(?P<uses>[a-z+,]+)"

_ACTS: dict[str, Callable[[Stage, Act, Said], None]] = {
    r"(?P<who>\S+) (?P<answer>allows|denies|asks) (?P<use>[a-z+]+)(\((?P<form>[a-z+]+)\))?"
    rf"{_WHERE}( of (?P<item>\w+))?{_WHEN}": Stage.decide,
    rf"(?P<who>\S+) takes back {_NUMBER}": Stage.revoke,
    rf"hold{_WHERE}{_WHEN}": Stage.hold,
    rf"hold {_NUMBER} ends (?P<ends>\S+)": Stage.end_hold,
    rf"order (?P<effect>[a-z-]+)( (?P<who>ana|ben))?( for {_USES})?{_WHERE}{_WHEN}": Stage.order,
    rf"order {_NUMBER} ends (?P<ends>\S+)": Stage.end_order,
    r"notice until (?P<ends>\S+)": Stage.notice,
    rf"notice {_NUMBER} failed": Stage.fail_notice,
    rf"blanks are (yes for {_USES}|no)": Stage.set_blanks,
    r"the year ends (?P<ends>\S+)": Stage.set_year,
    r"(?P<who>ana|ben) has (?P<rights>full|unverified|removed) rights": Stage.change_guardian,
    r"(?P<who>ana|ben) is (?P<basis>[a-z-]+)": Stage.change_guardian,
    r"(?P<who>ana|ben) has the address (?P<email>\S+)": Stage.change_guardian,
    r"channel (?P<channel>\w+) shows (?P<shown>[a-z+ -]+)": Stage.change_channel,
    r"student leaves": Stage.leave,
    r"student returns": Stage.come_back,
    r"student is born (?P<born>\S+)": Stage.be_born,
    r"student is erased": Stage.erase,
}
