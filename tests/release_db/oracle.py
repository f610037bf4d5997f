"""A second, plain reading of the consent model, to hold the rules against.

Written from the conflict order in the design, one question after the other, and slow on purpose.
It shares the records with the rules and nothing else.
"""

from __future__ import annotations

from datetime import date, timedelta

from release_db.records import Appearance, Release, StudentFile
from release_db.terms import ItemConsent

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


class Oracle:
    """Answers one question about one file on one day: ``granted``, or the reason against."""

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
        student, channel = self.file.student, self.asked.channel
        if student.left_on is not None and student.left_on <= self.on:
            return "departed"
        for hold in self.file.holds:
            everywhere = hold.channel is None and hold.audience is None
            reaches = everywhere or channel.key == hold.channel or channel.audience == hold.audience
            if reaches and hold.starts_on <= self.on <= (hold.ends_on or date.max):
                return "hold"
        form = "full" if self.asked.name_form == "none" else str(self.asked.name_form)
        if self._names() and form not in _SHOWS[channel.name_form]:
            told = self._for_form(str(channel.name_form))
            return "name-form" if told == "granted" else told
        told = self._for_form(form)
        is_seen = self.asked.use in ("image", "image+name")
        if told == "granted" and is_seen and self.asked.is_close_up:
            return "granted" if channel.allows_close_ups else "close-up"
        return told

    def _names(self) -> bool:
        return self.asked.use in ("name", "image+name")

    def _for_form(self, form: str) -> str:
        refusal = self._refusal(form)
        if refusal:
            return refusal
        grants = [word for word in self._counting() if self._grants(word)]
        if any(self._is_granted_by(word, form) for word in grants) or self._is_noticed():
            return "granted"
        if any(isinstance(word, Release) and self._reaches_exactly(word) for word in grants):
            return "name-form"
        if any(
            self._has_run_out(word) and self._is_granted_by(word, form) for word in self._said()
        ):
            return "expired"
        return "no-record"

    def _has_run_out(self, word: Word) -> bool:
        """A grant that was its giver's last word, by somebody who may still give one."""
        is_last = isinstance(word, Release) and self._last(word) is word
        return is_last and self._grants(word) and self._end(word) < self.on

    def _refusal(self, form: str) -> str:
        against = [
            word
            for word in self._counting()
            if word.answer != "allow"
            and self._is_refused_by(word, form)
            and not self._is_lifted(word, form)
        ]
        for capacity in _ORDER:
            if any(word.answer == "deny" and word.capacity == capacity for word in against):
                return _TOLD[capacity]
        return "ask-first" if against else ""

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
        start, year = self._start(word), self.file.year_ends_on or date(2026, 6, 30)
        ends = date(start.year, year.month, year.day)
        if ends < start:
            ends = date(start.year + 1, year.month, year.day)
        ends = word.ends_on or ends
        is_for_a_minor = word.capacity == "guardian" or (
            word.capacity != "student" and self.birthday and word.given_on < self.birthday
        )
        if self.birthday and is_for_a_minor:
            ends = min(ends, self.birthday - timedelta(days=1))
        if isinstance(word, Release) and word.revoked_on:
            ends = min(ends, word.revoked_on - timedelta(days=1))
        return ends

    def _is_live(self, word: Word) -> bool:
        if self.on > self._end(word):
            return False
        if word.answer == "allow":
            return word.capacity == "student" or self._grants(word)
        if word.capacity != "guardian":
            return True
        is_of_age = self.birthday is not None and self.on >= self.birthday
        return not is_of_age and self.rights.get(self._who(word)[1]) != "removed"

    def _grants(self, word: Word) -> bool:
        if word.answer != "allow":
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

    def _is_noticed(self) -> bool:
        if self.asked.use not in self.file.policy.opt_out_uses or self.holder_only:
            return False
        year = self.file.year_ends_on or date(2026, 6, 30)
        return any(
            sent.failed_at is None
            and sent.sent_on <= sent.window_ends_on < self.on
            and not any(
                sent.sent_on <= date(y, year.month, year.day) < self.on
                for y in range(sent.sent_on.year, self.on.year + 1)
            )
            and (self.birthday is None or self.on < self.birthday or sent.sent_on >= self.birthday)
            for sent in self.file.deliveries
        )
