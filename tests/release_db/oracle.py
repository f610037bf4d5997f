"""A second, plain reading of the consent model, to hold the rules against.

Written from the conflict order in the design, one question after the other, and slow on purpose.
It shares the records with the rules and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

from release_db.records import Appearance, Channel, Release, StudentFile
from release_db.terms import ItemConsent
from release_db.words import Audience, ChannelKey, Use

Word = Release | ItemConsent

#: Which forms a form already shows.
_SHOWS = {
    "none": {"none"},
    "initials": {"none", "initials"},
    "first": {"none", "first"},
    "first+initial": {"none", "initials", "first", "first+initial"},
    "full": {"none", "initials", "first", "first+initial", "full"},
}
_ORDER = ("student", "guardian", "sis", "office")
_TOLD = {
    "student": "student-refused",
    "guardian": "guardian-denied",
    "sis": "sis-denied",
    "office": "office-denied",
}


_FORMS = ("full", "first+initial", "first", "initials", "none")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the oracle says: the answer, what it rests on, until when, and which form would do."""

    said: str
    by: tuple[str, ...] = ()
    until: date | None = None
    allowed_form: str | None = None


def tell(asked: Appearance, file: StudentFile, on: date) -> Told:
    """The whole answer. A yes holds until its ground ends, or the day before the first no.

    A no can come only on a day that stands somewhere in the file, on the day after one, at 18, or
    after a school year's end.
    """
    told = Oracle(asked, file, on).told()
    if told.said != "granted" or told.until is None:
        return told
    until = told.until
    for day in sorted(_days_in(file)):
        if on < day <= until and Oracle(asked, file, day).answer() != "granted":
            return Told(said=told.said, by=told.by, until=day - _A_DAY)
    return told


def _days_in(file: StudentFile) -> set[date]:
    written = set(_dates_of((file.releases, file.items, file.holds, file.orders, file.deliveries)))
    days = written | {day + _A_DAY for day in written if day < date.max}
    oracle = Oracle.about(file)
    days |= {oracle.end_of_year(day) + _A_DAY for day in written}
    days |= {day for day in (oracle.birthday, file.student.left_on) if day}
    return days


def _dates_of(thing: object) -> Iterator[date]:
    if type(thing) is date:
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _dates_of(part)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _dates_of(getattr(thing, field.name))


