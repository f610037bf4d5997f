"""A photo with its description goes out on a server of Mastodon's API, and down again.

That server drops the post and keeps the picture, as some do: the tool has to notice, and must not
say that it is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mediacheck.flow import connections
from mediacheck.flow.removals import MOST_ATTEMPTS
from mediacheck.model.publishing import Connection, DispatchState, Platform
from tests.conftest import House
from tests.factories import a_channel
from tests.live.mastodon import live_mastodon
from tests.live.rooms import LiveRoom, live_room, status_of
from tests.mediacheck.flow.test_clear import OFFICE

pytestmark = [pytest.mark.lane, pytest.mark.live]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with live_mastodon() as address:
        yield address


@pytest.fixture
def room(house: House) -> Iterator[LiveRoom]:
    with live_room(house) as opened:
        yield opened


def connect(room: LiveRoom, server: str) -> Connection:
    """By the server's own page, on which somebody picks the account."""
    services, channel = room.publisher, a_channel().key
    there = connections.begin_link(services, OFFICE, channel, Platform.MASTODON, server)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(there).query).items()}
    picked = {key: asked[key] for key in ("redirect_uri", "client_id", "scope", "state")}
    answer = requests.post(
        f"{server}/oauth/authorize",
        data={**picked, "username": "testuser"},
        timeout=30,
        allow_redirects=False,
    )
    brought = parse_qs(urlsplit(answer.headers["Location"]).query)
    code = {"code": brought["code"][0]}
    return connections.finish_link(services, OFFICE, brought["state"][0], code)


def test_a_photo_goes_out_on_a_server_of_mastodon_s_api_and_no_picture_is_said_to_be_gone(
    room: LiveRoom, server: str
) -> None:
    assert connect(room, server).account.handle == "testuser"

    dispatch = room.publish("A windy day & <kites>")

    assert (dispatch.state, dispatch.is_verified) == (DispatchState.PUBLISHED, True), dispatch
    posted = dispatch.posted
    assert posted is not None
    status = requests.get(f"{server}/api/v1/statuses/{posted.reference}", timeout=30).json()
    (picture,) = status["media_attachments"]
    assert picture["description"] == "A kite"
    assert {status_of(one) for one in (posted.address, *posted.pictures)} == {200}

    removal = room.withdraw().removal

    assert status_of(posted.address) == 404
    is_kept = {status_of(one) for one in posted.pictures} == {200}
    assert (removal.state, removal.trouble) == (
        ("waiting", "still-there") if is_kept else ("gone", "")
    )
    for _ in range(MOST_ATTEMPTS):
        room.house.clock.move(timedelta(hours=1))
        room.run()
    assert room.dispatch().removal.state == ("by-hand" if is_kept else "gone")
