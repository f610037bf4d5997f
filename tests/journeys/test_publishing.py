"""A teacher's photo goes out on a real server, a family says no, and it is gone from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.journeys.browsing import (
    OFFICE,
    RELEASED,
    SECOND_OFFICE,
    TEACHER,
    Visitor,
    open_window,
)
from tests.journeys.conftest import serve_demo
from tests.journeys.test_withdrawal import MOTHER, sign_in_family
from tests.servers.mastodon import Server, mastodon_server, post_by_hand

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

Window = Callable[..., Visitor]
#: The publishing process starts, looks and asks again within that, on a busy machine.
PUBLISHED_MS = 90_000


@pytest.fixture(scope="module")
def account() -> Iterator[Server]:
    with mastodon_server() as server:
        yield server


@pytest.fixture(scope="module")
def address(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A district of its own: its families change their minds here."""
    del chromium_path
    folder = tmp_path_factory.mktemp("publishing")
    url = "http://127.0.0.1:{port}"
    with serve_demo(folder, MEDIACHECK_URL=url, MEDIACHECK_LOOPBACK_ACCOUNTS="yes") as served:
        yield served


@pytest.fixture
def window(chromium: Browser, address: str, screens: Path) -> Iterator[Window]:
    opened: list[Visitor] = []

    def open_one(**size: int) -> Visitor:
        opened.append(open_window(chromium, address, screens, **size))
        return opened[-1]

    yield open_one
    troubles = [words for visitor in opened for words in visitor.troubles]
    for visitor in opened:
        visitor.page.context.close()
    assert troubles == []


def connect(office: Visitor, account: Server, channel: str = "Lincoln on Instagram") -> None:
    """The office lets mediacheck in, on the account's own page."""
    page = office.page
    office.open("/connections")
    page.get_by_role("link", name=f"Connect an account to {channel}").click()
    page.get_by_role("link", name="Mastodon", exact=True).click()
    page.get_by_label("Name of the server").fill(account.base)
    office.snap("connect", whole=True)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name=re.compile("Go to")).click()
    page.get_by_role("link", name="Authorize").click()
    expect(page.get_by_text("The account is connected.")).to_be_visible()
    expect(page.get_by_text("@lincoln").first).to_be_visible()
    # The account's own server has no picture for the browser's tab.
    office.forget(r"favicon\.ico")
    office.require_accessible("connections")
    office.snap("connections", whole=True)


def settle(teacher: Visitor) -> None:
    teacher.start_post(RELEASED, caption="A day with rockets.")
    teacher.button("Face 1: Is this Maya Lindqvist?").first.click()
    teacher.button("Yes, this is Maya Lindqvist").click()
    teacher.page.locator("[data-box].unread").first.click()
    teacher.button("No student’s name").click()
    teacher.button("Close the photo").click()
    teacher.describe("A student beside a model rocket")


def withdraw(family: Visitor) -> None:
    page = family.page
    page.get_by_role("heading", level=2).get_by_role("link").first.click()
    page.get_by_role("link", name="Answer or change").click()
    page.get_by_label("Everything inside school, nothing public").check()
    page.get_by_role("button", name="See what this means").click()
    page.get_by_label("Type your full name to sign").fill("Ingrid Lindqvist")
    page.get_by_role("button", name="Sign and save").click()
    expect(page.get_by_role("heading", name="Your answers are saved")).to_be_visible()


def test_a_photo_goes_out_and_is_gone_when_the_family_says_no(
    window: Window, account: Server
) -> None:
    teacher, office, family = window(), window(), window(width=390, height=844)
    office.sign_in_anew(OFFICE)
    connect(office, account)

    teacher.sign_in_anew(TEACHER)
    settle(teacher)
    expect(teacher.button("Publish as @lincoln")).to_be_visible()
    teacher.require_accessible("publish")
    teacher.snap("publish-button", whole=True)
    teacher.button("Publish as @lincoln").click()
    teacher.page.get_by_role("button", name="Publish", exact=True).click()
    published = teacher.page.locator("[data-key=published]")
    expect(published).to_contain_text("Being published")
    out = published.get_by_role("heading", name="Published", exact=True)
    expect(out).to_be_visible(timeout=PUBLISHED_MS)
    expect(teacher.button("Publish as @lincoln")).to_have_count(0)
    teacher.snap("published", whole=True)

    (status,) = account.live
    assert status["text"] == "A day with rockets."
    (picture,) = status["media_attachments"]
    assert picture["description"] == "A student beside a model rocket"
    shown = requests.get(picture["url"], timeout=10)
    assert shown.content[:2] == b"\xff\xd8"
    office.open("/publishing")
    expect(office.page.get_by_role("link", name="Open the published post")).to_be_visible()
    office.require_accessible("publishing")
    office.snap("publishing", whole=True)

    sign_in_family(family, MOTHER)
    withdraw(family)

    office.open("/takedowns")
    office.page.get_by_role("link", name="Maya Lindqvist").click()
    deleted = office.page.get_by_text("The tool deleted the post and checked that")
    for _ in range(30):
        if deleted.count():
            break
        office.page.wait_for_timeout(1_000)
        office.page.reload()
    expect(deleted).to_be_visible()
    office.require_accessible("takedown by mediacheck")
    office.snap("takedown-by-mediacheck", whole=True)
    assert account.live == []
    for address in (picture["url"], status["url"]):
        assert requests.get(address, timeout=10, allow_redirects=False).status_code == 404

    family.open("/family")
    family.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    family.page.get_by_role("link", name="Where your child appears").click()
    told = "Taken down, and checked: its page and every photo are gone"
    expect(family.page.get_by_text(told).first).to_be_visible()
    family.require_accessible("appearances")
    family.require_no_sideways_scroll("appearances")
    family.snap("family-gone", whole=True)
    assert account.unknown == []


