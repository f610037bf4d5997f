"""The calendar of posts that wait for their moment: a week or a month at a time, as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.flow.schedule import may_change_moment, scheduled_for
from mediacheck.model.people import Role
from mediacheck.model.post import Post
from mediacheck.model.publishing import Dispatch
from mediacheck.web.access import open_to
from mediacheck.web.dispatch_words import badge_of
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_PAGE = "communications/calendar.html"
_WEEK, _MONTH = "week", "month"
_DAYS_A_WEEK = 7
#: No post has its moment outside of these, and every day of them has a day before and after.
_YEARS = range(2000, 2100)
#: Longer than any month, so that the next one begins before.
_OVER_A_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that the page shows: a week from Monday, or a month. ``end`` is the day after."""

    view: str
    start: date
    end: date

    @property
    def before(self) -> date:
        """A day of the span before."""
        return self.start - timedelta(days=1)

    @property
    def middle(self) -> date:
        """A day of the month in which most of its days lie."""
        return self.start + (self.end - self.start) // 2

    @property
    def title(self) -> str:
        """The span in words."""
        if self.view == _MONTH:
            return f"{self.start:%B %Y}"
        last = self.end - timedelta(days=1)
        return f"{self.start:%B} {self.start.day} to {last:%B} {last.day}, {last.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    dispatch: Dispatch
    post: Post
    day: date
    hour: str
    channel_name: str
    asked_by: str
    badge: tuple[str, str]
    may_change: bool


@open_to(Role.COMMUNICATIONS)
def calendar() -> ResponseReturnValue:
    """What goes out, and what went, at a moment that somebody chose."""
    account = request.args.get("account", "")
    with open_desk() as desk:
        zone = zone_of(desk.work.register)
        today = desk.services.clock.now().astimezone(zone).date()
        span = span_of(request.args.get("view", ""), request.args.get("day", ""), today=today)
        lines = [
            line
            for line in _lines(desk, span, zone)
            if not account or line.dispatch.channel == account
        ]
        return render_template(
            _PAGE,
            span=span,
            days=[(_day_words(day), list(of_day)) for day, of_day in _by_day(lines)],
            account=account,
            channels=[
                one for one in desk.work.register.channels() if desk.staff.works_at(one.school)
            ],
            zone=f"{desk.services.clock.now().astimezone(zone):%Z}",
            links={
                "before": _link(span.view, span.before, account),
                "after": _link(span.view, span.end, account),
                "today": _link(span.view, today, account),
                _WEEK: _link(
                    _WEEK, today if span.start <= today < span.end else span.start, account
                ),
                _MONTH: _link(_MONTH, span.middle, account),
            },
        )


def span_of(view: str, day: str, *, today: date) -> Span:
    """The week or month that holds the day; what cannot be read is today's month."""
    try:
        about = date.fromisoformat(day)
    except ValueError:
        about = today
    if about.year not in _YEARS:
        about = today
    if view == _WEEK:
        start = about - timedelta(days=about.weekday())
        return Span(view=_WEEK, start=start, end=start + timedelta(days=_DAYS_A_WEEK))
    start = about.replace(day=1)
    return Span(view=_MONTH, start=start, end=(start + _OVER_A_MONTH).replace(day=1))


def _lines(desk: Desk, span: Span, zone: tzinfo) -> Iterable[_Line]:
    start, end = (
        datetime.combine(day, time.min, zone).astimezone(UTC) for day in (span.start, span.end)
    )
    names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    for dispatch, post in scheduled_for(desk, start, end):
        local = dispatch.wanted_at.astimezone(zone)
        yield _Line(
            dispatch=dispatch,
            post=post,
            day=local.date(),
            hour=f"{local.hour % 12 or 12}:{local:%M %p}",
            channel_name=channels.get(dispatch.channel, dispatch.channel),
            asked_by=names.get(dispatch.asked_by, "Somebody"),
            badge=badge_of(dispatch),
            may_change=may_change_moment(desk, dispatch, post),
        )


def _by_day(lines: Iterable[_Line]) -> Iterable[tuple[date, Iterable[_Line]]]:
    return groupby(lines, key=lambda line: line.day)


def _day_words(day: date) -> str:
    return f"{day:%A, %B} {day.day}"


def _link(view: str, day: date, account: str) -> str:
    return url_for("communications.calendar", view=view, day=day.isoformat(), account=account)
