"""Tests of mediacheck/wiring/transactions.py: what a transaction leaves beside the database."""

from __future__ import annotations

import pytest

from mediacheck.model.audit import Event
from tests.conftest import House


def recorded(house: House) -> str | None:
    return house.services.recorded_audit_head()


def write_and_fail(house: House) -> None:
    with house.services.transaction() as work:
        work.audit.write(Event.POST_CHECKED, actor="a")
        raise ZeroDivisionError


def test_the_newest_entry_of_a_transaction_is_recorded_outside_the_database(house: House) -> None:
    with house.services.transaction() as work:
        work.audit.write(Event.POST_CHECKED, actor="a")
        work.audit.write(Event.POST_CHECKED, actor="a")

    with house.services.transaction() as work:
        newest = work.audit.head()
    assert newest is not None
    assert recorded(house) == newest.mac


def test_what_was_rolled_back_is_not_recorded(house: House) -> None:
    with house.services.transaction() as work:
        work.audit.write(Event.POST_CHECKED, actor="a")
    before = recorded(house)

    with pytest.raises(ZeroDivisionError):
        write_and_fail(house)

    assert recorded(house) == before
    with house.services.transaction() as work:
        assert work.audit.verify(before).is_sound


def test_reading_records_nothing(house: House) -> None:
    before = recorded(house)

    with house.services.transaction() as work:
        work.register.schools()

    assert recorded(house) == before
