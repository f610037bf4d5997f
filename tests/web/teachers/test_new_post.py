"""The form for a new post."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.model.people import Role
from release_db.records import School
from release_db.words import SchoolKey
from tests.conftest import House
from tests.factories import a_channel
from tests.web.conftest import BrowserAs
from tests.web.posting import CHANNEL, start_post


def test_the_form_offers_the_channels_and_classes_of_the_teacher(
    browser_as: BrowserAs, house: House
) -> None:
    roosevelt = SchoolKey("roosevelt")
    with house.services.transaction() as work:
        work.register.save_school(School(key=roosevelt, name="Roosevelt"))
        work.register.add_channel(a_channel("roosevelt-page", school=roosevelt))
        work.register.add_channel(a_channel("district-page", school=None, is_official=True))

    page = browser_as(Role.TEACHER).get("/posts/new").get_data(as_text=True)

    assert f'value="{CHANNEL}"' in page
    assert "Room 12" in page
    assert "roosevelt-page" not in page
    assert "district-page" not in page


def test_nobody_with_one_school_is_asked_which(browser_as: BrowserAs) -> None:
    page = browser_as(Role.TEACHER).get("/posts/new").get_data(as_text=True)

    assert 'name="school"' not in page


def test_the_office_says_which_school(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_school(School(key=SchoolKey("roosevelt"), name="Roosevelt"))

    page = browser_as(Role.COMMUNICATIONS).get("/posts/new").get_data(as_text=True)

    assert 'name="school"' in page


def test_a_post_starts_and_its_page_opens(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house, caption="A day at the pond.")

    assert posting.page().status_code == 200
    assert posting.state()["caption"] == "A day at the pond."


def test_a_missing_channel_loses_nothing_that_was_typed(browser_as: BrowserAs) -> None:
    answer = browser_as(Role.TEACHER).post("/posts", {"caption": "A day at the pond."})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Choose one of your channels from the list." in page
    assert "A day at the pond." in page


def test_a_caption_that_is_too_long_is_told_at_its_field(browser_as: BrowserAs) -> None:
    form: dict[str, object] = {"channel": CHANNEL, "caption": "x" * 10_001}
    page = browser_as(Role.TEACHER).post("/posts", form).get_data(as_text=True)

    assert 'id="caption-error"' in page
    assert "more than 10,000 characters" in page


def test_whoever_has_no_channel_learns_who_adds_one(browser_as: BrowserAs, house: House) -> None:
    with house.services.transaction() as work:
        for channel in work.register.channels():
            work.register.save_channel(replace(channel, is_official=True))

    page = browser_as(Role.TEACHER).get("/posts/new").get_data(as_text=True)

    assert "Your communications office adds them." in page
