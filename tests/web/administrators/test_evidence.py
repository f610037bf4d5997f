"""The administrator measures the district's own gallery, and reads what it supports."""

from __future__ import annotations

import re

import pytest

from mediacheck.flow.measure import measure_gallery
from mediacheck.model.audit import Event
from mediacheck.model.face_evidence import Band
from mediacheck.model.people import Role
from tests.conftest import House
from tests.factories import NOW, SCHOOL, a_band, a_face_evidence
from tests.mediacheck.flow.galleries import enroll, vector
from tests.web.conftest import Browser, BrowserAs

EVIDENCE = "/administrators/evidence"


@pytest.fixture
def browser(browser_as: BrowserAs, house: House) -> Browser:
    enroll(house, {"S1": vector(0.0), "S2": vector(0.0, plane=1)})
    return browser_as(Role.ADMINISTRATOR)


def keep(house: House, **more: object) -> None:
    with house.services.transaction() as work:
        work.evidence.keep(a_face_evidence(**more))  # type: ignore[arg-type]


def page(browser: Browser, path: str = f"{EVIDENCE}/evidence") -> str:
    text = browser.get(path).get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_a_gallery_is_measured_in_the_background(browser: Browser, house: House) -> None:
    assert browser.post(EVIDENCE, {"school": SCHOOL}).status_code == 302
    assert "Being measured" in page(browser, EVIDENCE)
    (asked,) = house.jobs.measurements
    measure_gallery(house.services, asked)

    link = re.search(r'href="(/administrators/evidence/\w+)"', browser.get(EVIDENCE).text)
    assert link is not None
    text = page(browser, link[1])
    assert "2 students with 2 templates" in text
    assert "Identify cannot be switched on here" in text
    assert "2 students are too few" in text
    assert "too few to say" in text


def test_what_backs_identify_says_up_to_which_distance(browser: Browser, house: House) -> None:
    keep(house)

    text = page(browser)

    assert "Identify may be switched on here" in text
    assert "Up to a distance of 0." in text
    assert "0 of 400; at most 0.75 %" in text


def test_each_band_of_grades_has_rates_of_its_own(browser: Browser, house: House) -> None:
    bands = [a_band(), a_band(Band.EARLY, students=98), a_band(Band.MIDDLE, students=302)]
    keep(house, bands=bands)

    text = page(browser)

    assert "Up to grade 2 98 0 of 98; at most 3.1 %" in text
    assert "Grades 3 to 5 302 0 of 302; at most 0.99 %" in text
    assert "Identify cannot be switched on here" in text
    assert "Up to grade 2: 98 students are too few" in text


def test_the_curve_is_drawn_with_its_numbers_beside_it(browser: Browser, house: House) -> None:
    keep(house)

    answer = browser.get(f"{EVIDENCE}/evidence").text

    assert 'class="det-portraits" points="' in answer
    assert 'class="det-posts"' not in answer
    assert "The curve in numbers" in answer


def test_no_adults_figure_and_no_student_stands_on_the_page(browser: Browser, house: House) -> None:
    keep(house)

    text = page(browser)

    assert "figures of adults are not shown" in text
    assert not any(word in text for word in ("S1", "Maya", "Teddy", "31,210"))


def test_the_districts_gallery_is_for_information_only(browser: Browser, house: House) -> None:
    keep(house, school=None, bands=[a_band(students=9, templates=9)])

    text = page(browser)

    assert "No search ever goes through the whole district" in text
    assert "Too few students have several portraits" in text


def test_an_older_measurement_says_so(browser: Browser, house: House) -> None:
    keep(house)
    keep(house, evidence_id="newer")

    assert "There is a newer measurement" in page(browser)


def test_identify_is_refused_with_what_is_missing_and_kept_when_it_is_backed(
    browser: Browser, house: House
) -> None:
    form = {"school": SCHOOL, "school_recognition": "identify"}
    refused = browser.post("/administrators/settings/school", form)

    assert refused.status_code == 422
    assert "Nothing has been measured on this school" in refused.text
    with house.services.transaction() as work:
        assert work.register.policy_or_none("recognition", SCHOOL) == "suggest"

    keep(house)
    assert browser.post("/administrators/settings/school", form).status_code == 302
    with house.services.transaction() as work:
        assert work.register.policy_or_none("recognition", SCHOOL) == "identify"
        assert work.audit.entries()[-1].event == Event.POLICY_SET


def test_identify_is_not_offered_for_the_district_and_refused(
    browser: Browser, house: House
) -> None:
    assert 'id="recognition-identify"' not in browser.get("/administrators/settings").text
    sent = {
        "recognition": "identify",
        "school_year_ends_on": "2027-06-11",
        "time_zone": "America/Chicago",
    }

    refused = browser.post("/administrators/settings", sent)

    assert refused.status_code == 422
    assert "school by school" in refused.text
    with house.services.transaction() as work:
        assert work.register.policy_or_none("time_zone") is None


def test_where_recognition_is_off_nothing_can_be_measured(browser: Browser, house: House) -> None:
    with house.services.transaction() as work:
        work.register.set_policy("recognition", "off", school=None, by="boss", at=NOW)

    assert "Recognition is off everywhere" in page(browser, EVIDENCE)
    assert browser.post(EVIDENCE, {"school": SCHOOL}).status_code == 400


def test_a_report_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{EVIDENCE}/none").status_code == 404


def test_the_list_says_where_more_is_enrolled_than_was_measured(
    browser: Browser, house: House
) -> None:
    keep(house, bands=[a_band(students=2, templates=2)])
    assert "More is enrolled now" not in page(browser, EVIDENCE)

    keep(house, bands=[a_band(students=1, templates=1)], evidence_id="outgrown")

    assert "More is enrolled now" in page(browser, EVIDENCE)
