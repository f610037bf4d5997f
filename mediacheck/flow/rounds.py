"""The renewal round: a school year ends, releases end with it, and families are asked again.

The round opens by the clock. Its mails wait until the office has set the last day of the new year:
an answer must be able to say until when it holds. Biometric consent is no part of any of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mediacheck.errors import BadRequest, NotAllowed
from mediacheck.flow.retention import CLOCK
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffMember
from mediacheck.model.rounds import Mailing, MailingId, MailingKind
from mediacheck.ports.services import Services, Work
from release_db.policy import zone_of
from release_db.standing import LONGEST_YEAR_DAYS
from release_db.terms import RenewalRound
from release_db.words import SchoolKey

YEAR_END = "school_year_ends_on"
NEXT_YEAR_END = "next_school_year_ends_on"
REMINDERS = "renewal_reminders"
REMINDER_DAYS = "renewal_reminder_days"

_DEFAULT_REMINDERS = 2
_DEFAULT_REMINDER_DAYS = 14


class UnfitYear(BadRequest):
    """A last day that no new school year can have."""

    message = "Enter a day after today, at most 13 months after the last day of the year before."


class TooSoon(NotAllowed):
    """A reminder before its time, or one too many."""

    message = "The families were reminded as often as your policy allows for now."


class Stage(StrEnum):
    """Where the school year stands.

    ``PASSED``: its last day had passed already when it was set, which may be a slip of the hand.
    """

    UNSET = "unset"
    PASSED = "passed"
    RUNNING = "running"
    WAITING = "waiting"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The school year and its round. ``following``: the last day that is set for the next one."""

    stage: Stage
    today: date
    ends_on: date | None
    following: date | None
    round: RenewalRound | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """What the policy says of reminders, and what has gone out. ``next_on`` None: no more."""

    most: int
    days: int
    sent: int
    last: Mailing | None
    next_on: date | None


def year_of(work: Work, services: Services) -> Year:
    """How things stand today, in the district's time zone."""
    today = today_of(services.clock, work.register)
    ends_on, following = _date_of(work, YEAR_END), _date_of(work, NEXT_YEAR_END)
    latest = max(work.register.terms.rounds(), key=lambda one: one.year_ends_on, default=None)
    stage = Stage.UNSET if ends_on is None else _stage_of(work, ends_on, latest, today)
    is_ahead = following is not None and ends_on is not None and following > ends_on
    return Year(
        stage=stage,
        today=today,
        ends_on=ends_on,
        following=following if is_ahead else None,
        round=latest,
    )


def _stage_of(work: Work, ends_on: date, latest: RenewalRound | None, today: date) -> Stage:
    if latest is not None and ends_on <= latest.year_ends_on:
        return Stage.WAITING
    if ends_on < today and ends_on < _set_on(work):
        return Stage.PASSED
    return Stage.RUNNING if latest is None else Stage.OPEN


def _set_on(work: Work) -> date:
    """The day on which the district's last day of the school year was set."""
    said = [one for one in work.register.policy_history(YEAR_END) if one.school is None]
    return said[-1].set_at.astimezone(zone_of(work.register)).date()


def turn_year(services: Services) -> None:
    """Opens the round once the year has ended, and turns to the next year once that has an end."""
    with services.transaction() as work:
        year = year_of(work, services)
        if year.stage in {Stage.RUNNING, Stage.OPEN}:
            _open_if_ended(work, services, year, by=CLOCK)
        _turn_if_known(work, services)
        _write_if_turned(work, services)


def set_next_year(work: Work, services: Services, ends_on: date, *, by: StaffMember) -> None:
    """Sets the last day of the school year that follows, or of this one where none is set.

    Raises:
        NotAllowed: a registrar of single schools would set it for the district.
        UnfitYear: no such year can follow.
    """
    if not by.works_at(None):
        raise NotAllowed("Only somebody who works for the whole district sets the school year.")
    year = year_of(work, services)
    if not year.today < ends_on <= _latest_end(year):
        raise UnfitYear
    if year.stage in {Stage.RUNNING, Stage.OPEN} and ends_on <= (year.ends_on or ends_on):
        raise UnfitYear
    key = YEAR_END if year.stage in {Stage.UNSET, Stage.PASSED} else NEXT_YEAR_END
    _set_policy(work, services, key, ends_on, by=by.staff_id)
    _turn_if_known(work, services)
    _write_if_turned(work, services)


def open_round_now(work: Work, services: Services, *, by: StaffMember) -> None:
    """Opens the round of a year that had ended before its last day was set.

    Raises:
        NotAllowed: a registrar of single schools would open it, or no such year waits.
    """
    year = year_of(work, services)
    if not by.works_at(None) or year.stage is not Stage.PASSED:
        raise NotAllowed
    _open_if_ended(work, services, year, by=by.staff_id)


