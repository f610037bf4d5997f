"""What was uploaded for a post that did not go out does not stay on the platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mediacheck.flow.withdraw import after_change
from mediacheck.model.publication import Trigger
from mediacheck.model.publishing import DispatchState
from release_db.words import Answer, Capacity, StudentId, Use
from tests.conftest import House
from tests.factories import a_release
from tests.mediacheck.flow.publishing import SITE, PressRoom, open_press_room
from tests.mediacheck.flow.test_clear import a_cleared_post
from tests.servers.strict import Fault
from tests.servers.wordpress import Site, wordpress_site

POST = r"/wp-json/wp/v2/posts/\d+"


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        yield opened


@pytest.fixture
def site(room: PressRoom) -> Iterator[Site]:
    with wordpress_site() as held:
        room.also_on(held)
        yield held


def withdraw(room: PressRoom) -> None:
    no = a_release(use=Use.IMAGE, answer=Answer.DENY, capacity=Capacity.OFFICE, decided_by="office")
    with room.publisher.transaction() as work:
        work.register.record([no])
        after_change(room.publisher, work, [StudentId("S1")], trigger=Trigger.ANSWER, by="family")


def a_post_that_waits(room: PressRoom, site: Site) -> None:
    """Its draft is there, and the site was too busy to publish it."""
    site.fail_next("POST", POST, Fault.BUSY)
    room.publish(a_cleared_post(room.house, channel=SITE))
    assert room.dispatch().state is DispatchState.WAITING
    assert len(site.posts) == 1


def test_a_photo_with_its_words_goes_out_on_a_site_and_down_again(
    room: PressRoom, site: Site
) -> None:
    dispatch = room.publish(a_cleared_post(room.house, channel=SITE))
    assert (dispatch.state, dispatch.is_verified) == (DispatchState.PUBLISHED, True)
    assert len(site.live) == len(site.media) == 1

    withdraw(room)
    room.run()

    assert (site.posts, site.media) == ({}, {})
    assert room.dispatch().removal.state == "gone"


def test_a_draft_goes_when_its_post_is_withdrawn_before_it_was_public(
    room: PressRoom, site: Site
) -> None:
    a_post_that_waits(room, site)
    withdraw(room)

    room.later(minutes=5)

    assert room.dispatch().state is DispatchState.STOPPED
    assert (site.posts, site.media) == ({}, {})
    assert room.dispatch().parts == ()


def test_a_site_that_is_away_is_asked_again_to_remove_the_draft(
    room: PressRoom, site: Site
) -> None:
    a_post_that_waits(room, site)
    withdraw(room)
    site.fail_next("DELETE", POST, Fault.LOST_BEFORE, times=3)

    for _ in range(5):
        assert len(site.posts) == 1
        room.later(minutes=1)
        room.later(minutes=6)
        if not site.posts:
            break

    assert site.posts == {}
    with room.publisher.transaction() as work:
        assert work.dispatches.due(room.house.clock.now() + timedelta(days=9)) == ()


def test_an_account_that_is_gone_leaves_nothing_to_do(room: PressRoom, site: Site) -> None:
    a_post_that_waits(room, site)
    withdraw(room)
    site.tokens.clear()

    for _ in range(4):
        room.later(days=1)

    with room.publisher.transaction() as work:
        assert work.dispatches.due(room.house.clock.now() + timedelta(days=9)) == ()
