"""The registrar brings portraits, sees what is wrong with them, and says yes or no."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence

import pytest
from werkzeug.test import TestResponse

from mediacheck.flow.portraits_work import see_to_portraits
from mediacheck.model.people import Role
from mediacheck.model.post import Box, Picture
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import SCHOOL, a_box
from tests.mediacheck.flow.galleries import MODEL, enroll, vector
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post
from tests.mediacheck.flow.test_portraits import consent
from tests.mediacheck.flow.test_portraits_posts import JpegDecoder
from tests.web.conftest import Browser, BrowserAs

PAGE = "/registrars/portraits"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    house.finder.boxes = (a_box(),)
    house.extractor.model = MODEL
    house.extractor.vectors = (vector(0.0),)
    consent(house, StudentId("S1"))
    return browser_as(Role.REGISTRAR)


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def bring(browser: Browser, data: bytes = b"grey:200", student: str = "S1") -> TestResponse:
    form = {"student": student, "portraits": (io.BytesIO(data), "a.jpg")}
    return browser.post(f"{PAGE}/files", form)


def run(house: House) -> None:
    while house.jobs.portraits:
        see_to_portraits(house.services, house.jobs.portraits.pop(0))


def held(house: House) -> int:
    with house.services.transaction() as work:
        return work.gallery.held_at([SCHOOL])


def test_portraits_of_a_student_are_looked_at_in_the_background_and_then_enrolled(
    browser: Browser, house: House
) -> None:
    batch = bring(browser).location
    waiting = browser.get(batch)
    assert "Being looked at" in text_of(waiting)
    assert house.extractor.calls == 0
    assert "waiting.js" in waiting.get_data(as_text=True)

    run(house)
    looked = browser.get(batch)
    assert "1 of 1 can be, 0 cannot" in text_of(looked)
    assert 'value="0" checked' in looked.get_data(as_text=True)
    crop = browser.get(f"{batch}/0.jpg")
    assert (crop.status_code, crop.mimetype) == (200, "image/jpeg")
    assert held(house) == 0

    browser.post(f"{batch}/enrol", {"wanted": "0"})
    assert "Being enrolled" in text_of(browser.get(batch))
    run(house)

    assert "1 of 1 portraits are enrolled" in text_of(browser.get(batch))
    assert held(house) == 1
    assert browser.get(f"{batch}/0.jpg").status_code == 404
    page = text_of(browser.get(PAGE))
    assert "Enrolled students: 1" in page
    assert "Maya Lopez S1 Lincoln 1" in page
    browser.post(f"{batch}/drop")
    assert "Brought lately" not in text_of(browser.get(PAGE))


def test_a_picture_day_shows_who_can_be_enrolled_and_why_others_cannot(
    browser: Browser, house: House
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("S1/a.jpg", b"grey:200")
        archive.writestr("S2/b.jpg", b"grey:200")
    made.seek(0)

    batch = browser.post(f"{PAGE}/picture-day", {"picture_day": (made, "day.zip")}).location
    run(house)

    page = text_of(browser.get(batch))
    assert "1 of 2 can be, 1 cannot" in page
    assert "Teddy Ramos S2 S2/b.jpg The family has not consented" in page
    assert "Picture day" in text_of(browser.get(PAGE))


def test_what_needs_a_second_look_comes_first(browser: Browser, house: House) -> None:
    def by_brightness(picture: Picture, boxes: Sequence[Box]) -> tuple[bytes, ...]:
        return tuple(vector(0.0, plane=picture.rgb[0] // 128) for _ in boxes)

    house.extractor.extract = by_brightness  # type: ignore[method-assign]
    enroll(house, {"S2": vector(0.0)})
    form = {
        "student": "S1",
        "portraits": [(io.BytesIO(b"grey:200"), "well.jpg"), (io.BytesIO(b"grey:090"), "odd.jpg")],
    }
    batch = browser.post(f"{PAGE}/files", form).location
    run(house)

    page = text_of(browser.get(batch))

    assert "Look at 1 of them first: it may be of the wrong student" in page
    assert page.index("odd.jpg") < page.index("well.jpg")


def test_a_portrait_in_doubt_takes_a_second_look(browser: Browser, house: House) -> None:
    enroll(house, {"S2": vector(0.0)})
    batch = bring(browser).location
    run(house)
    page = browser.get(batch)
    assert "looks like a portrait of another student" in text_of(page)
    assert "checked" not in page.get_data(as_text=True)

    refused = browser.post(f"{batch}/enrol", {"wanted": "0"})
    assert refused.status_code == 422
    assert "you have looked whose it is" in text_of(refused)
    assert 'href="#portraits"' in refused.get_data(as_text=True)
    browser.post(f"{batch}/enrol", {"wanted": "0", "sure": "0"})
    run(house)

    assert "1 of 1 portraits are enrolled" in text_of(browser.get(batch))


@pytest.mark.parametrize(
    ("student", "data", "words"),
    [
        ("S2", b"grey:200", "has not consented"),
        ("S99", b"grey:200", "no such student at your schools"),
        ("S1", b"", "not empty"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_form(
    browser: Browser, house: House, student: str, data: bytes, words: str
) -> None:
    answer = bring(browser, data, student)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert 'href="#student"' in answer.get_data(as_text=True)
    assert house.jobs.portraits == []


def test_faces_in_cleared_posts_are_looked_for_from_the_students_page(
    browser: Browser, house: House
) -> None:
    enroll(house, {"S1": vector(0.0)})
    a_cleared_post(house)
    house.decoder.decode = JpegDecoder().decode  # type: ignore[method-assign]
    assert "Look for faces in cleared posts" in text_of(browser.get("/registrars/students/S1"))

    batch = browser.post("/registrars/students/S1/portraits/from-posts").location
    run(house)

    page = text_of(browser.get(batch))
    assert "Faces from cleared posts: Maya Lopez" in page
    assert "1 of 1 can be" in page
    assert f"{TEACHER.staff_id} said who it is" in page


def test_without_consent_nothing_is_looked_for(browser: Browser, house: House) -> None:
    assert "Look for faces" not in text_of(browser.get("/registrars/students/S2"))

    answer = browser.post("/registrars/students/S2/portraits/from-posts")

    assert answer.location == "/registrars/students/S2"
    assert house.jobs.portraits == []


def test_what_was_destroyed_has_a_certificate_to_keep(browser: Browser, house: House) -> None:
    enroll(house, {"S1": vector(0.0)})
    with house.services.transaction() as work:
        work.gallery.destroy(StudentId("S1"), why="a test", at=house.clock.now())

    page = browser.get(PAGE)
    found = re.search(rf"{PAGE}/certificates/(\w+)", page.get_data(as_text=True))
    assert found is not None
    answer = browser.get(found[0])

    assert json.loads(answer.get_data())["why"] == "a test"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert browser.get(f"{PAGE}/certificates/none").status_code == 404


def test_a_registrar_of_another_school_sees_none_of_it(
    browser: Browser, browser_as: BrowserAs, house: House
) -> None:
    enroll(house, {"S1": vector(0.0)})
    batch = bring(browser).location
    run(house)
    elsewhere = browser_as(Role.REGISTRAR, "roosevelt")

    assert "Nobody is enrolled" in text_of(elsewhere.get(PAGE))
    # The batch belongs to the same account here; another school's student is not found.
    assert elsewhere.get(batch).status_code == 404
    assert bring(elsewhere).status_code == 422


def test_places_that_the_page_never_offered_are_refused(browser: Browser, house: House) -> None:
    batch = bring(browser).location
    run(house)

    assert browser.post(f"{batch}/enrol", {"wanted": "all"}).status_code == 400
    assert browser.get(f"{batch}/7.jpg").status_code == 404
    assert browser.get(f"{PAGE}/nowhere").status_code == 404
