"""The page of a post: what it is drawn from, and to whom it opens."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from mediacheck.flow.receive import MOST_PICTURES
from mediacheck.intake.errors import FileTooLarge
from mediacheck.intake.limits import MAX_FILE_BYTES
from mediacheck.model.people import Role
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.factories import a_box
from tests.web.conftest import BrowserAs
from tests.web.posting import start_post


def test_the_page_of_another_school_is_not_found(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    stranger = posting.as_seen_by(browser_as(Role.TEACHER, "roosevelt"))

    assert stranger.page().status_code == 404
    assert stranger.act("clear").status_code == 404
    assert stranger.upload().status_code == 404


def test_an_empty_post_asks_for_photos_and_words(browser_as: BrowserAs, house: House) -> None:
    state = start_post(browser_as(Role.TEACHER), house).state()

    assert state["headline"] == "Add the photos and the words of your post"
    assert state["is_mine"] is True
    assert state["school"] == "lincoln"


def test_the_page_refuses_what_the_server_refuses_in_its_words(
    browser_as: BrowserAs, house: House
) -> None:
    html = start_post(browser_as(Role.TEACHER), house).page().get_data(as_text=True)
    block = re.search(r'id="limits">(.*?)</script>', html, re.S)
    assert block is not None
    limits = json.loads(block[1])

    assert limits["most_bytes"] == MAX_FILE_BYTES
    assert limits["too_large"] == FileTooLarge.message
    assert limits["most_pictures"] == MOST_PICTURES


def test_an_upload_answers_with_its_id_and_is_checked(browser_as: BrowserAs, house: House) -> None:
    house.finder.boxes = (a_box(),)
    posting = start_post(browser_as(Role.TEACHER), house)

    media = posting.add_checked()

    assert media["state"] == "checked"
    assert [face["label"] for face in media["faces"]] == ["Who is this?"]
    assert posting.browser.get(media["thumbnail_url"]).mimetype == "image/jpeg"
    assert posting.browser.get(media["picture_url"]).mimetype == "image/jpeg"


def test_a_file_that_is_no_photo_is_refused_in_its_place(
    browser_as: BrowserAs, house: House
) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    refused = posting.add_checked(data=b"not a photo")
    taken = posting.add_checked()

    assert refused["refused"] == "This is not a photo. Choose another."
    assert taken["state"] == "checked"


def test_a_picture_before_its_cover_is_not_shown_any_more(
    browser_as: BrowserAs, house: House
) -> None:
    house.finder.boxes = (a_box(),)
    posting = start_post(browser_as(Role.TEACHER), house)
    before = posting.add_checked()
    assert posting.act("cover-everyone", style="solid").status_code == 200
    house.jobs.run()

    (after,) = posting.state()["media"]

    assert after["picture_url"] != before["picture_url"]
    assert posting.browser.get(before["picture_url"]).status_code == 404
    assert posting.browser.get(after["picture_url"]).status_code == 200


def test_the_picture_of_another_school_is_not_found(browser_as: BrowserAs, house: House) -> None:
    media = start_post(browser_as(Role.TEACHER), house).add_checked()
    stranger = browser_as(Role.TEACHER, "roosevelt")

    assert stranger.get(media["picture_url"]).status_code == 404
    assert stranger.get(media["thumbnail_url"]).status_code == 404


def test_the_choices_begin_with_the_class(browser_as: BrowserAs, house: House) -> None:
    posting = start_post(browser_as(Role.TEACHER), house)
    choices = posting.browser.get(f"{posting.address}/choices").get_json()

    assert [choice["name"] for choice in choices] == ["Maya Lopez", "Teddy Ramos"]
    assert all(choice["is_in_class"] for choice in choices)
    assert all(choice["portrait_url"] is None for choice in choices)


def test_samples_are_served_in_the_made_up_district_alone(
    browser_as: BrowserAs, house: House
) -> None:
    browser = browser_as(Role.TEACHER)
    assert browser.get("/samples/sample-both.jpg").status_code == 404
    page = start_post(browser, house).page().get_data(as_text=True)
    assert "Try a sample" not in page

    demo = create_app(replace(house.services, is_demo=True)).test_client()
    session = browser.client.get_cookie("mediacheck")
    assert session is not None
    demo.set_cookie("mediacheck", session.value)
    assert demo.get("/samples/sample-both.jpg").mimetype == "image/jpeg"
    assert demo.get("/samples/portrait-s1001.jpg").status_code == 404


def test_a_name_with_school_and_grade_is_told_one_thing_at_a_time(
    browser_as: BrowserAs, house: House
) -> None:
    words = "Maya Lopez, 3rd grade at Lincoln, won a prize."
    (name,) = start_post(browser_as(Role.TEACHER), house, caption=words).state()["names"]
    assert name["status"] == "ok"
    assert ["where to find the student" in told for told in name["messages"]] == [True]

    words = "Teddy Ramos, 3rd grade at Lincoln, won a prize."
    (name,) = start_post(browser_as(Role.TEACHER), house, caption=words).state()["names"]
    assert name["status"] == "blocked"
    assert ["where to find the student" in told for told in name["messages"]] == [False]
