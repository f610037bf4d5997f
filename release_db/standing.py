"""Which decisions count on a day: who may still say so, and what a later word supersedes.

Every decider has one last word on each matter (capacity, person and exact scope). While the last
word lives, it alone counts. When it has ended or was taken back, the earlier refusals on the same
matter count again and the earlier grants do not: an ended word never leaves more allowed than was
allowed before it.
"""

from __future__ import annotations

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import TypeVar

from release_db.records import BiometricConsent, Release, Scope, Student, StudentFile
from release_db.terms import ItemConsent
from release_db.words import ERASED, Answer, Capacity, Rights

_Decision = TypeVar("_Decision", Release, BiometricConsent)

#: Age at which a student's rights pass from the guardians to the student (FERPA, 34 CFR 99.5).
AGE_OF_MAJORITY_YEARS = 18

#: Month and day on which a school year ends where the district has not said so.
DEFAULT_YEAR_END = (6, 30)

_A_YEAR = 365
#: From one school year's end to the next: more was mistyped, or a year was left out.
LONGEST_YEAR_DAYS = 400

#: Everything that somebody decides.
Decided = Release | BiometricConsent | ItemConsent

_STRICTNESS = {Answer.ALLOW: 0, Answer.ASK: 1, Answer.DENY: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What one decider can answer anew: a later decision on the same matter supersedes.

    ``scope`` None stands for biometric consent.
    """

    capacity: Capacity
    decided_by: str
    scope: Scope | None


def matter_of(decision: Release | BiometricConsent, file: StudentFile) -> Matter:
    """Who decided, in what capacity, and on exactly what."""
    return Matter(
        capacity=decision.capacity,
        decided_by=decider_of(decision, file),
        scope=decision.scope if isinstance(decision, Release) else None,
    )


def decider_of(decision: Decided, file: StudentFile) -> str:
    """Whom a decision is of: a guardian is the same person under a former address.

    Whoever was erased is nobody's former self: the addresses of links were emptied in the same way.
    """
    said = _folded(decision.decided_by)
    if decision.capacity is not Capacity.GUARDIAN or said == ERASED:
        return said
    for guardian in file.guardians:
        if said in {_folded(guardian.guardian_id), _folded(guardian.email)}:
            return _folded(guardian.guardian_id)
    for guardian in file.guardians:
        if said in map(_folded, guardian.former_emails):
            return _folded(guardian.guardian_id)
    return said


def comes_of_age_on(student: Student) -> date | None:
    """The 18th birthday, or None where the birth date is not known.

    Somebody born on a leap day comes of age on 1 March.
    """
    born = student.birth_on
    if born is None or born.year > MAXYEAR - AGE_OF_MAJORITY_YEARS:
        return None
    return _day_in_year(born.year + AGE_OF_MAJORITY_YEARS, born.month, born.day)


def counting_decisions(
    decisions: Iterable[_Decision], file: StudentFile, on: date
) -> list[_Decision]:
    """The decisions that count on that day: on each matter the last word, while it lives.

    An allow that counts is not yet a grant: see ``may_allow``.
    """
    return [word for words in _matters(decisions, file, on) for word in _standing(words, file, on)]


def ended_grants(file: StudentFile, on: date) -> tuple[Release, ...]:
    """The last words that allowed something until they ended or were taken back."""
    last_words = [_last_word(words, file) for words in _matters(file.releases, file, on)]
    return tuple(
        word
        for word in last_words
        if word.answer is Answer.ALLOW and may_allow(word, file) and last_day_of(word, file) < on
    )


def _matters(decisions: Iterable[_Decision], file: StudentFile, on: date) -> list[list[_Decision]]:
    """The decisions that began by that day, those on one matter together."""
    matters: defaultdict[Matter, list[_Decision]] = defaultdict(list)
    for decision in decisions:
        if starts_on(decision) <= on:
            matters[matter_of(decision, file)].append(decision)
    return list(matters.values())


def _standing(words: list[_Decision], file: StudentFile, on: date) -> list[_Decision]:
    """The words on one matter that count: the last while it lives, else the earlier refusals."""
    last = _last_word(words, file)
    if lives(last, file, on):
        return [last]
    return [word for word in words if word.answer is not Answer.ALLOW and lives(word, file, on)]


def _last_word(words: list[_Decision], file: StudentFile) -> _Decision:
    if len(words) == 1:
        return words[0]
    return max(words, key=lambda word: order_of(word, file))


def order_of(decision: Decided, file: StudentFile) -> tuple[date, datetime, int, int, str]:
    """Sorts the words on one matter; of two given and recorded at once the stricter is the last.

    Of two grants that is the shorter one. Of two refusals either will do: when the last has ended,
    the other counts.
    """
    recorded_at = decision.recorded_at.replace(tzinfo=decision.recorded_at.tzinfo or UTC)
    ends_early = -last_day_of(decision, file).toordinal()
    strictness = _STRICTNESS[decision.answer]
    return (decision.given_on, recorded_at, strictness, ends_early, id_of(decision))


def id_of(decision: Decided) -> str:
    """The decision's own id."""
    return decision.item_consent_id if isinstance(decision, ItemConsent) else decision.release_id


def lives(decision: Decided, file: StudentFile, on: date) -> bool:
    """Whether the decision has not ended and its decider may still say so.

    A student under age who allows takes back an own refusal, and grants nothing.
    """
    if on > last_day_of(decision, file):
        return False
    if decision.answer is not Answer.ALLOW:
        return may_refuse(decision, file, on)
    return _is_students_own(decision, file) or may_allow(decision, file)


def _is_students_own(decision: Decided, file: StudentFile) -> bool:
    is_own_file = decision.student_id == file.student.student_id
    is_known = decision.decided_by != ERASED
    return is_own_file and is_known and decision.capacity is Capacity.STUDENT


def may_allow(decision: Decided, file: StudentFile) -> bool:
    """Whether the decider may grant: a guardian with full rights, the office, or one of age.

    Where an order lets the recorded rights holder alone decide, the office's own word grants
    nothing; ``orders`` has taken the others' rights by then.
    """
    if decision.student_id != file.student.student_id or decision.decided_by == ERASED:
        return False
    if decision.capacity is Capacity.GUARDIAN:
        return _rights_of(decision, file) == {Rights.FULL}
    if decision.capacity is Capacity.STUDENT:
        of_age_on = comes_of_age_on(file.student)
        return of_age_on is not None and decision.given_on >= of_age_on
    return not file.is_rights_holder_only


def may_refuse(decision: Decided, file: StudentFile, on: date) -> bool:
    """Anybody may refuse but a guardian whose rights were removed, or have passed on at 18."""
    if decision.capacity is not Capacity.GUARDIAN:
        return True
    of_age_on = comes_of_age_on(file.student)
    is_of_age = of_age_on is not None and on >= of_age_on
    return not is_of_age and _rights_of(decision, file) != {Rights.REMOVED}


def _rights_of(decision: Decided, file: StudentFile) -> set[Rights]:
    """The rights on record of a guardian who decided; empty for somebody nobody knows."""
    who = decider_of(decision, file)
    return {link.rights for link in file.guardians if _folded(link.guardian_id) == who}


def starts_on(decision: Decided) -> date:
    """The first day on which a decision can count; never before it was given."""
    if isinstance(decision, ItemConsent):
        return decision.given_on
    return max(decision.starts_on or decision.given_on, decision.given_on)


def last_day_of(decision: Decided, file: StudentFile) -> date:
    """The last day on which a decision can count; a refusal without an end stays for good."""
    if decision.answer is not Answer.ALLOW:
        return decision.ends_on or date.max
    days = [decision.ends_on or _default_end(decision, file)]
    of_age_on = comes_of_age_on(file.student)
    if of_age_on is not None and _ends_at_majority(decision, of_age_on):
        days.append(day_before(of_age_on))
    if isinstance(decision, Release) and decision.revoked_on is not None:
        days.append(day_before(decision.revoked_on))
    return min(days)


def _ends_at_majority(decision: Decided, of_age_on: date) -> bool:
    if decision.capacity is Capacity.STUDENT:
        return False
    return decision.capacity is Capacity.GUARDIAN or decision.given_on < of_age_on


def _default_end(decision: Decided, file: StudentFile) -> date:
    """A release ends with the school year it begins in; biometric consent with the rights."""
    if isinstance(decision, BiometricConsent):
        return date.max
    return end_of_year_with(starts_on(decision), file)


def end_of_year_with(day: date, file: StudentFile) -> date:
    """The last day of the school year that holds ``day``.

    A year that has ended stays ended, whatever day is set for the one after it, and no year goes on
    past one that did; elsewhere the month and day that are set count for every year.
    """
    by_month_and_day = _end_by_month_and_day(day, file.year_ends_on)
    if not file.ended_years:
        return by_month_and_day
    before = file.ended_years[0].toordinal() - _A_YEAR
    for ended in (*file.ended_years, file.year_ends_on or date.min):
        if day <= ended:
            is_one_year = ended.toordinal() - before <= LONGEST_YEAR_DAYS
            is_inside = is_one_year and before < day.toordinal()
            return ended if is_inside else min(ended, by_month_and_day)
        before = ended.toordinal()
    return by_month_and_day


def _end_by_month_and_day(day: date, ends_on: date | None) -> date:
    month, last = (ends_on.month, ends_on.day) if ends_on else DEFAULT_YEAR_END
    this_year = _day_in_year(day.year, month, last)
    if this_year >= day or day.year == MAXYEAR:
        return this_year
    return _day_in_year(day.year + 1, month, last)


def _day_in_year(year: int, month: int, day: int) -> date:
    """That day; 1 March for a 29 February that the year does not have."""
    if (month, day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return date(year, month, day)


def day_before(day: date) -> date:
    """The day before, or the first day there is."""
    return day - timedelta(days=1) if day > date.min else day


def day_after(day: date) -> date:
    """The day after, or the last day there is."""
    return day + timedelta(days=1) if day < date.max else day


def _folded(decided_by: str) -> str:
    return decided_by.strip().casefold()
