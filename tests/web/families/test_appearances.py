"""My child's appearances: what was published, what allowed it, and asking for its removal."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from mediacheck.model.families import BY_LINK
from mediacheck.model.publication import Publication, TakedownAct, Trigger
from release_db.words import ReleaseId, Rights, StudentId, Use
from tests.conftest import House
from tests.factories import PARENT, a_release
from tests.mediacheck.flow.test_takedowns import settle
from tests.mediacheck.flow.test_withdraw import published
from tests.mediacheck.flow.test_works import published_work
from tests.web.conftest import Browser
from tests.web.families.conftest import OTHER, FamilyBrowserAs, a_link

MAYA = StudentId("S1")
PAGE = f"/family/children/{MAYA}/appearances"


@pytest.fixture
def kept(family: House) -> Publication:
    """Maya has two guardians, and is seen and named in a post that is out."""
    with family.services.transaction() as work:
        links = [replace(a_link(email), student_id=MAYA) for email in (PARENT, OTHER)]
        work.register.save_guardians(links)
        hers = [replace(a_release(MAYA, use=use), release_id=ReleaseId(f"zz-{use}")) for use in Use]
        work.register.record(hers)
    return published(family)


def read(browser: Browser, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.get_data(as_text=True))


def ask(browser: Browser, kept: Publication) -> int:
    return browser.post(f"{PAGE}/{kept.publication_id}/removal").status_code


def test_a_family_sees_where_when_and_what_allowed_it(
    as_guardian: FamilyBrowserAs, kept: Publication
) -> None:
    page = read(as_guardian())

    assert "lincoln-instagram, November 24, 2026" in page
    assert "Named as “Maya”." in page
    assert "your own yes, of September 1, 2026" in page
    assert ">Published<" in page.replace("\n", "")


def test_a_childs_work_is_told_in_words(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    words = "It shows schoolwork of "
    assert words not in read(as_guardian())

    published_work(family)

    assert words in read(as_guardian())


def test_another_guardians_yes_is_told_without_its_day(
    as_guardian: FamilyBrowserAs, kept: Publication
) -> None:
    page = read(as_guardian(OTHER))

    assert "the yes of another guardian" in page
    assert "September" not in page
    assert PARENT not in page


def test_the_child_is_shown_and_nobody_else(
    as_guardian: FamilyBrowserAs, kept: Publication
) -> None:
    browser = as_guardian()
    path = re.search(r'<img src="([^"]+\.jpg)"', read(browser))

    assert path is not None
    crop = Image.open(BytesIO(browser.get(path[1]).get_data()))
    assert crop.size == (240, 240)


def test_a_picture_that_is_not_the_childs_is_not_found(
    as_guardian: FamilyBrowserAs, kept: Publication
) -> None:
    assert as_guardian().get(f"{PAGE}/{kept.publication_id}/99.jpg").status_code == 404
    assert as_guardian().get(f"{PAGE}/nonsense/0.jpg").status_code == 404


def test_nothing_published_reads_so(as_guardian: FamilyBrowserAs, family: House) -> None:
    assert "Nothing so far." in read(as_guardian(), "/family/children/S3/appearances")


def test_asking_opens_a_case_at_once_and_is_asked_once(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    mother = as_guardian()

    assert ask(mother, kept) == 302
    assert ask(mother, kept) == 400

    with family.services.transaction() as work:
        (case,) = work.publications.cases()
        assert (case.trigger, case.left) == (Trigger.FAMILY_ASKED, (kept.publication_id,))
        assert len(work.family_log.open_requests()) == 1
    assert "The office is taking it down" in read(mother)
    assert "Ask for its removal" not in read(mother)


def test_what_the_office_did_is_told_and_answers_the_request(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    mother = as_guardian()
    ask(mother, kept)

    settle(family, kept, TakedownAct.REMOVED)

    assert "Taken down" in read(mother)
    with family.services.transaction() as work:
        assert work.family_log.open_requests() == ()


def test_what_cannot_be_taken_down_says_why_and_can_be_asked_again(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    mother = as_guardian()
    ask(mother, kept)

    settle(family, kept, TakedownAct.CANNOT_REMOVE, "It is in the printed yearbook.")

    page = read(mother)
    assert "It cannot be taken down" in page
    assert "It is in the printed yearbook." in page
    assert ask(mother, kept) == 302


def test_what_came_down_after_all_is_said_to_be_down(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    mother = as_guardian()
    ask(mother, kept)
    settle(family, kept, TakedownAct.CANNOT_REMOVE, "The site does not answer us.")

    settle(family, kept, TakedownAct.REMOVED, "The site was shut down.")

    page = read(mother)
    assert "It cannot be taken down" not in page
    assert "The site was shut down." in page


def test_another_guardian_does_not_learn_who_asked(
    as_guardian: FamilyBrowserAs, kept: Publication
) -> None:
    ask(as_guardian(), kept)

    page = read(as_guardian(OTHER))

    assert "The office is taking it down" in page
    assert "You asked" not in page


def test_a_mailed_link_and_an_unconfirmed_guardian_see_nothing(
    as_guardian: FamilyBrowserAs, family: House, kept: Publication
) -> None:
    with family.services.transaction() as work:
        link = replace(a_link(OTHER), student_id=MAYA, rights=Rights.UNVERIFIED)
        work.register.save_guardians([link])

    assert as_guardian(by=BY_LINK).get(PAGE).status_code == 302
    assert as_guardian(OTHER).get(PAGE).status_code == 403


def test_a_strangers_child_is_not_found(as_guardian: FamilyBrowserAs, kept: Publication) -> None:
    assert as_guardian("stranger@families.example").get(PAGE).status_code == 404


def test_it_is_all_there_in_spanish(as_guardian: FamilyBrowserAs, kept: Publication) -> None:
    page = read(as_guardian(language="es"))

    assert "Pedir que se retire" in page
    assert "What allowed it" not in page


def test_the_export_tells_of_it_too(as_guardian: FamilyBrowserAs, kept: Publication) -> None:
    archive = as_guardian().get(f"/family/children/{MAYA}/export.zip")

    assert b"appearances.json" in archive.get_data()