@pytest.fixture(scope="module")
def official() -> Iterator[Server]:
    """The district's own account: another than the school's."""
    with mastodon_server() as server:
        yield server


def ask(author: Visitor) -> None:
    """The author asks for the post to go out on the official account."""
    author.button("Ask to publish as @lincoln").click()
    author.page.get_by_role("button", name="Ask", exact=True).click()
    expect(author.page.locator("[data-key=published]")).to_contain_text("Waits for a second person")


def compare(second: Visitor) -> None:
    """The second person finds it in the queue, and compares."""
    second.open("/queue?mine=yes")
    second.require_accessible("queue with what waits for a yes")
    second.snap("queue-for-yes", whole=True)
    second.page.get_by_role("link", name=re.compile("Compare it with what was asked")).click()
    second.require_accessible("compare")
    second.snap("compare", whole=True)


@pytest.mark.lane
def test_an_official_post_goes_out_with_a_second_person_s_yes_at_its_moment(
    window: Window, official: Server
) -> None:
    author, second = window(), window()
    author.sign_in_anew(OFFICE)
    second.sign_in_anew(SECOND_OFFICE)
    connect(author, official, "District on Instagram")
    second.open("/connections")
    second.button("Yes, this is our account").click()
    expect(second.page.get_by_text("Posts can be published there.")).to_be_visible()
    second.snap("connections-health", whole=True)

    author.start_post(caption="Rockets fly.", channel="District on Instagram")
    post = author.page.url
    ask(author)
    compare(second)
    second.page.get_by_label("What should be changed?").fill("Say when, please.")
    second.button("Send back with words").click()

    author.page.goto(post)
    expect(author.page.get_by_text("Sent back by Neil Osborne")).to_be_visible()
    expect(author.page.get_by_text("Say when, please.").first).to_be_visible()
    assert official.live == []

    author.button("Choose a moment").click()
    day = (datetime.now(ZoneInfo("America/Los_Angeles")) + timedelta(days=2)).date().isoformat()  # noqa: TID251 - the served tool's clock runs.
    author.page.get_by_label("Day").fill(day)
    author.page.get_by_label("Time").fill("09:30")
    author.require_accessible("choose a moment")
    author.snap("moment", whole=True)
    author.button("Put it on the calendar").click()
    expect(author.page.locator("[data-key=published]")).to_contain_text("It goes out on")
    compare(second)
    expect(second.page.get_by_text("9:30 AM").first).to_be_visible()
    second.button("Approve it for its moment").click()
    second.open(f"/calendar?view=week&day={day}")
    expect(second.page.get_by_text("Scheduled", exact=True)).to_be_visible()
    second.require_accessible("calendar")
    second.snap("calendar", whole=True)

    author.open("/publishing")
    author.page.get_by_role("link", name="Change its moment, or do not publish").click()
    author.button("Do not publish it").click()
    author.page.goto(post)
    author.button("Publish as @lincoln").or_(author.button("Ask to publish as @lincoln")).click()
    author.page.get_by_role("button", name=re.compile("^(Publish|Ask)$")).click()
    published = author.page.locator("[data-key=published]")
    out = published.get_by_role("heading", name="Published", exact=True)
    expect(out).to_be_visible(timeout=PUBLISHED_MS)
    assert [status["text"] for status in official.live] == ["Rockets fly."]


@pytest.mark.lane
def test_what_was_posted_by_hand_is_listed_and_checked_with_one_button(
    window: Window, official: Server
) -> None:
    post_by_hand(official, "Maya Lindqvist won the race")
    office = window()
    office.sign_in_anew(OFFICE)
    words = office.page.get_by_text("Maya Lindqvist won the race")
    # The account is read every quarter of an hour; here it is asked for with the next sweep.
    office.open("/timeline")
    office.page.get_by_role(
        "button", name=re.compile("Go through the whole account.*District on Instagram")
    ).click()
    for _ in range(60):
        office.open("/timeline")
        if words.count():
            break
        office.page.wait_for_timeout(2_000)
    expect(words.first).to_be_visible()
    office.require_accessible("timeline")
    office.snap("timeline", whole=True)
    for path in ("/takedowns/tasks", "/archive", "/ledger", "/ledger/S1001"):
        office.open(path)
        office.snap(f"desk{path.replace('/', '-')}", whole=True)
