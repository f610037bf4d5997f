"""What is remembered of words that are no student's, on the office's page and on a post's."""

from __future__ import annotations

import pytest

from mediacheck.model.people import Role
from tests.conftest import House
from tests.web.conftest import BrowserAs
from tests.web.posting import Json, Posting, start_post

#: The therapy dog; Teddy, of whom nothing is on file, is spelt nearly so.
DOG = "We love Tedda."
OWN = "Thanks to Teddy for the help."


def the_name(posting: Posting) -> Json:
    (name,) = posting.state()["names"]
    assert isinstance(name, dict)
    return name


def say(posting: Posting, word: str = "nobody") -> None:
    assert posting.act("say", finding=the_name(posting)["id"], word=word).status_code == 200


@pytest.fixture
def said(browser_as: BrowserAs, house: House) -> Posting:
    """A teacher's post in which the dog was said to be no student."""
    posting = start_post(browser_as(Role.TEACHER), house, caption=DOG)
    say(posting)
    return posting


def test_the_next_post_shows_who_said_it_when_and_asks_nothing(said: Posting, house: House) -> None:
    again = start_post(said.browser, house, caption="Tedda came by today.")

    name = the_name(again)
    assert (name["status"], name["is_remembered"]) == ("ok", True)
    assert name["messages"] == [
        "Pat Teacher said on November 24, 2026 that this is not a student. It is remembered for "
        "your class."
    ]


def test_in_its_own_post_it_is_settled_by_the_word_itself(said: Posting) -> None:
    name = the_name(said)

    assert (name["is_settled"], name["is_remembered"]) == (True, False)
    assert name["messages"] == ["It is remembered for your class, and not asked again."]


def test_asking_again_is_one_tap(said: Posting, house: House) -> None:
    again = start_post(said.browser, house, caption=DOG)

    say(again, "undo")

    name = the_name(again)
    assert (name["status"], name["is_remembered"]) == ("ask", False)


def test_a_classmate_s_own_name_is_asked_again_and_says_why(
    browser_as: BrowserAs, house: House
) -> None:
    teacher = browser_as(Role.TEACHER)
    posting = start_post(teacher, house, caption=OWN)
    say(posting)
    assert the_name(posting)["messages"] == []

    name = the_name(start_post(teacher, house, caption=OWN))

    assert (name["status"], name["is_remembered"]) == ("ask", False)
    assert name["messages"][-1] == (
        "Pat Teacher said on November 24, 2026 that this is not a student. It is asked again, "
        "because a student of your class is called so."
    )


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.ADMINISTRATOR])
def test_the_office_reads_it_and_takes_it_back(
    said: Posting, house: House, browser_as: BrowserAs, role: Role
) -> None:
    office = browser_as(role)
    page = office.get("/remembered").get_data(as_text=True)
    assert "“tedda”" in page
    assert "Pat Teacher" in page
    assert "Room 12" in page
    # Only who may open posts is led to them.
    assert (said.address in page) is (role is Role.COMMUNICATIONS)

    assert office.post("/remembered/1/end").status_code == 302

    page = office.get("/remembered").get_data(as_text=True)
    assert "Nothing is remembered now." in page
    assert f"Pat {role.value.title()}, Nov 24" in page
    assert the_name(start_post(said.browser, house, caption=DOG))["status"] == "ask"


def test_what_was_erased_is_not_read(said: Posting, house: House, browser_as: BrowserAs) -> None:
    del said
    with house.services.transaction() as work:
        for number in ("S1", "S2"):
            work.traces.forget(number)  # type: ignore[arg-type]

    page = browser_as(Role.COMMUNICATIONS).get("/remembered").get_data(as_text=True)

    assert "tedda" not in page
    assert "Erased with a student" in page


def test_another_school_s_office_sees_nothing_of_it(said: Posting, browser_as: BrowserAs) -> None:
    del said
    office = browser_as(Role.COMMUNICATIONS, "roosevelt")

    assert "tedda" not in office.get("/remembered").get_data(as_text=True)
    assert office.post("/remembered/1/end").status_code == 404