class Oracle:
    """Answers one question about one file on one day."""

    def __init__(self, asked: Appearance, file: StudentFile, on: date) -> None:
        """Looks at that question only."""
        self.asked, self.file, self.on = asked, file, on
        born = file.student.birth_on
        self.birthday = date(born.year + 18, born.month, born.day) if born else None
        touching = [
            order
            for order in file.orders
            if order.starts_on <= on <= (order.ends_on or date.max)
            and (not order.uses or asked.use in order.uses)
            and (order.audience is None or order.audience is asked.channel.audience)
        ]
        self.holder_only = any(
            order.effect == "rights-holder-only" or order.guardian_id is None for order in touching
        )
        self.rights: dict[str, str] = {}
        for guardian in file.guardians:
            rights = str(guardian.rights)
            if guardian.basis == "other" and rights == "full":
                rights = "unverified"
            is_holder = guardian.basis in ("rights-holder", "agency")
            if self.holder_only and not is_holder and rights == "full":
                rights = "unverified"
            for order in touching:
                named = order.guardian_id == guardian.guardian_id
                other = order.guardian_id is not None and not named
                if (order.effect == "removes-rights" and named) or (
                    order.effect == "sole-rights" and other
                ):
                    rights = "removed"
            self.rights[guardian.guardian_id] = rights

    def answer(self) -> str:
        """``granted``, or why not."""
        return self.told().said

    @classmethod
    def about(cls, file: StudentFile) -> Oracle:
        """For what does not depend on a question."""
        channel = Channel(key=ChannelKey("any"), name="", audience=Audience.SOCIAL)
        asked = Appearance(student_id=file.student.student_id, use=Use.IMAGE, channel=channel)
        return cls(asked, file, date(2026, 11, 24))

    def told(self) -> Told:
        """The answer, what it rests on, and until when that ground holds by itself."""
        student, channel = self.file.student, self.asked.channel
        if student.left_on is not None and student.left_on <= self.on:
            return Told(said="departed")
        held = []
        for hold in self.file.holds:
            everywhere = hold.channel is None and hold.audience is None
            reaches = everywhere or channel.key == hold.channel or channel.audience == hold.audience
            if reaches and hold.starts_on <= self.on <= (hold.ends_on or date.max):
                held.append(hold.hold_id)
        if held:
            return Told(said="hold", by=tuple(held))
        told = self._told_by_name() if self._names() else self._for_form("full")
        is_seen = self.asked.use in ("image", "image+name")
        is_close = is_seen and self.asked.is_close_up and not channel.allows_close_ups
        return Told(said="close-up") if told.said == "granted" and is_close else told

    def _told_by_name(self) -> Told:
        form = "full" if self.asked.name_form == "none" else str(self.asked.name_form)
        told = self._told_in_form(form)
        if told.said != "granted" or not self.asked.tells_school_and_grade:
            return told
        whole = self._told_in_form("full")
        return whole if whole.said == "granted" else Told(said="school-and-grade", by=whole.by)

    def _told_in_form(self, form: str) -> Told:
        shown = self.asked.channel.name_form
        is_shown = form in _SHOWS[shown]
        told = self._for_form(form if is_shown else str(shown))
        if told.said == "granted" and is_shown:
            return told
        said = "name-form" if told.said == "granted" else told.said
        notices = {sent.delivery_id for sent in self.file.deliveries}
        by = told.by if notices.isdisjoint(told.by) else ()
        forms = [one for one in _FORMS if one in _SHOWS[shown]]
        allowed = [one for one in forms if self._for_form(one).said == "granted"]
        return Told(said=said, by=by, allowed_form=allowed[0] if allowed else None)

    def _names(self) -> bool:
        return self.asked.use in ("name", "image+name")

    def _for_form(self, form: str) -> Told:
        refusal = self._refusal(form)
        if refusal.said:
            return refusal
        grants = [word for word in self._counting() if self._grants(word)]
        covering = [word for word in grants if self._is_granted_by(word, form)]
        for kind in (Release, ItemConsent):
            of_kind = [word for word in covering if isinstance(word, kind)]
            if of_kind:
                longest = max(of_kind, key=lambda word: (self._end(word), _id(word)))
                return Told(said="granted", by=(_id(longest),), until=self._end(longest))
        noticed = self._noticed()
        if noticed:
            return noticed[-1]
        if any(isinstance(word, Release) and self._reaches_exactly(word) for word in grants):
            return Told(said="name-form")
        if any(
            self._has_run_out(word) and self._is_granted_by(word, form) for word in self._said()
        ):
            return Told(said="expired")
        return Told(said="no-record")

    def _has_run_out(self, word: Word) -> bool:
        """A grant that was its giver's last word, by somebody who may still give one."""
        is_last = isinstance(word, Release) and self._last(word) is word
        return is_last and self._grants(word) and self._end(word) < self.on

    def _refusal(self, form: str) -> Told:
        against = [
            word
            for word in self._counting()
            if word.answer != "allow"
            and self._is_refused_by(word, form)
            and not self._is_lifted(word, form)
        ]
        for capacity in _ORDER:
            denied = [one for one in against if (one.answer, one.capacity) == ("deny", capacity)]
            if denied:
                return Told(said=_TOLD[capacity], by=_ids(denied))
        return Told(said="ask-first" if against else "", by=_ids(against))

    def _counting(self) -> list[Word]:
        """Each person's last word on each thing; once it is over, that person's older refusals."""
        counting = []
        for word in self._said():
            last = self._last(word)
            is_older_refusal = (
                isinstance(word, Release) and word.answer != "allow" and not self._is_live(last)
            )
            if (word is last or is_older_refusal) and self._is_live(word):
                counting.append(word)
        return counting

    def _said(self) -> list[Word]:
        said: list[Word] = [word for word in self.file.releases if self._start(word) <= self.on]
        items = [word for word in self.file.items if word.given_on <= self.on]
        asked = (self.asked.item, self.asked.channel.key)
        return said + [word for word in items if (word.item, word.channel) == asked]

    def _last(self, word: Word) -> Word:
        about = [one for one in self._said() if self._is_about_the_same(one, word)]
        return max(about, key=lambda one: (one.given_on, one.recorded_at))

    def _is_about_the_same(self, one: Word, two: Word) -> bool:
        if isinstance(one, Release) and isinstance(two, Release):
            same = one.scope == two.scope
        elif isinstance(one, ItemConsent) and isinstance(two, ItemConsent):
            same = (one.use, one.name_form) == (two.use, two.name_form)
        else:
            return False
        return same and self._who(one) == self._who(two)

    def _who(self, word: Word) -> tuple[str, str]:
        said = word.decided_by.strip().casefold()
        if word.capacity == "guardian":
            for guardian in self.file.guardians:
                known = [guardian.guardian_id, guardian.email, *guardian.former_emails]
                if said in [name.casefold() for name in known]:
                    return "guardian", guardian.guardian_id
        return str(word.capacity), said

    def _start(self, word: Word) -> date:
        first = word.starts_on if isinstance(word, Release) else None
        return max(first or word.given_on, word.given_on)

    def _end(self, word: Word) -> date:
        """A refusal stays; a grant ends with its year, at 18, or when it is taken back."""
        if word.answer != "allow":
            return word.ends_on or date.max
        ends = word.ends_on or self.end_of_year(self._start(word))
        is_for_a_minor = word.capacity == "guardian" or (
            word.capacity != "student" and self.birthday and word.given_on < self.birthday
        )
        if self.birthday and is_for_a_minor:
            ends = min(ends, self.birthday - timedelta(days=1))
        if isinstance(word, Release) and word.revoked_on:
            ends = min(ends, word.revoked_on - timedelta(days=1))
        return ends

    def end_of_year(self, day: date) -> date:
        """The end of the school year that the day is in: as recorded, else as every year."""
        known = [*self.file.ended_years]
        if known and self.file.year_ends_on:
            known.append(self.file.year_ends_on)
        for number, ends in enumerate(known):
            before = known[number - 1] if number else ends - timedelta(days=365)
            if before < day <= ends and (ends - before).days <= 400:
                return ends
        year = self.file.year_ends_on or date(2026, 6, 30)
        ends = date(day.year, year.month, year.day)
        return ends if day <= ends else date(day.year + 1, year.month, year.day)

    def _is_live(self, word: Word) -> bool:
        if self.on > self._end(word):
            return False
        if word.answer == "allow":
            is_known = word.decided_by != "erased"
            return (word.capacity == "student" and is_known) or self._grants(word)
        if word.capacity != "guardian":
            return True
        is_of_age = self.birthday is not None and self.on >= self.birthday
        return not is_of_age and self.rights.get(self._who(word)[1]) != "removed"

    def _grants(self, word: Word) -> bool:
        if word.answer != "allow" or word.decided_by == "erased":
            return False
        if word.capacity == "guardian":
            return self.rights.get(self._who(word)[1]) == "full"
        if word.capacity == "student":
            return self.birthday is not None and word.given_on >= self.birthday
        return not self.holder_only

    def _reaches_exactly(self, word: Release) -> bool:
        scope, channel = word.scope, self.asked.channel
        return (
            scope.use == self.asked.use
            and scope.channel in (None, channel.key)
            and scope.audience in (None, channel.audience)
        )

    def _is_granted_by(self, word: Word, form: str) -> bool:
        given = word.scope.name_form if isinstance(word, Release) else word.name_form
        is_form = not self._names() or given is None or form in _SHOWS[given]
        if isinstance(word, Release):
            return is_form and self._reaches_exactly(word)
        return is_form and word.use == self.asked.use

    def _is_refused_by(self, word: Word, form: str) -> bool:
        if isinstance(word, Release):
            use, given = word.scope.use, word.scope.name_form
            scope, channel = word.scope, self.asked.channel
            everywhere = scope.channel is None and scope.audience is None
            if not (
                everywhere or scope.channel == channel.key or scope.audience == channel.audience
            ):
                return False
        else:
            use, given = word.use, None if word.name_form == "none" else word.name_form
        parts = {"image", "name", "image+name"} if self.asked.use == "image+name" else set()
        is_use = use == self.asked.use or use in parts
        shows_it = use not in ("name", "image+name") or given is None or given in _SHOWS[form]
        return is_use and shows_it

    def _is_lifted(self, word: Word, form: str) -> bool:
        """By a later yes for this item, from the very person who refused."""
        return isinstance(word, Release) and any(
            isinstance(item, ItemConsent)
            and item.answer == "allow"
            and self._who(item) == self._who(word)
            and item.recorded_at > word.recorded_at
            and self._is_granted_by(item, form)
            for item in self._counting()
        )

    def _noticed(self) -> list[Told]:
        """What proven notices alone allow, the latest of them last."""
        if self.asked.use not in self.file.policy.opt_out_uses or self.holder_only:
            return []
        noticed = []
        for sent in sorted(self.file.deliveries, key=lambda one: (one.sent_on, one.delivery_id)):
            is_minor = self.birthday is None or self.on < self.birthday
            is_closed = sent.sent_on <= sent.window_ends_on < self.on
            ends = self.end_of_year(sent.sent_on)
            is_to_whom_it_must = is_minor or (self.birthday or date.max) <= sent.sent_on
            if not sent.failed_at and is_closed and self.on <= ends and is_to_whom_it_must:
                noticed.append(Told(said="granted", by=(sent.delivery_id,), until=ends))
        return noticed


def _id(word: Word) -> str:
    return word.release_id if isinstance(word, Release) else word.item_consent_id


def _ids(words: Iterable[Word]) -> tuple[str, ...]:
    """Of releases first, then of answers for the item."""
    return tuple(sorted(map(_id, words), key=lambda one: (one[0] != "r", one)))