def reminder_policy(work: Work) -> tuple[int, int]:
    """How often a family may be reminded in a round, and how many days lie between two mails."""
    most = _number_of(work, REMINDERS, _DEFAULT_REMINDERS)
    return most, _number_of(work, REMINDER_DAYS, _DEFAULT_REMINDER_DAYS)


def reminding_of(work: Work, year: Year, schools: Sequence[SchoolKey]) -> Reminding:
    """Whether, and from when on, families of these schools (none: all) may be reminded again."""
    most, days = reminder_policy(work)
    mailings = work.mailings.of_round(year.round.round_id) if year.round is not None else ()
    mine = [mailing for mailing in mailings if _overlaps(mailing, schools)]
    sent = sum(mailing.kind is MailingKind.REMINDER for mailing in mine)
    next_on = None
    if year.stage is Stage.OPEN and mine and sent < most:
        next_on = _day_of(work, mine[-1]) + timedelta(days=days)
    return Reminding(
        most=most, days=days, sent=sent, last=mine[-1] if mine else None, next_on=next_on
    )


def remind(work: Work, services: Services, *, by: StaffMember) -> None:
    """Asks for a reminder to everybody of this person's schools who has not answered.

    Raises:
        TooSoon: the policy allows none today.
    """
    year = year_of(work, services)
    reminding = reminding_of(work, year, by.schools)
    if year.round is None or reminding.next_on is None or reminding.next_on > year.today:
        raise TooSoon
    _begin_mailing(work, services, year.round, MailingKind.REMINDER, by.schools, by=by.staff_id)


def _begin_mailing(
    work: Work,
    services: Services,
    renewal: RenewalRound,
    kind: MailingKind,
    schools: Sequence[SchoolKey],
    *,
    by: str,
) -> None:
    """Keeps that a mailing was asked for; the sweep sends it in steps."""
    mailing = Mailing(
        mailing_id=MailingId(services.ids.new()),
        round_id=renewal.round_id,
        kind=kind,
        schools=tuple(schools),
        asked_by=by,
        asked_at=services.clock.now(),
    )
    work.mailings.begin(mailing)
    work.audit.write(
        Event.ROUND_MAILED,
        actor=by,
        subject=renewal.round_id,
        mailing=mailing.mailing_id,
        kind=kind.value,
        schools=";".join(schools),
    )


def _latest_end(year: Year) -> date:
    """A year that began with the end of the last one cannot go on for longer than this."""
    longest = timedelta(days=LONGEST_YEAR_DAYS)
    before = year.ends_on if year.ends_on is not None and year.stage is not Stage.PASSED else None
    if before is None or before + longest <= year.today:
        before = year.today
    return before + longest


def _open_if_ended(work: Work, services: Services, year: Year, *, by: str) -> None:
    ends_on = year.ends_on
    if ends_on is None or year.today <= ends_on:
        return
    opened = RenewalRound(
        round_id=services.ids.new(),
        year_ends_on=ends_on,
        opened_on=year.today,
        opened_by=by,
        recorded_at=services.clock.now(),
    )
    work.register.terms.open_round(opened)
    work.audit.write(
        Event.ROUND_OPENED, actor=by, subject=opened.round_id, year_ended=ends_on.isoformat()
    )


def _turn_if_known(work: Work, services: Services) -> None:
    year = year_of(work, services)
    if year.stage is not Stage.WAITING or year.following is None or year.round is None:
        return
    _set_policy(work, services, YEAR_END, year.following, by=CLOCK)


def _write_if_turned(work: Work, services: Services) -> None:
    """The round's first mails, however the new year came to have its last day."""
    year = year_of(work, services)
    if year.stage is not Stage.OPEN or year.round is None:
        return
    if not work.mailings.of_round(year.round.round_id):
        _begin_mailing(work, services, year.round, MailingKind.OPENING, (), by=CLOCK)


def _set_policy(work: Work, services: Services, key: str, value: date, *, by: str) -> None:
    words, at = value.isoformat(), services.clock.now()
    work.register.set_policy(key, words, school=None, by=by, at=at)
    work.audit.write(Event.POLICY_SET, actor=by, subject=key, value=words, school="")


def _overlaps(mailing: Mailing, schools: Sequence[SchoolKey]) -> bool:
    return not schools or any(mailing.covers(school) for school in schools)


def _day_of(work: Work, mailing: Mailing) -> date:
    return mailing.asked_at.astimezone(zone_of(work.register)).date()


def _date_of(work: Work, key: str) -> date | None:
    value = work.register.policy_or_none(key)
    return date.fromisoformat(value) if value else None


def _number_of(work: Work, key: str, default: int) -> int:
    value = work.register.policy_or_none(key)
    return int(value) if value else default
