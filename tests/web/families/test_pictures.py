"""The page on which a family answers for one picture."""

from __future__ import annotations

import re

import pytest

from mediacheck.model.audit import Event
from mediacheck.model.families import BY_LINK
from mediacheck.model.people import Role
from mediacheck.model.post import PostId
from mediacheck.model.verdict import Outcome
from tests.conftest import House
from tests.mediacheck.flow.test_picture_questions import MAYA, ask, outcome, post_id
from tests.web.conftest import Browser, BrowserAs
from tests.web.families.conftest import FamilyBrowserAs
from tests.web.posting import start_post

__all__ = ["post_id"]

PAGE = f"/family/children/{MAYA}/pictures"


@pytest.fixture
def asked(as_guardian: FamilyBrowserAs, family: House, post_id: PostId) -> PostId:
    """The mother has an account, and the teacher has asked the families."""
    as_guardian()
    ask(family, post_id)
    return post_id


def read(browser: Browser, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def form_of(page: str) -> str:
    found = re.search(r'action="([^"]+/pictures/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_childs_page_leads_to_the_picture(as_guardian: FamilyBrowserAs, asked: PostId) -> None:
    mother = as_guardian()

    assert PAGE in read(mother, f"/family/children/{MAYA}")
    page = read(mother)
    assert "May this go out on lincoln-instagram?" in page
    picture = re.search(r'src="([^"]+\.jpg)"', page)
    assert picture is not None
    assert mother.get(picture[1]).mimetype == "image/jpeg"


def test_a_signed_yes_clears_it(as_guardian: FamilyBrowserAs, family: House, asked: PostId) -> None:
    mother = as_guardian()

    sent = mother.post(form_of(read(mother)), {"answer": "allow", "signature": "Ana Lopez"})

    assert sent.status_code == 302
    assert "There is no picture to look at." in read(mother)
    assert outcome(family, asked) is Outcome.CLEARED


def test_without_a_signature_nothing_is_recorded(
    as_guardian: FamilyBrowserAs, family: House, asked: PostId
) -> None:
    mother = as_guardian()

    sent = mother.post(form_of(read(mother)), {"answer": "allow", "signature": " "})

    assert "Type your full name." in sent.get_data(as_text=True)
    assert outcome(family, asked) is Outcome.BLOCKED


@pytest.mark.parametrize("said", ["ask", "maybe", ""])
def test_only_yes_and_no_are_answers(
    as_guardian: FamilyBrowserAs, asked: PostId, said: str
) -> None:
    mother = as_guardian()

    sent = mother.post(form_of(read(mother)), {"answer": said, "signature": "Ana"})

    assert sent.status_code == 400


def test_a_mailed_link_opens_no_picture(as_guardian: FamilyBrowserAs, asked: PostId) -> None:
    assert as_guardian(by=BY_LINK).get(PAGE).status_code == 302


def test_another_family_sees_none_of_it(as_guardian: FamilyBrowserAs, asked: PostId) -> None:
    path = form_of(read(as_guardian()))

    stranger = as_guardian("stranger@families.example")

    assert stranger.get(PAGE).status_code == 404
    assert stranger.get(f"{path}.jpg").status_code == 404


def test_it_is_all_there_in_spanish(as_guardian: FamilyBrowserAs, asked: PostId) -> None:
    page = read(as_guardian(language="es"))

    assert "Sí, esta" in page
    assert "Your answer counts" not in page


def test_the_button_asks_and_says_the_same_whether_anybody_is_asked(
    browser_as: BrowserAs, family: House
) -> None:
    post = start_post(browser_as(Role.TEACHER), family, caption="A windy day")
    post.add_checked()

    answer = post.act("ask-families")

    assert answer.status_code == 200
    with family.services.transaction() as work:
        assert work.picture_questions.of_students([MAYA]) == ()
        assert Event.FAMILIES_ASKED in [one.event for one in work.audit.entries()]


def test_without_a_photo_the_button_says_what_to_do(browser_as: BrowserAs, family: House) -> None:
    post = start_post(browser_as(Role.TEACHER), family, caption="A windy day")

    answer = post.act("ask-families")

    assert answer.status_code == 400
    assert "Add one first" in answer.get_data(as_text=True)
