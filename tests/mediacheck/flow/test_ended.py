"""A yes until a day of its own: what was published on it comes down after that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mediacheck.flow.ended import bring_down_ended
from mediacheck.model.publication import TakedownCase, Trigger
from release_db.records import Release
from release_db.words import Capacity, ReleaseId, Use
from tests.conftest import House
from tests.factories import NOW, a_release
from tests.mediacheck.flow.publishing import open_press_room
from tests.mediacheck.flow.test_clear import a_cleared_post
from tests.mediacheck.flow.test_withdraw import published

CHOSEN = date(2026, 12, 1)


def until(day: date | None, uses: Iterable[Use] = tuple(Use)) -> list[Release]:
    """A signed form: yes to each use, until that day, in the place of the one before."""
    later = NOW + timedelta(minutes=1)
    return [
        replace(
            a_release(use=use, capacity=Capacity.OFFICE, decided_by="office"),
            release_id=ReleaseId(f"until-{day}-{use}"),
            ends_on=day,
            given_on=NOW.date(),
            recorded_at=later,
            supersedes=a_release(use=use).release_id,
        )
        for use in uses
    ]


def record(house: House, releases: Iterable[Release]) -> None:
    with house.services.transaction() as work:
        work.register.record(list(releases))
    house.clock.move(timedelta(minutes=2))


def cases_after(house: House, day: date) -> tuple[TakedownCase, ...]:
    house.clock.move(timedelta(days=(day - house.clock.now().date()).days))
    bring_down_ended(house.services)
    bring_down_ended(house.services)
    with house.services.transaction() as work:
        return work.publications.cases()


def test_what_was_published_on_it_comes_down_after_its_last_day(house: House) -> None:
    record(house, until(CHOSEN))
    out = published(house)

    assert cases_after(house, CHOSEN) == ()
    (case,) = cases_after(house, CHOSEN + timedelta(days=2))

    assert (case.trigger, case.publications) == (Trigger.EXPIRY, (out.publication_id,))


@pytest.mark.parametrize("day", [None, date(2027, 6, 4)])
def test_a_yes_that_ends_with_the_school_year_leaves_it_where_it_is(
    house: House, day: date | None
) -> None:
    record(house, until(day))
    published(house)

    assert cases_after(house, date(2027, 7, 15)) == ()


def test_a_yes_that_was_given_anew_keeps_it_out(house: House) -> None:
    record(house, until(CHOSEN))
    published(house)
    again = NOW + timedelta(hours=1)
    record(house, [replace(one, recorded_at=again) for one in until(None)])

    assert cases_after(house, CHOSEN + timedelta(days=2)) == ()


def test_the_tool_deletes_what_it_published_itself(house: House) -> None:
    with open_press_room(house) as room:
        record(house, until(CHOSEN))
        room.publish(a_cleared_post(house))
        assert room.texts == ["A windy day"]

        (case,) = cases_after(house, CHOSEN + timedelta(days=2))
        room.run()

        assert room.texts == []
        with house.services.transaction() as work:
            (settled,) = work.publications.cases()
        assert (settled.case_id, settled.left) == (case.case_id, ())
