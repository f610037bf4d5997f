"""A photo with its description goes out on a real server of the AT protocol, and is gone again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from mediacheck.errors import BadRequest
from mediacheck.flow.connections import Entered
from mediacheck.model.publishing import DispatchState, Platform
from tests.conftest import House
from tests.journeys.browsing import OFFICE, TEACHER, Visitor, open_window
from tests.journeys.conftest import serve_demo
from tests.journeys.test_publishing import PUBLISHED_MS, settle, withdraw
from tests.journeys.test_withdrawal import MOTHER, sign_in_family
from tests.live.atproto import HANDLE, LivePds, live_pds
from tests.live.rooms import LiveRoom, live_room

pytestmark = [pytest.mark.lane, pytest.mark.live]

_RECORDS = "xrpc/com.atproto.repo.listRecords"
Window = Callable[..., Visitor]


@pytest.fixture(scope="module")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePds]:
    with live_pds(tmp_path_factory.mktemp("pds")) as held:
        yield held


@pytest.fixture
def room(house: House, pds: LivePds) -> Iterator[LiveRoom]:
    looked_up = {
        "handle_directory": pds.directory,
        "handle_server": pds.base,
        "has_bluesky_views": False,
    }
    with live_room(house, **looked_up) as opened:
        yield opened


def records_of(pds: LivePds) -> list[dict[str, object]]:
    """The account's posts, as everybody may read them."""
    asked = {"repo": pds.did, "collection": "app.bsky.feed.post"}
    answer = requests.get(f"{pds.base}/{_RECORDS}", params=asked, timeout=30).json()
    return [one["value"] for one in answer["records"]]


def test_a_photo_goes_out_by_app_password_and_is_gone_again(room: LiveRoom, pds: LivePds) -> None:
    entered = Entered(server="", user=HANDLE, password=pds.app)
    connection = room.connect(Platform.BLUESKY, entered)
    assert (connection.account.account_id, connection.account.handle) == (pds.did, HANDLE)

    dispatch = room.publish("A windy day & <kites>")

    assert (dispatch.state, dispatch.is_verified) == (DispatchState.PUBLISHED, True), dispatch
    (record,) = records_of(pds)
    assert record["text"] == "A windy day & <kites>"
    assert "'alt': 'A kite'" in str(record)
    assert dispatch.posted is not None
    (picture,) = dispatch.posted.pictures
    shown = requests.get(picture, timeout=30)
    assert (shown.status_code, shown.content[:2]) == (200, b"\xff\xd8")

    removal = room.withdraw().removal

    assert removal.state == "gone", removal
    assert records_of(pds) == []
    assert requests.get(picture, timeout=30).status_code == 400


def test_the_account_s_own_password_is_refused(room: LiveRoom, pds: LivePds) -> None:
    entered = Entered(server="", user=HANDLE, password=pds.password)

    with pytest.raises(BadRequest, match="opens everything"):
        room.connect(Platform.BLUESKY, entered)


# --- By OAuth, in a browser -------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(
    chromium_path: str, pds: LivePds, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    del chromium_path
    with serve_demo(
        tmp_path_factory.mktemp("oauth"),
        MEDIACHECK_URL="http://127.0.0.1:{port}",
        MEDIACHECK_LOOPBACK_ACCOUNTS="yes",
        MEDIACHECK_HANDLE_DIRECTORY=pds.directory,
        MEDIACHECK_HANDLE_SERVER=pds.base,
        MEDIACHECK_BLUESKY_VIEWS="no",
    ) as served:
        yield served


@pytest.fixture
def window(chromium: Browser, address: str, screens: Path) -> Iterator[Window]:
    opened: list[Visitor] = []

    def open_one(**size: int) -> Visitor:
        opened.append(open_window(chromium, address, screens, **size))
        return opened[-1]

    yield open_one
    for visitor in opened:
        visitor.page.context.close()


def let_in_there(page: Page, password: str) -> None:
    """On the account's own server: sign in, and say yes to what mediacheck asks for."""
    page.get_by_role("link", name=re.compile("Go to")).click()
    field = page.locator("input[type=password]")
    sign_in = page.get_by_role("button", name=re.compile("^Sign in$"))
    expect(field.or_(sign_in).first).to_be_visible(timeout=60_000)
    if not field.count():
        sign_in.click()
    field.fill(password)
    page.locator("button[type=submit]").last.click()
    page.get_by_role("button", name=re.compile("^(Authorize|Accept|Allow)$")).click(timeout=60_000)


@pytest.mark.browser
def test_a_photo_goes_out_by_oauth_and_is_gone_when_the_family_says_no(
    window: Window, pds: LivePds
) -> None:
    office, teacher, family = window(), window(), window(width=390, height=844)
    office.sign_in_anew(OFFICE)
    office.open("/connections")
    office.page.get_by_role("link", name="Connect an account to Lincoln on Instagram").click()
    office.page.get_by_role("link", name="Bluesky", exact=True).click()
    office.page.get_by_label("Handle of the account").fill(HANDLE)
    office.snap("connect-bluesky", whole=True)
    office.page.get_by_role("button", name="Go on").click()
    let_in_there(office.page, pds.password)
    expect(office.page.get_by_text("The account is connected.")).to_be_visible()
    expect(office.page.get_by_text(f"@{HANDLE}")).to_be_visible()
    office.snap("connected-bluesky", whole=True)

    teacher.sign_in_anew(TEACHER)
    settle(teacher)
    teacher.button(f"Publish as @{HANDLE}").click()
    teacher.page.get_by_role("button", name="Publish", exact=True).click()
    out = teacher.page.locator("[data-key=published]").get_by_role(
        "heading", name="Published", exact=True
    )
    expect(out).to_be_visible(timeout=PUBLISHED_MS)
    (record,) = records_of(pds)
    assert record["text"] == "A day with rockets."
    assert "A student beside a model rocket" in str(record)

    sign_in_family(family, MOTHER)
    withdraw(family)
    for _ in range(60):
        if not records_of(pds):
            break
        office.page.wait_for_timeout(1_000)
    assert records_of(pds) == []
    office.open("/takedowns")
    office.page.get_by_role("link", name="Maya Lindqvist").click()
    deleted = office.page.get_by_text("The tool deleted the post and checked that")
    for _ in range(30):
        if deleted.count():
            break
        office.page.wait_for_timeout(1_000)
        office.page.reload()
    expect(deleted).to_be_visible()
