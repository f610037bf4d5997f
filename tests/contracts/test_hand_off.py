"""The sealed hand-off: what it promises where the suite of connectors asks of servers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import BY_HAND, Posted
from mediacheck.ports.publishing import HealthReader, TimelineReader
from mediacheck.publish.content import require_fit
from tests.contracts.accounts import (
    PlatformAccount,
    a_moment_ago,
    a_place_by_hand,
    some_content,
)


@pytest.fixture
def by_hand() -> Iterator[PlatformAccount]:
    with a_place_by_hand() as held:
        yield held


def hand_over(by_hand: PlatformAccount) -> Posted:
    return by_hand.connector.publish(some_content(), (), "key-1")


@pytest.mark.usefixtures("socket_disabled")
def test_a_hand_over_asks_nobody(by_hand: PlatformAccount) -> None:
    connector, content = by_hand.connector, some_content()
    require_fit(content, connector.limits())

    parts = connector.prepare(content)
    posted = connector.publish(content, parts, "key-1")
    assert connector.verify(posted, content)
    connector.discard(parts)
    connector.end()

    assert (parts, posted.address, posted.pictures) == ((), "", ())
    assert not isinstance(connector, TimelineReader | HealthReader)
    assert by_hand.server.heard == []


def test_a_repeated_hand_over_is_the_same_one_and_is_known_as_one(by_hand: PlatformAccount) -> None:
    content = some_content()
    first, again, other = (
        by_hand.connector.publish(content, (), key) for key in ("key-1", "key-1", "key-2")
    )

    assert first == again
    assert first != other
    assert first.reference.startswith(BY_HAND)
    # Nothing is out by the first, whatever became of it.
    assert by_hand.connector.key_life > timedelta(days=365)


def test_nothing_of_a_hand_over_is_ever_found_by_the_tool(by_hand: PlatformAccount) -> None:
    posted = hand_over(by_hand)

    assert by_hand.connector.find_or_none("A windy day\n& <kites>", (), a_moment_ago()) is None
    for address in (posted.address, "https://parentsquare.example/1"):
        with pytest.raises(ConnectorError) as caught:
            by_hand.connector.posted_at(address)
        assert caught.value.retry is Retry.NEVER


def test_a_takedown_by_hand_is_a_person_s_and_never_proved_by_the_tool(
    by_hand: PlatformAccount,
) -> None:
    posted = hand_over(by_hand)

    with pytest.raises(ConnectorError) as caught:
        by_hand.connector.take_down(posted)

    assert (caught.value.retry, caught.value.code) == (Retry.NEVER, "by-hand")
    assert not caught.value.is_account_trouble
    assert not by_hand.connector.is_gone(posted)


def test_no_words_of_a_hand_over_stand_in_what_is_printed(by_hand: PlatformAccount) -> None:
    printed = f"{by_hand.connector!r} {some_content()!r} {hand_over(by_hand)!r}"

    assert "kites" not in printed
    assert "Kite 1" not in printed
