"""What was asked beside what goes out, a yes to it, and words back to the author."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from mediacheck.accounts.sessions import open_session
from mediacheck.model.people import Role
from mediacheck.model.publishing import DispatchState
from mediacheck.web.app import create_app
from tests.conftest import House
from tests.factories import a_box, a_channel, a_staff_member
from tests.mediacheck.flow.publishing import PressRoom, open_press_room
from tests.web.communications.test_queue import sections
from tests.web.conftest import Browser, BrowserAs
from tests.web.posting import Posting, start_post


@pytest.fixture
def room(house: House) -> Iterator[PressRoom]:
    with open_press_room(house) as opened:
        opened.with_work(lambda work: work.register.save_channel(a_channel(is_official=True)))
        yield opened


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.services)


@pytest.fixture
def second(app: Flask, house: House) -> Browser:
    """A second person of the communications office."""
    member = replace(a_staff_member("second", role=Role.COMMUNICATIONS), schools=())
    with house.services.transaction() as work:
        work.accounts.save_staff(member)
        token = open_session(
            work.accounts, member.staff_id, house.clock, house.services.ids, replaces=None
        )
    client = app.test_client()
    client.set_cookie("mediacheck", token)
    return Browser(client=client, member=member)


def asked_for(browser: Browser, house: House) -> Posting:
    posting = start_post(browser, house, caption="A windy day", school="lincoln")
    assert posting.act("publish").status_code == 200
    return posting


def path_of(posting: Posting) -> str:
    return posting.address.replace("/posts/", "/compare/")


def test_what_waits_for_a_yes_stands_first_in_the_queue_of_whoever_may_give_it(
    room: PressRoom, browser_as: BrowserAs, house: House, second: Browser
) -> None:
    author = browser_as(Role.COMMUNICATIONS)
    posting = asked_for(author, house)

    assert "A windy day" in sections(second)["yes"]
    assert path_of(posting) in sections(second)["yes"]
    assert set(sections(second, "?mine=yes")) == {"yes"}
    assert "yes" not in sections(author)
    assert "Nothing waits for your yes" in author.get("/queue?mine=yes").get_data(as_text=True)
    assert "yes" not in sections(second, "?age=day")
    assert "yes" not in sections(second, "?channel=elsewhere")


def test_words_that_the_reviewer_changed_stand_beside_those_that_were_written(
    browser_as: BrowserAs, house: House
) -> None:
    teacher = start_post(browser_as(Role.TEACHER), house, caption="As it was written")
    teacher.act("send", words="")
    office = teacher.as_seen_by(browser_as(Role.COMMUNICATIONS))
    path = path_of(teacher)
    assert "Nothing was changed" in office.browser.get(path).get_data(as_text=True)

    state = office.state()
    sent = {"caption": "As it goes", "channel": state["channel"], "class_key": state["class_key"]}
    assert office.act("words", version=state["version"], **sent).status_code == 200

    page = office.browser.get(path).get_data(as_text=True)
    assert "Something was changed" in page
    assert page.index("As it was written") < page.index("As it goes")


def test_a_reviewer_s_own_words_wait_for_another_s_yes_on_an_official_account(
    room: PressRoom, browser_as: BrowserAs, house: House, second: Browser
) -> None:
    author = start_post(second, house, caption="As it was written", school="lincoln")
    author.act("send", words="")
    office = author.as_seen_by(browser_as(Role.COMMUNICATIONS))
    state = office.state()
    sent = {"caption": "As it goes", "channel": state["channel"], "class_key": state["class_key"]}
    office.act("words", version=state["version"], **sent)

    assert office.act("publish").status_code == 200
    room.run()

    assert room.dispatch().state is DispatchState.ASKED
    assert room.texts == []
    assert "who did not change them" in author.state()["notes"][-1]["words"]
    approve = f"/publishing/{room.dispatch().dispatch_id}/approve"
    assert office.browser.post(approve).status_code == 403
    # Who wrote the rest of it is the somebody else here.
    assert second.post(approve).status_code == 302
    room.run()
    assert room.dispatch().state is DispatchState.PUBLISHED
    assert room.texts == ["As it goes"]


def test_a_reviewer_s_yes_to_another_s_words_is_the_second_one(
    room: PressRoom, browser_as: BrowserAs, house: House, second: Browser
) -> None:
    author = start_post(second, house, caption="As it was written", school="lincoln")
    author.act("send", words="")

    author.as_seen_by(browser_as(Role.COMMUNICATIONS)).act("publish")
    room.run()

    assert room.texts == ["As it was written"]


def test_a_covered_picture_stands_beside_the_one_that_was_uploaded(
    browser_as: BrowserAs, house: House
) -> None:
    house.finder.boxes = (a_box(),)
    teacher = start_post(browser_as(Role.TEACHER), house, caption="A kite")
    media = teacher.add_checked()
    teacher.act("alt-text", media=media["id"], alt_text="A kite in the wind")
    teacher.act("cover-everyone", style="solid")
    house.jobs.run()
    teacher.act("send", words="")
    office = teacher.as_seen_by(browser_as(Role.COMMUNICATIONS))
    office.act("alt-text", media=media["id"], alt_text="A kite")

    page = office.browser.get(path_of(teacher)).get_data(as_text=True)

    assert "1 place is covered." in page
    assert "A kite in the wind" in page
    before = office.browser.get(f"{path_of(teacher)}/{media['id']}.jpg")
    (now,) = office.state()["media"]
    assert before.status_code == 200
    assert before.data[:2] == b"\xff\xd8"
    assert before.data != office.browser.get(now["picture_url"]).data


def test_the_author_reads_the_words_with_which_it_was_sent_back_and_asks_again(
    room: PressRoom, browser_as: BrowserAs, house: House, second: Browser
) -> None:
    posting = asked_for(browser_as(Role.COMMUNICATIONS), house)
    dispatch_id = room.dispatch().dispatch_id
    page = second.get(path_of(posting)).get_data(as_text=True)
    assert "Send back with words" in page

    answer = second.post(f"/publishing/{dispatch_id}/decline", {"words": "Shorter,\r\nplease."})

    assert answer.status_code == 302
    state = posting.state()
    assert state["state"] == "sent-back"
    assert state["notes"][-1]["words"] == "Shorter,\nplease."
    assert state["notes"][-1]["by"] == "Second"
    assert room.dispatch().state is DispatchState.STOPPED
    posting.act("publish")
    assert posting.state()["state"] == "draft"
    second.post(f"/publishing/{dispatch_id}/approve")
    room.run()
    assert room.texts == ["A windy day"]


def test_nobody_approves_on_the_page_what_they_asked_for_themselves(
    room: PressRoom, browser_as: BrowserAs, house: House
) -> None:
    author = browser_as(Role.COMMUNICATIONS)
    posting = asked_for(author, house)

    page = author.get(path_of(posting)).get_data(as_text=True)

    assert "Your yes" not in page
    assert "nobody approves what they asked for themselves" in page


def test_another_school_s_office_compares_nothing(browser_as: BrowserAs, house: House) -> None:
    teacher = start_post(browser_as(Role.TEACHER), house, caption="As it was written")
    stranger = browser_as(Role.COMMUNICATIONS, "roosevelt")

    assert stranger.get(path_of(teacher)).status_code == 404
    assert stranger.get(f"{path_of(teacher)}/m1.jpg").status_code == 404
