"""The queue of the communications office."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from mediacheck.model.people import Role
from mediacheck.model.post import PostId
from tests.conftest import House
from tests.factories import a_channel, a_post
from tests.web.conftest import Browser, BrowserAs
from tests.web.posting import start_post


def sections(browser: Browser, query: str = "") -> dict[str, str]:
    """The parts of the queue by the id of their heading."""
    page = browser.get(f"/queue{query}").get_data(as_text=True)
    found = re.findall(r'<section aria-labelledby="(\w+)">(.*?)</section>', page, re.S)
    return dict(found)


def test_an_empty_queue_says_so(browser_as: BrowserAs) -> None:
    parts = sections(browser_as(Role.COMMUNICATIONS))

    assert "Nothing waits for the office" in parts["waiting"]


def test_what_was_sent_to_the_office_waits_the_oldest_first(
    browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    for caption in ("The first of them.", "The second of them."):
        start_post(teacher, house, caption=caption).act("send", words="")
        house.clock.move(timedelta(minutes=1))

    waiting = sections(browser_as(Role.COMMUNICATIONS))["waiting"]

    assert waiting.index("The first of them.") < waiting.index("The second of them.")


def test_a_waiting_post_never_falls_out_of_the_newest(browser_as: BrowserAs, house: House) -> None:
    start_post(browser_as(Role.TEACHER), house, caption="Sent long ago.").act("send", words="")
    house.clock.move(timedelta(minutes=1))
    with house.services.transaction() as work:
        for number in range(101):
            later = replace(a_post(), post_id=PostId(f"p{number}"), created_at=house.clock.now())
            work.posts.add(later)

    assert "Sent long ago." in sections(browser_as(Role.COMMUNICATIONS))["waiting"]


def test_drafts_stand_below_and_ones_own_apart(browser_as: BrowserAs, house: House) -> None:
    start_post(browser_as(Role.TEACHER), house, caption="Of a teacher.")
    office = browser_as(Role.COMMUNICATIONS)
    start_post(office, house, caption="Of the office.")

    parts = sections(office)

    assert "Of a teacher." in parts["others"]
    assert "Of the office." in parts["own"]
    assert "Of" not in parts["waiting"].replace("office", "")


def test_nobody_reviews_their_own_post(browser_as: BrowserAs, house: House) -> None:
    office = browser_as(Role.COMMUNICATIONS)
    start_post(office, house, caption="Of the office.").act("send", words="")

    parts = sections(office)

    assert "Of the office." in parts["own"]
    assert "Of the office." not in parts["waiting"]


def test_the_queue_is_narrowed_by_channel_and_state(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        work.register.add_channel(a_channel("lincoln-page"))
    teacher = browser_as(Role.TEACHER)
    start_post(teacher, house, caption="On the page.", channel="lincoln-page").act("send", words="")
    start_post(teacher, house, caption="Elsewhere.").act("send", words="")
    office = browser_as(Role.COMMUNICATIONS)

    waiting = sections(office, "?channel=lincoln-page")["waiting"]

    assert "On the page." in waiting
    assert "Elsewhere." not in waiting
    assert "with these filters" in sections(office, "?state=draft")["waiting"]
    assert "with these filters" in sections(office, "?school=roosevelt")["waiting"]


def test_an_office_of_one_school_sees_no_other(browser_as: BrowserAs, house: House) -> None:
    start_post(browser_as(Role.TEACHER), house, caption="Of Lincoln.").act("send", words="")

    parts = sections(browser_as(Role.COMMUNICATIONS, "roosevelt"))

    assert "Of Lincoln." not in "".join(parts.values())


def test_the_queue_is_the_office_s_alone(browser_as: BrowserAs) -> None:
    assert browser_as(Role.TEACHER).get("/queue").status_code == 403
