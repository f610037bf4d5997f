"""A lookup says what the plain query says, for lists of every size, and asks nothing more."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from release_db.lookups import KEYS, Lookup
from release_db.schema_names import NameWayRow

WAYS = [f"way{number}" for number in range(9)]
BY_WAY = Lookup(select(NameWayRow.way, NameWayRow.name).where(NameWayRow.way.in_(KEYS)))


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with Session(engine) as session, session.begin():
        rows = [{"kind": "g", "way": way, "name": f"name of {way}"} for way in WAYS]
        session.execute(insert(NameWayRow), rows)
    return engine


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9])
def test_it_finds_each_key_once(filled: Engine, count: int) -> None:
    with filled.connect() as connection:
        found = BY_WAY.ask(connection, WAYS[:count])

    assert sorted(found) == [(way, f"name of {way}") for way in WAYS[:count]]


def test_what_is_not_there_is_not_found(filled: Engine) -> None:
    with filled.connect() as connection:
        assert BY_WAY.ask(connection, ["'; DROP TABLE name_way; --", "%", "?"]) == []
        assert len(BY_WAY.ask(connection, WAYS)) == len(WAYS)


def test_an_error_does_not_quote_the_keys(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection, pytest.raises(Exception, match="name_way") as raised:
        BY_WAY.ask(connection, ["maya"])

    assert "maya" not in str(raised.value)
