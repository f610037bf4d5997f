"""A school year that has ended stays ended, whatever last day is set for the year after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_db.records import Appearance, Granted, StudentFile
from release_db.rules import permission_for
from release_db.standing import end_of_year_with
from release_db.words import StudentId, Use
from tests.factories import a_channel, a_file, a_release

ENDED = date(2026, 6, 12)


def file_of(year_ends_on: date, *ended: date, given: date = date(2025, 9, 1)) -> StudentFile:
    release = replace(a_release(), given_on=given)
    return replace(a_file(releases=[release]), year_ends_on=year_ends_on, ended_years=ended)


def is_allowed(file: StudentFile, on: date) -> bool:
    asked = Appearance(student_id=StudentId("S1"), use=Use.IMAGE, channel=a_channel())
    return isinstance(permission_for(asked, file, on), Granted)


def test_a_later_end_of_the_next_year_revives_nothing() -> None:
    file = file_of(date(2027, 6, 25), ENDED)

    assert is_allowed(file, ENDED)
    assert not is_allowed(file, date(2026, 6, 20))


def test_an_answer_between_the_years_holds_for_the_new_one() -> None:
    file = file_of(date(2027, 6, 25), ENDED, given=date(2026, 6, 20))

    assert is_allowed(file, date(2027, 6, 25))
    assert not is_allowed(file, date(2027, 6, 26))


def test_an_earlier_end_of_the_next_year_revives_nothing() -> None:
    file = file_of(date(2027, 6, 1), ENDED, given=date(2026, 6, 5))

    assert not is_allowed(file, date(2026, 6, 13))


def test_while_no_new_end_is_set_the_old_month_and_day_count() -> None:
    file = file_of(ENDED, ENDED, given=date(2026, 8, 1))

    assert is_allowed(file, date(2027, 6, 12))
    assert not is_allowed(file, date(2027, 6, 13))


@pytest.mark.parametrize(
    ("day", "ends_on"),
    [
        (date(2024, 9, 1), date(2025, 6, 25)),
        (date(2025, 6, 13), ENDED),
        (date(2026, 6, 13), date(2027, 6, 11)),
        (date(2027, 6, 12), date(2028, 6, 25)),
        (date(2028, 6, 26), date(2029, 6, 25)),
    ],
)
def test_each_day_is_in_one_year(day: date, ends_on: date) -> None:
    file = file_of(date(2028, 6, 25), ENDED, date(2027, 6, 11))

    assert end_of_year_with(day, file) == ends_on


def test_a_year_that_was_left_out_does_not_stretch_the_next() -> None:
    file = file_of(date(2028, 6, 12), ENDED)

    assert end_of_year_with(date(2026, 9, 1), file) == date(2027, 6, 12)


def test_a_year_that_was_left_out_does_not_outlast_a_recorded_end() -> None:
    file = file_of(date(2026, 12, 18), date(2024, 6, 14), ENDED, given=date(2026, 5, 4))

    assert is_allowed(file, ENDED)
    assert not is_allowed(file, date(2026, 6, 13))


days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
some_ends = st.lists(days, max_size=5, unique=True).map(sorted)


@given(day=days, ends=some_ends, set_for=days)
def test_a_year_holds_its_day_and_no_recorded_end_inside(
    day: date, ends: list[date], set_for: date
) -> None:
    end = end_of_year_with(day, file_of(set_for, *ends))

    assert end >= day
    assert [one for one in ends if day <= one < end] == []


@given(first=days, second=days, ends=some_ends, set_for=days)
def test_a_later_day_is_in_no_earlier_year(
    first: date, second: date, ends: list[date], set_for: date
) -> None:
    file = file_of(set_for, *ends)
    sooner, later = sorted((first, second))

    assert end_of_year_with(sooner, file) <= end_of_year_with(later, file)
