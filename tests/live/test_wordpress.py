"""A photo with its description goes out on a real WordPress, and is gone again: page and files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from mediacheck.errors import BadRequest
from mediacheck.flow.connections import Entered
from mediacheck.model.publishing import DispatchState, Platform
from tests.conftest import House
from tests.live.rooms import LiveRoom, live_room, status_of
from tests.live.wordpress import LiveSite, live_wordpress

pytestmark = [pytest.mark.lane, pytest.mark.live]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_wordpress(tmp_path_factory.mktemp("wordpress")) as held:
        yield held


@pytest.fixture
def room(house: House) -> Iterator[LiveRoom]:
    with live_room(house) as opened:
        yield opened


def test_a_photo_goes_out_on_a_real_site_and_every_file_of_it_is_gone_again(
    room: LiveRoom, site: LiveSite
) -> None:
    entered = Entered(server=site.address, user="lincoln", password=site.author)
    connection = room.connect(Platform.WORDPRESS, entered)
    assert connection.account.handle == "lincoln"

    dispatch = room.publish("A windy day\n\nSee [gallery] and <b>kites</b> & more")

    assert (dispatch.state, dispatch.is_verified) == (DispatchState.PUBLISHED, True)
    posted = dispatch.posted
    assert posted is not None
    page = requests.get(posted.address, timeout=30).text
    assert 'alt="A kite"' in page
    assert "See &#091;gallery&#093;" in page or "See [gallery]" in page or "&#91;gallery" in page
    assert "<b>kites</b>" not in page
    assert len(posted.pictures) > 1
    shown = [requests.get(one, timeout=30) for one in posted.pictures]
    assert {one.headers["Content-Type"] for one in shown} == {"image/jpeg"}
    told = requests.get(f"{site.address}/?rest_route=/wp/v2/media", timeout=30).json()
    assert [one["alt_text"] for one in told] == ["A kite"]
    assert [one["caption"]["rendered"].strip() for one in told] in ([""], ["<p></p>"])

    removal = room.withdraw().removal

    assert removal.state == "gone", removal
    assert {status_of(one) for one in (posted.address, *posted.pictures)} == {404}
    assert requests.get(f"{site.address}/?rest_route=/wp/v2/media", timeout=30).json() == []


def test_the_administrator_of_a_real_site_is_refused(room: LiveRoom, site: LiveSite) -> None:
    with pytest.raises(BadRequest, match="run the whole site"):
        room.connect(
            Platform.WORDPRESS,
            Entered(server=site.address, user="head", password=site.head),
        )
