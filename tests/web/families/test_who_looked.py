"""Whoever of the staff looks at a student is kept, and the family reads it on its page."""

from __future__ import annotations

import pytest

from mediacheck.model.family_log import Look, Looked
from mediacheck.model.people import Role
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import NOW, a_box
from tests.mediacheck.flow.test_withdraw import a_no, change, published
from tests.web.conftest import BrowserAs
from tests.web.families.conftest import CHILD, FamilyBrowserAs
from tests.web.families.test_choices import PAGE, text_of
from tests.web.families.test_held import exported
from tests.web.posting import Posting, start_post

OFFICE = f"/registrars/students/{CHILD}"


def looks(house: House, student: str = CHILD) -> list[tuple[str, Looked]]:
    with house.services.transaction() as work:
        found = work.family_log.looks_at(StudentId(student))
    return [(look.actor, look.what) for look in reversed(found)]


def a_post_with_luz(browser_as: BrowserAs, house: House) -> Posting:
    house.finder.boxes = (a_box(),)
    posting = start_post(browser_as(Role.TEACHER), house)
    posting.add_checked()
    (media,) = posting.state()["media"]
    (face,) = media["faces"]
    posting.act("say", finding=face["id"], word="choose", student=CHILD)
    return posting


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("", Looked.FILE),
        ("/permission", Looked.SUMMARY),
        ("/families", Looked.FILE),
        ("/paper", Looked.FILE),
    ],
)
def test_every_page_of_the_office_about_a_student_is_one_look(
    browser_as: BrowserAs, family: House, path: str, what: Looked
) -> None:
    browser = browser_as(Role.REGISTRAR)

    assert browser.get(f"{OFFICE}{path}").status_code == 200

    assert looks(family) == [("the-registrar", what)]


def test_what_was_not_shown_was_not_looked_at(browser_as: BrowserAs, family: House) -> None:
    browser_as(Role.TEACHER).get(OFFICE)
    browser_as(Role.REGISTRAR).get("/registrars/students/nobody")

    assert looks(family) == looks(family, "nobody") == []


def test_a_teacher_who_names_the_child_is_kept(browser_as: BrowserAs, family: House) -> None:
    a_post_with_luz(browser_as, family)

    assert looks(family) == [("the-teacher", Looked.NAMED)]


def test_the_author_does_not_look_by_opening_the_post_again(
    browser_as: BrowserAs, family: House
) -> None:
    a_post_with_luz(browser_as, family).page()

    assert looks(family) == [("the-teacher", Looked.NAMED)]


def test_somebody_else_who_opens_the_post_is_kept(browser_as: BrowserAs, family: House) -> None:
    posting = a_post_with_luz(browser_as, family)

    posting.as_seen_by(browser_as(Role.COMMUNICATIONS)).page()

    assert looks(family)[-1] == ("the-communications", Looked.POST)


def test_the_family_reads_all_of_it_on_the_page_and_in_the_export(
    browser_as: BrowserAs, as_guardian: FamilyBrowserAs, family: House
) -> None:
    a_post_with_luz(browser_as, family)
    browser_as(Role.REGISTRAR).get(f"{OFFICE}/permission")
    browser = as_guardian()

    page = text_of(browser.get(f"{PAGE}/held"))

    assert "Pat Teacher (teacher), Said that the child is in a post" in page
    assert "Pat Registrar (registrar), What is allowed" in page
    assert str(exported(browser)["who-looked.json"]).count("'what'") == 3


@pytest.mark.parametrize("what", Looked)
def test_every_kind_of_look_has_words(
    as_guardian: FamilyBrowserAs, family: House, what: Looked
) -> None:
    look = Look(student_id=StudentId(CHILD), at=NOW, actor="gone", is_staff=True, what=what)
    with family.services.transaction() as work:
        work.family_log.note(look)

    assert as_guardian().get(f"{PAGE}/held").status_code == 200


def test_the_office_that_takes_a_post_down_is_kept(browser_as: BrowserAs, house: House) -> None:
    published(house)
    (case_id,) = change(house, a_no()).cases

    browser_as(Role.COMMUNICATIONS).get(f"/takedowns/{case_id}")

    assert looks(house, "S1")[-1] == ("the-communications", Looked.TAKEDOWN)
